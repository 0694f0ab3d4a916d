#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "node/overlay/guid_routes.hpp"
#include "node/overlay/limits.hpp"

namespace praline::overlay {

/// Reverse paths of pushes: which link leads to a servent, and which pushes have passed already.
/// Peers choose the servent GUIDs that they name, so a path belongs to the link it was learned from: no other link can
/// take it over while that link is up and has confirmed it within `servents_for`. Bounded in all and for each link; a
/// link over its share loses its own oldest path, and when the table is full the link with most paths loses its oldest.
/// @threads any, one at a time: a value.   @source Gnutella 0.6; node/wire/protocol/routing.md
class PushRoutes {
public:
    /// @param key  keys the index, since peers choose GUIDs.
    PushRoutes(Limits const& limits, std::uint64_t key);

    /// A hit or a request of link `by` names this servent. @returns whether its path leads by that link now; false: it
    /// is another link's.
    bool learn(Guid const& servent, PeerId by, Instant now);
    [[nodiscard]] std::optional<PeerId> path_to(Guid const& servent, Instant now) const;
    /// The link is gone, and its paths with it.
    void forget(PeerId link);
    /// Whether the push has not passed before; it has from now on.
    [[nodiscard]] bool is_new(Guid const& push, Instant now);
    [[nodiscard]] std::size_t size() const { return live_; }

private:
    static constexpr std::uint32_t none = 0xFFFFFFFF;
    struct Path {
        Guid servent;
        PeerId by{};                        // PeerId{0}: free or given up
        std::uint32_t at = 0;               // seconds of an Instant: last confirmed
        std::uint32_t next = none;          // of the same bucket; of a free slot: the next free one
        std::uint32_t next_of_link = none;  // learned later
    };
    struct Holder {  // a link that has paths
        PeerId link{};
        std::uint32_t oldest = none, newest = none, count = 0;
    };
    [[nodiscard]] std::size_t bucket(Guid const& servent) const { return hash_(servent) & (buckets_.size() - 1); }
    [[nodiscard]] std::uint32_t position(Guid const& servent) const;
    [[nodiscard]] bool is_fresh(Path const& path, Instant now) const;
    [[nodiscard]] Holder& holder_of(PeerId link);
    void insert(Guid const& servent, PeerId by, Instant now);
    void evict_oldest_of(Holder& holder);
    void evict_from_the_greediest();
    void unlink(std::uint32_t at);
    void link(std::uint32_t at);
    void rebuild();

    std::vector<Path> paths_;
    std::vector<std::uint32_t> buckets_;
    std::vector<Holder> holders_;  // by link
    GuidRoutes pushes_;
    GuidHash hash_;
    std::uint32_t paths_max_, per_link_max_;
    std::uint32_t keep_for_;  // seconds
    std::uint32_t free_ = none;
    std::uint32_t used_ = 0;  // slots that are in a holder's list
    std::uint32_t live_ = 0;
};

}  // namespace praline::overlay
