#include "transfer/content/tiger_tables.hpp"

#include <string_view>
#include <utility>

#include "transfer/content/tiger_rounds.hpp"

namespace praline::content {
namespace {

/// The message from which the authors drew the numbers: one block of 64 bytes.
constexpr std::string_view seed = "Tiger - A Fast New Hash Function, by Ross Anderson and Eli Biham";
static_assert(seed.size() == 64);
constexpr int passes = 5;

constexpr std::uint64_t byte_mask(std::uint64_t column) { return std::uint64_t{0xFF} << (8 * column); }

struct TableLookup {
    TigerTables const& tables;
    constexpr TigerEntries<std::uint64_t> entries(std::uint64_t word) const {
        auto const byte = [&](unsigned i) { return (word >> (8 * i)) & 0xFF; };
        return {tables[3][byte(1)] ^ tables[2][byte(3)] ^ tables[1][byte(5)] ^ tables[0][byte(7)],
                tables[0][byte(0)] ^ tables[1][byte(2)] ^ tables[2][byte(4)] ^ tables[3][byte(6)]};
    }
};

constexpr TigerWords<std::uint64_t, 1> seed_words() {
    TigerWords<std::uint64_t, 1> words{};
    for (std::size_t i = 0; i < seed.size(); ++i)
        words.x[i / 8][0] |= std::uint64_t{static_cast<unsigned char>(seed[i])} << (8 * (i % 8));
    return words;
}

/// Each word of each table trades bytes, column by column, with a word of the same table that the hash of the seed
/// under the tables as they are so far points at.
constexpr TigerTables generate() {
    TigerTables tables{};
    for (auto& table : tables)
        for (std::uint64_t i = 0; i < table.size(); ++i) table[i] = i * 0x0101010101010101ULL;
    TigerState<std::uint64_t, 1> state = tiger_start<std::uint64_t, 1>();
    std::size_t drawn = 3;
    for (int pass = 0; pass < passes; ++pass)
        for (std::size_t i = 0; i < 256; ++i)
            for (auto& table : tables) {
                if (drawn == 3) {
                    drawn = 0;
                    TigerWords<std::uint64_t, 1> words = seed_words();
                    tiger_block(state, words, TableLookup{tables});
                }
                std::uint64_t const draw = state.h[drawn++][0];
                for (std::uint64_t column = 0; column < 8; ++column) {
                    auto& other = table[(draw >> (8 * column)) & 0xFF];
                    std::uint64_t const difference = (table[i] ^ other) & byte_mask(column);
                    table[i] ^= difference;
                    other ^= difference;
                }
            }
    return tables;
}

}  // namespace

alignas(64) constinit TigerTables const tiger_tables = generate();

}  // namespace praline::content
