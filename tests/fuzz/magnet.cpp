#include "transfer/content/magnet.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include "node/base/check.hpp"
#include "node/base/text.hpp"

/// Any bytes as a magnet link: an answer or an error, the same file after it was written and read again, and a reason
/// exactly where no file is named.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const text = as_text(std::as_bytes(std::span{data, size}));
    for (auto const& link : {std::string{text}, "magnet:?" + std::string{text}}) {
        auto const magnet = content::parse_magnet(link);
        check(content::magnet_problem(link).empty() == (magnet && magnet->urn()));
        if (!magnet) continue;
        check(is_valid_utf8(magnet->name) && is_valid_utf8(magnet->keywords));
        auto const again = content::parse_magnet(content::format_magnet(*magnet));
        if (again) check(again->urn() == magnet->urn() && again->name == magnet->name);
    }
    return 0;
}
