#include "transfer/content/tiger_lanes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace praline::content {
namespace {

#if defined(__x86_64__)
/// Cycles that 16 leaves take, the best of a few tries: the processor's counter, since this room has no clock.
std::uint64_t cycles_of(TigerLanes const& lanes) {
    constexpr std::size_t trial_leaves = 16;
    std::vector<std::byte> const data(trial_leaves * 1024);
    std::array<TigerHash, trial_leaves> out;
    std::uint64_t best = UINT64_MAX;
    for (int attempt = 0; attempt < 5; ++attempt) {
        std::uint64_t const start = __rdtsc();
        for (std::size_t i = 0; i < trial_leaves; i += lanes.lanes) lanes.leaves(data.data() + 1024 * i, &out[i]);
        best = std::min<std::uint64_t>(best, __rdtsc() - start);
    }
    return best;
}

TigerLanes const& choose() {
    TigerLanes const* const vector = tiger_vector_lanes();
    if (!vector || cycles_of(*vector) > cycles_of(tiger_plain_lanes())) return tiger_plain_lanes();
    return *vector;
}
#else
TigerLanes const& choose() { return tiger_plain_lanes(); }
#endif

void leaves_by(TigerLanes const& lanes, std::byte const*& leaves, std::size_t& count, TigerHash*& out) {
    for (; count >= lanes.lanes; count -= lanes.lanes) {
        lanes.leaves(leaves, out);
        leaves += 1024 * lanes.lanes;
        out += lanes.lanes;
    }
}

void pairs_by(TigerLanes const& lanes, TigerHash const*& nodes, std::size_t& pairs, TigerHash*& out) {
    for (; pairs >= lanes.lanes; pairs -= lanes.lanes) {
        lanes.pairs(nodes, out);
        nodes += 2 * lanes.lanes;
        out += lanes.lanes;
    }
}

}  // namespace

TigerLanes const& tiger_best_lanes() {
    static TigerLanes const& best = choose();
    return best;
}

void tiger_leaves(std::byte const* leaves, std::size_t count, TigerHash* out) {
    leaves_by(tiger_best_lanes(), leaves, count, out);
    leaves_by(tiger_plain_lanes(), leaves, count, out);
    if (count == 0) return;
    std::array<std::byte, 2 * 1024> twice{};
    std::array<TigerHash, 2> result;
    std::copy_n(leaves, 1024, twice.begin());
    tiger_plain_lanes().leaves(twice.data(), result.data());
    *out = result[0];
}

void tiger_pairs(TigerHash const* nodes, std::size_t pairs, TigerHash* out) {
    pairs_by(tiger_best_lanes(), nodes, pairs, out);
    pairs_by(tiger_plain_lanes(), nodes, pairs, out);
    if (pairs == 0) return;
    std::array<TigerHash, 4> const twice{nodes[0], nodes[1], {}, {}};
    std::array<TigerHash, 2> result;
    tiger_plain_lanes().pairs(twice.data(), result.data());
    *out = result[0];
}

}  // namespace praline::content
