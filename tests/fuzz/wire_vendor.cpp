#include "fuzz/fuzz.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/vendor.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    auto const vendor = wire::decode_vendor(in);
    if (!vendor) return 0;
    fuzz::require(wire::decode_vendor(wire::encode(*vendor)).value() == *vendor);
    static_cast<void>(wire::decode_vendor_message(*vendor));
    return 0;
}
