#pragma once

#include <cstdint>

#include "transfer/content/tiger_rounds.hpp"
#include "transfer/content/tiger_tables.hpp"

/// S-boxes of Tiger read from memory, for words in general registers. Private to this room.
/// @source Tiger, section 3: tables 0 and 3 meet bytes 0 and 1 of a word, 1 and 2 the next two, and so on.
namespace praline::content {

struct PlainLookup {
#if defined(__x86_64__) && defined(__GNUC__)
    /// Bytes 0 and 1 of four registers can be read as they are, so a word is taken apart by three shifts, eleven
    /// instructions in all. Compilers shift the whole word for each byte, twenty instructions, and spread them out until
    /// three messages no longer fit into the registers: a third of the time, most of all when another thread shares the
    /// core. Hence by hand.
    [[gnu::always_inline]] TigerEntries<std::uint64_t> entries(std::uint64_t word) const {
        static_assert(sizeof tiger_tables[0] == 0x800);
        std::uint64_t odd, even, index;
        asm("movzbl %b[word], %k[index]\n\t"
            "movq (%[tables],%[index],8), %[even]\n\t"
            "movzbl %h[word], %k[index]\n\t"
            "movq 0x1800(%[tables],%[index],8), %[odd]\n\t"
            "shrq $16, %[word]\n\t"
            "movzbl %b[word], %k[index]\n\t"
            "xorq 0x800(%[tables],%[index],8), %[even]\n\t"
            "movzbl %h[word], %k[index]\n\t"
            "xorq 0x1000(%[tables],%[index],8), %[odd]\n\t"
            "shrq $16, %[word]\n\t"
            "movzbl %b[word], %k[index]\n\t"
            "xorq 0x1000(%[tables],%[index],8), %[even]\n\t"
            "movzbl %h[word], %k[index]\n\t"
            "xorq 0x800(%[tables],%[index],8), %[odd]\n\t"
            "shrq $16, %[word]\n\t"
            "movzbl %b[word], %k[index]\n\t"
            "xorq 0x1800(%[tables],%[index],8), %[even]\n\t"
            "movzbl %h[word], %k[index]\n\t"
            "xorq (%[tables],%[index],8), %[odd]"
            : [word] "+Q"(word), [odd] "=&r"(odd), [even] "=&r"(even), [index] "=&R"(index)
            : [tables] "r"(&tiger_tables)
            : "cc");
        return {odd, even};
    }
#else
    [[gnu::always_inline]] TigerEntries<std::uint64_t> entries(std::uint64_t word) const {
        auto const byte = [&](unsigned i) { return static_cast<std::uint8_t>(word >> (8 * i)); };
        auto const& t = tiger_tables;
        return {t[3][byte(1)] ^ t[2][byte(3)] ^ t[1][byte(5)] ^ t[0][byte(7)],
                t[0][byte(0)] ^ t[1][byte(2)] ^ t[2][byte(4)] ^ t[3][byte(6)]};
    }
#endif
};

}  // namespace praline::content
