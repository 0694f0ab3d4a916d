#include "tools/simulate/report/html.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "tools/simulate/report/html_plots.hpp"
#include "tools/simulate/report/html_style.hpp"
#include "tools/simulate/report/svg.hpp"
#include "tools/simulate/report/text_forms.hpp"
#include "tools/simulate/world/request.hpp"

namespace praline::simulate::report {
namespace {

using svg::escaped;

struct Column {
    char const* heading;
    int decimals;
    std::function<std::optional<Estimate>(Report const&)> value;
};

/// A column of sums that need an event log.
Column logged(char const* heading, int decimals, Sum Tally::*sum) {
    return {heading, decimals, [sum](Report const& report) {
                return report.options.logs_events() ? (report.tally.*sum).estimate() : std::nullopt;
            }};
}

Column counted(char const* heading, int decimals, Sum Tally::*sum) {
    return {heading, decimals, [sum](Report const& report) { return (report.tally.*sum).estimate(); }};
}

std::string cell(std::optional<Estimate> const& estimate, int decimals) {
    if (!estimate) return "<td>–</td>";
    int const digits = decimals_of(*estimate, decimals);
    return "<td>" + grouped(estimate->mean, digits) + " <small>±" + grouped(estimate->half_width, digits) +
           "</small></td>";
}

std::string key(std::size_t series) {
    return "<svg class=\"key\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">" + svg::marker(series, 8, 8) + "</svg>";
}

/// What is wider than a phone can be scrolled by keys, too.
std::string scrolled(std::string const& name) {
    return "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + name + "\">";
}

std::string table(std::span<Report const> reports, std::vector<Column> const& columns, char const* name) {
    std::string out = scrolled(name) + "<table><thead><tr><th>strategy</th>";
    for (Column const& column : columns) out += "<th>" + escaped(column.heading) + "</th>";
    out += "</tr></thead><tbody>\n";
    for (std::size_t at = 0; at < reports.size(); ++at) {
        out += "<tr><th scope=\"row\" style=\"text-align:left;white-space:nowrap\">" + key(at) +
               escaped(label_of(reports[at].options)) + "</th>";
        for (Column const& column : columns) out += cell(column.value(reports[at]), column.decimals);
        out += "</tr>\n";
    }
    return out + "</tbody></table></div>\n";
}

std::string tables(std::span<Report const> reports) {
    std::string const wanted = std::to_string(reports.front().options.network.results_enough), rate = "found " + wanted,
                      time = "ms to " + wanted;
    std::vector<Column> found{
        {"success rate", 4, [](Report const& report) { return std::optional{report.tally.success()}; }},
        counted("results", 2, &Tally::results),
        counted("hops to first", 2, &Tally::hops),
        logged("ms to first", 0, &Tally::first_ms),
        logged(rate.c_str(), 4, &Tally::enough),
        logged(time.c_str(), 0, &Tally::enough_ms)};
    if (reports.front().options.network.liars > 0) found.push_back(logged("false hits", 2, &Tally::false_hits));
    std::vector<Column> const cost{
        counted("messages", 1, &Tally::messages),
        {"per node", 5, messages_per_node},
        logged("busiest node", 2, &Tally::busiest),
        {"messages per result", 2, [](Report const& report) { return report.tally.messages_per_result.estimate(); }},
        counted("duplicates", 1, &Tally::duplicates)};
    std::vector<Column> const more{logged("bytes", 0, &Tally::bytes), logged("hits passed on", 1, &Tally::hit_messages),
                                   counted("nodes visited", 1, &Tally::reach),
                                   counted("checks of walkers", 1, &Tally::checks),
                                   logged("messages lost", 1, &Tally::lost)};
    return "<h2>What each found</h2>\n" + table(reports, found, "What each found") + "<h2>What each cost</h2>\n" +
           table(reports, cost, "What each cost") + table(reports, more, "What else each cost") +
           "<p class=\"lead\">Means per query with the half-width of their 95 % confidence interval. Hops and times "
           "are over the queries that "
           "found as much; the busiest node is the one, other than the asker, to which most messages of a query "
           "came.</p>\n";
}

std::string summary(std::span<Report const> reports) {
    std::size_t surest = 0;
    std::optional<std::size_t> cheapest;
    for (std::size_t at = 0; at < reports.size(); ++at) {
        Tally const &one = reports[at].tally, &best = reports[surest].tally;
        bool const fewer = one.messages.estimate()->mean < best.messages.estimate()->mean;
        if (one.found * best.queries() > best.found * one.queries() ||
            (one.success().mean == best.success().mean && fewer))
            surest = at;
        auto const cost = reports[at].tally.messages_per_result.estimate();
        if (cost && (!cheapest || cost->mean < reports[*cheapest].tally.messages_per_result.estimate()->mean))
            cheapest = at;
    }
    auto const name = [&](std::size_t at) { return "<b>" + escaped(label_of(reports[at].options)) + "</b>"; };
    auto const& best = reports[surest].tally;
    std::string const messages = grouped(best.messages.estimate()->mean, 0);
    bool const all = best.found == best.queries();
    std::string out = "<p>" + name(surest);
    if (reports.size() == 1)
        out += " finds a match in " + rounded(100 * best.success().mean, 1) + " % of the searches, at " + messages +
               " messages each.";
    else if (all)
        out += " finds a match in every search, with the fewest messages of those that do: " + messages + " each.";
    else
        out += " finds the most: a match in " + rounded(100 * best.success().mean, 1) + " % of the searches, at " +
               messages + " messages each.";
    if (cheapest && reports.size() > 1)
        out += (*cheapest == surest ? " It has the fewest messages for each result, too: "
                                    : " The fewest messages for each result has " + name(*cheapest) + ": ") +
               grouped(reports[*cheapest].tally.messages_per_result.estimate()->mean, 1) +
               (*cheapest == surest
                    ? "."
                    : ", and finds a match in " + rounded(100 * reports[*cheapest].tally.success().mean, 1) + " %.");
    return out + "</p>\n";
}

std::string fact(std::string const& value, std::string const& name) {
    return "<div><b>" + value + "</b><span>" + name + "</span></div>";
}

std::string overlay(world::GraphFacts const& facts) {
    std::string out = "<h2>The overlay</h2>\n<div class=\"facts\">" + fact(grouped(facts.nodes), "nodes") +
                      fact(grouped(facts.links), "links") + fact(rounded(facts.degree_mean, 2), "links a node, mean") +
                      fact(grouped(facts.degree_median), "median") + fact(grouped(facts.degree_max), "most") +
                      fact(rounded(facts.distance_mean, 2), "hops apart, mean") +
                      fact(grouped(facts.distances.empty() ? 0 : facts.distances.size() - 1), "farthest seen") +
                      fact(rounded(facts.clustering, 4), "clustering") + "</div>\n";
    out += "<div class=\"pair\">" + plots::degrees(facts) + plots::distances(facts) + "</div>\n";
    return out + "<p class=\"lead\">Distances from " + grouped(facts.distance_sources) +
           " nodes drawn from the seed; clustering is the mean over " + grouped(facts.clustering_nodes) +
           " drawn nodes of the share of their pairs of neighbours that are neighbours themselves.</p>\n";
}

std::string how(Report const& first, std::string const& command) {
    world::Request request;
    request.options = first.options;
    std::string out =
        "<h2>How to repeat it</h2>\n<pre>" + escaped(command) +
        "</pre>\n<p class=\"lead\">Praline " PRALINE_VERSION ", seed " + std::to_string(first.options.seed) +
        ". The same command gives the same figures on any machine and any number of threads.</p>\n"
        "<div class=\"wide\"><table class=\"settings\"><thead><tr><th>setting</th><th>value</th></tr></thead><tbody>\n";
    for (world::Key const& one : world::keys()) {
        std::string const name = one.name, value = one.get(request);
        bool const left_out = value.empty() || name == "topology" || name.rfind("strateg", 0) == 0 ||
                              name == "threads" || name == "workload" || name == "books" ||
                              (one.of_items && first.options.workload.items == 0);
        if (!left_out) out += "<tr><td>" + escaped(name) + "</td><td>" + escaped(value) + "</td></tr>\n";
    }
    return out + "</tbody></table></div>\n";
}

}  // namespace

std::string to_html(std::span<Report const> reports, world::GraphFacts const& facts, std::string const& command) {
    Report const& first = reports.front();
    bool const partial =
        std::any_of(reports.begin(), reports.end(), [](Report const& report) { return report.partial(); });
    std::string out =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"light dark\"><title>Search strategies on " +
        escaped(first.topology) + "</title>\n<style>" + html_style + "</style></head>\n<body><main>\n";
    out += "<h1>Search strategies compared</h1>\n<p class=\"lead\">" + escaped(first.topology) + " · " +
           grouped(first.options.queries) + " queries each · " +
           (first.options.workload.items == 0 ? "" : grouped(first.options.workload.items) + " items · ") +
           "replication " + shortest(first.options.replication) + " · seed " + std::to_string(first.options.seed) +
           "</p>\n";
    if (partial)
        out +=
            "<div class=\"notice\">Partial: the run was ended early; figures are of the queries that had been "
            "asked.</div>\n";
    if (first.nodes_left_out > 0)
        out += "<div class=\"notice\">The edge list has " + grouped(first.components) +
               " components: " + grouped(first.nodes_left_out) + " of its " +
               grouped(std::uint64_t{first.nodes} + first.nodes_left_out) +
               " nodes are outside the largest and were left out.</div>\n";
    out += summary(reports);
    out += "<h2>Success and its price</h2>\n" + plots::legend(reports) + plots::success_and_cost(reports);
    out += tables(reports) + "<h2>Side by side</h2>\n" + plots::side_by_side(reports);
    out += "<h2>How far the first match is</h2>\n" + plots::legend(reports) + plots::hops(reports);
    out += overlay(facts) + how(first, command);
    return out + "</main></body></html>\n";
}

}  // namespace praline::simulate::report
