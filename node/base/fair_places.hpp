#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/address.hpp"

namespace praline {

/// Shares a bounded number of places (connections, handshakes, slots) fairly among addresses. A newcomer is always
/// admitted; when that takes more places than there are, the oldest place of the address that holds most is evicted.
/// So one address, or a few of them, can neither take all places nor keep them: newcomers from other addresses get in, and
/// a silent connection is what goes first.
/// Memory: 16 bytes a place in use. Time: linear in the places in use; meant for some hundreds.
/// @threads any, one at a time: a value.
class FairPlaces {
public:
    using Id = std::uint64_t;  ///< the owner's name for a place; unique among those in use
    struct Limits {
        std::size_t places_max;
        std::size_t per_address_max;  ///< of `places_max`; one more evicts the oldest of the same address
    };

    explicit FairPlaces(Limits limits) : limits_{limits} {}

    /// Takes a place for `id`. @returns the place that was evicted for it: the owner ends what it stands for, and need
    /// not call `leave` for it. It is `id` itself only if a limit is 0. @pre `id` holds no place.
    [[nodiscard]] std::optional<Id> admit(Id id, AddressPrefix address);
    /// @returns whether `id` held a place.
    bool leave(Id id);

    [[nodiscard]] bool holds(Id id) const;
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] std::size_t held_by(AddressPrefix address) const;

private:
    struct Place {
        Id id;
        AddressPrefix address;
    };
    /// The address that holds most; of several, `preferred`, else the one with the oldest place.
    [[nodiscard]] AddressPrefix greediest(AddressPrefix preferred) const;
    [[nodiscard]] Id take_oldest_of(AddressPrefix address);

    Limits limits_;
    std::vector<Place> places_;  // oldest first
};

}  // namespace praline
