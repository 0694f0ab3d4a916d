#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "index/wire/limits.hpp"
#include "index/wire/values.hpp"

/// Between a node and the index server it is signed in to. Who the node is was proved by its certificate before the
/// first of these. Node first: `SignIn`, answered by `Welcome` or `Refused`; without it one may ask, not publish.
/// @source index/wire/protocol.md
namespace praline::index {

// ---- from a node ----
struct SignIn {
    std::uint16_t protocol = protocol_version;
    std::string agent;
    std::uint16_t transfer_port = 0;  ///< 0: nothing can be fetched from it
    bool push_needed = false;
    Guid servent;
    Version version;  ///< how far its own list is
    friend bool operator==(SignIn const&, SignIn const&) = default;
};
/// Several may be under way, each beginning where the one before ends.
struct Publish {
    Change change;
    friend bool operator==(Publish const&, Publish const&) = default;
};
struct Search {
    std::uint32_t request = 0;
    Query query;
    friend bool operator==(Search const&, Search const&) = default;
};
struct Ping {
    std::uint64_t nonce = 0;
    friend bool operator==(Ping const&, Ping const&) = default;
};  ///< also renews the lease
struct SignOut {
    friend bool operator==(SignOut const&, SignOut const&) = default;
};  ///< its list goes at once
using FromNode = std::variant<SignIn, Publish, Search, Ping, SignOut>;

// ---- to a node ----
struct Welcome {
    std::uint16_t protocol = protocol_version;
    ServerId server{};
    Version held;                   ///< go on from here
    SetDigest digest;               ///< of what is held
    std::uint32_t lease_ms = 0;     ///< without a word for so long, the list goes
    std::uint32_t entries_max = 0;  ///< of one publisher
    std::vector<Member> members;    ///< of the group, itself included
    friend bool operator==(Welcome const&, Welcome const&) = default;
};
/// `version` and everything before it is at `replicas` of `members` servers.
struct Published {
    Version version;
    SetDigest digest;  ///< of the list at `version`, for the publisher to compare
    std::uint16_t replicas = 0, members = 0;
    friend bool operator==(Published const&, Published const&) = default;
};
/// A change did not fit: go on from `held`.
struct Behind {
    Version held;
    SetDigest digest;
    friend bool operator==(Behind const&, Behind const&) = default;
};
struct Found {
    std::uint32_t request = 0;
    Answer answer;
    friend bool operator==(Found const&, Found const&) = default;
};
struct Pong {
    std::uint64_t nonce = 0;
    std::uint8_t load = 0;
    std::vector<Member> members;
    friend bool operator==(Pong const&, Pong const&) = default;
};
/// This server is about to leave: go to another, there is no hurry.
struct Leaving {
    std::vector<Member> members;
    friend bool operator==(Leaving const&, Leaving const&) = default;
};

enum class RefusalReason : std::uint8_t {
    protocol_too_old = 1,
    signed_in_elsewhere,
    too_many_entries,
    too_many_from_address,
    too_many_publishers,
    too_fast,
    bad_message,
    bad_entry,
    not_signed_in,
    busy,
    leaving,
    search_failed,
};
struct Refused {
    RefusalReason reason{};
    std::string sentence;
    std::uint32_t request = 0;  ///< of a search; 0: the link is closed after this
    friend bool operator==(Refused const&, Refused const&) = default;
};
using ToNode = std::variant<Welcome, Published, Behind, Found, Pong, Leaving, Refused>;

}  // namespace praline::index
