#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "node/wire/message.hpp"

namespace praline::search::qrp {

/// The hash of a canonical word before it is cut to the size of a table: its upper `bits` bits are the slot.
/// Works on UTF-16 code units, low byte each; a byte that is not UTF-8 counts as a unit.
/// @threads any: pure.   @source QRP; node/wire/protocol/query-routing.md
[[nodiscard]] std::uint32_t hash_product(std::string_view word) noexcept;

/// The slot of `word` in a table of 2^bits slots. @pre bits <= 32.
[[nodiscard]] std::uint32_t qrp_hash(std::string_view word, unsigned bits) noexcept;

/// The slot of a hash_product in a table of 2^bits slots. @pre bits <= 32.
[[nodiscard]] constexpr std::uint32_t slot_of(std::uint32_t product, unsigned bits) noexcept {
    return bits == 0 ? 0 : product >> (32 - bits);
}

/// What of a query is looked up in tables, hashed once for all of them.
struct QueryTerms {
    std::vector<std::uint32_t> words;  ///< hash_product of each different word of at least 3 bytes
    /// Of words[i], if it is longer than what tables hold of longer words: hashes that a table of ours holds, all of them,
    /// if it is of such a word. Empty, or missing at the end: there are none.
    std::vector<std::vector<std::uint32_t>> parts{};
    std::vector<std::uint32_t> urns;  ///< of "urn:sha1:…" and "urn:tree:tiger:…" in lower case

    [[nodiscard]] static QueryTerms of(wire::Query const& query);
    [[nodiscard]] bool empty() const { return words.empty() && urns.empty(); }
    /// Asks for content by its hash alone: few tables hold hashes.
    [[nodiscard]] bool only_urns() const { return words.empty() && !urns.empty(); }
};

}  // namespace praline::search::qrp
