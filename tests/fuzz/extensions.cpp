#include "fuzz/fuzz.hpp"
#include "node/wire/huge.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    auto const first = wire::parse_extensions(in);
    auto const second = wire::parse_extensions(wire::encode_extensions(first.urns, first.ggep));
    fuzz::require(second.urns == first.urns && second.ggep == first.ggep && second.unknown == 0);
    return 0;
}
