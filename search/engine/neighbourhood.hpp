#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "node/base/ids.hpp"
#include "node/overlay/overlay.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search {

using strategy::Neighbour;

/// As the overlay says it; without a routing table.
[[nodiscard]] Neighbour neighbour_of(overlay::LinkInfo const& link);

/// Our role and our neighbours, sorted by PeerId: order is behaviour.
/// @threads one.
class Neighbourhood {
public:
    /// @return whether the role is another now.
    bool set_ultrapeer(bool ultrapeer);
    [[nodiscard]] bool is_ultrapeer() const { return ultrapeer_; }

    /// Null: unknown. Valid until the next `add` or `remove`.
    [[nodiscard]] Neighbour* find(PeerId peer);
    [[nodiscard]] Neighbour const* find(PeerId peer) const { return const_cast<Neighbourhood*>(this)->find(peer); }
    /// @pre not known yet. Null: there are `most` already.
    Neighbour* add(Neighbour const& neighbour, std::size_t most);
    void remove(PeerId peer);
    [[nodiscard]] std::span<Neighbour> all() { return all_; }
    [[nodiscard]] std::span<Neighbour const> all() const { return all_; }

    /// Ultrapeers that take a query which has made so many hops, without the peer it came from.
    [[nodiscard]] std::vector<Neighbour> candidates(std::optional<PeerId> from, Hops hops) const;
    /// The peer it came from, if it is an ultrapeer that takes it.
    [[nodiscard]] std::optional<Neighbour> reverse_path(std::optional<PeerId> from, Hops hops) const;

    /// For a host of many nodes: see SearchEngine::fetch.
    void fetch() const noexcept;

private:
    std::vector<Neighbour> all_;
    bool ultrapeer_ = false;
};

}  // namespace praline::search
