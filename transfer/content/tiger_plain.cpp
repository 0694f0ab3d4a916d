#include "transfer/content/tiger_lanes.hpp"
#include "transfer/content/tiger_message.hpp"
#include "transfer/content/tiger_rounds.hpp"

namespace praline::content {
namespace {

constexpr std::size_t ways = 2;
using State = TigerState<std::uint64_t, ways>;
using Words = TigerWords<std::uint64_t, ways>;

/// A function of its own: the rounds are long, and two copies of them would not stay in the instruction cache.
[[gnu::noinline]] void block(State& state, Words& words) { tiger_block(state, words, PlainLookup{}); }

void store(State const& state, TigerHash* out) {
    for (std::size_t way = 0; way < ways; ++way)
        for (std::size_t i = 0; i < 3; ++i) store_word(state.h[i][way], out[way].bytes.data() + 8 * i);
}

void leaves(std::byte const* from, TigerHash* out) {
    State state = tiger_start<std::uint64_t, ways>();
    Words words;
    for (std::size_t at = 0; at < 1024; at += tiger_block_bytes) {
        for (std::size_t way = 0; way < ways; ++way) {
            std::byte const* const leaf = from + 1024 * way;
            // The prefix 0x00 shifts everything by one octet.
            words.x[0][way] = at == 0 ? load_word(leaf) << 8 : load_word(leaf + at - 1);
            for (std::size_t i = 1; i < 8; ++i) words.x[i][way] = load_word(leaf + at + 8 * i - 1);
        }
        block(state, words);
    }
    words = {};
    for (std::size_t way = 0; way < ways; ++way) {
        words.x[0][way] = std::to_integer<std::uint64_t>(from[1024 * way + 1023]) | tiger_padding << 8;
        words.x[7][way] = leaf_message_bits;
    }
    block(state, words);
    store(state, out);
}

void pairs(TigerHash const* nodes, TigerHash* out) {
    State state = tiger_start<std::uint64_t, ways>();
    Words words{};
    for (std::size_t way = 0; way < ways; ++way) {
        std::uint64_t carry = 0x01;
        for (std::size_t i = 0; i < 6; ++i) {
            std::uint64_t const word = load_word(nodes[2 * way + i / 3].bytes.data() + 8 * (i % 3));
            words.x[i][way] = word << 8 | carry;
            carry = word >> 56;
        }
        words.x[6][way] = carry | tiger_padding << 8;
        words.x[7][way] = pair_message_bits;
    }
    block(state, words);
    store(state, out);
}

constexpr TigerLanes plain{"plain words, two at a time", ways, leaves, pairs};

}  // namespace

TigerLanes const& tiger_plain_lanes() { return plain; }

}  // namespace praline::content
