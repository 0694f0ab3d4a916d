#include "fuzz/fuzz.hpp"
#include "node/base/text.hpp"
#include "node/wire/codec.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const in = fuzz::view(data, size);
    if (auto const first = wire::decode_query_hit(in)) {
        for (auto const& record : first->records) fuzz::require(is_valid_utf8(record.name));
        for (auto const style : {wire::HitStyle::urn_text, wire::HitStyle::ggep_h, wire::HitStyle::mixed}) {
            auto const second = wire::decode_query_hit(wire::encode(*first, style));
            fuzz::require(second && second->records == first->records);
        }
    }
    return 0;
}
