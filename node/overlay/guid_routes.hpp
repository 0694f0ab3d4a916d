#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/time.hpp"

namespace praline::overlay {

/// Remembers from whom a GUID came, for each kind of message apart, so that a copy is known as one and an answer finds
/// its way back. Bounded twice: by entries (the oldest gives way) and by age. A ring of entries and an index of
/// their positions, in flat memory that grows with use; the index is keyed, since peers choose GUIDs.
/// @threads any, one at a time: a value.   @source Gnutella 0.6; node/wire/protocol/routing.md
class GuidRoutes {
public:
    struct Entry {
        Guid guid;
        std::uint8_t kind = 0;
        std::uint8_t ttl = 0;     ///< largest seen
        std::uint8_t hops = 0;    ///< at the first arrival
        bool ggep_h : 1 = false;  ///< a query whose hits may say hashes by GGEP H
        bool far : 1 = false;     ///< of a walker or a key request: its hits may come from 255 hops away
        PeerId from{};            ///< PeerId{0}: ours
    };

    GuidRoutes(std::size_t entries_max, std::chrono::seconds keep_for, std::uint64_t key);

    /// The entry of this GUID and kind, unless it has grown too old. Valid until the next change.
    [[nodiscard]] Entry* find(Guid const& guid, std::uint8_t kind, Instant now);
    /// @pre `find` gave nothing.
    void insert(Entry const& entry, Instant now);
    /// Sets the peer of this GUID and kind, new or known.
    void put(Guid const& guid, std::uint8_t kind, PeerId from, Instant now);
    /// See Overlay::fetch; two stages.
    void fetch(unsigned stage, Guid const& guid, std::uint8_t kind) const noexcept;
    void erase(Guid const& guid, std::uint8_t kind);
    [[nodiscard]] std::size_t size() const { return live_; }
    [[nodiscard]] std::size_t memory_bytes() const;

private:
    static constexpr std::uint32_t none = 0xFFFFFFFF;
    struct Slot {
        Entry entry;
        std::uint32_t next = none;  // of the same bucket; of an unlinked slot: itself
        std::uint32_t at = 0;       // seconds of an Instant
    };
    [[nodiscard]] bool live(std::size_t at) const { return ring_[at].next != at; }
    [[nodiscard]] std::size_t bucket(Guid const& guid, std::uint8_t kind) const;
    [[nodiscard]] std::uint32_t position(Guid const& guid, std::uint8_t kind) const;
    void unlink(std::uint32_t at);
    void link(std::uint32_t at);
    void rebuild(std::size_t buckets);

    std::vector<Slot> ring_;
    std::vector<std::uint32_t> buckets_;
    GuidHash hash_;
    std::uint32_t entries_max_;
    std::uint32_t keep_for_;  // seconds
    std::uint32_t head_ = 0;  // where the next entry goes once the ring is full
    std::uint32_t live_ = 0;
};

}  // namespace praline::overlay
