// Reports for people.
#include <algorithm>
#include <vector>

#include "tools/simulate/report/report.hpp"
#include "tools/simulate/report/text_forms.hpp"

namespace praline::simulate::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// In characters: the plus-minus sign is two bytes.
std::size_t width_of(std::string const& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0) != 0x80; }));
}

std::string padded(std::string const& text, std::size_t width, bool left) {
    std::string const blanks(width - std::min(width_of(text), width), ' ');
    return left ? text + blanks : blanks + text;
}

std::string heading(Report const& report) {
    return report.topology + ": " + std::to_string(report.nodes) + " nodes, " + std::to_string(report.links) +
           " links; " +
           (report.nodes_left_out == 0 ? ""
                                       : std::to_string(report.nodes_left_out) + " nodes outside the largest of " +
                                             std::to_string(report.components) + " components left out; ") +
           std::to_string(report.tally.queries()) + " queries, replication " + shortest(report.options.replication) +
           ", seed " + std::to_string(report.options.seed) +
           (report.partial() ? "; PARTIAL, of " + std::to_string(report.options.queries) : "") +
           "; means with 95 % confidence\n";
}

std::string lined_up(Rows const& rows) {
    std::string out;
    for (auto const& row : rows) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            std::size_t width = 0;
            for (auto const& other : rows) width = std::max(width, width_of(other[column]));
            out += padded(row[column], width, column == 0) + (column + 1 == row.size() ? "\n" : "  ");
        }
    }
    return out;
}

std::string row_label(Report const& report) {
    return label_of(report.options) +
           (report.partial() ? " (after " + std::to_string(report.tally.queries()) + " queries)" : "");
}

std::string plain_table(std::span<Report const> reports) {
    Rows rows{{"strategy", "found", "hops", "messages", "per node", "duplicates", "nodes visited", "checks"}};
    for (Report const& report : reports) {
        Tally const& tally = report.tally;
        auto const per_node = messages_per_node(report);
        rows.push_back({row_label(report), with_error(tally.success(), 4), with_error(tally.hops.estimate(), 2),
                        with_error(tally.messages.estimate(), 1), per_node ? rounded(per_node->mean, 5) : "-",
                        with_error(tally.duplicates.estimate(), 1), with_error(tally.reach.estimate(), 1),
                        with_error(tally.checks.estimate(), 1)});
    }
    return lined_up(rows);
}

std::string found_table(std::span<Report const> reports) {
    std::string const wanted = std::to_string(reports.front().options.network.results_enough);
    Rows rows{
        {"what it found", "found", "results", "hops to first", "ms to first", "found " + wanted, "ms to " + wanted}};
    for (Report const& report : reports) {
        Tally const& tally = report.tally;
        bool const logged = report.options.logs_events();
        rows.push_back({row_label(report), with_error(tally.success(), 4), with_error(tally.results.estimate(), 2),
                        with_error(tally.hops.estimate(), 2), with_error(tally.first_ms.estimate(), 0),
                        logged ? with_error(tally.enough.estimate(), 4) : "-",
                        with_error(tally.enough_ms.estimate(), 0)});
        if (report.options.network.liars > 0) rows.back().push_back(with_error(tally.false_hits.estimate(), 2));
    }
    if (reports.front().options.network.liars > 0) rows.front().push_back("false hits");
    return lined_up(rows);
}

std::string cost_table(std::span<Report const> reports) {
    Rows rows{{"what it cost", "messages", "per node", "busiest node", "per result", "duplicates", "bytes",
               "nodes visited", "checks"}};
    for (Report const& report : reports) {
        Tally const& tally = report.tally;
        bool const logged = report.options.logs_events();
        rows.push_back({row_label(report), with_error(tally.messages.estimate(), 1),
                        with_error(messages_per_node(report), 5),
                        logged ? with_error(tally.busiest.estimate(), 2) : "-",
                        with_error(tally.messages_per_result.estimate(), 2), with_error(tally.duplicates.estimate(), 1),
                        logged ? with_error(tally.bytes.estimate(), 0) : "-", with_error(tally.reach.estimate(), 1),
                        with_error(tally.checks.estimate(), 1)});
    }
    return lined_up(rows);
}

}  // namespace

std::string label_of(world::RunOptions const& options) {
    std::string name = to_string(options.strategy);
    world::ParameterMask const parameters = world::row_of(options.strategy).parameters;
    if (parameters.ttl) name += " ttl " + std::to_string(options.effective_ttl());
    if (parameters.walk) name += ' ' + std::to_string(options.walkers) + (options.state ? " state" : "");
    return name;
}

std::string to_table(std::span<Report const> reports) {
    if (reports.empty()) return "";
    bool const detailed =
        std::any_of(reports.begin(), reports.end(), [](Report const& report) { return report.detailed(); });
    return heading(reports.front()) +
           (detailed ? found_table(reports) + '\n' + cost_table(reports) : plain_table(reports));
}

}  // namespace praline::simulate::report
