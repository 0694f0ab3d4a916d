#include "tools/bench/index_catalogue.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "index/catalogue/catalogue.hpp"
#include "index/wire/limits.hpp"
#include "tools/bench/index_catalogue_bare.hpp"
#include "tools/bench/index_catalogue_rows.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/process_usage.hpp"

namespace praline::bench {
namespace {

constexpr double publish_goal = 0.7, query_goal_ms = 20;
constexpr std::size_t bare_best_queries = 20, bare_any_queries = 100;  // the best of long lists take seconds there

struct Stopwatch {
    double cpu = thread_cpu_seconds(), wall = clock_seconds();
    static double clock_seconds() {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    }
    [[nodiscard]] double cpu_seconds() const { return thread_cpu_seconds() - cpu; }
    [[nodiscard]] double wall_seconds() const { return clock_seconds() - wall; }
};

double resident_bytes() {
    ::malloc_trim(0);  // what was given back already belongs to nobody
    std::ifstream in{"/proc/self/statm"};
    double total = 0, resident = 0;
    in >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double percentile(std::vector<double> values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

struct AskedTimes {
    Asked asked{};
    std::vector<double> cpu_ms, wall_ms, bare_any_ms, bare_best_ms;
    double rows = 0;  // found, mean
};

struct Outcome {
    std::uint64_t entries = 0, files = 0, publishers = 0, changes = 0;
    double cpu_seconds = 0, wall_seconds = 0, opening_seconds = 0, memory_bytes = 0, disk_bytes = 0;
    std::optional<BareIndex::Load> bare, bare_answering_all;
    std::vector<AskedTimes> asked;
    [[nodiscard]] double rate() const { return static_cast<double>(entries) / cpu_seconds; }
    [[nodiscard]] double bare_rate() const { return bare ? static_cast<double>(entries) / bare->cpu_seconds : 0; }
    [[nodiscard]] double answering_all_rate() const {
        return bare_answering_all ? static_cast<double>(entries) / bare_answering_all->cpu_seconds : 0;
    }
};

/// One catalogue of one size, and its bare twin.
class Measurement {
public:
    Measurement(std::uint64_t entries, IndexOptions const& options)
        : together_{std::max(options.together, 1U)}, queries_{options.queries} {
        outcome_.entries = entries;
        if (BareIndex::is_installed()) bare_.emplace(scratch_.path());
    }
    Outcome run() {
        double const before = resident_bytes();
        auto const file = scratch_.path() + "/catalogue.db";
        auto catalogue = index::catalogue::open_sqlite_catalogue(file);
        auto writer = catalogue->writer();
        publish(*writer);
        writer.reset();
        catalogue.reset();
        double const closed = Stopwatch::clock_seconds();
        catalogue = index::catalogue::open_sqlite_catalogue(file);
        outcome_.opening_seconds = Stopwatch::clock_seconds() - closed;
        writer = catalogue->writer();
        auto reader = catalogue->reader();
        for (auto const asked : all_asked) ask(*reader, asked);
        outcome_.memory_bytes = resident_bytes() - before;
        auto const size = reader->size();
        outcome_.files = size.files;
        outcome_.disk_bytes = static_cast<double>(size.disk_bytes);
        if (size.entries != outcome_.entries)
            throw std::runtime_error{"the catalogue does not hold what was published"};
        if (bare_) {
            auto const loads = bare_->load();
            outcome_.bare = loads.alone;
            outcome_.bare_answering_all = loads.answering_all;
            for (auto& times : outcome_.asked) ask_bare(times);
        }
        return std::move(outcome_);
    }

private:
    void publish(index::catalogue::CatalogueWriter& writer) {
        for (std::uint64_t left = outcome_.entries; left > 0; ++outcome_.publishers) {
            auto const list = rows_.next_list(left);
            left -= list.size();
            auto const publisher = rows_.publisher(outcome_.publishers);
            std::uint64_t number = 0;
            for (std::size_t at = 0; at < list.size(); at += index::change_entries_max, ++number) {
                auto const part = std::span{list}.subspan(at, std::min(index::change_entries_max, list.size() - at));
                index::Change const change{{1, number}, {1, number + 1}, number == 0, {}, {part.begin(), part.end()}};
                if (bare_) bare_->write(publisher, change.add);
                waiting_.emplace_back(publisher, change);
                if (waiting_.size() == together_) apply(writer);
            }
        }
        apply(writer);
    }
    void apply(index::catalogue::CatalogueWriter& writer) {
        if (bare_) bare_->end_transaction();
        bool applied = true;
        Stopwatch const watch;
        writer.together([&] {
            for (auto const& [publisher, change] : waiting_)
                applied = writer.apply(publisher, {1, index::ServerId{1}}, change).outcome ==
                              index::catalogue::ApplyOutcome::applied &&
                          applied;
        });
        outcome_.cpu_seconds += watch.cpu_seconds();
        outcome_.wall_seconds += watch.wall_seconds();
        if (!applied) throw std::runtime_error{"a change was not applied"};
        outcome_.changes += waiting_.size();
        waiting_.clear();
    }
    void ask(index::catalogue::CatalogueReader& reader, Asked asked) {
        AskedTimes times;
        times.asked = asked;
        Rng rng{static_cast<std::uint64_t>(asked)};
        for (std::uint32_t i = 0; i < queries_; ++i) {
            auto const query = draw_query(rows_, asked, rng);
            Stopwatch const watch;
            auto const answer = reader.search(query);
            times.cpu_ms.push_back(watch.cpu_seconds() * 1e3);
            times.wall_ms.push_back(watch.wall_seconds() * 1e3);
            times.rows += static_cast<double>(answer.rows.size()) / queries_;
        }
        outcome_.asked.push_back(std::move(times));
    }
    void ask_bare(AskedTimes& times) {
        if (times.asked == Asked::by_urn || times.asked == Asked::common_of_rare_size) return;  // it cannot
        Rng rng{static_cast<std::uint64_t>(times.asked)};
        std::vector<std::string> words;
        for (std::size_t i = 0; i < std::min<std::size_t>(bare_any_queries, queries_); ++i)
            words.push_back(draw_query(rows_, times.asked, rng).words);
        times.bare_any_ms = bare_->ask(words, false);
        words.resize(std::min(bare_best_queries, words.size()));
        times.bare_best_ms = bare_->ask(words, true);
    }

    std::uint32_t together_, queries_;
    std::vector<std::pair<index::Publisher, index::Change>> waiting_;
    ScratchFolder scratch_;
    IndexRows rows_;
    std::optional<BareIndex> bare_;
    Outcome outcome_;
};

/// Of all queries that the goal speaks of.
double goal_percentile(Outcome const& outcome, std::vector<double> AskedTimes::*times, double part) {
    std::vector<double> all;
    for (std::size_t i = 0; i < asked_of_the_goal; ++i) {
        auto const& some = outcome.asked[i].*times;
        all.insert(all.end(), some.begin(), some.end());
    }
    return percentile(std::move(all), part);
}

double of_each(double bytes, Outcome const& outcome) { return bytes / static_cast<double>(outcome.entries); }

void print_publish(Outcome const& outcome) {
    std::printf("\n%llu entries of %llu publishers in %llu changes, %llu files\n",
                static_cast<unsigned long long>(outcome.entries), static_cast<unsigned long long>(outcome.publishers),
                static_cast<unsigned long long>(outcome.changes), static_cast<unsigned long long>(outcome.files));
    std::printf("  published, entries a second      %9.0f of processor time, %.0f by the clock\n", outcome.rate(),
                static_cast<double>(outcome.entries) / outcome.wall_seconds);
    if (outcome.bare)
        std::printf(
            "  bare FTS5                        %9.0f of processor time, %.0f by the clock\n  ratio (goal: at least "
            "%.1f)        %9.2f\n",
            outcome.bare_rate(), static_cast<double>(outcome.entries) / outcome.bare->wall_seconds, publish_goal,
            outcome.rate() / outcome.bare_rate());
    if (outcome.bare_answering_all)
        std::printf(
            "  FTS5 that answers by URN, publisher%7.0f of processor time, %.0f by the clock; ratio %.2f, %.0f bytes "
            "on disk\n",
            outcome.answering_all_rate(),
            static_cast<double>(outcome.entries) / outcome.bare_answering_all->wall_seconds,
            outcome.rate() / outcome.answering_all_rate(),
            of_each(static_cast<double>(outcome.bare_answering_all->disk_bytes), outcome));
    std::printf("  bytes on disk, of an entry      %9.0f", of_each(outcome.disk_bytes, outcome));
    if (outcome.bare)
        std::printf("; bare FTS5 %.0f, ratio %.2f", of_each(static_cast<double>(outcome.bare->disk_bytes), outcome),
                    outcome.disk_bytes / static_cast<double>(outcome.bare->disk_bytes));
    std::printf("\n  seconds to open it again          %9.1f", outcome.opening_seconds);
    std::printf("\n  bytes of memory, of an entry    %9.0f; %.0f MiB in all, caches of writer and one reader\n",
                of_each(outcome.memory_bytes, outcome), outcome.memory_bytes / (1 << 20));
}

void print_queries(Outcome const& outcome) {
    std::printf(
        "  milliseconds a query                processor     by the clock   bare FTS5: any 100    its best 100   rows\n"
        "                                     p50     p99     p50     p99     p50     p99     p50     max  found\n");
    for (auto const& times : outcome.asked) {
        std::printf("  %-30s %7.2f %7.2f %7.2f %7.2f", name_of(times.asked), percentile(times.cpu_ms, 0.5),
                    percentile(times.cpu_ms, 0.99), percentile(times.wall_ms, 0.5), percentile(times.wall_ms, 0.99));
        if (times.bare_any_ms.empty())
            std::printf("%32s", "");
        else
            std::printf(" %7.2f %7.2f %7.1f %7.1f", percentile(times.bare_any_ms, 0.5),
                        percentile(times.bare_any_ms, 0.99), percentile(times.bare_best_ms, 0.5),
                        percentile(times.bare_best_ms, 1));
        std::printf(" %6.1f\n", times.rows);
    }
    double const p99 = goal_percentile(outcome, &AskedTimes::cpu_ms, 0.99);
    std::printf(
        "  one to three words (goal: p99 under %.0f at 5 million): p50 %.2f, p99 %.2f; by the clock %.2f, %.2f\n",
        query_goal_ms, goal_percentile(outcome, &AskedTimes::cpu_ms, 0.5), p99,
        goal_percentile(outcome, &AskedTimes::wall_ms, 0.5), goal_percentile(outcome, &AskedTimes::wall_ms, 0.99));
    if (outcome.bare) {
        double const bare = goal_percentile(outcome, &AskedTimes::bare_best_ms, 0.99);
        std::printf("  the same of bare FTS5, its best 100: p50 %.2f, p99 %.2f; ours is %.4f of that p99\n",
                    goal_percentile(outcome, &AskedTimes::bare_best_ms, 0.5), bare, bare > 0 ? p99 / bare : 0);
    }
}

void print_json(Outcome const& outcome) {
    std::printf(
        "{\"entries\":%llu,\"files\":%llu,\"publishers\":%llu,\"publish_per_second\":%.0f,\"publish_per_second_by_the_"
        "clock\":%.0f,"
        "\"opening_seconds\":%.2f,\"disk_octets_an_entry\":%.1f,\"memory_octets_an_entry\":%.1f,\"query_p50_ms\":%.3f,"
        "\"query_p99_ms\":%.3f,\"query_p99_ms_by_the_clock\":%.3f",
        static_cast<unsigned long long>(outcome.entries), static_cast<unsigned long long>(outcome.files),
        static_cast<unsigned long long>(outcome.publishers), outcome.rate(),
        static_cast<double>(outcome.entries) / outcome.wall_seconds, outcome.opening_seconds,
        of_each(outcome.disk_bytes, outcome), of_each(outcome.memory_bytes, outcome),
        goal_percentile(outcome, &AskedTimes::cpu_ms, 0.5), goal_percentile(outcome, &AskedTimes::cpu_ms, 0.99),
        goal_percentile(outcome, &AskedTimes::wall_ms, 0.99));
    if (outcome.bare)
        std::printf(
            ",\"bare_publish_per_second\":%.0f,\"publish_ratio\":%.3f,\"bare_disk_octets_an_entry\":%.1f,\"bare_best_"
            "p99_ms\":%.3f",
            outcome.bare_rate(), outcome.rate() / outcome.bare_rate(),
            of_each(static_cast<double>(outcome.bare->disk_bytes), outcome),
            goal_percentile(outcome, &AskedTimes::bare_best_ms, 0.99));
    if (outcome.bare_answering_all)
        std::printf(",\"answering_all_publish_per_second\":%.0f,\"answering_all_publish_ratio\":%.3f",
                    outcome.answering_all_rate(), outcome.rate() / outcome.answering_all_rate());
    std::printf(",\"queries\":[");
    for (std::size_t i = 0; i < outcome.asked.size(); ++i) {
        auto const& times = outcome.asked[i];
        std::printf(
            "%s{\"asked\":\"%s\",\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"rows\":%.1f,\"bare_any_p99_ms\":%.3f,\"bare_best_"
            "p99_ms\":%.3f}",
            i == 0 ? "" : ",", name_of(times.asked), percentile(times.cpu_ms, 0.5), percentile(times.cpu_ms, 0.99),
            times.rows, percentile(times.bare_any_ms, 0.99), percentile(times.bare_best_ms, 0.99));
    }
    std::printf("]}\n");
}

}  // namespace

int measure_index(IndexOptions const& options) {
    if (!BareIndex::is_installed())
        std::fprintf(stderr,
                     "bench: sqlite3 (Debian package sqlite3) is not installed; there is no baseline and there are no "
                     "ratios.\n");
    for (auto const entries : options.entries) {
        auto const outcome = Measurement{entries, options}.run();
        if (options.json) {
            print_json(outcome);
        } else {
            print_publish(outcome);
            print_queries(outcome);
        }
        std::fflush(stdout);
    }
    return 0;
}

}  // namespace praline::bench
