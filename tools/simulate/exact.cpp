#include "tools/simulate/exact.hpp"

#include <algorithm>
#include <optional>

#include "node/base/text.hpp"
#include "tools/simulate/graph/flood_sweep.hpp"
#include "tools/simulate/report/csv.hpp"
#include "tools/simulate/world/parallel.hpp"

namespace praline::simulate {
namespace {

/// One thread's share. A flood that has reached everybody counts on at every later TTL with what it had.
class FloodWorker {
public:
    explicit FloodWorker(world::Graph const& graph) : graph_{graph}, sweep_{graph} {}

    void operator()(std::uint64_t source) {
        // A flood ends by itself one hop after it has reached everybody, so the number of nodes bounds it.
        auto const& hops = sweep_.flood(static_cast<world::Node>(source), graph_.nodes());
        if (hops.size() > steps_.size()) steps_.resize(hops.size());
        for (std::size_t at = 0; at < hops.size(); ++at) {
            steps_[at].reach += hops[at].reach - (at == 0 ? 0 : hops[at - 1].reach);
            steps_[at].messages += hops[at].messages - (at == 0 ? 0 : hops[at - 1].messages);
        }
    }
    [[nodiscard]] std::vector<graph::FloodSweep::Hop> const& steps() const { return steps_; }

private:
    world::Graph const& graph_;
    graph::FloodSweep sweep_;
    std::vector<graph::FloodSweep::Hop> steps_;  // what each hop added, over all sources
};

/// "123.45" as 12345.
std::optional<std::uint64_t> cents(std::string const& text) {
    auto const point = text.find('.');
    if (point == std::string::npos || text.size() != point + 3) return std::nullopt;
    return parse_number(text.substr(0, point) + text.substr(point + 1));
}

/// Whether `known`, with two decimals, is total / count rounded, a half either way.
bool is_rounded(std::string const& known, std::uint64_t total, std::uint64_t count) {
    auto const hundredths = cents(known);
    if (!hundredths) return false;
    std::uint64_t const claimed = *hundredths * count, exact = total * 100;
    return 2 * (std::max(claimed, exact) - std::min(claimed, exact)) <= count;
}

}  // namespace

std::vector<ExactRow> exact_floods(world::Graph const& graph, unsigned threads) {
    auto const workers = world::in_parallel(graph.nodes(), threads, [&] { return FloodWorker{graph}; });
    std::vector<ExactRow> rows;
    for (FloodWorker const& worker : workers) {
        auto const& steps = worker.steps();
        for (std::size_t at = rows.size(); at < steps.size(); ++at)
            rows.push_back({static_cast<unsigned>(at + 1), 0, 0});
        for (std::size_t at = 0; at < steps.size(); ++at) {
            rows[at].reach += steps[at].reach;
            rows[at].messages += steps[at].messages;
        }
    }
    for (std::size_t at = 1; at < rows.size(); ++at) {
        rows[at].reach += rows[at - 1].reach;
        rows[at].messages += rows[at - 1].messages;
    }
    // One hop more than the diameter, nodes that heard last send copies that reach nobody new.
    std::uint64_t const everybody = std::uint64_t{graph.nodes()} * (graph.nodes() - 1);
    while (rows.size() > 1 && rows[rows.size() - 2].reach == everybody) rows.pop_back();
    return rows;
}

std::vector<KnownRow> parse_known_floods(std::string const& text) {
    std::vector<KnownRow> rows;
    std::size_t number = 0;
    for (auto const& [line, fields] : report::parse_csv(text)) {
        if (++number == 1) continue;
        auto const nodes = fields.size() == 6 ? parse_number(fields[1]) : std::nullopt;
        auto const ttl = fields.size() == 6 ? parse_number(fields[2]) : std::nullopt;
        if (!nodes || !ttl)
            throw world::BadInput{"line " + std::to_string(line) +
                                  " of the known results is not name,nodes,ttl,reach,messages,duplicates"};
        rows.push_back({fields[0], *nodes, static_cast<unsigned>(*ttl), fields[3], fields[4], fields[5]});
    }
    return rows;
}

std::string two_decimals(std::uint64_t total, std::uint64_t count) {
    std::uint64_t whole = total / count;
    std::uint64_t hundredths = (total % count * 200 + count) / (2 * count);
    if (hundredths == 100) ++whole, hundredths = 0;
    std::string const digits = std::to_string(hundredths);
    return std::to_string(whole) + (hundredths < 10 ? ".0" : ".") + digits;
}

std::vector<ExactLine> exact_lines(std::string const& name, world::Node nodes, std::vector<ExactRow> const& rows,
                                   std::vector<KnownRow> const& known) {
    std::vector<ExactLine> lines;
    for (ExactRow const& row : rows) {
        std::string const reach = two_decimals(row.reach, nodes), messages = two_decimals(row.messages, nodes),
                          duplicates = two_decimals(row.messages - row.reach, nodes);
        ExactLine line{report::csv_field(name) + ',' + std::to_string(nodes) + ',' + std::to_string(row.ttl) + ',' +
                           reach + ',' + messages + ',' + duplicates,
                       Verdict::unknown};
        auto const same_row = [&](KnownRow const& one) { return one.name == name && one.ttl == row.ttl; };
        if (auto const it = std::find_if(known.begin(), known.end(), same_row); it != known.end()) {
            bool const equal = it->nodes == nodes && is_rounded(it->reach, row.reach, nodes) &&
                               is_rounded(it->messages, row.messages, nodes) &&
                               is_rounded(it->duplicates, row.messages - row.reach, nodes);
            line.verdict = equal ? Verdict::equal : Verdict::differs;
        }
        if (!known.empty())
            line.text += line.verdict == Verdict::unknown ? ",unknown"
                         : line.verdict == Verdict::equal ? ",equal"
                                                          : ",differs";
        lines.push_back(std::move(line));
    }
    for (KnownRow const& one : known)
        if (one.name == name && one.ttl > rows.size())
            lines.push_back(
                {report::csv_field(name) + ',' + std::to_string(nodes) + ',' + std::to_string(one.ttl) + ",,,,differs",
                 Verdict::differs});
    return lines;
}

}  // namespace praline::simulate
