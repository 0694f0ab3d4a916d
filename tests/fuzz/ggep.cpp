#include "node/wire/ggep.hpp"
#include "fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    static_cast<void>(wire::decode_endpoints(in));
    if (auto const plain = wire::cobs_decode(in))
        fuzz::require(wire::cobs_decode(wire::cobs_encode(*plain)).value() == *plain);
    auto const block = wire::decode_ggep(in);
    if (!block) return 0;
    fuzz::require(block->consumed <= in.size());
    for (auto const place : {wire::GgepPlace::anywhere, wire::GgepPlace::nul_free}) {
        auto const again = wire::decode_ggep(wire::encode_ggep(block->items, place));
        fuzz::require(again && again->items == block->items);
    }
    return 0;
}
