#pragma once

#include <cstdint>
#include <vector>

#include "node/base/address.hpp"
#include "node/base/time.hpp"
#include "node/overlay/limits.hpp"

namespace praline::overlay {

/// Which peers named new hosts, and how many more each may name. A peer may name any address, so each source has a credit:
/// `hosts_per_source_max` at once, one more each `host_credit_every`, and each named host that turns out to be one of
/// this network is given back. An honest source never notices; a liar neither fills the host cache nor aims our
/// connections at many addresses.
/// Bounded: with too many sources the one that has most of its credit back is forgotten.
/// @threads any, one at a time: a value.
class HostSources {
public:
    /// The host caches that the user named count as one source with a larger credit.
    static inline AddressPrefix const host_caches{Address::v4(0xFFFFFFFF)};

    /// Takes one of the credit of `source`, an address; false: none is left.
    [[nodiscard]] bool may_name_one(Limits const& limits, AddressPrefix source, Instant now);
    /// A host that `source` had named has been reached.
    void was_right(Limits const& limits, AddressPrefix source);

private:
    struct HostSource {
        AddressPrefix address;
        Instant full_at;  // when all credit is back
    };
    std::vector<HostSource> sources_;
};

}  // namespace praline::overlay
