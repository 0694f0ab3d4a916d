#include "fuzz/fuzz.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/text.hpp"
#include "node/base/urn.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    auto const text = as_text(in);
    if (auto const urn = Urn::parse(text)) fuzz::require(Urn::parse(urn->text()) == urn);
    if (auto const endpoint = Endpoint::parse(text)) fuzz::require(Endpoint::parse(endpoint->text()) == endpoint);
    if (auto const plain = percent_decode(text)) fuzz::require(percent_decode(percent_encode(*plain)) == plain);
    if (auto const bytes = from_base32(text)) fuzz::require(from_base32(to_base32(*bytes)) == bytes);
    fuzz::require(from_base32(to_base32(in)) == Bytes(in.begin(), in.end()));
    fuzz::require(from_hex(to_hex(in)) == Bytes(in.begin(), in.end()));
    return 0;
}
