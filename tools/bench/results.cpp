// The rows of one search: taking 100,000 hits in, and pages of them in an order of the user's while more come.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "node/base/rng.hpp"
#include "node/net/freed_memory.hpp"
#include "search/session/search_session.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/process_usage.hpp"

namespace praline::bench {
namespace {

double now_ms() { return thread_cpu_seconds() * 1e3; }

double milliseconds_since(double start) { return now_ms() - start; }

constexpr std::size_t page_rows = 200, rows_that_change = 100;

struct Times {
    std::vector<double> taken_in, first_page, next_page, changed_page, filtered_page, thrown_away;
    std::vector<double> longest;  // single call of a run: so long the node's one thread did nothing else
};

wire::QueryHit hit_of(std::uint32_t number, Rng& rng) {
    constexpr std::array subjects{"Field recording of a summer meadow", "Moonlight sonata", "Botanical plates",
                                  "Walnut cake recipes"};
    constexpr std::array endings{".ogg", ".pdf", ".mkv", ".tar.gz"};
    wire::QueryHit hit;
    hit.servent = Guid{{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8)}};
    hit.endpoint = Endpoint{0x7F000001, static_cast<std::uint16_t>(1 + number % 60'000)};
    wire::HitRecord record;
    record.name = std::string{subjects[rng.below(subjects.size())]} + ' ' + std::to_string(rng.below(1'000'000)) +
                  endings[rng.below(endings.size())];
    record.size_bytes = rng.below(1U << 30);
    record.urn.sha1 = Sha1{{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8),
                            static_cast<std::uint8_t>(number >> 16)}};
    hit.records.push_back(std::move(record));
    return hit;
}

void measure_once(std::uint32_t hits, Times& times) {
    Rng rng{42};
    search::SearchSessions sessions;
    Guid const guid{{1}};
    auto const id = sessions.open("walnut ogg pdf mkv tar", std::nullopt, guid, Instant{})->id;
    std::vector<wire::QueryHit> all;
    for (std::uint32_t i = 0; i < hits; ++i) all.push_back(hit_of(i, rng));

    auto start = now_ms();
    double longest = 0;
    auto const timed = [&longest](auto act) {
        auto const began = now_ms();
        act();
        longest = std::max(longest, milliseconds_since(began));
    };
    for (auto const& hit : all) timed([&] { sessions.add_hit(guid, PeerId{1}, Hops{3}, hit, Instant{}); });
    times.taken_in.push_back(milliseconds_since(start));

    search::RowQuery choice;
    choice.order = search::RowOrder::name;
    auto const page = [&](std::vector<double>& into, std::size_t offset) {
        start = now_ms();
        bool ready = false;
        while (!ready) timed([&] { ready = sessions.page(id, choice, offset, page_rows).ready; });
        into.push_back(milliseconds_since(start));
    };
    page(times.first_page, 0);
    page(times.next_page, hits / 2);
    for (std::uint32_t i = 0; i < rows_that_change; ++i) {
        auto again = all[rng.below(hits)];
        again.endpoint.port = 65'000;  // one more who has it
        sessions.add_hit(guid, PeerId{1}, Hops{3}, again, Instant{});
    }
    page(times.changed_page, 0);
    choice.text = "walnut";
    choice.order = search::RowOrder::relevance;
    choice.descending = true;
    page(times.filtered_page, 0);
    start = now_ms();
    timed([&] { sessions.erase(id); });
    while (sessions.sources() > 0) timed([&] { (void)sessions.expire(Instant{}); });
    times.thrown_away.push_back(milliseconds_since(start));
    times.longest.push_back(longest);
}

}  // namespace

int measure_results(ResultsOptions const& options) {
    net::join_freed_memory_at_once();  // as the node does
    Times times;
    for (unsigned run = 0; run < options.runs; ++run) measure_once(options.hits, times);
    struct Line {
        char const* field;
        char const* text;
        std::vector<double> const& times;
    };
    std::array const lines{
        Line{"taken_in_ms", "taken in", times.taken_in},
        Line{"first_sorted_page_ms", "first page sorted by name", times.first_page},
        Line{"next_page_ms", "a page in the middle of it", times.next_page},
        Line{"page_after_100_changes_ms", "the first page after 100 rows changed", times.changed_page},
        Line{"filtered_by_relevance_ms", "filtered by a word, by relevance", times.filtered_page},
        Line{"thrown_away_ms", "the search thrown away", times.thrown_away},
        Line{"longest_step_ms", "the longest single step of all this", times.longest}};
    if (options.json) {
        std::printf("{\"hits\":%u", options.hits);
        for (Line const& line : lines) std::printf(",\"%s\":%.3f", line.field, median(line.times));
        std::printf("}\n");
        return 0;
    }
    std::printf("%u hits of different files in one search, processor time, medians of %u runs\n", options.hits,
                options.runs);
    for (Line const& line : lines) std::printf("  %-38s %9.2f ms\n", line.text, median(line.times));
    return 0;
}

}  // namespace praline::bench
