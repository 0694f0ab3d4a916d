#include "index/wire/codec_values.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "node/base/utf8.hpp"

namespace praline::index {
namespace {

// What the limits allow always fits a frame, so that who keeps to them need not count bytes.
constexpr std::size_t entry_bytes_max = 20 + 25 + 8 + 2 + name_bytes_max;
constexpr std::size_t publisher_bytes_max = 32 + 6 + 16 + 1 + 2 + agent_bytes_max;
constexpr std::size_t record_bytes_max = publisher_bytes_max + 12 + 16 + 4 + 16;
constexpr std::size_t row_bytes_max = entry_bytes_max + 4 + 2 + row_sources_max * publisher_bytes_max;
constexpr std::size_t other_bytes_max = 1024;  // type, envelope, and what stands once in a message
static_assert(other_bytes_max + record_bytes_max + change_entries_max * entry_bytes_max <= frame_bytes_max);
static_assert(other_bytes_max + answer_rows_max * row_bytes_max <= frame_bytes_max);
static_assert(other_bytes_max + records_max * (record_bytes_max + 4) <= frame_bytes_max);
static_assert(other_bytes_max + digest_nodes_max * wire_bytes_min<DigestNode> <= frame_bytes_max);
static_assert(other_bytes_max + members_max * wire_bytes_min<Member> <= frame_bytes_max);

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }

}  // namespace

bool is_plain_text(std::string_view text) {
    return std::none_of(text.begin(), text.end(), is_control) && is_valid_utf8(text);
}

bool is_file_name(std::string_view name) {
    return !name.empty() && name.size() <= name_bytes_max && name != "." && name != ".." &&
           name.find('/') == std::string_view::npos && is_plain_text(name);
}

bool fits_wire(Entry const& entry) { return entry.size_bytes <= size_bytes_max && is_file_name(entry.name); }

bool fits_wire(Query const& query) {
    return query.words.size() <= query_bytes_max && is_plain_text(query.words) && query.kind.size() <= kind_bytes_max &&
           is_plain_text(query.kind) && (!query.urn || query.urn->sha1 || query.urn->tiger_root);
}

std::string wire_sentence(std::string_view text) {
    std::string sentence{utf8_prefix(text, sentence_bytes_max)};
    bool const readable = is_valid_utf8(sentence);
    for (char& byte : sentence)
        if (is_control(byte) || (!readable && static_cast<unsigned char>(byte) >= 0x80)) byte = '?';
    return sentence;
}

Result<std::optional<std::size_t>> frame_bytes(ByteView in) {
    auto const length = ByteReader{in}.le32();
    if (!length) return std::optional<std::size_t>{};
    if (*length == 0) return WireError::bad_length;
    if (*length > frame_bytes_max) return WireError::limit_exceeded;
    return std::optional<std::size_t>{*length + 4};
}

}  // namespace praline::index
