#pragma once

#include <compare>
#include <cstdint>

#include "node/base/public_key.hpp"
#include "node/base/strong.hpp"

namespace praline::index {

/// An index server: drawn at its first start, kept in its data directory.
using ServerId = Strong<struct ServerIdTag, std::uint64_t>;

/// The publisher: the public key of a node. Only its owner can sign in under it.
using PublisherId = PublicKey;

/// Publishers in the order of their ids, both ends included; by default all.
struct KeyRange {
    static constexpr PublisherId end = [] {
        PublisherId id;
        id.bytes.fill(0xFF);
        return id;
    }();
    PublisherId first, last = end;
    friend bool operator==(KeyRange const&, KeyRange const&) = default;
};

/// How far a publisher's list has come. The publisher counts `number`; an era ends when the list is thrown away and
/// begun anew (by the publisher) or taken away with its lease (by the server that owns it). Never goes backwards at any
/// server.
struct Version {
    std::uint32_t era = 0;
    std::uint64_t number = 0;  ///< 0: nothing is published in this era
    friend auto operator<=>(Version const&, Version const&) = default;
};

/// Right to change a publisher's list: the lock token of Clippee (section II-D), held from sign-in to the next
/// sign-in, not acquired again for every write. The higher one wins.
struct Claim {
    std::uint64_t number = 0;  ///< 0: nobody's
    ServerId owner{};
    friend auto operator<=>(Claim const&, Claim const&) = default;
};

}  // namespace praline::index
