// What one query costs the matcher of a library, for queries that a stranger would send to make it costly.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "node/base/rng.hpp"
#include "node/wire/keywords.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/process_usage.hpp"
#include "transfer/library/keyword_index.hpp"

namespace praline::bench {
namespace {

constexpr std::size_t answers = 200;       // as many as the node takes for one query
constexpr double repeated_seconds = 0.05;  // of each query in a run
constexpr std::uint32_t batch_files = 500;

/// A name as shared folders have it: a common word or two, rarer ones, numbers, an ending.
std::string name_of(std::uint32_t number, Rng& rng) {
    constexpr std::array common{"open", "track", "live", "the", "of", "a", "mix", "vol"};
    constexpr std::array syllables{"ka", "lo", "mi", "ter", "san", "dro", "vel", "qui", "pa", "ne"};
    std::string name = common[rng.below(common.size())];
    for (auto words = 2 + rng.below(4); words > 0; --words) {
        name += ' ';
        for (auto left = 1 + rng.below(4); left > 0; --left) name += syllables[rng.below(syllables.size())];
    }
    return name + ' ' + std::to_string(1 + rng.below(20)) + ' ' + std::to_string(number) + ".txt";
}

struct Asked {
    char const* what;
    std::string text;
    std::vector<double> microseconds{};
    std::uint32_t steps = 0;
    std::size_t found = 0;
};

std::vector<Asked> queries() {
    std::string ones, short_words = "1 2 3 4 5 6 7 8 9 o d m f p b a s t i g c l k e";
    for (int i = 0; i < 62; ++i) ones += "1 ";
    return {{"one word", "open"},
            {"one short word and one that nobody has", "1 zzzzq"},
            {"24 short words and one that nobody has", short_words + " zzzzq"},
            {"62 times the same short word and one that nobody has", ones + "zzzzq"},
            {"a common word and 24 short ones, found", "open " + short_words},
            {"common words that no name has together", "open track live mix"}};
}

void ask(library::KeywordIndex const& index, Asked& asked, std::uint64_t& start) {
    auto const begun = thread_cpu_seconds();
    std::size_t times = 0;
    double seconds = 0;
    do {
        auto const matches = index.find(wire::keywords(asked.text), {answers, start += 12'345});
        asked.steps = matches.steps;
        asked.found = matches.ids.size();
        ++times;
        seconds = thread_cpu_seconds() - begun;
    } while (seconds < repeated_seconds);
    asked.microseconds.push_back(seconds * 1e6 / static_cast<double>(times));
}

}  // namespace

int measure_matching(MatchingOptions const& options) {
    library::KeywordIndex index;
    Rng rng{7};
    auto begun = thread_cpu_seconds();
    for (std::uint32_t id = 1; id <= options.files; ++id) index.add(id, wire::keywords(name_of(id, rng)));
    double const added = thread_cpu_seconds() - begun;
    auto all = queries();
    std::uint64_t start = 0;
    for (unsigned run = 0; run < options.runs; ++run)
        for (auto& asked : all) ask(index, asked, start);
    std::vector<std::uint32_t> gone;
    for (std::uint32_t id = 1; id <= std::min(batch_files, options.files); ++id) gone.push_back(id);
    begun = thread_cpu_seconds();
    index.remove(gone);
    double const removed = thread_cpu_seconds() - begun;

    double const one_word = median(all.front().microseconds);
    if (!options.json)
        std::printf("%u files, %zu different words; processor time, wish of %zu answers\n  %-56s %9s %8s %6s %6s\n",
                    options.files, index.word_count(), answers, "a query of", "\xC2\xB5s", "of one", "steps", "found");
    else
        std::printf("{\"files\":%u,\"add_us\":%.2f,\"remove_us\":%.2f,\"queries\":[", options.files,
                    added * 1e6 / options.files, removed * 1e6 / static_cast<double>(gone.size()));
    for (auto const& asked : all) {
        double const cost = median(asked.microseconds);
        if (!options.json)
            std::printf("  %-56s %8.1f %8.2f %6u %6zu\n", asked.what, cost, cost / one_word, asked.steps, asked.found);
        else
            std::printf("%s{\"asked\":\"%s\",\"us\":%.2f,\"ratio\":%.3f,\"steps\":%u,\"found\":%zu}",
                        &asked == &all.front() ? "" : ",", asked.what, cost, cost / one_word, asked.steps, asked.found);
    }
    if (options.json)
        std::printf("]}\n");
    else
        std::printf("  a file that comes costs %.1f µs, one of %zu that leave together %.1f µs\n",
                    added * 1e6 / options.files, gone.size(), removed * 1e6 / static_cast<double>(gone.size()));
    return 0;
}

}  // namespace praline::bench
