#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"

/// The searches of this node that wait for an answer, and whom they were put to. Pure.
namespace praline::index {

struct SearchUnderWay {
    std::uint32_t search = 0;
    Query query;
    Instant wanted_at{};
    std::vector<ConnectionId> waiting_for;  ///< asked, and not answered yet
    std::vector<ConnectionId> done_with;    ///< refused by them
    std::optional<Instant> hedge_at;        ///< when the stand-by is asked too
    std::string refusal;                    ///< what the last of them said
    IndexPrice price;

    [[nodiscard]] bool was_put_to(ConnectionId connection) const;
};

class SearchesUnderWay {
public:
    static constexpr std::size_t put_to_max = 8;  ///< servers that one search is put to, one after another

    /// @pre `wanted.search` is not 0 and not there.
    void add(SearchWanted const& wanted, Instant now);
    void drop(std::uint32_t search);
    /// Null: there is none such.
    [[nodiscard]] SearchUnderWay* find(std::uint32_t search);
    [[nodiscard]] std::vector<SearchUnderWay>& all() { return searches_; }
    [[nodiscard]] std::vector<SearchUnderWay> const& all() const { return searches_; }
    void connection_lost(ConnectionId connection);

private:
    std::vector<SearchUnderWay> searches_;  // in the order in which they were wanted
};

}  // namespace praline::index
