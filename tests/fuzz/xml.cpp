#include "transfer/content/xml_reader.hpp"

#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"
#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

/// Any bytes as a document: an end, elements that are closed as they were opened, and texts that are no longer than what they
/// were written as.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    using content::XmlReader;
    XmlReader reader{as_text(fuzz::view(data, size))};
    std::vector<std::string> open;
    std::size_t bytes = 0;
    for (std::size_t count = 0;; ++count) {
        fuzz::require(count <= 2 * size + 2);
        auto const event = reader.next();
        if (!event) break;
        if (std::holds_alternative<XmlReader::Ended>(*event)) {
            fuzz::require(open.empty());
            break;
        }
        if (auto const* const text = std::get_if<XmlReader::Text>(&*event)) {
            fuzz::require(!open.empty() && is_valid_utf8(text->text));
            bytes += text->text.size();
        } else if (auto const* const one = std::get_if<XmlReader::Open>(&*event)) {
            open.push_back(one->name);
            for (auto const& [name, value] : one->attributes) bytes += value.size();
            fuzz::require(open.size() <= content::xml_depth_max &&
                          one->attributes.size() <= content::xml_attributes_max);
        } else {
            fuzz::require(!open.empty() && open.back() == std::get<XmlReader::Closed>(*event).name);
            open.pop_back();
        }
        fuzz::require(bytes <= size);
    }
    return 0;
}
