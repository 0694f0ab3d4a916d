#pragma once

#include <compare>

namespace praline {

/// A value that cannot be mistaken for another of the same representation: `Ttl` and `Hops` do not mix.
/// @threads any: a value.
template <class Tag, class Representation>
class Strong {
public:
    using representation = Representation;
    constexpr Strong() = default;
    constexpr explicit Strong(Representation value) : value_{value} {}
    [[nodiscard]] constexpr Representation value() const { return value_; }
    friend constexpr auto operator<=>(Strong const&, Strong const&) = default;

private:
    Representation value_{};
};

}  // namespace praline
