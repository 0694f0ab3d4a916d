#include "transfer/content/bencode_reader.hpp"

#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"
#include "transfer/content/bencode.hpp"

namespace {

using namespace praline;
using content::BencodeValue;

/// The same text again; keys stay in their order.
std::string written(BencodeValue const& value) {
    if (auto const* const bytes = value.bytes()) return content::bencode(*bytes);
    if (auto const* const number = value.number()) return "i" + std::to_string(*number) + "e";
    std::string text;
    if (auto const* const list = value.list()) {
        text = "l";
        for (auto const& one : *list) text += written(one);
    } else {
        text = "d";
        for (auto const& [key, one] : *value.dictionary()) text += content::bencode(key) + written(one);
    }
    return text + "e";
}

}  // namespace

/// Any bytes as a bencoded value: the same bytes when it is written again, as there is one way to write each value.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = as_text(fuzz::view(data, size));
    auto const value = content::read_bencode(text);
    if (!value) return 0;
    fuzz::require(value->text() == text && written(*value) == text);
    return 0;
}
