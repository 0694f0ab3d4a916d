#include "transfer/download/chunked_body.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "node/base/check.hpp"

/// Any bytes as a chunked body: cut anywhere, the same answer, and never more than allowed.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    using download::ChunkedBody;
    constexpr std::size_t bytes_max = 1000;
    auto const all = std::as_bytes(std::span{data, size});
    ChunkedBody whole{bytes_max};
    std::size_t used = 0;
    auto const state = whole.take(all, used);
    check(used <= size && whole.body().size() <= bytes_max);
    ChunkedBody cut{bytes_max};
    auto cut_state = ChunkedBody::State::more;
    std::size_t const step = size == 0 ? 1 : data[0] % 7U + 1;
    for (std::size_t at = 0; at < size && cut_state == ChunkedBody::State::more;) {
        std::size_t taken = 0;
        cut_state = cut.take(all.subspan(at, std::min(step, size - at)), taken);
        if (taken == 0) break;
        at += taken;
    }
    check(cut_state == state);
    check(cut.body() == whole.body());
    return 0;
}
