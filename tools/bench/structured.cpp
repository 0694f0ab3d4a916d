#include "tools/bench/structured.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <stdexcept>

#include "node/base/rng.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/process_usage.hpp"
#include "tools/simulate/structured/lookups.hpp"

namespace praline::bench {
namespace {

namespace structured = simulate::structured;

/// A way in CAN has tens to hundreds of hops, a lookup in Kademlia asks twenty nodes: fewer are enough to be timed.
constexpr std::uint64_t long_ways = 20;
constexpr std::uint64_t reads_in_a_run = 2'000'000;

/// What a hop cannot be quicker than: reads of which each says where the next one is, in as much memory.
class Chain {
public:
    explicit Chain(std::uint64_t bytes) : next_(std::max<std::uint64_t>(bytes / sizeof(std::uint32_t), 2)) {
        std::iota(next_.begin(), next_.end(), 0U);
        Rng chance{1};
        // One cycle through all of them (Sattolo).
        for (std::size_t left = next_.size() - 1; left > 0; --left) std::swap(next_[left], next_[chance.below(left)]);
    }
    [[nodiscard]] double reads_a_second() {
        double const before = thread_cpu_seconds();
        for (std::uint64_t read = 0; read < reads_in_a_run; ++read) at_ = next_[at_];
        // Else the compiler sees that nobody asks where the chain ends, and reads nothing.
        std::uint32_t volatile const end = at_;
        static_cast<void>(end);
        return static_cast<double>(reads_in_a_run) / (thread_cpu_seconds() - before);
    }

private:
    std::vector<std::uint32_t> next_;
    std::uint32_t at_ = 0;
};

struct Row {
    std::string overlay;
    std::uint32_t nodes = 0;
    double make_seconds = 0, bytes_a_node = 0, lookups_a_second = 0, hops_a_second = 0, reads_a_second = 0;
};

Row measure(structured::Overlay const& overlay, std::uint32_t nodes, StructuredOptions const& options) {
    structured::Experiment experiment;
    experiment.settings.nodes = nodes;
    experiment.lookups = options.lookups;
    if (overlay.name == "can" || overlay.name == "kademlia") experiment.lookups /= long_ways;
    experiment.lookups = std::max<std::uint64_t>(experiment.lookups, 1);
    ::malloc_trim(0);
    auto const before = resident_bytes_of(::getpid());
    double const begin = thread_cpu_seconds();
    auto const geometry = overlay.make(experiment.settings);
    Row row{std::string{overlay.name}, nodes};
    row.make_seconds = thread_cpu_seconds() - begin;
    ::malloc_trim(0);
    auto const after = resident_bytes_of(::getpid());
    auto const bytes = after > before ? after - before : 0;
    row.bytes_a_node = static_cast<double>(bytes) / nodes;
    Chain chain{bytes};
    std::vector<double> lookups, hops, reads;
    for (unsigned run = 0; run < options.runs; ++run) {
        double const start = thread_cpu_seconds();
        auto const outcome = structured::look_up(*geometry, experiment);
        double const took = thread_cpu_seconds() - start;
        lookups.push_back(static_cast<double>(experiment.lookups) / took);
        hops.push_back(lookups.back() * outcome.success_rate * outcome.hops_mean.value_or(0));
        reads.push_back(chain.reads_a_second());
    }
    row.lookups_a_second = median(lookups);
    row.hops_a_second = median(hops);
    row.reads_a_second = median(reads);
    return row;
}

}  // namespace

int measure_structured(StructuredOptions const& options) {
    if (!options.json)
        std::printf("one thread of %s; medians of %u runs\n%-10s %9s %8s %8s %13s %14s %12s\n",
                    processor_name().c_str(), options.runs, "overlay", "nodes", "made, s", "B/node", "lookups/s",
                    "million hops/s", "of reads");
    std::string text;
    for (auto const nodes : options.nodes)
        for (auto const& name : options.overlays) {
            auto const* const overlay = structured::overlay_named(name);
            if (overlay == nullptr) throw std::runtime_error{"overlay " + name + " is not simulated"};
            auto const row = measure(*overlay, nodes, options);
            if (options.json) {
                std::printf(
                    "%s{\"overlay\":\"%s\",\"nodes\":%u,\"make_seconds\":%.3f,\"bytes_per_node\":%.1f,"
                    "\"lookups_per_second\":%.0f,\"hops_per_second\":%.0f,\"chained_reads_per_second\":%.0f}",
                    text.empty() ? "[" : ",\n ", row.overlay.c_str(), row.nodes, row.make_seconds, row.bytes_a_node,
                    row.lookups_a_second, row.hops_a_second, row.reads_a_second);
                text = ",";
                continue;
            }
            std::printf("%-10s %9u %8.2f %8.0f %13.0f %14.2f %11.3fx\n", row.overlay.c_str(), row.nodes,
                        row.make_seconds, row.bytes_a_node, row.lookups_a_second, row.hops_a_second / 1e6,
                        row.hops_a_second / row.reads_a_second);
            std::fflush(stdout);
        }
    if (options.json) std::printf("%s\n", text.empty() ? "[]" : "]");
    return 0;
}

}  // namespace praline::bench
