#pragma once

#include <cstddef>
#include <cstdint>

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

template <unsigned Multiplier, class Word, std::size_t Ways, class Lookup>
[[gnu::always_inline]] constexpr void tiger_round(Word (&a)[Ways], Word (&b)[Ways], Word (&c)[Ways],
                                                  Word const (&x)[Ways], Lookup const& lookup) {
    for (std::size_t way = 0; way < Ways; ++way) {
        Word const mixed = c[way] ^ x[way];
        c[way] = mixed;
        // The next round waits for b, so b comes first.
        Word const sum = b[way] + (lookup.template at<3, 8>(mixed) ^ lookup.template at<2, 24>(mixed) ^
                                   lookup.template at<1, 40>(mixed) ^ lookup.template at<0, 56>(mixed));
        if constexpr (Multiplier == 5)
            b[way] = (sum << 2) + sum;
        else if constexpr (Multiplier == 7)
            b[way] = (sum << 3) - sum;
        else
            b[way] = (sum << 3) + sum;
    }
    for (std::size_t way = 0; way < Ways; ++way)
        a[way] -= lookup.template at<0, 0>(c[way]) ^ lookup.template at<1, 16>(c[way]) ^
                  lookup.template at<2, 32>(c[way]) ^ lookup.template at<3, 48>(c[way]);
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
    for (std::size_t i = 0; i < Ways; ++i) {
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
    }
}

/// Takes one block of 64 octets (little-endian words) of each message into its state. Uses `words` up.
template <class Word, std::size_t Ways, class Lookup>
[[gnu::always_inline]] constexpr void tiger_block(TigerState<Word, Ways>& state, TigerWords<Word, Ways>& words,
                                                  Lookup const& lookup) {
    TigerState<Word, Ways> next = state;
    auto& [a, b, c] = next.h;
    tiger_pass<5>(a, b, c, words, lookup);
    tiger_key_schedule(words);
    tiger_pass<7>(c, a, b, words, lookup);
    tiger_key_schedule(words);
    tiger_pass<9>(b, c, a, words, lookup);
    for (std::size_t way = 0; way < Ways; ++way) {
        state.h[0][way] ^= a[way];
        state.h[1][way] = b[way] - state.h[1][way];
        state.h[2][way] += c[way];
    }
}

}  // namespace praline::content
