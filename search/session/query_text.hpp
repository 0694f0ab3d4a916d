#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/base/urn.hpp"
#include "node/wire/message.hpp"

namespace praline::search {

/// The query of a user's words and, perhaps, a URN. What the text leaves out (`split_search_text`) is not in it. Words are sent in canonical form, each once, a blank between them; of
/// a text longer than `text_bytes_max` whole words are left out at the end. With a URN and no words the text is "\",
/// as old servents ignore empty ones. A text that is itself a URN counts as one; the text of a magnet link is no words.
/// nullopt: nothing that could be searched: no URN, and no word of two characters.
/// @threads any: pure.   @source node/wire/protocol/messages.md; node/wire/protocol/query-routing.md
[[nodiscard]] std::optional<wire::Query> make_query(std::string_view text, std::optional<Urn> urn,
                                                    std::size_t text_bytes_max);

}  // namespace praline::search
