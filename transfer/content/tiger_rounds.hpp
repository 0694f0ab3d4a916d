#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// The rounds of Tiger on any kind of word: one `std::uint64_t`, or a vector of them that computes as many messages at
/// once. `Ways` words run side by side, so that one's table look-ups wait while the other's computes.
///
/// `Lookup` has `at<Table, Shift>(word)`: the entry of S-box `Table` at octet `Shift / 8` of (each lane of) the word.
/// Private to this room. @source Tiger (1996), sections 3 and 4: three passes, multipliers 5, 7, 9.
namespace praline::content {

template <class Word, std::size_t Ways>
struct TigerState {
    Word h[3][Ways];
};

template <class Word, std::size_t Ways>
struct TigerWords {
    Word x[8][Ways];
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

/// The half of a round that the next round waits for.
template <unsigned Multiplier, class Word, class Lookup>
[[gnu::always_inline]] constexpr void tiger_odd_bytes(Word& b, Word const& c, Lookup const& lookup) {
    Word const sum = b + (lookup.template at<3, 8>(c) ^ lookup.template at<2, 24>(c) ^ lookup.template at<1, 40>(c) ^
                          lookup.template at<0, 56>(c));
    if constexpr (Multiplier == 5)
        b = (sum << 2) + sum;
    else if constexpr (Multiplier == 7)
        b = (sum << 3) - sum;
    else
        b = (sum << 3) + sum;
}

template <class Word, class Lookup>
[[gnu::always_inline]] constexpr void tiger_even_bytes(Word& a, Word const& c, Lookup const& lookup) {
    a -= lookup.template at<0, 0>(c) ^ lookup.template at<1, 16>(c) ^ lookup.template at<2, 32>(c) ^
         lookup.template at<3, 48>(c);
}

template <unsigned Multiplier, class Word, std::size_t Ways, class Lookup>
[[gnu::always_inline]] constexpr void tiger_round(Word (&a)[Ways], Word (&b)[Ways], Word (&c)[Ways],
                                                  Word const (&x)[Ways], Lookup const& lookup) {
    tiger_each_way<Ways>([&](auto way) __attribute__((always_inline)) {
        c[way] ^= x[way];
        tiger_odd_bytes<Multiplier>(b[way], c[way], lookup);
        tiger_even_bytes(a[way], c[way], lookup);
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

template <class Word, std::size_t Ways>
[[gnu::always_inline]] constexpr void tiger_key_schedule(TigerWords<Word, Ways>& words) {
    auto& x = words.x;
    tiger_each_way<Ways>([&](auto i) __attribute__((always_inline)) {
        x[0][i] -= x[7][i] ^ std::uint64_t{0xA5A5A5A5A5A5A5A5};
        x[1][i] ^= x[0][i];
        x[2][i] += x[1][i];
        x[3][i] -= x[2][i] ^ (~x[1][i] << 19);
        x[4][i] ^= x[3][i];
        x[5][i] += x[4][i];
        x[6][i] -= x[5][i] ^ (~x[4][i] >> 23);
        x[7][i] ^= x[6][i];
        x[0][i] += x[7][i];
        x[1][i] -= x[0][i] ^ (~x[7][i] << 19);
        x[2][i] ^= x[1][i];
        x[3][i] += x[2][i];
        x[4][i] -= x[3][i] ^ (~x[2][i] >> 23);
        x[5][i] ^= x[4][i];
        x[6][i] += x[5][i];
        x[7][i] -= x[6][i] ^ std::uint64_t{0x0123456789ABCDEF};
    });
}

/// Takes one block of 64 octets (little-endian words) of each message into its state. Uses `words` up.
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
