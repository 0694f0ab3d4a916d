#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "node/base/result.hpp"
#include "node/wire/message.hpp"

/// What Praline adds to Gnutella 0.6. All of it rides in GGEP items, vendor messages of the code PRLN and X- headers, so
/// strangers ignore it; walkers, key requests and notes go between nodes that said `X-Praline` only.
/// @threads any: pure.   @source node/wire/protocol/praline.md
namespace praline::wire {

/// GGEP PRW in a Query: it makes one step at a time. 16 bytes: version 1, flags (1 keeps state, 2 biased),
/// check_every u16, number u32, step u32, steps_max u32, little-endian.
struct WalkerItem {
    static constexpr char const* id = "PRW";
    std::uint32_t number = 0, step = 0, steps_max = 0;
    std::uint16_t check_every = 0;
    bool keep_state = false, biased = false;
    friend bool operator==(WalkerItem const&, WalkerItem const&) = default;
};
/// GGEP PRK in a Query: a request for a key. 10 bytes: version 1, htl, key u64.
struct KeyItem {
    static constexpr char const* id = "PRK";
    std::uint64_t key = 0;
    std::uint8_t htl = 0;
    friend bool operator==(KeyItem const&, KeyItem const&) = default;
};
/// GGEP PRC in the trailer of a QueryHit: it comes from a cache, where it lay so many seconds. 5 bytes: version 1, u32.
struct CachedItem {
    static constexpr char const* id = "PRC";
    std::uint32_t age_seconds = 0;
    friend bool operator==(CachedItem const&, CachedItem const&) = default;
};

/// GGEP PRU in a Pong: upstream of the node in kbit/s, u32 little-endian.
inline constexpr char const* capacity_id = "PRU";
/// 0: not told.
[[nodiscard]] std::uint32_t capacity_of(Pong const& pong);
void put_capacity(Pong& pong, std::uint32_t kbits);
/// GGEP PRN in an ultrapeer's own Pong: links to ultrapeers it has just now, u16 little-endian. X-Degree says only how
/// many it would like.
inline constexpr char const* links_id = "PRN";
/// Empty: not told.
[[nodiscard]] std::optional<std::uint16_t> links_of(Pong const& pong);
void put_links(Pong& pong, std::uint16_t links);

/// Empty: not there, or not to be understood (then it counts as not there).
[[nodiscard]] std::optional<WalkerItem> walker_of(Query const& query);
[[nodiscard]] std::optional<KeyItem> key_of(Query const& query);
[[nodiscard]] std::optional<CachedItem> cached_of(QueryHit const& hit);
/// Whether a query's payload may carry a WalkerItem or KeyItem: no allocation, never wrong when it says no.
[[nodiscard]] bool may_carry_steps(ByteView query_payload) noexcept;
[[nodiscard]] inline bool carries_steps(Query const& query) { return walker_of(query) || key_of(query); }
/// Takes both items away, understood or not. @returns whether there was one.
bool remove_steps(Query& query);
/// Sets or replaces the item.
void put(Query& query, WalkerItem const& item);
void put(Query& query, KeyItem const& item);
void put(QueryHit& hit, CachedItem const& item);

// Notes: vendor messages PRLN/1, /2 and /3, version 1. The header's GUID is the query's.
/// PRLN/1: a walker that waits asks whether to go on. Relayed along the way back of its query. u32 number, u32 step.
struct CheckNote {
    std::uint32_t number = 0, step = 0;
    friend bool operator==(CheckNote const&, CheckNote const&) = default;
};
/// PRLN/2: the answer, relayed along the way the check came. u32 number, u32 step, u8 go_on.
struct CheckAnswerNote {
    std::uint32_t number = 0, step = 0;
    bool go_on = false;
    friend bool operator==(CheckAnswerNote const&, CheckAnswerNote const&) = default;
};
/// PRLN/3: a key request found nothing; so many hops are left. u8 htl.
struct KeyReturnNote {
    std::uint8_t htl = 0;
    friend bool operator==(KeyReturnNote const&, KeyReturnNote const&) = default;
};
using PralineNote = std::variant<CheckNote, CheckAnswerNote, KeyReturnNote>;

/// Empty: not one of ours. @errors truncated, bad_value.
[[nodiscard]] Result<std::optional<PralineNote>> decode_note(Vendor const& vendor);
[[nodiscard]] Vendor to_vendor(PralineNote const& note);

}  // namespace praline::wire
