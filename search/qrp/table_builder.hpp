#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "search/qrp/routing_table.hpp"

namespace praline::search::qrp {

/// Makes a node's own table of the canonic words of what it shares.
/// @source 03-search section 1.2 (the union of what gtk-gnutella and LimeWire announce).
class TableBuilder {
public:
    TableBuilder() : table_{slots_max} {}
    /// A word of at least 3 octets, and its beginnings with up to 5 characters cut while 3 octets remain. Words that
    /// begin with "urn:" are taken in lower case and whole: nobody asks for half a hash.
    void add(std::string_view word);
    /// Everything added so far in the largest size: scale it down as needed.
    [[nodiscard]] QueryRoutingTable finest() const;

private:
    QueryRoutingTable table_;
};

/// The table of these words, in the largest size.
[[nodiscard]] QueryRoutingTable finest_of(std::vector<std::string> const& words);

/// `finest` in the smallest size from own_slots_min to `most` that is at most fill_percent_max full.
/// @pre QueryRoutingTable::valid_slots(most).
[[nodiscard]] QueryRoutingTable fitted(QueryRoutingTable const& finest, std::uint32_t most);

}  // namespace praline::search::qrp
