#include "node/wire/text_fields.hpp"

#include "node/base/text.hpp"

namespace praline::wire {

std::string as_utf8(std::string_view text) {
    if (is_valid_utf8(text)) return std::string{text};
    std::string result;
    result.reserve(text.size() * 2);
    for (char const c : text) {
        auto const code = static_cast<unsigned char>(c);
        if (code < 0x80) {
            result.push_back(c);
        } else {
            result.push_back(static_cast<char>(0xC0 | (code >> 6)));
            result.push_back(static_cast<char>(0x80 | (code & 0x3F)));
        }
    }
    return result;
}

}  // namespace praline::wire
