#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "index/replica/replica.hpp"

/// What a replica remembers of comparisons and copies under way.
namespace praline::index {

using NodeName = std::pair<std::uint8_t, std::uint32_t>;   ///< depth, prefix

/// A comparison that we began; who answers remembers nothing.
struct Round {
    std::uint64_t number = 0;
    ServerId with{};
    std::set<NodeName> waiting;          ///< asked about, not answered
    std::vector<NodeName> stack;         ///< still to be asked about
    std::vector<Stretch> stretches;      ///< of nodes at the end of their prefix: to be asked for page by page
    std::optional<Stretch> asked;        ///< the page that was asked for, not answered
    std::size_t pages = 0;
    bool cut_short = false;              ///< the stack was full
    Instant deadline{};
    std::uint64_t differing = 0, missing = 0;
    std::uint64_t writes_at_start = 0;   ///< of the other, as announced
};

/// A list that another server has and we do not.
struct CopyWanted {
    ServerId source{};
    Record record;                       ///< as it was announced; from a write: version, publisher and claim only
    Instant lease_until{};
    bool renewed = false;                ///< its owner is alive: the lease does not end by itself
    bool retired = false;                ///< a tombstone near its end
    std::uint32_t tries = 0;
};

struct CopyUnderWay {
    CopyWanted wanted;
    std::optional<Sha1> after;
    std::uint64_t staged = 0;            ///< entries that the catalogue has got
    bool begun = false;                  ///< it has got a part
    bool small = false;
    std::optional<Ticket> committing;    ///< the last part is at the catalogue
    Instant deadline{};
};

/// A part that another server waits for.
struct PartAsked { ServerId asker{}; CopyAsk ask; };

/// A question of a node that was passed on, and one that another server passed to us.
struct QuestionOut { Ticket ticket{}; ServerId asked{}; Instant deadline{}; };
struct QuestionIn { ServerId asker{}; std::uint64_t request = 0; Instant deadline{}; };

}  // namespace praline::index
