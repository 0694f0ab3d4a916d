#pragma once

#include <cstddef>

#include "node/base/urn.hpp"

/// Many short Tiger messages of one length at once: what a Tiger tree is made of. Private to this room.
/// @threads any: pure (which of the implementations is quickest is found out once, by trying).
namespace praline::content {

/// out[i] = Tiger(0x00 ‖ leaf i) for `count` whole leaves of 1024 octets, one after the other.
void tiger_leaves(std::byte const* leaves, std::size_t count, TigerHash* out);

/// out[i] = Tiger(0x01 ‖ nodes[2i] ‖ nodes[2i + 1]) for `pairs` pairs. `out` may be `nodes`.
void tiger_pairs(TigerHash const* nodes, std::size_t pairs, TigerHash* out);

/// The ways to do it that this processor has; tests compare them with each other.
struct TigerLanes {
    char const* name;
    std::size_t lanes;  ///< messages at once
    void (*leaves)(std::byte const* leaves, TigerHash* out);    ///< `lanes` of them
    void (*pairs)(TigerHash const* nodes, TigerHash* out);      ///< `lanes` of them
};
/// Two messages at once, in plain words.
[[nodiscard]] TigerLanes const& tiger_plain_lanes();
/// Sixteen messages at once by vector gathers; null when compiler or processor have none.
[[nodiscard]] TigerLanes const* tiger_vector_lanes();
/// The quicker of the two here: gathers are slower than plain loads on some processors that have them.
[[nodiscard]] TigerLanes const& tiger_best_lanes();

}  // namespace praline::content
