#include "transfer/content/tiger_lanes.hpp"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#include "transfer/content/tiger_message.hpp"

// Everything from here to the end may use AVX-512; it is entered only after asking the processor. The rounds are
// templates over a word type of this file, so no other file can end up with this file's instructions.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq")
#endif
#include "transfer/content/tiger_rounds.hpp"

namespace praline::content {
namespace {

using Vector = std::uint64_t __attribute__((vector_size(64)));
constexpr std::size_t vector_lanes = 8;
constexpr std::size_t ways = 2;  // the gathers of one fill the time the other waits for its own
constexpr std::size_t lanes = ways * vector_lanes;
using State = TigerState<Vector, ways>;
using Words = TigerWords<Vector, ways>;

/// base + index·Scale of each lane. The masked form, since it names the register the result is merged into.
template <int Scale>
[[gnu::always_inline]] inline Vector gather(Vector const& index, void const* base) {
    return reinterpret_cast<Vector>(
        _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), 0xFF, reinterpret_cast<__m512i>(index), base, Scale));
}

struct GatherLookup {
    template <unsigned Table, unsigned Byte>
    [[gnu::always_inline]] Vector at(Vector const& word) const {
        return gather<8>((word >> (8 * Byte)) & std::uint64_t{0xFF}, tiger_tables[Table].data());
    }
    [[gnu::always_inline]] TigerEntries<Vector> entries(Vector const& word) const {
        return {at<3, 1>(word) ^ at<2, 3>(word) ^ at<1, 5>(word) ^ at<0, 7>(word),
                at<0, 0>(word) ^ at<1, 2>(word) ^ at<2, 4>(word) ^ at<3, 6>(word)};
    }
};

constexpr Vector steps(std::uint64_t stride) {
    return Vector{0, stride, 2 * stride, 3 * stride, 4 * stride, 5 * stride, 6 * stride, 7 * stride};
}

[[gnu::noinline]] void block(State& state, Words& words) { tiger_block(state, words, GatherLookup{}); }

void store(State const& state, TigerHash* out) {
    for (std::size_t way = 0; way < ways; ++way)
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t lane = 0; lane < vector_lanes; ++lane)
                store_word(state.h[i][way][lane], out[way * vector_lanes + lane].bytes.data() + 8 * i);
}

void leaves(std::byte const* from, TigerHash* out) {
    State state = tiger_start<Vector, ways>();
    Words words;
    for (std::size_t at = 0; at < 1024; at += tiger_block_bytes) {
        for (std::size_t way = 0; way < ways; ++way) {
            std::byte const* const first = from + 1024 * vector_lanes * way + at;
            // The prefix 0x00 shifts everything by one byte.
            words.x[0][way] = at == 0 ? gather<1>(steps(1024), first) << 8 : gather<1>(steps(1024), first - 1);
            for (std::size_t i = 1; i < 8; ++i) words.x[i][way] = gather<1>(steps(1024), first + 8 * i - 1);
        }
        block(state, words);
    }
    for (auto& word : words.x)
        for (auto& way : word) way = Vector{};
    for (std::size_t way = 0; way < ways; ++way) {
        // The last eight bytes of the leaf, of which only the last is left to be hashed.
        Vector const last = gather<1>(steps(1024), from + 1024 * vector_lanes * way + 1016);
        words.x[0][way] = (last >> 56) | (tiger_padding << 8);
        words.x[7][way] = Vector{} + leaf_message_bits;
    }
    block(state, words);
    store(state, out);
}

void pairs(TigerHash const* nodes, TigerHash* out) {
    State state = tiger_start<Vector, ways>();
    Words words;
    for (std::size_t way = 0; way < ways; ++way) {
        std::uint8_t const* const first = nodes[2 * vector_lanes * way].bytes.data();
        Vector carry = Vector{} + std::uint64_t{0x01};
        for (std::size_t i = 0; i < 6; ++i) {
            Vector const word = gather<1>(steps(2 * sizeof(TigerHash)), first + 8 * i);
            words.x[i][way] = (word << 8) | carry;
            carry = word >> 56;
        }
        words.x[6][way] = carry | (tiger_padding << 8);
        words.x[7][way] = Vector{} + pair_message_bits;
    }
    block(state, words);
    store(state, out);
}

constexpr TigerLanes vectors{"AVX-512 gathers, sixteen at a time", lanes, leaves, pairs};

}  // namespace
}  // namespace praline::content
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace praline::content {

static_assert(sizeof(TigerHash) == 24, "pairs of nodes lie 48 bytes apart");

TigerLanes const* tiger_vector_lanes() {
    static bool const there = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
    return there ? &vectors : nullptr;
}

}  // namespace praline::content

#else

namespace praline::content {

TigerLanes const* tiger_vector_lanes() { return nullptr; }

}  // namespace praline::content

#endif
