#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "index/wire/values.hpp"
#include "node/base/rng.hpp"

namespace praline::bench {

/// What many publishers share, the same in every run. Words of names follow Zipf's law; lists hold 50 to 5000 entries, as
/// many short as long ones by order of magnitude; a bit less than half of the entries are files that another publisher
/// shares too, some of them very many, and one copy in eight has a name of its own.
class IndexRows {
public:
    IndexRows();
    /// The next publisher's list. @param entries_max  at most so many
    [[nodiscard]] std::vector<index::Entry> next_list(std::uint64_t entries_max);
    [[nodiscard]] index::Publisher publisher(std::uint64_t number) const;
    /// Entry of the so-manieth file; how many there are so far.
    [[nodiscard]] index::Entry file(std::uint64_t number) const;
    [[nodiscard]] std::uint64_t files() const { return files_; }
    /// By rank; 0 is the most common one.
    [[nodiscard]] static std::string word(std::uint64_t rank);
    [[nodiscard]] std::uint64_t draw_rank(Rng& rng) const;

    static constexpr std::uint64_t vocabulary = 200'000;

private:
    [[nodiscard]] std::string name(Rng& rng) const;
    Rng rng_{20'261};
    std::uint64_t files_ = 0;
    std::vector<double> cumulated_;  // weights of the words up to each
};

/// What is asked. All words of a query must be in a name.
enum class Asked : std::uint8_t {
    one_common,
    two_common,
    three_common,
    one_rare,
    two_rare,
    three_rare,
    common_and_rare,
    never_together,
    common_of_rare_size,
    by_urn
};
inline constexpr std::array all_asked{Asked::one_common,      Asked::two_common,     Asked::three_common,
                                      Asked::one_rare,        Asked::two_rare,       Asked::three_rare,
                                      Asked::common_and_rare, Asked::never_together, Asked::common_of_rare_size,
                                      Asked::by_urn};
inline constexpr std::size_t asked_of_the_goal = 6;  ///< the first so many are those the goal speaks of
[[nodiscard]] char const* name_of(Asked asked);
[[nodiscard]] index::Query draw_query(IndexRows const& rows, Asked asked, Rng& rng);

}  // namespace praline::bench
