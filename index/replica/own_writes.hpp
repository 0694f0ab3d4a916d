#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <vector>

#include "index/replica/replica.hpp"

/// What a replica remembers of publishers that are signed in here, and of their changes on the way to all.
namespace praline::index {

/// A publisher that is signed in here.
struct Session {
    Publisher publisher;
    Version own;                         ///< its list is at least so far
    Claim claim;
    bool ready = false;                  ///< the claim is granted
    std::set<ServerId> waiting;          ///< to grant it
    Instant deadline{};
    std::uint32_t tries = 1;
    std::vector<Version> granted;        ///< what those who granted it have
};

struct OwnWrite {
    PublisherId publisher;
    Claim claim;
    Change change;
    std::size_t octets = 0;
    std::uint64_t position = 0;          ///< 0: the catalogue has not confirmed it yet
    bool apply_asked = false;
    bool from_session = false;           ///< else a list that we take away
    Instant deadline{};
    Record after;
    std::set<ServerId> waiting;          ///< for its ack
    std::set<ServerId> behind;           ///< of those, to be sent again after the one before
    std::uint16_t replicas = 1;
    bool short_of_some = false;
};

/// Names an OwnWrite, in the order in which they were wanted.
using WriteKey = std::uint64_t;

/// An `Apply` or the last `StageCopy` that the catalogue owes an answer to.
struct PendingApply {
    enum class For : std::uint8_t { own, other, copy } whom{};
    PublisherId publisher;
    WriteKey key = 0;                    ///< own
    ServerId owner{};                    ///< other
    std::uint64_t incarnation = 0, position = 0;
};

}  // namespace praline::index
