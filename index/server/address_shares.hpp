#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

#include "node/base/address.hpp"
#include "node/base/rate.hpp"
#include "node/base/strong.hpp"
#include "node/base/time.hpp"

namespace praline::index::server {

using SessionId = Strong<struct SessionIdTag, std::uint64_t>;  ///< one connection of a node; never used again

/// What the nodes of one address use together, however many connections and keys they have.   @threads one.
struct AddressShare {
    std::size_t sessions = 0, publishers = 0;
    std::size_t changes_under_way = 0;   ///< not yet at all servers
    std::uint64_t entries_promised = 0;  ///< added by changes that wait or are under way
    Rate searches;
    std::deque<SessionId>
        stalled;  ///< sessions whose changes wait for others of their address, in turn; some may be gone
};

/// The shares of all addresses. One without sessions is kept as long as there is room, so that its rate is not new when the
/// address comes back.
class AddressShares {
public:
    explicit AddressShares(std::size_t addresses_max) : addresses_max_{addresses_max} {}

    AddressShare& of(AddressPrefix address) { return shares_[address]; }
    [[nodiscard]] AddressShare const* find(AddressPrefix address) const {
        auto const found = shares_.find(address);
        return found == shares_.end() ? nullptr : &found->second;
    }
    void opened(AddressPrefix address) {
        if (shares_.size() >= addresses_max_)
            std::erase_if(shares_, [](auto const& one) { return one.second.sessions == 0; });
        ++shares_[address].sessions;
    }
    void closed(AddressPrefix address) { --shares_.at(address).sessions; }

private:
    std::size_t addresses_max_;  ///< beyond it those without sessions are forgotten
    std::map<AddressPrefix, AddressShare> shares_;
};

}  // namespace praline::index::server
