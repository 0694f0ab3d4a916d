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

/// All ways divide it, so that each has the same work.
constexpr std::size_t trial_leaves = 48;
constexpr int trials = 5;

std::vector<TigerLanes const*> find_all() {
    std::vector<TigerLanes const*> all{&tiger_two_lanes()};
    if (auto const* const vector = tiger_vector_lanes()) all.push_back(vector);
    return all;
}

#if defined(__x86_64__)
/// Cycles that the trial takes, the best of a few tries: the processor's counter, since this room has no clock.
std::uint64_t cycles_of(TigerLanes const& lanes) {
    std::vector<std::byte> const data(trial_leaves * 1024);
    std::array<TigerHash, trial_leaves> out;
    std::uint64_t best = UINT64_MAX;
    for (int attempt = 0; attempt < trials; ++attempt) {
        std::uint64_t const start = __rdtsc();
        for (std::size_t i = 0; i < trial_leaves; i += lanes.lanes) lanes.leaves(data.data() + 1024 * i, &out[i]);
        best = std::min<std::uint64_t>(best, __rdtsc() - start);
    }
    return best;
}

TigerLanes const* quickest() {
    auto const all = tiger_all_lanes();
    return *std::ranges::min_element(all, {}, [](TigerLanes const* lanes) { return cycles_of(*lanes); });
}
#else
TigerLanes const* quickest() { return &tiger_two_lanes(); }
#endif

TigerLanes const*& chosen() {
    static TigerLanes const* lanes = quickest();
    return lanes;
}

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

std::span<TigerLanes const* const> tiger_all_lanes() {
    static auto const all = find_all();
    return all;
}

TigerLanes const& tiger_best_lanes() { return *chosen(); }

bool tiger_choose_lanes(std::string_view name) {
    for (auto const* const lanes : tiger_all_lanes()) {
        if (!std::string_view{lanes->name}.starts_with(name)) continue;
        chosen() = lanes;
        return true;
    }
    return false;
}

void tiger_leaves(std::byte const* leaves, std::size_t count, TigerHash* out) {
    leaves_by(tiger_best_lanes(), leaves, count, out);
    leaves_by(tiger_two_lanes(), leaves, count, out);
    if (count == 0) return;
    std::array<std::byte, 2 * 1024> twice{};
    std::array<TigerHash, 2> result;
    std::copy_n(leaves, 1024, twice.begin());
    tiger_two_lanes().leaves(twice.data(), result.data());
    *out = result[0];
}

void tiger_pairs(TigerHash const* nodes, std::size_t pairs, TigerHash* out) {
    pairs_by(tiger_best_lanes(), nodes, pairs, out);
    pairs_by(tiger_two_lanes(), nodes, pairs, out);
    if (pairs == 0) return;
    std::array<TigerHash, 4> const twice{nodes[0], nodes[1], {}, {}};
    std::array<TigerHash, 2> result;
    tiger_two_lanes().pairs(twice.data(), result.data());
    *out = result[0];
}

}  // namespace praline::content
