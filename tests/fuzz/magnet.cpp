#include "transfer/content/magnet.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "node/base/check.hpp"
#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

/// Any bytes as a magnet link: an answer or an error, each file the same after it was written and read again, and a reason
/// exactly where one cannot be fetched.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const text = as_text(std::as_bytes(std::span{data, size}));
    for (auto const& link : {std::string{text}, "magnet:?" + std::string{text}}) {
        auto const files = content::parse_magnets(link);
        bool const all_named =
            files && std::all_of(files->begin(), files->end(), [](auto const& one) { return one.urn().has_value(); });
        check(content::magnet_problem(link).empty() == all_named);
        if (!files) continue;
        check(!files->empty() && files->size() <= content::magnet_files_max + 1);
        for (auto const& magnet : *files) {
            check(is_valid_utf8(magnet.name) && is_valid_utf8(magnet.keywords));
            auto const again = content::parse_magnets(content::format_magnet(magnet));
            if (again)
                check(again->size() == 1 && again->front().urn() == magnet.urn() && again->front().name == magnet.name);
        }
    }
    return 0;
}
