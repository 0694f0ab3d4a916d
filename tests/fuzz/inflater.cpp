#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "node/wire/zlib_stream.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    constexpr std::size_t out_max = 4096, total_max = 1 << 17;
    wire::Inflater inflater;
    Bytes out;
    auto rest = in;
    std::size_t total = 0;
    while ((!rest.empty() || inflater.pending()) && total < total_max) {
        out.clear();
        auto const taken = inflater.inflate(rest.first(std::min<std::size_t>(rest.size(), 97)), out_max, out);
        fuzz::require(out.size() <= out_max);
        if (!taken) return 0;
        rest = rest.subspan(*taken);
        total += out.size();
    }
    fuzz::require(inflater.memory_bytes() < 50000);
    return 0;
}
