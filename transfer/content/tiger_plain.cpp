#include "transfer/content/tiger_lanes.hpp"
#include "transfer/content/tiger_message.hpp"
#include "transfer/content/tiger_plain_lookup.hpp"
#include "transfer/content/tiger_rounds.hpp"

namespace praline::content {
namespace {

template <std::size_t Ways>
using State = TigerState<std::uint64_t, Ways>;
template <std::size_t Ways>
using Words = TigerWords<std::uint64_t, Ways>;

/// A function of its own: the rounds are long, and two copies of them would not stay in the instruction cache.
template <std::size_t Ways>
[[gnu::noinline]] void block(State<Ways>& state, Words<Ways>& words) {
    tiger_block(state, words, PlainLookup{});
}

template <std::size_t Ways>
void store(State<Ways> const& state, TigerHash* out) {
    for (std::size_t way = 0; way < Ways; ++way)
        for (std::size_t i = 0; i < 3; ++i) store_word(state.h[i][way], out[way].bytes.data() + 8 * i);
}

template <std::size_t Ways>
void leaves(std::byte const* from, TigerHash* out) {
    auto state = tiger_start<std::uint64_t, Ways>();
    Words<Ways> words;
    for (std::size_t at = 0; at < 1024; at += tiger_block_bytes) {
        for (std::size_t way = 0; way < Ways; ++way) {
            std::byte const* const leaf = from + 1024 * way;
            // The prefix 0x00 shifts everything by one byte.
            words.x[0][way] = at == 0 ? load_word(leaf) << 8 : load_word(leaf + at - 1);
            for (std::size_t i = 1; i < 8; ++i) words.x[i][way] = load_word(leaf + at + 8 * i - 1);
        }
        block<Ways>(state, words);
    }
    words = {};
    for (std::size_t way = 0; way < Ways; ++way) {
        words.x[0][way] = std::to_integer<std::uint64_t>(from[1024 * way + 1023]) | tiger_padding << 8;
        words.x[7][way] = leaf_message_bits;
    }
    block<Ways>(state, words);
    store<Ways>(state, out);
}

template <std::size_t Ways>
void pairs(TigerHash const* nodes, TigerHash* out) {
    auto state = tiger_start<std::uint64_t, Ways>();
    Words<Ways> words{};
    for (std::size_t way = 0; way < Ways; ++way) {
        std::uint64_t carry = 0x01;
        for (std::size_t i = 0; i < 6; ++i) {
            std::uint64_t const word = load_word(nodes[2 * way + i / 3].bytes.data() + 8 * (i % 3));
            words.x[i][way] = word << 8 | carry;
            carry = word >> 56;
        }
        words.x[6][way] = carry | tiger_padding << 8;
        words.x[7][way] = pair_message_bits;
    }
    block<Ways>(state, words);
    store<Ways>(state, out);
}

constexpr TigerLanes two{"two leaves at a time in general registers", 2, leaves<2>, pairs<2>};

}  // namespace

TigerLanes const& tiger_two_lanes() { return two; }

}  // namespace praline::content
