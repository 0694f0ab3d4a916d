#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "node/base/urn.hpp"

/// Many short Tiger messages of one length at once: what a Tiger tree is made of. Private to this
/// room, its tests and its measurement.
/// @threads any: pure (which of the implementations is quickest is found out once, by trying).
namespace praline::content {

/// out[i] = Tiger(0x00 ‖ leaf i) for `count` whole leaves of 1024 bytes, one after the other.
void tiger_leaves(std::byte const* leaves, std::size_t count, TigerHash* out);

/// out[i] = Tiger(0x01 ‖ nodes[2i] ‖ nodes[2i + 1]) for `pairs` pairs. `out` may be `nodes`.
void tiger_pairs(TigerHash const* nodes, std::size_t pairs, TigerHash* out);

/// One way to do it; tests compare all that this processor has with each other.
struct TigerLanes {
    char const* name;
    std::size_t lanes;                                        ///< messages at once
    void (*leaves)(std::byte const* leaves, TigerHash* out);  ///< `lanes` of them
    void (*pairs)(TigerHash const* nodes, TigerHash* out);    ///< `lanes` of them
};
/// In general registers: while the table look-ups of one message are under way, the other computes. Two fill a processor
/// whose other thread is busy as well; a third needs more registers than there are, and is slower there.
[[nodiscard]] TigerLanes const& tiger_two_lanes();
/// Sixteen messages at once by vector gathers; null when compiler or processor have none.
[[nodiscard]] TigerLanes const* tiger_vector_lanes();
/// All of them that this processor has.
[[nodiscard]] std::span<TigerLanes const* const> tiger_all_lanes();
/// The quickest here, found by trying each once: gathers are slower than plain loads on some processors that have them.
[[nodiscard]] TigerLanes const& tiger_best_lanes();
/// Uses the one whose name begins with `name` from now on, to measure it where another is quicker; false: there is none.
/// @threads not while another thread hashes.
bool tiger_choose_lanes(std::string_view name);

}  // namespace praline::content
