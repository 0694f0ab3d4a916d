#include "tools/bench/index_writes.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "tools/bench/index_load.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/simulate/report/output_file.hpp"
#include "tools/simulate/report/svg.hpp"

namespace praline::bench {
namespace {

namespace svg = simulate::report::svg;

constexpr double rates[] = {10, 20, 40, 80, 160, 320};  // those of the paper, of the whole group
constexpr std::size_t sizes[] = {2, 4, 8, 16};
constexpr double paper_messages = 5;  // the paper: 5(n-1) a write
constexpr double knee_growth = 1.5, knee_slower = 5, dropped_max = 0.01;
constexpr double knee_rate_first = 100, knee_rate_max = 200'000;
constexpr std::size_t knee_servers = 3;
constexpr double legend_room = 1.25;  // above the slowest point

void print_point(LoadPoint const& point) {
    std::printf("%8zu %8.0f %10.2f %10.2f %10.2f %9.2f%% %14.2f %9.0f\n", point.servers, point.rate, point.mean_ms,
                point.p50_ms, point.p99_ms, 100 * point.dropped_share(), point.messages_per_write,
                paper_messages * static_cast<double>(point.servers - 1));
    std::fflush(stdout);
}

std::vector<LoadPoint> paper_points(IndexWritesOptions const& options) {
    std::vector<LoadPoint> points;
    for (auto const servers : sizes) {
        if (servers > options.servers_max) continue;
        ScratchFolder folder;
        IndexGroup group{servers, folder.path()};
        group.wait_complete();
        std::uint64_t seed = servers * 1000;
        for (auto const rate : rates) {
            points.push_back(run_load(group, LoadKind::writes, options.nodes, rate, options.seconds, ++seed));
            if (!options.json) print_point(points.back());
        }
    }
    return points;
}

/// The last rate before answers take five times as long as at the lowest rate, or one in a hundred is dropped.
struct Knee {
    LoadPoint idle, last, beyond;
};

Knee find_knee(IndexGroup& group, LoadKind kind, IndexWritesOptions const& options) {
    Knee knee;
    std::uint64_t seed = 7;
    knee.idle = knee.last = run_load(group, kind, options.nodes, knee_rate_first, options.seconds, ++seed);
    for (double rate = knee_rate_first * knee_growth; rate < knee_rate_max; rate *= knee_growth) {
        knee.beyond = run_load(group, kind, options.nodes, rate, options.seconds, ++seed);
        bool const bent =
            knee.beyond.p50_ms > knee_slower * knee.idle.p50_ms || knee.beyond.dropped_share() > dropped_max;
        if (bent) return knee;
        knee.last = knee.beyond;
    }
    return knee;
}

void print_knee(char const* what, Knee const& knee) {
    std::printf(
        "%s: %.0f a second before the knee (median %.2f ms, at %.0f a second %.2f ms; at %.0f a second %.2f ms and "
        "%.2f%% dropped)\n",
        what, knee.last.rate, knee.last.p50_ms, knee.idle.rate, knee.idle.p50_ms, knee.beyond.rate, knee.beyond.p50_ms,
        100 * knee.beyond.dropped_share());
}

/// A file that can be looked at by itself: the plot, its colours, and which marker is which group.
std::string page_of(std::string plot, std::vector<std::size_t> const& groups) {
    constexpr char style[] =
        "<style>svg{background:#fff;font:12px "
        "system-ui,sans-serif}text{fill:#222}.axis{stroke:#666}.grid{stroke:#e4e8ec}"
        ".s0{fill:#0072b2}.s1{fill:#d55e00}.s2{fill:#009e73}.s3{fill:#a0498d}</style>";
    constexpr char begin[] = "<svg ";
    plot.replace(0, sizeof begin - 1, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" ");
    std::string legend = style;
    for (std::size_t number = 0; number < groups.size(); ++number) {
        auto const x = 90 + 120 * static_cast<double>(number);
        legend += svg::marker(number, x, 26) + "<text x=\"" + std::to_string(static_cast<int>(x) + 12) +
                  "\" y=\"30\">" + std::to_string(groups[number]) + " servers</text>";
    }
    plot.insert(plot.find('>') + 1, legend);
    return plot;
}

void draw(std::vector<LoadPoint> const& points, simulate::report::OutputFile const& file) {
    double slowest = 0;
    for (auto const& point : points) slowest = std::max(slowest, point.mean_ms);
    svg::Plot plot{svg::Axis::logarithmic(10, 320, "writes a second, of the whole group"),
                   svg::Axis::linear(0, slowest * legend_room, "mean response time, ms"),
                   "Response time of replicated writes"};
    std::vector<std::size_t> groups;
    for (auto const& point : points) {
        if (groups.empty() || groups.back() != point.servers) groups.push_back(point.servers);
        auto const series =
            static_cast<std::size_t>(std::find(std::begin(sizes), std::end(sizes), point.servers) - std::begin(sizes));
        plot.point(series, {point.rate, point.mean_ms}, std::nullopt, std::nullopt,
                   std::to_string(point.servers) + " servers");
    }
    file.write(page_of(plot.text(), groups));
}

std::string json_of(LoadPoint const& point) {
    char text[400];
    std::snprintf(text, sizeof text,
                  "{\"servers\":%zu,\"rate\":%.0f,\"sent\":%llu,\"dropped\":%llu,\"mean_ms\":%.3f,\"p50_ms\":%.3f,"
                  "\"p99_ms\":%.3f,\"messages_per_write\":%.3f}",
                  point.servers, point.rate, static_cast<unsigned long long>(point.sent),
                  static_cast<unsigned long long>(point.dropped), point.mean_ms, point.p50_ms, point.p99_ms,
                  point.messages_per_write);
    return text;
}

}  // namespace

int measure_index_writes(IndexWritesOptions const& options) {
    simulate::report::OutputFile const plot{options.plot};
    if (!options.json)
        std::printf(
            "Writes at all servers, each of one entry, times of a Poisson process, %u nodes, %.0f s a line. Beside it "
            "the paper's 5(n-1).\n"
            "%8s %8s %10s %10s %10s %10s %14s %9s\n",
            options.nodes, options.seconds, "servers", "writes/s", "mean ms", "p50 ms", "p99 ms", "dropped",
            "messages/write", "paper");
    auto const points = paper_points(options);
    if (!options.plot.empty()) draw(points, plot);
    std::string json = "{\"points\":[";
    for (auto const& point : points) json += (json.back() == '[' ? "" : ",") + json_of(point);
    json += "]";
    if (options.knee) {
        ScratchFolder folder;
        IndexGroup group{knee_servers, folder.path()};
        group.wait_complete();
        auto const writes = find_knee(group, LoadKind::writes, options),
                   reads = find_knee(group, LoadKind::reads, options);
        json += ",\"knee\":{\"servers\":" + std::to_string(knee_servers) + ",\"writes\":" + json_of(writes.last) +
                ",\"reads\":" + json_of(reads.last) + "}";
        if (!options.json) {
            std::printf("%zu servers and all nodes on this machine:\n", knee_servers);
            print_knee("  writes", writes);
            print_knee("  reads", reads);
        }
    }
    if (options.json) std::printf("%s}\n", json.c_str());
    return 0;
}

}  // namespace praline::bench
