#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "webui/api/views.hpp"

namespace praline::webui {

struct Event {
    std::uint64_t sequence = 0;
    Change change;
};

/// Joins bursts of changes, numbers what is told, and keeps the last ones for streams that come back. Pure.
class EventLog {
public:
    /// @param first  the sequence number before the first; differs from start to start, so that a stream of an earlier
    ///               life of the node is recognised.
    explicit EventLog(std::uint64_t first);

    /// Remembers a change until `flush`; the same one twice is one. Full: the ids of the topic are given up for "".
    void note(Change change);
    [[nodiscard]] bool pending() const { return !pending_.empty(); }
    /// What is to be told now, numbered.
    std::vector<Event> flush();
    /// What came after `sequence`; empty optional: no longer known, everything must be asked for again.
    [[nodiscard]] std::optional<std::vector<Event>> after(std::uint64_t sequence) const;
    [[nodiscard]] std::uint64_t last() const { return last_; }

private:
    std::uint64_t last_;
    std::vector<Change> pending_;
    std::deque<Event> kept_;
};

/// Text of an event on the stream (HTML standard, server-sent events).
[[nodiscard]] std::string stream_text(Event const& event);
/// `id` is where the reader stands afterwards.
[[nodiscard]] std::string reset_text(std::uint64_t sequence);

}  // namespace praline::webui
