#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "index/replica/replica.hpp"
#include "index/server/address_shares.hpp"
#include "index/server/measures.hpp"
#include "index/server/reader_pool.hpp"
#include "index/wire/values.hpp"

/// The searches of nodes and of young servers that wait for an answer. A server that is young itself asks another one too,
/// and answers with both. Pure: the reader threads and the replica are asked by its owner.
namespace praline::index::server {

/// A search that is over. `asker` is empty for another server's question, which is then `ticket`.
struct FinishedSearch {
    enum class Outcome { found, evicted, failed };
    std::optional<SessionId> asker;
    std::uint32_t request = 0;
    replica::Ticket ticket;
    Outcome outcome = Outcome::found;
    Answer answer;
    std::string trouble;  ///< a sentence, when it failed
};

/// Bounded by its owner: `searches_waiting_max` for readers, one for each thread, and the questions of the replica.
/// @threads one.
class PendingSearches {
public:
    struct Counters {
        std::uint64_t answered = 0, for_servers = 0, asked_on = 0, evicted = 0;
    };

    /// The same search, with a number of rows that an answer can have.
    [[nodiscard]] static Query bounded(Query query);
    /// @param asks_others  another server is asked too: `remote_answer` follows.   @returns its number, never used again.
    std::uint64_t open(SessionId asker, std::uint32_t request, Query const& query, bool asks_others, Instant now);
    /// The question of another server.
    std::uint64_t open(replica::Ticket ticket, Query const& query, Instant now);
    /// There was no room for it after all.
    void forget(std::uint64_t number) { pending_.erase(number); }
    /// It waits for its answers now.
    void asked_here(bool asked_on, Instant now);

    /// Empty: it is not complete, or not known.
    [[nodiscard]] std::optional<FinishedSearch> local_answer(SearchDone done, Instant now);
    [[nodiscard]] std::optional<FinishedSearch> remote_answer(replica::AskDone done, Instant now);

    [[nodiscard]] bool empty() const { return pending_.empty(); }
    [[nodiscard]] Counters const& counters() const { return counters_; }
    /// Of nodes: from a question to its answer, and how many a second.
    [[nodiscard]] Latency latency() const { return latency_.summary(); }
    [[nodiscard]] double per_second(Instant now) const { return rate_.per_second(now); }

private:
    struct Pending {
        std::optional<SessionId> asker;
        std::uint32_t request = 0;
        replica::Ticket ticket;
        std::uint16_t wanted = 0;
        Instant since;
        bool asks_others = false;
        std::optional<SearchDone> local;
        std::optional<std::optional<Answer>> remote;
    };
    [[nodiscard]] std::optional<FinishedSearch> finish(std::map<std::uint64_t, Pending>::iterator of, Instant now);

    std::map<std::uint64_t, Pending> pending_;
    std::uint64_t last_number_ = 0;
    Counters counters_;
    LatencyWindow latency_;
    RecentRate rate_;
};

}  // namespace praline::index::server
