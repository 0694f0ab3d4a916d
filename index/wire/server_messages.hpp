#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "index/wire/limits.hpp"
#include "index/wire/values.hpp"

/// Between the servers of a group, over links on which both have proved that they know the group's secret.
/// @source Clippee; index/wire/protocol.md
namespace praline::index {

// ---- the graph ----
/// What all servers of a group must be started with alike: from its own each computes when another is silent, and how long
/// lists that another looks after may be shown.
struct GroupTimes {
    std::uint64_t heartbeat_us = 0;  ///< between two signs of life, in microseconds
    std::uint32_t suspect_after_heartbeats = 0;
    std::uint64_t lease_us = 0;
    friend bool operator==(GroupTimes const&, GroupTimes const&) = default;
};
/// First on every link, both ways. Another protocol, other times or another group end it.
struct Hello {
    std::uint16_t protocol = server_protocol_version;
    Member self;
    bool joining = false;
    GroupTimes times;
    friend bool operator==(Hello const&, Hello const&) = default;
};
struct Members {
    std::vector<Member> members;
    friend bool operator==(Members const&, Members const&) = default;
};
struct Leave {
    friend bool operator==(Leave const&, Leave const&) = default;
};
/// To everybody, every heartbeat; renews the leases of all publishers whose claim its sender holds.
struct Heartbeat {
    std::uint64_t incarnation = 0;
    std::uint64_t writes = 0;  ///< position of its last `Write` in this incarnation
    std::uint8_t load = 0;
    friend bool operator==(Heartbeat const&, Heartbeat const&) = default;
};
/// Sent by way of every other server when the direct link is broken; whose answer comes first carries the route.
struct Probe {
    std::uint64_t nonce = 0;
    friend bool operator==(Probe const&, Probe const&) = default;
};
struct ProbeAnswer {
    std::uint64_t nonce = 0;
    friend bool operator==(ProbeAnswer const&, ProbeAnswer const&) = default;
};

// ---- eager global write ----
struct Acquire {
    PublisherId publisher;
    Claim claim;
    friend bool operator==(Acquire const&, Acquire const&) = default;
};
/// `held` is what the granting server has; blank when it knows nothing.
struct Grant {
    PublisherId publisher;
    Claim claim;
    Record held;
    friend bool operator==(Grant const&, Grant const&) = default;
};
/// There is a higher claim.
struct Deny {
    PublisherId publisher;
    Claim claim;
    Claim higher;
    friend bool operator==(Deny const&, Deny const&) = default;
};
struct Write {
    std::uint64_t position = 0;  ///< 1, 2, … of its owner's incarnation
    Publisher publisher;
    Claim claim;
    Change change;
    friend bool operator==(Write const&, Write const&) = default;
};
enum class WriteOutcome : std::uint8_t { applied = 1, known, behind, denied };
struct WriteAck {
    std::uint64_t position = 0;
    WriteOutcome outcome{};
    Version held;  ///< behind: what is there
    Claim claim;   ///< denied: the higher one
    friend bool operator==(WriteAck const&, WriteAck const&) = default;
};

// ---- lazy repair ----
/// A node of the Merkle tree over publishers: `depth` leading 4-bit digits of the publisher's id.
struct DigestNode {
    std::uint8_t depth = 0;
    std::uint32_t prefix = 0;
    std::uint32_t publishers = 0;
    std::uint64_t low = 0, high = 0;
    friend bool operator==(DigestNode const&, DigestNode const&) = default;
};
/// "These are mine": who differs answers with its children of those that differ, or, where few publishers are below or the
/// prefix is at its end, with their `Records`.
struct Digests {
    std::uint64_t round = 0;
    std::vector<DigestNode> nodes;
    friend bool operator==(Digests const&, Digests const&) = default;
};
struct LeasedRecord {
    Record record;
    std::uint32_t lease_left_ms = 0;
    friend bool operator==(LeasedRecord const&, LeasedRecord const&) = default;
};
struct Records {
    std::uint64_t round = 0;
    DigestNode below;     ///< where they belong; its depth and prefix count
    bool answer = false;  ///< the other side need not send its own back
    std::vector<LeasedRecord> records;
    KeyRange range{};  ///< not `answer`: all that the sender has of it below the node
    friend bool operator==(Records const&, Records const&) = default;
};
/// Below a node at the end of its prefix, with more publishers than one message holds: those of a part of it. Answered with
/// `Records` from `range.first` on, as far as a message goes; what they do not reach is asked for next.
struct RecordsAsk {
    std::uint64_t round = 0;
    KeyRange range;
    friend bool operator==(RecordsAsk const&, RecordsAsk const&) = default;
};
/// The entries of one publisher, from the SHA-1 after `after` on.
struct CopyAsk {
    PublisherId publisher;
    Version version;
    bool from_start = true;
    Sha1 after;
    friend bool operator==(CopyAsk const&, CopyAsk const&) = default;
};
/// In order of SHA-1. `record.version` other than asked: begin again.
struct CopyPart {
    LeasedRecord record;
    bool from_start = true;
    Sha1 after;
    std::vector<Entry> entries;
    bool last = false;
    bool unknown = false;  ///< it is not there any more
    friend bool operator==(CopyPart const&, CopyPart const&) = default;
};

// ---- what a young server does not know itself ----
struct AskFor {
    std::uint64_t request = 0;
    Query query;
    friend bool operator==(AskFor const&, AskFor const&) = default;
};
struct AnswerFor {
    std::uint64_t request = 0;
    Answer answer;
    friend bool operator==(AnswerFor const&, AnswerFor const&) = default;
};

using ServerMessage = std::variant<Hello, Members, Leave, Heartbeat, Probe, ProbeAnswer, Acquire, Grant, Deny, Write,
                                   WriteAck, Digests, Records, CopyAsk, CopyPart, AskFor, AnswerFor, RecordsAsk>;

/// Every message between servers. With `to` another server's id, whoever gets it directly passes it on once.
struct Envelope {
    ServerId from{}, to{};
    std::uint64_t incarnation = 0;  ///< of `from`
    bool relayed = false;           ///< it has been passed on: not again
    friend bool operator==(Envelope const&, Envelope const&) = default;
};

}  // namespace praline::index
