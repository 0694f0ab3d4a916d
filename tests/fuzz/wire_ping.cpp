#include "fuzz/fuzz.hpp"
#include "node/wire/codec.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    // What was understood once is said and understood the same way.
    if (auto const first = wire::decode_ping(in)) {
        auto const second = wire::decode_ping(wire::encode(*first));
        fuzz::require(second && *second == *first);
    }
    return 0;
}
