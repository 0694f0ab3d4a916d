#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "index/replica/replica.hpp"
#include "node/base/check.hpp"

namespace praline::index::replica {

/// What every part of one replica works with: its options and identity, the clock and the random numbers that were handed
/// in, and where its actions go. Nothing here decides anything.
/// @threads one: it belongs to a replica.
class Context {
public:
    Context(ReplicaOptions const& options, Rng rng) : options_{options}, rng_{rng} {}

    /// For as long as one event is handled: time never goes backwards, and actions are appended to `out`.
    void begin(Instant now, Actions& out) {
        now_ = std::max(now_, now);
        out_ = &out;
    }
    void end() { out_ = nullptr; }

    [[nodiscard]] ReplicaOptions const& options() const { return options_; }
    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] Rng& rng() { return rng_; }
    /// A random time with that mean, so that servers do not act in step.
    [[nodiscard]] Duration jittered(Duration mean) {
        auto const half = static_cast<std::uint64_t>(std::max<Duration::rep>(mean.count() / 2, 1));
        return Duration{static_cast<Duration::rep>(half + rng_.below(2 * half))};
    }

    [[nodiscard]] Member const& self() const { return self_; }
    void set_self(Member const& self) { self_ = self; }
    void set_load(std::uint8_t load) { self_.load = load; }

    /// @pre between `begin` and `end`.
    template <class T>
    void emit(T&& action) {
        check(out_ != nullptr);
        out_->emplace_back(std::forward<T>(action));
    }
    [[nodiscard]] Ticket next_ticket() { return Ticket{++last_ticket_}; }
    [[nodiscard]] std::uint64_t last_ticket() const { return last_ticket_; }

    [[nodiscard]] ReplicaCounters& counters() { return counters_; }
    [[nodiscard]] ReplicaCounters const& counters() const { return counters_; }
    /// Counts a message that breaks a rule; it changes nothing else.
    void refuse() { ++counters_.refused_messages; }

    /// So long without a message, and a server is suspected.
    [[nodiscard]] Duration suspect_after() const {
        return options_.heartbeat_every * options_.suspect_after_heartbeats;
    }

private:
    ReplicaOptions options_;
    Rng rng_;
    Instant now_{};
    Actions* out_ = nullptr;
    Member self_;
    std::uint64_t last_ticket_ = 0;
    ReplicaCounters counters_;
};

}  // namespace praline::index::replica
