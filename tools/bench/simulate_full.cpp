#include "tools/bench/simulate_full.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <vector>

#include "node/base/rng.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/process_usage.hpp"
#include "tools/simulate/full/full_host.hpp"
#include "tools/simulate/full/large_pages.hpp"
#include "tools/simulate/graph/graph_host.hpp"

namespace praline::bench {
namespace {

using simulate::world::Graph;
using simulate::world::Node;

constexpr unsigned ttl = 7, drawn_by_each = 4;
constexpr double goal_million = 1.5;
constexpr std::uint64_t goal_bytes = 4096;

std::uint64_t resident_bytes() {
    ::malloc_trim(0);  // what was freed before does not count
    std::uint64_t total = 0, resident = 0;
    std::ifstream{"/proc/self/statm"} >> total >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// As PeerSim's WireKOut makes it.
Graph overlay_of(Node nodes) {
    Rng rng{nodes};
    std::vector<simulate::world::Link> links;
    for (Node node = 0; node < nodes; ++node)
        for (unsigned i = 0; i < drawn_by_each;)
            if (auto const other = static_cast<Node>(rng.below(nodes)); other != node)
                links.emplace_back(node, other), ++i;
    return Graph{nodes, std::move(links)};
}

struct Totals {
    std::uint64_t messages = 0, reach = 0;
    friend bool operator==(Totals const&, Totals const&) = default;
};

struct Timed {
    std::vector<Totals> totals;
    std::uint64_t messages = 0;
    double cpu = 0, wall = 0;
    [[nodiscard]] double million_a_second() const { return static_cast<double>(messages) * 1e-6 / cpu; }
    [[nodiscard]] double by_the_clock() const { return static_cast<double>(messages) * 1e-6 / wall; }
};

/// Floods from so many sources, the same in every run.
template <class Flood>
Timed timed(Node nodes, unsigned queries, Flood flood) {
    Timed result;
    Rng sources{1};
    auto const start = std::chrono::steady_clock::now();
    double const cpu = thread_cpu_seconds();
    for (unsigned query = 0; query < queries; ++query) {
        simulate::world::Outcome const outcome = flood(static_cast<Node>(sources.below(nodes)));
        result.totals.push_back({outcome.messages, outcome.reach});
        result.messages += outcome.messages;
    }
    result.cpu = thread_cpu_seconds() - cpu;
    result.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

struct Row {
    Node nodes = 0;
    std::uint64_t links = 0, messages = 0, bytes_a_node = 0, bytes_a_node_later = 0;
    double set_up = 0, full = 0, by_the_clock = 0, graph = 0;
    double with_codec = 0, with_codec_by_the_clock = 0;
    bool totals_equal = true;
};

void print(Row const& row, SimulateFullOptions const& options) {
    if (options.json) {
        std::printf(
            "{\"nodes\":%u,\"links\":%llu,\"messages_a_query\":%.1f,\"million_messages_a_second\":%.3f,\"by_the_"
            "clock\":%.3f,"
            "\"goal\":%.1f,\"with_codec\":%.3f,\"with_codec_by_the_clock\":%.3f,\"graph_scale\":%.2f,\"octets_a_node_"
            "at_rest\":%llu,\"octets_goal\":%llu,\"octets_a_node_later\":%llu,"
            "\"set_up_seconds\":%.2f,\"totals_equal\":%s}\n",
            row.nodes, static_cast<unsigned long long>(row.links), static_cast<double>(row.messages) / options.queries,
            row.full, row.by_the_clock, goal_million, row.with_codec, row.with_codec_by_the_clock, row.graph,
            static_cast<unsigned long long>(row.bytes_a_node), static_cast<unsigned long long>(goal_bytes),
            static_cast<unsigned long long>(row.bytes_a_node_later), row.set_up, row.totals_equal ? "true" : "false");
        return;
    }
    std::printf("Full scale: %u nodes, %llu links, each made by a handshake in %.1f s of processor time\n", row.nodes,
                static_cast<unsigned long long>(row.links), row.set_up);
    std::printf("at rest     %llu bytes a node beyond the graph (goal: at most %llu); after all floods %llu\n",
                static_cast<unsigned long long>(row.bytes_a_node), static_cast<unsigned long long>(goal_bytes),
                static_cast<unsigned long long>(row.bytes_a_node_later));
    std::printf("flood       TTL %u, %.0f messages a query; medians of %u runs on one core\n", ttl,
                static_cast<double>(row.messages) / options.queries, options.runs);
    std::printf("full scale  %.2f million messages a second of processor time (goal: %.1f), %.2f by the clock\n",
                row.full, goal_million, row.by_the_clock);
    std::printf(
        "with codec  %.2f million messages a second of processor time, every copy as bytes, %.2f by the clock\n",
        row.with_codec, row.with_codec_by_the_clock);
    std::printf("graph scale %.2f million messages a second; %s\n", row.graph,
                row.totals_equal ? "the same messages and reach, query by query" : "TOTALS DIFFER");
}

/// With the codec or without it. What takes memory is the same: it is looked at once, without.
void measure(Graph const& graph, bool codec, SimulateFullOptions const& options, Row& row) {
    Node const nodes = graph.nodes();
    simulate::world::NodeSet nobody{nodes};
    nobody.clear();
    simulate::graph::GraphHost graph_host{graph};
    simulate::world::NetworkModel const model{{}, nodes, 1};
    simulate::full::FullOptions set_up;
    set_up.codec = codec;

    std::uint64_t const before = resident_bytes();
    double const began = thread_cpu_seconds();
    simulate::full::FullHost full_host{graph, model, set_up};
    double const ready = thread_cpu_seconds();
    auto const beyond = [&] { return (std::max(resident_bytes(), before) - before) / nodes; };
    std::uint64_t const at_rest = beyond();
    simulate::full::ask_for_large_pages(nodes * at_rest);  // the look at it has given back what was free

    search::strategy::Parameters flood;
    flood.ttl = std::uint8_t{ttl};
    Rng names{1};
    std::vector<double> full, clock, at_graph_scale;
    for (unsigned run = 0; run < options.runs; ++run) {
        auto const objects =
            timed(nodes, options.queries, [&](Node source) { return full_host.ask(source, flood, nobody, names); });
        auto const twin =
            timed(nodes, options.queries, [&](Node source) { return graph_host.flood(source, ttl, nobody); });
        row.totals_equal = row.totals_equal && objects.totals == twin.totals;
        row.messages = objects.messages;
        full.push_back(objects.million_a_second());
        clock.push_back(objects.by_the_clock());
        at_graph_scale.push_back(twin.million_a_second());
    }
    (codec ? row.with_codec : row.full) = median(full);
    (codec ? row.with_codec_by_the_clock : row.by_the_clock) = median(clock);
    if (codec) return;
    row.set_up = ready - began;
    row.bytes_a_node = at_rest;
    row.bytes_a_node_later = beyond();
    row.graph = median(at_graph_scale);
}

}  // namespace

int measure_simulate_full(SimulateFullOptions const& options) {
    auto const nodes = static_cast<Node>(options.nodes);
    Graph const graph = overlay_of(nodes);
    Row row{nodes, graph.links()};

    for (bool const codec : {false, true}) measure(graph, codec, options, row);
    print(row, options);
    if (!row.totals_equal)
        std::fprintf(stderr, "bench: the totals of the full scale are not those of the graph scale.\n");
    return row.totals_equal ? 0 : 1;
}

}  // namespace praline::bench
