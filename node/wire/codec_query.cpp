#include <algorithm>

#include "node/base/byte_reader.hpp"
#include "node/base/byte_writer.hpp"
#include "node/base/text.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/huge.hpp"
#include "node/wire/text_fields.hpp"

namespace praline::wire {
namespace {

std::uint16_t flags_of(std::uint16_t word) {
    if ((word & QueryFlags::marked) != 0) return word;
    auto const swapped = static_cast<std::uint16_t>((word << 8) | (word >> 8));
    constexpr std::uint16_t raza = QueryFlags::marked | QueryFlags::ggep_h | QueryFlags::guided;
    return (swapped & raza) == raza ? swapped : std::uint16_t{0};
}

/// Long text travels in GGEP XQ; the text field then holds what old servents can make use of.
void take_extended_text(Query& query) {
    auto const at =
        std::find_if(query.ggep.begin(), query.ggep.end(), [](GgepItem const& item) { return item.id == "XQ"; });
    if (at == query.ggep.end()) return;
    auto const text = as_text(at->data);
    if (!text.empty() && is_valid_utf8(text) && text.find('\0') == std::string_view::npos) query.text = text;
    query.ggep.erase(at);
}

}  // namespace

Result<Query> decode_query(ByteView payload) {
    ByteReader reader{payload};
    auto const word = reader.be16();
    if (!word) return word.error();
    auto const text = reader.c_string();
    if (!text) return text.error();
    if (!is_valid_utf8(*text)) return WireError::bad_value;
    Query query;
    query.flags = flags_of(*word);
    query.text = *text;
    auto extensions = parse_extensions(reader.rest());
    query.urns = std::move(extensions.urns);
    query.ggep = std::move(extensions.ggep);
    take_extended_text(query);
    return query;
}

Bytes encode(Query const& query) {
    ByteWriter out;
    out.be16(query.flags);
    write_text(query.text, out);
    out.raw(encode_extensions(query.urns, query.ggep));
    return out.take();
}

}  // namespace praline::wire
