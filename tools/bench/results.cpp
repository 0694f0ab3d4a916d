// The rows of one search: taking 100,000 hits in, and pages of them in an order of the user's while more come.
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "node/base/rng.hpp"
#include "search/session/search_session.hpp"
#include "tools/bench/measurements.hpp"

namespace praline::bench {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

constexpr std::size_t page_rows = 200, rows_that_change = 100;

struct Times { std::vector<double> taken_in, first_page, next_page, changed_page, filtered_page; };

wire::QueryHit hit_of(std::uint32_t number, Rng& rng) {
    constexpr std::array subjects{"Field recording of a summer meadow", "Moonlight sonata", "Botanical plates", "Walnut cake recipes"};
    constexpr std::array endings{".ogg", ".pdf", ".mkv", ".tar.gz"};
    wire::QueryHit hit;
    hit.servent = Guid{{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8)}};
    hit.endpoint = Endpoint{0x7F000001, static_cast<std::uint16_t>(1 + number % 60'000)};
    wire::HitRecord record;
    record.name = std::string{subjects[rng.below(subjects.size())]} + ' ' + std::to_string(rng.below(1'000'000)) + endings[rng.below(endings.size())];
    record.size_bytes = rng.below(1U << 30);
    record.urn.sha1 = Sha1{{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number >> 16)}};
    hit.records.push_back(std::move(record));
    return hit;
}

void measure_once(std::uint32_t hits, Times& times) {
    Rng rng{42};
    search::SearchSessions sessions;
    Guid const guid{{1}};
    auto const id = sessions.open("walnut", std::nullopt, guid, Instant{})->id;
    std::vector<wire::QueryHit> all;
    for (std::uint32_t i = 0; i < hits; ++i) all.push_back(hit_of(i, rng));

    auto start = Clock::now();
    for (auto const& hit : all) sessions.add_hit(guid, PeerId{1}, Hops{3}, hit, Instant{});
    times.taken_in.push_back(milliseconds_since(start));

    search::RowChoice choice;
    choice.order = search::RowOrder::name;
    auto const page = [&](std::vector<double>& into, std::size_t offset) {
        start = Clock::now();
        auto const rows = sessions.page(id, choice, offset, page_rows);
        into.push_back(milliseconds_since(start));
    };
    page(times.first_page, 0);
    page(times.next_page, hits / 2);
    for (std::uint32_t i = 0; i < rows_that_change; ++i) {
        auto again = hit_of(static_cast<std::uint32_t>(rng.below(hits)), rng);
        again.endpoint.port = 65'000;
        sessions.add_hit(guid, PeerId{1}, Hops{3}, again, Instant{});
    }
    page(times.changed_page, 0);
    choice.text = "walnut";
    choice.order = search::RowOrder::relevance;
    choice.descending = true;
    page(times.filtered_page, 0);
}

}  // namespace

int measure_results(ResultsOptions const& options) {
    Times times;
    for (unsigned run = 0; run < options.runs; ++run) measure_once(options.hits, times);
    double const taken = median(times.taken_in), first = median(times.first_page), next = median(times.next_page),
                 changed = median(times.changed_page), filtered = median(times.filtered_page);
    if (options.json) {
        std::printf("{\"hits\":%u,\"taken_in_ms\":%.3f,\"first_sorted_page_ms\":%.3f,\"next_page_ms\":%.3f,\"page_after_100_changes_ms\":%.3f,"
                    "\"filtered_by_relevance_ms\":%.3f}\n", options.hits, taken, first, next, changed, filtered);
        return 0;
    }
    std::printf("%u hits of different files in one search, medians of %u runs\n", options.hits, options.runs);
    std::printf("  taken in                               %9.2f ms\n", taken);
    std::printf("  first page sorted by name              %9.2f ms\n", first);
    std::printf("  a page in the middle of it             %9.2f ms\n", next);
    std::printf("  the first page after 100 rows changed  %9.2f ms\n", changed);
    std::printf("  filtered by a word, by relevance       %9.2f ms\n", filtered);
    return 0;
}

}  // namespace praline::bench
