#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "node/wire/message.hpp"
#include "search/engine/events.hpp"
#include "search/engine/limits.hpp"
#include "search/engine/neighbourhood.hpp"
#include "search/engine/strategies.hpp"
#include "search/match/hit_match.hpp"

namespace praline::search {

/// A search that began here: its names, what it has found, what it has cost.
/// @threads one.
class OwnSearch {
public:
    OwnSearch(Launch&& launch, Instant now);

    [[nodiscard]] Guid const& guid() const { return guid_; }
    [[nodiscard]] wire::QueryPtr const& query() const { return query_; }
    [[nodiscard]] strategy::Parameters const& parameters() const { return parameters_; }
    /// Of its rings, the first excepted: that one's is `guid`.
    [[nodiscard]] std::span<Guid const> names() const { return names_; }
    [[nodiscard]] bool is_called(Guid const& name) const;
    [[nodiscard]] bool sent_anything() const { return messages_ > 0; }
    [[nodiscard]] bool is_query_phase_done() const { return query_phase_done_; }
    /// A link that comes up now gets its query too: at the start of a node the links come one by one.
    [[nodiscard]] bool takes_newcomers(Instant now, EngineLimits const& limits) const {
        return !stopped_ && now - started_ < limits.newcomers_for;
    }

    /// A hit or a walker's question came for it.
    void on_sign_of_life(Instant now) { active_at_ = now; }
    void stop_querying() { stopped_ = true; }
    void reopen_query_phase() { query_phase_done_ = false; }
    /// How many records of `hit` are answers that it has not had yet.
    [[nodiscard]] std::size_t count_new_results(wire::QueryHit const& hit, EngineLimits const& limits);

private:
    friend class OwnSearches;

    Guid guid_;
    std::vector<Guid> names_;
    wire::QueryPtr query_;
    strategy::Parameters parameters_;
    Instant started_;
    Instant active_at_;
    bool walks_ = false;               // walkers are on their way
    bool query_phase_done_ = false;    // said
    bool stopped_ = false;             // no neighbour is to be sent it any more, newcomers neither
    std::uint64_t messages_ = 0;       // sent so far
    std::set<std::uint64_t> known_{};  // results: each ring finds those of the last one again
    CostUpdate cost_;                  // not reported yet
    HitMatch match_;                   // what is no answer is no result
};

/// The searches that began here, in that order. It keeps the account of each and knows when its query phase is done; what
/// is sent for them is the router's decision.
/// @threads one.
class OwnSearches {
public:
    /// All three outlive it.
    OwnSearches(EngineLimits const& limits, Strategies const& strategies, Neighbourhood const& neighbourhood)
        : limits_{limits}, strategies_{strategies}, neighbourhood_{neighbourhood} {}

    /// By any of its names. Null: none of ours. Valid until the next `open` or `close`.
    [[nodiscard]] OwnSearch* find(Guid const& name);
    [[nodiscard]] std::span<OwnSearch> all() { return searches_; }
    /// Empty: there is room for one more.
    [[nodiscard]] std::optional<Guid> victim() const;
    /// @pre not open yet, and no `victim`.
    OwnSearch& open(Launch&& launch, Instant now);
    /// Empty: none of ours.
    [[nodiscard]] std::optional<OwnSearch> close(Guid const& name);
    /// Its hits come under a further name from now on. @returns false: it has as many as it may.
    bool add_name(Guid const& search, Guid const& name);

    /// Copies of the query of this name leave. @param payload_bytes  of one.
    void count_copies(Guid const& name, std::span<PeerId const> to, strategy::Hop const& as, std::size_t payload_bytes);
    /// A message that is no query was sent for it.
    void count_message(OwnSearch& search, std::size_t bytes, std::uint64_t reach) const;
    /// Reports what it cost since the last time, and once that its query phase is done.
    void settle(OwnSearch& search, Turn const& turn) const;
    void settle_all(Turn const& turn);
    /// When walkers that give no sign of life will be taken for ended.
    [[nodiscard]] std::optional<Instant> next_deadline() const;

private:
    void count(OwnSearch& search, std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach) const;

    EngineLimits const& limits_;
    Strategies const& strategies_;
    Neighbourhood const& neighbourhood_;
    std::vector<OwnSearch> searches_;
};

}  // namespace praline::search
