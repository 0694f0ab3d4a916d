#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// The rounds of Tiger on any kind of word: one `std::uint64_t`, or a vector of them that computes as many messages at
/// once. `Ways` words run side by side, so that one's table look-ups wait while the other's computes.
///
/// `Lookup` has `entries(word)`: the `TigerEntries` of (each lane of) a word, each half the exclusive or of four entries.
/// Private to this room. @source Tiger, sections 3 and 4: three passes, multipliers 5, 7, 9.
namespace praline::content {

template <class Word, std::size_t Ways>
struct TigerState {
    Word h[3][Ways];
};

template <class Word, std::size_t Ways>
struct TigerWords {
    alignas(alignof(Word) < 16 ? 16 : alignof(Word)) Word x[8][Ways];
};

template <class Word, std::size_t Ways>
[[gnu::always_inline]] constexpr TigerState<Word, Ways> tiger_start() {
    TigerState<Word, Ways> state{};
    for (std::size_t way = 0; way < Ways; ++way) {
        state.h[0][way] = Word{} + std::uint64_t{0x0123456789ABCDEF};
        state.h[1][way] = Word{} + std::uint64_t{0xFEDCBA9876543210};
        state.h[2][way] = Word{} + std::uint64_t{0xF096A5B4C3B2E187};
    }
    return state;
}

/// Calls `step` with 0, 1 … Ways − 1 as constants. A loop would leave the state of the ways in memory, since its index is
/// not known when the compiler decides what lives in registers; that costs almost half of the speed.
template <class Step, std::size_t... Way>
[[gnu::always_inline]] constexpr void tiger_each_of(Step const& step, std::index_sequence<Way...>) {
    (step(std::integral_constant<std::size_t, Way>{}), ...);
}

template <std::size_t Ways, class Step>
[[gnu::always_inline]] constexpr void tiger_each_way(Step const& step) {
    tiger_each_of(step, std::make_index_sequence<Ways>{});
}

/// What the S-boxes say of one word: of its bytes 1, 3, 5, 7 and of its bytes 0, 2, 4, 6.
template <class Word>
struct TigerEntries {
    Word odd, even;
};

template <unsigned Multiplier, class Word>
[[gnu::always_inline]] constexpr Word tiger_times(Word const& word) {
    if constexpr (Multiplier == 5) return (word << 2) + word;
    if constexpr (Multiplier == 7) return (word << 3) - word;
    return (word << 3) + word;
}

template <unsigned Multiplier, class Word, std::size_t Ways, class Lookup>
[[gnu::always_inline]] constexpr void tiger_round(Word (&a)[Ways], Word (&b)[Ways], Word (&c)[Ways],
                                                  Word const (&x)[Ways], Lookup const& lookup) {
    tiger_each_way<Ways>([&](auto way) __attribute__((always_inline)) {
        c[way] ^= x[way];
        TigerEntries<Word> const entries = lookup.entries(c[way]);
        b[way] = tiger_times<Multiplier>(b[way] + entries.odd);
        a[way] -= entries.even;
    });
}

template <unsigned Multiplier, class Word, std::size_t Ways, class Lookup>
[[gnu::always_inline]] constexpr void tiger_pass(Word (&a)[Ways], Word (&b)[Ways], Word (&c)[Ways],
                                                 TigerWords<Word, Ways> const& words, Lookup const& lookup) {
    tiger_round<Multiplier>(a, b, c, words.x[0], lookup);
    tiger_round<Multiplier>(b, c, a, words.x[1], lookup);
    tiger_round<Multiplier>(c, a, b, words.x[2], lookup);
    tiger_round<Multiplier>(a, b, c, words.x[3], lookup);
    tiger_round<Multiplier>(b, c, a, words.x[4], lookup);
    tiger_round<Multiplier>(c, a, b, words.x[5], lookup);
    tiger_round<Multiplier>(a, b, c, words.x[6], lookup);
    tiger_round<Multiplier>(b, c, a, words.x[7], lookup);
}

template <class Word>
[[gnu::always_inline]] constexpr void tiger_key_schedule(Word (&x)[8]) {
    x[0] -= x[7] ^ std::uint64_t{0xA5A5A5A5A5A5A5A5};
    x[1] ^= x[0];
    x[2] += x[1];
    x[3] -= x[2] ^ (~x[1] << 19);
    x[4] ^= x[3];
    x[5] += x[4];
    x[6] -= x[5] ^ (~x[4] >> 23);
    x[7] ^= x[6];
    x[0] += x[7];
    x[1] -= x[0] ^ (~x[7] << 19);
    x[2] ^= x[1];
    x[3] += x[2];
    x[4] -= x[3] ^ (~x[2] >> 23);
    x[5] ^= x[4];
    x[6] += x[5];
    x[7] -= x[6] ^ std::uint64_t{0x0123456789ABCDEF};
}

/// Two words in one vector of two: the schedule has no look-ups, so it is computed for both messages at once, in registers
/// that the rounds do not need.
using TigerPair = std::uint64_t __attribute__((vector_size(16)));

template <class Word, std::size_t Ways>
[[gnu::always_inline]] constexpr void tiger_key_schedule(TigerWords<Word, Ways>& words) {
    if constexpr (std::is_same_v<Word, std::uint64_t> && Ways == 2) {
        TigerPair x[8];
        __builtin_memcpy(x, words.x, sizeof x);
        tiger_key_schedule(x);
        __builtin_memcpy(words.x, x, sizeof x);
    } else {
        tiger_each_way<Ways>([&](auto way) __attribute__((always_inline)) {
            Word x[8];
            for (std::size_t i = 0; i < 8; ++i) x[i] = words.x[i][way];
            tiger_key_schedule(x);
            for (std::size_t i = 0; i < 8; ++i) words.x[i][way] = x[i];
        });
    }
}

/// Takes one block of 64 bytes (little-endian words) of each message into its state. Uses `words` up.
template <class Word, std::size_t Ways, class Lookup>
[[gnu::always_inline]] constexpr void tiger_block(TigerState<Word, Ways>& state, TigerWords<Word, Ways>& words,
                                                  Lookup const& lookup) {
    TigerState<Word, Ways> next = state;
    auto& a = next.h[0];  // no structured binding: lambdas may not capture one everywhere
    auto& b = next.h[1];
    auto& c = next.h[2];
    tiger_pass<5>(a, b, c, words, lookup);
    tiger_key_schedule(words);
    tiger_pass<7>(c, a, b, words, lookup);
    tiger_key_schedule(words);
    tiger_pass<9>(b, c, a, words, lookup);
    tiger_each_way<Ways>([&](auto way) __attribute__((always_inline)) {
        state.h[0][way] ^= a[way];
        state.h[1][way] = b[way] - state.h[1][way];
        state.h[2][way] += c[way];
    });
}

}  // namespace praline::content
