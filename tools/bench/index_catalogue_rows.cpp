#include "tools/bench/index_catalogue_rows.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "node/wire/keywords.hpp"

namespace praline::bench {
namespace {

constexpr double copies = 0.45;  // share of entries that are files of an earlier list
constexpr std::uint64_t own_name_one_in = 8, number_one_in = 3;
constexpr double list_shortest = 50, list_longest = 5000;
constexpr std::uint64_t common_ranks = 100, rare_rank = 2000;
constexpr std::array endings{".mp3", ".mp3", ".mp3", ".mp3", ".ogg", ".ogg", ".flac", ".mkv",
                             ".mp4", ".jpg", ".jpg", ".png", ".pdf", ".txt", ".zip",  ".tar"};

double fraction(Rng& rng) { return static_cast<double>(rng.next() >> 11U) * 0x1.0p-53; }

template <class Id>
void fill(Id& id, Rng& rng) {
    std::generate(id.bytes.begin(), id.bytes.end(), [&] { return static_cast<std::uint8_t>(rng.next()); });
}

}  // namespace

IndexRows::IndexRows() {
    double sum = 0;
    for (std::uint64_t rank = 0; rank < vocabulary; ++rank)
        cumulated_.push_back(sum += 1.0 / static_cast<double>(rank + 1));
}

std::string IndexRows::word(std::uint64_t rank) {
    constexpr std::string_view consonants = "bdfgklmnprstvz", vowels = "aeiou";
    std::string text;
    // Pairs of letters as digits; common words come out short.
    for (std::uint64_t left = rank + 70;; left /= 70) {
        text += consonants[left % 70 / 5];
        text += vowels[left % 5];
        if (left < 70) return text;
    }
}

std::uint64_t IndexRows::draw_rank(Rng& rng) const {
    auto const found = std::upper_bound(cumulated_.begin(), cumulated_.end() - 1, fraction(rng) * cumulated_.back());
    return static_cast<std::uint64_t>(found - cumulated_.begin());
}

std::string IndexRows::name(Rng& rng) const {
    std::string text = word(draw_rank(rng));
    for (auto more = 2 + rng.below(7); more > 0; --more) text += ' ' + word(draw_rank(rng));
    if (rng.below(number_one_in) == 0) text += ' ' + std::to_string(rng.below(10'000));
    return text + endings[rng.below(endings.size())];
}

index::Entry IndexRows::file(std::uint64_t number) const {
    Rng rng{77, number};
    index::Entry entry;
    fill(entry.sha1, rng);
    fill(entry.tiger_root.emplace(), rng);
    entry.size_bytes = std::uint64_t{1} << (10 + rng.below(20));
    entry.size_bytes += rng.below(entry.size_bytes);
    entry.name = name(rng);
    return entry;
}

std::vector<index::Entry> IndexRows::next_list(std::uint64_t entries_max) {
    auto const length = list_shortest * std::pow(list_longest / list_shortest, fraction(rng_));
    auto const wanted = std::min(static_cast<std::uint64_t>(length), entries_max);
    std::set<std::uint64_t> numbers;
    std::vector<index::Entry> list;
    while (list.size() < wanted) {
        bool const is_copy = files_ > 1000 && fraction(rng_) < copies;
        // The cube makes few files very common.
        auto const number =
            is_copy ? static_cast<std::uint64_t>(std::pow(fraction(rng_), 3) * static_cast<double>(files_)) : files_++;
        if (!numbers.insert(number).second) continue;
        list.push_back(file(number));
        if (is_copy && rng_.below(own_name_one_in) == 0)
            list.back().name = word(draw_rank(rng_)) + ' ' + list.back().name;
    }
    return list;
}

index::Publisher IndexRows::publisher(std::uint64_t number) const {
    Rng rng{99, number};
    index::Publisher publisher;
    fill(publisher.id, rng);
    fill(publisher.servent, rng);
    publisher.transfer = {static_cast<std::uint32_t>(0x0A000000 + number), 6346};
    publisher.push_needed = rng.below(3) == 0;
    publisher.agent = "praline/0.1.0";
    return publisher;
}

char const* name_of(Asked asked) {
    constexpr std::array names{"one common word",          "two common words",
                               "three common words",       "one rare word",
                               "two rare words",           "three rare words",
                               "a common and a rare word", "two endings (never together)",
                               "a common word, rare size", "by URN"};
    return names[static_cast<std::size_t>(asked)];
}

namespace {

std::string common_words(std::size_t count, Rng& rng) {
    std::set<std::string> words;
    while (words.size() < count) words.insert(IndexRows::word(rng.below(common_ranks)));
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

/// Of one name, so that something is found; longer words are rarer.
std::string rare_words(IndexRows const& rows, std::size_t count, Rng& rng) {
    auto const rare_length = IndexRows::word(rare_rank).size();
    for (;;) {
        std::set<std::string> words;
        for (auto const& word : wire::keywords(rows.file(rng.below(rows.files())).name))
            if (word.size() >= rare_length && words.size() < count) words.insert(word);
        if (words.size() < count) continue;
        std::string text;
        for (auto const& word : words) text += (text.empty() ? "" : " ") + word;
        return text;
    }
}

}  // namespace

index::Query draw_query(IndexRows const& rows, Asked asked, Rng& rng) {
    index::Query query;
    switch (asked) {
        case Asked::one_common: query.words = common_words(1, rng); break;
        case Asked::two_common: query.words = common_words(2, rng); break;
        case Asked::three_common: query.words = common_words(3, rng); break;
        case Asked::one_rare: query.words = rare_words(rows, 1, rng); break;
        case Asked::two_rare: query.words = rare_words(rows, 2, rng); break;
        case Asked::three_rare: query.words = rare_words(rows, 3, rng); break;
        case Asked::common_and_rare: query.words = common_words(1, rng) + ' ' + rare_words(rows, 1, rng); break;
        case Asked::never_together: query.words = "mp3 jpg"; break;
        case Asked::common_of_rare_size:
            query.words = common_words(1, rng);
            query.size_min = rng.below(1U << 28U);
            query.size_max = query.size_min + query.size_min / 100;
            break;
        case Asked::by_urn: query.urn.emplace().sha1 = rows.file(rng.below(rows.files())).sha1; break;
    }
    return query;
}

}  // namespace praline::bench
