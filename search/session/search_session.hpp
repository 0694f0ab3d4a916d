#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "node/base/urn.hpp"
#include "node/wire/message.hpp"
#include "search/match/search_text.hpp"
#include "search/session/content_kind.hpp"
#include "search/session/row_query.hpp"
#include "search/session/search_cost.hpp"
#include "search/strategy/strategy.hpp"

/// The searches of one user: results grouped by content, bounded, numbered in order of change, filtered and sorted; and
/// what each search has cost. Pure.
namespace praline::search {

struct Source {
    Endpoint endpoint;
    Guid servent;
    std::uint32_t index = 0;
    std::string name;  ///< as this source calls it
    std::string vendor;
    bool push_needed = false;
    bool busy = false;
    std::uint8_t hops = 0;
    PeerId via{};
    std::vector<Endpoint> push_proxies;
    std::optional<std::uint32_t>
        cached_seconds{};    ///< a cache said so, and had it for so long; empty: the source itself
    bool indexed = false;    ///< an index server said so
    bool browsable = false;  ///< it gives a list of its files
};

struct ResultRow {
    std::uint32_t id = 0;  ///< within its search, from 1
    Urn urn;               ///< may be empty: then name, size and source make the row
    std::string name;      ///< of the first source, cleaned of control characters and path separators
    std::uint64_t size_bytes = 0;
    std::vector<Source> sources;
    std::uint64_t revision = 0;  ///< of the search when the row last changed
    std::string canonical;       ///< the name as searches compare it
    ContentKind kind = ContentKind::other;
    std::uint32_t agreement = 0;  ///< of the name with the words asked for

    /// No source has said so itself.
    [[nodiscard]] bool is_cached() const;
    /// The more of the name was asked for and the more sources there are; of use to compare rows of one search.
    [[nodiscard]] std::uint64_t relevance() const;
};

enum class SearchState : std::uint8_t {
    asking,     ///< its strategy may still ask somebody
    listening,  ///< nobody is asked any more; late hits are taken
    closed,
};

struct SearchInfo {
    std::uint32_t id = 0;
    Guid guid;
    std::string text;
    Instant started{};
    bool open = true;  ///< still taking hits
    std::uint64_t revision = 0;
    std::size_t rows = 0, hits = 0, dropped = 0;
    SearchState state = SearchState::asking;
    strategy::Parameters parameters{};
    SearchCost cost{};
    Duration open_for{};                      ///< hits are taken
    Duration lasted{};                        ///< from its beginning to its end; while it is open, zero
    std::vector<SearchText::Part> without{};  ///< what its user leaves out; names that hold one of these are no results
    std::vector<std::string> conditions{};    ///< such as `size:>10M`, as they were written
};

struct SessionLimits {
    std::size_t searches_max = 64;   ///< the oldest closed one gives way
    std::size_t rows_max = 100'000;  ///< a search; further hits are counted as dropped
    std::size_t sources_max = 64;    ///< a row
    std::size_t text_bytes_max = 200;
    std::chrono::seconds open_for{180};        ///< late hits linger
    std::size_t sources_of_all_max = 500'000;  ///< of all rows of all searches; further hits are counted as dropped
};

class SearchSessions {
public:
    explicit SearchSessions(SessionLimits limits = {});
    ~SearchSessions();
    /// Builds the query of a user's words, URN or magnet-derived URN. What peers and index servers send is shown if
    /// HitMatch takes it for an answer; the rest is counted in the cost. nullopt: nothing in it that could be searched
    /// (fewer than 2 characters and no URN), or too many searches are open.
    struct Opened {
        std::uint32_t id;
        wire::Query query;
    };
    [[nodiscard]] std::optional<Opened> open(std::string const& text, std::optional<Urn> urn, Guid guid, Instant now,
                                             strategy::Parameters const& parameters = {});
    /// One without a query, for what a single host lists: whatever comes for `guid` is shown. nullopt: too many are open.
    [[nodiscard]] std::optional<std::uint32_t> open_list(std::string const& title, Guid guid, Instant now,
                                                         Duration open_for);
    /// Sources of all rows that take memory, those of erased searches included.
    [[nodiscard]] std::size_t sources() const;
    /// Another search could be opened.
    [[nodiscard]] bool has_room() const;
    void close(std::uint32_t id, Instant now);
    /// Its rows are gone at once, the memory of many goes back with this and later calls of `expire`.
    void erase(std::uint32_t id);
    /// A hit for `guid`; unknown GUIDs are ignored. @returns the search it belongs to, if any row changed.
    /// @param cached_seconds  it comes from a cache, and lay there so long.
    std::optional<std::uint32_t> add_hit(Guid const& guid, PeerId via, Hops hops, wire::QueryHit const& hit,
                                         Instant now, std::optional<std::uint32_t> cached_seconds = std::nullopt);
    /// An index server named these sources. The same as `add_hit`, from no peer and no distance.
    std::optional<std::uint32_t> add_indexed(Guid const& guid, wire::QueryHit const& hit, Instant now);
    /// What the index server has cost by now; replaces what was said before. @returns the search it belongs to.
    std::optional<std::uint32_t> index_cost(Guid const& guid, IndexCost cost);
    /// We sent something for `guid`; `reach` is the nodes it may have got to that were not counted before.
    /// @returns the search it belongs to.
    std::optional<std::uint32_t> spent(Guid const& guid, std::uint64_t messages, std::uint64_t bytes,
                                       std::uint64_t reach);
    /// Its strategy sends no further query. @returns the search it belongs to.
    std::optional<std::uint32_t> query_phase_done(Guid const& guid);
    /// Closes what is due; returns the closed ids.
    std::vector<std::uint32_t> expire(Instant now);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    [[nodiscard]] std::vector<SearchInfo> list() const;
    [[nodiscard]] std::optional<SearchInfo> info(std::uint32_t id) const;
    /// Rows changed after `revision`, in order of id. Of more than `most` those that changed first: ask again with the
    /// highest revision among them. Costs what it returns, not what the search holds. The pointers are good until the
    /// next call that is not const.
    [[nodiscard]] std::vector<ResultRow const*> rows_since(std::uint32_t id, std::uint64_t revision,
                                                           std::size_t most) const;
    [[nodiscard]] ResultRow const* row(std::uint32_t id, std::uint32_t row) const;
    /// Rows that fit, in order, from `offset` on, at most `most`. The order is kept for the next page: further pages of
    /// the same choice cost what they return, and rows that came meanwhile are put in their place. Of many rows each call
    /// sorts a part, and the page is not `ready` until all are in order: between two calls others have the thread. Empty
    /// for an unknown search. Not const as it remembers; the rows stay as they are.
    [[nodiscard]] RowPage page(std::uint32_t id, RowQuery const& choice, std::size_t offset, std::size_t most);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::search
