#pragma once

#include <cstdint>
#include <vector>

#include "node/base/address.hpp"
#include "node/base/time.hpp"
#include "node/overlay/limits.hpp"

namespace praline::overlay {

/// Who named new hosts, and how many more each may name. Anybody may name any address, so each teller has a credit:
/// `hosts_per_teller_max` at once, one more each `host_credit_every`, and each named host that turns out to be one of
/// this network is given back. An honest teller never notices; a liar neither fills the host cache nor aims our
/// connections at many addresses.
/// Bounded: with too many tellers the one that has most of its credit back is forgotten.
/// @threads any, one at a time: a value.
class Tellers {
public:
    /// The host caches that the user named count as one teller with a larger credit.
    static inline AddressPrefix const host_caches{Address::v4(0xFFFFFFFF)};

    explicit Tellers(Limits const& limits) : limits_{&limits} {}
    /// Takes one of the credit of `teller`, an address; false: none is left.
    [[nodiscard]] bool may_name_one(AddressPrefix teller, Instant now);
    /// A host that `teller` had named has been reached.
    void was_right(AddressPrefix teller);

private:
    struct Teller {
        AddressPrefix address;
        Instant full_at;  // when all credit is back
    };
    Limits const* limits_;
    std::vector<Teller> tellers_;
};

}  // namespace praline::overlay
