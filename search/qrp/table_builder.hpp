#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "search/qrp/routing_table.hpp"

namespace praline::search::qrp {

/// Makes a node's own table of the canonical words of what it shares.
/// @source node/wire/protocol/query-routing.md (the union of what gtk-gnutella and LimeWire announce)
class TableBuilder {
public:
    TableBuilder() : table_{slots_max} {}
    /// Everything that a query for this canonical word may hash, if it has at least 3 bytes: the word and its beginnings
    /// of 16 characters or fewer or with up to 5 characters cut; of a word without blanks also whatever has up to 6
    /// characters, anywhere in it. Queries for longer parts are told by their own (QueryTerms::parts).
    /// Words that begin with "urn:" are taken in lower case and whole: nobody asks for half a hash.
    void add(std::string_view word);
    /// Everything added so far in the largest size: scale it down as needed.
    [[nodiscard]] QueryRoutingTable finest() const;

private:
    void add_beginnings(std::string_view word);

    QueryRoutingTable table_;
};

/// The table of these words, in the largest size.
[[nodiscard]] QueryRoutingTable finest_of(std::vector<std::string> const& words);

/// `finest` in the smallest size from own_slots_min to `most` that is at most fill_percent_max full.
/// @pre QueryRoutingTable::valid_slots(most).
[[nodiscard]] QueryRoutingTable fitted(QueryRoutingTable const& finest, std::uint32_t most);

}  // namespace praline::search::qrp
