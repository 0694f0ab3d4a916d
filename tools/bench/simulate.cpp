#include "tools/bench/simulate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <stdexcept>

#include "node/base/rng.hpp"
#include "tools/bench/heap_flood.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/process_usage.hpp"
#include "tools/simulate/graph/flood_sweep.hpp"
#include "tools/simulate/graph/graph_host.hpp"
#include "tools/simulate/report/output_file.hpp"

namespace praline::bench {
namespace {

using simulate::world::Graph;
using simulate::world::Node;

constexpr unsigned ttl = 7, drawn_by_each = 4;
constexpr std::uint64_t messages_in_a_run = 4'000'000;  // enough to be timed
constexpr double bytes_goal = 120;
constexpr simulate::world::NetworkOptions random_latency{
    .latency = simulate::world::Latency::uniform, .latency_low_ms = 10, .latency_high_ms = 100};

struct Case {
    std::uint64_t nodes;
    bool random_latency;
    double goal;                     // million messages a second; 0: none
    double peersim, peersim_bucket;  // million messages a second; 0: not measured
};
/// PeerSim 1.0.5 on the same work: OpenJDK 17, one thread, best of five runs (two at a million) on two shared cores,
/// November 2026; as shipped, and with a bucket queue in place of its heap.
constexpr std::array cases{
    Case{10'000, false, 0, 3.53, 12.84},    Case{10'000, true, 0, 3.19, 9.31},   Case{30'000, false, 0, 0, 0},
    Case{100'000, false, 20, 1.41, 3.89},   Case{100'000, true, 12, 1.60, 3.65}, Case{300'000, false, 0, 0, 0},
    Case{1'000'000, false, 10, 0.83, 1.58}, Case{1'000'000, true, 0, 0.93, 0},
};

/// As PeerSim's WireKOut makes it.
Graph overlay(Node nodes) {
    Rng rng{nodes};
    std::vector<simulate::world::Link> links;
    for (Node node = 0; node < nodes; ++node)
        for (unsigned i = 0; i < drawn_by_each;) {
            auto const other = static_cast<Node>(rng.below(nodes));
            if (other != node) links.emplace_back(node, other), ++i;
        }
    return Graph{nodes, std::move(links)};
}

using Totals = std::vector<HeapFlood::Totals>;  // of each query

struct Timed {
    Totals totals;
    double cpu = 0, wall = 0;
};

/// Floods from so many sources, the same in every run. @param flood  source and number of a query to its totals.
template <class Flood>
Timed timed(Node nodes, unsigned queries, Flood flood) {
    Timed result;
    Rng sources{1};
    auto const start = std::chrono::steady_clock::now();
    double const cpu = thread_cpu_seconds();
    for (unsigned query = 0; query < queries; ++query)
        result.totals.push_back(flood(static_cast<Node>(sources.below(nodes)), query));
    result.cpu = thread_cpu_seconds() - cpu;
    result.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

std::uint64_t messages_of(Totals const& all) {
    std::uint64_t sum = 0;
    for (auto const& totals : all) sum += totals.messages;
    return sum;
}

/// Engine, heap and count in turn, so that what else goes on in the machine meets all three.
class Measurement {
public:
    Measurement(Case const& one, Graph const& graph)
        : graph_{graph},
          model_{random_latency, graph.nodes(), 1},
          nobody_{graph.nodes()},
          heap_{graph, one.random_latency ? &model_ : nullptr},
          sweep_{graph} {
        if (one.random_latency)
            host_.emplace(graph, model_, simulate::graph::Detail::counts);
        else
            host_.emplace(graph);
        nobody_.clear();
        row_.nodes = graph.nodes();
        row_.links = graph.links();
        row_.random_latency = one.random_latency;
        std::uint64_t const first = std::max<std::uint64_t>(events(0, 0).messages, 1);
        row_.queries = static_cast<unsigned>(std::clamp<std::uint64_t>(messages_in_a_run / first, 2, 1000));
    }
    void run() {
        auto const engine =
            timed(graph_.nodes(), row_.queries, [&](Node source, unsigned query) { return events(source, query); });
        auto const heap = timed(graph_.nodes(), row_.queries,
                                [&](Node source, unsigned query) { return heap_.flood(source, ttl, query); });
        auto const sweep = timed(graph_.nodes(), row_.queries, [&](Node source, unsigned) {
            auto const last = sweep_.flood(source, ttl).back();
            return HeapFlood::Totals{last.messages, last.reach};
        });
        row_.totals_equal =
            row_.totals_equal && engine.totals == heap.totals && (row_.random_latency || engine.totals == sweep.totals);
        row_.messages = messages_of(engine.totals);
        row_.reach = 0;
        for (auto const& totals : engine.totals)
            row_.reach += static_cast<double>(totals.reach) / static_cast<double>(graph_.nodes() - 1) / row_.queries;
        auto const million = static_cast<double>(row_.messages) * 1e-6;
        events_.push_back(million / engine.cpu);
        clock_.push_back(million / engine.wall);
        heaps_.push_back(million / heap.cpu);
        sweeps_.push_back(static_cast<double>(messages_of(sweep.totals)) * 1e-6 / sweep.cpu);
        times_.push_back(engine.cpu * 1e3 / row_.queries);
    }
    [[nodiscard]] SimulateRow row() {
        auto const nodes = static_cast<double>(row_.nodes);
        row_.events = median(events_);
        row_.by_the_clock = median(clock_);
        row_.heap = median(heaps_);
        row_.sweep = median(sweeps_);
        row_.query_ms = median(times_);
        // The set of nodes with a match is the caller's, but no query goes without.
        row_.bytes_a_node = static_cast<double>(host_->bytes()) / nodes + sizeof(std::uint32_t);
        row_.graph_bytes_a_node = static_cast<double>(graph_.bytes()) / nodes;
        return row_;
    }

private:
    HeapFlood::Totals events(Node source, unsigned query) {
        host_->number_query(query);
        simulate::world::Outcome const outcome = host_->flood(source, ttl, nobody_);
        return {outcome.messages, outcome.reach};
    }

    Graph const& graph_;
    simulate::world::NetworkModel model_;
    simulate::world::NodeSet nobody_;
    std::optional<simulate::graph::GraphHost> host_;
    HeapFlood heap_;
    simulate::graph::FloodSweep sweep_;
    SimulateRow row_;
    std::vector<double> events_, clock_, heaps_, sweeps_, times_;
};

std::string ratio(double ours, double theirs) {
    if (theirs <= 0) return "-";
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", ours / theirs);
    return text.data();
}

void print_row(Case const& one, SimulateRow const& row) {
    std::printf("%9llu  %-8s %9.0f %6.2f %% %8.1f %8.1f %6s %6.1f %6.1f %8s %8s %8.1f %10.2f%s\n",
                static_cast<unsigned long long>(one.nodes), one.random_latency ? "10..100" : "constant",
                static_cast<double>(row.messages) / row.queries, row.reach * 100, row.events, row.by_the_clock,
                one.goal > 0 ? std::to_string(static_cast<int>(one.goal)).c_str() : "-", row.heap, row.sweep,
                ratio(row.events, one.peersim).c_str(), ratio(row.events, one.peersim_bucket).c_str(), row.bytes_a_node,
                row.query_ms, row.totals_equal ? "" : "  TOTALS DIFFER");
}

void print_heading(unsigned runs) {
    std::printf(
        "Floods with TTL %u over random overlays of mean degree 8, every copy an event; million messages a second of "
        "one\n"
        "core's time, medians of %u runs; totals of every query checked against a breadth-first count and a binary "
        "heap\n"
        "                    messages                              by the          binary    BFS  times    with a  "
        " bytes\n"
        "    nodes  latency    a query     reach   events    clock   goal   heap  count  PeerSim   buckets  a node   "
        "ms a query\n",
        ttl, runs);
}

void print_notes() {
    std::printf(
        "goal: at least so many events; at most %.0f bytes a node beyond the adjacency. Binary heap: the same flood, "
        "its\n"
        "calendar a std::priority_queue; BFS count: hop by hop, without events, so not the same work. PeerSim: 1.0.5 "
        "as shipped,\n"
        "and with buckets in place of its heap, measured on the same work on two shared cores in November 2026.\n",
        bytes_goal);
}

void print_json(std::vector<SimulateRow> const& rows) {
    std::printf("[");
    for (std::size_t at = 0; at < rows.size(); ++at) {
        SimulateRow const& row = rows[at];
        Case const& one = cases[at];
        std::printf(
            "%s{\"nodes\":%llu,\"links\":%llu,\"latency\":\"%s\",\"messages_a_query\":%.1f,\"reach\":%.5f,"
            "\"million_messages_a_second\":%.2f,\"by_the_clock\":%.2f,\"goal\":%.0f,\"binary_heap\":%.2f,\"bfs_count\":"
            "%.2f,"
            "\"peersim\":%.2f,\"peersim_with_buckets\":%.2f,\"octets_a_node\":%.1f,\"octets_goal\":%.0f,"
            "\"graph_octets_a_node\":%.1f,\"query_ms\":%.3f,\"totals_equal\":%s}",
            at == 0 ? "" : ",\n ", static_cast<unsigned long long>(one.nodes),
            static_cast<unsigned long long>(row.links), row.random_latency ? "10..100" : "constant",
            static_cast<double>(row.messages) / row.queries, row.reach, row.events, row.by_the_clock, one.goal,
            row.heap, row.sweep, one.peersim, one.peersim_bucket, row.bytes_a_node, bytes_goal, row.graph_bytes_a_node,
            row.query_ms, row.totals_equal ? "true" : "false");
    }
    std::printf("]\n");
}

}  // namespace

int measure_simulate(SimulateOptions const& options) {
    simulate::report::OutputFile const plot{options.plot};
    std::vector<SimulateRow> rows;
    if (!options.json) print_heading(options.runs);
    for (Case const& one : cases) {
        if (one.nodes > options.nodes_max) break;
        Graph const graph = overlay(static_cast<Node>(one.nodes));
        Measurement measurement{one, graph};
        for (unsigned i = 0; i < options.runs; ++i) measurement.run();
        rows.push_back(measurement.row());
        if (!options.json) print_row(one, rows.back());
        std::fflush(stdout);
    }
    if (options.json)
        print_json(rows);
    else
        print_notes();
    if (!options.plot.empty()) plot.write(growth_plot(rows));
    if (std::all_of(rows.begin(), rows.end(), [](SimulateRow const& row) { return row.totals_equal; })) return 0;
    std::fprintf(stderr, "bench: the totals of the engine are not those of the count.\n");
    return 1;
}

}  // namespace praline::bench
