#include "tools/simulate/report/html_plots.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "tools/simulate/report/svg.hpp"
#include "tools/simulate/report/text_forms.hpp"

namespace praline::simulate::report::plots {
namespace {

using svg::Axis;
using svg::escaped;
using svg::Interval;
using svg::Plot;
using svg::Point;

constexpr std::uint64_t hops_for_logarithm = 40;
constexpr double page_width = 1000, page_height = 420;  // of plots as wide as the page
constexpr double room = 0.05;                           // at the ends of axes where marks stand
constexpr double thinnest = 2.2, thicker_each = 1.6;    // lines of several series, the first the widest

std::string figure(std::string const& heading, std::string const& picture, std::string const& caption) {
    return std::string{"<figure>"} + (heading.empty() ? "" : "<h3>" + escaped(heading) + "</h3>") + picture +
           (caption.empty() ? "" : "<figcaption>" + caption + "</figcaption>") + "</figure>\n";
}

/// As wide as the page; on a phone it can be scrolled, by keys, too.
std::string scrolled_picture(std::string const& name, std::string const& picture) {
    return "<div class=\"wide picture\" tabindex=\"0\" role=\"region\" aria-label=\"" + name + "\">" + picture +
           "</div>";
}

Interval around(Estimate const& estimate) {
    return {estimate.mean - estimate.half_width, estimate.mean + estimate.half_width};
}

struct Measure {
    char const* heading;
    char const* unit;
    int decimals;
    std::function<std::optional<Estimate>(Report const&)> value;
    std::optional<double> full;
};

std::string one_measure(std::span<Report const> reports, Measure const& measure) {
    std::vector<svg::Bar> bars;
    bool any = false;
    for (Report const& report : reports) {
        auto const estimate = measure.value(report);
        any = any || estimate;
        svg::Bar bar;
        bar.name = label_of(report.options);
        bar.label = estimate ? grouped(estimate->mean, decimals_of(*estimate, measure.decimals)) : "none";
        if (estimate) bar.value = estimate->mean, bar.half_width = estimate->half_width;
        bars.push_back(std::move(bar));
    }
    return any ? figure(measure.heading, svg::bars(bars, measure.heading, measure.unit, measure.full), "") : "";
}

std::uint64_t total_of(std::vector<std::uint64_t> const& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace

std::string legend(std::span<Report const> reports) {
    std::string out = "<div class=\"legend\">";
    for (std::size_t at = 0; at < reports.size(); ++at)
        out += "<span><svg class=\"key\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">" + svg::marker(at, 8, 8) +
               "</svg>" + escaped(label_of(reports[at].options)) + "</span>";
    return out + "</div>\n";
}

std::string success_and_cost(std::span<Report const> reports) {
    double least = 0, most = 1, rarest = 1;
    for (Report const& report : reports) {
        rarest = std::min(rarest, around(report.tally.success()).low);
        double const mean = report.tally.messages.estimate()->mean;
        if (mean > 0) least = least == 0 ? mean : std::min(least, mean);
        most = std::max(most, mean);
    }
    double const low = rarest > 0.99 ? 0.99 : rarest > 0.9 ? 0.9 : rarest > 0.5 ? 0.5 : 0;
    Plot plot{
        Axis::logarithmic(least == 0 ? 1 : least * 0.9, most * 1.1, "messages per query (logarithmic)").with_room(room),
        Axis::linear(low, 1, low > 0 ? "success rate, from " + shortest(low) : "success rate").with_room(room),
        "success rate against messages per query", page_width, page_height};
    std::vector<std::pair<Point, std::string>> names;
    for (std::size_t at = 0; at < reports.size(); ++at) {
        Estimate const messages = *reports[at].tally.messages.estimate(), success = reports[at].tally.success();
        plot.point(at, {messages.mean, success.mean}, around(messages), around(success),
                   label_of(reports[at].options) + ": " + grouped(messages.mean, 1) + " messages, success " +
                       rounded(success.mean, 4));
        names.emplace_back(Point{messages.mean, success.mean}, label_of(reports[at].options));
    }
    plot.names(names);
    return figure(
        "", scrolled_picture("Plot of success and price", plot.text()),
        "Up and to the left is better: more is found for fewer messages. Lines are 95 % confidence intervals.");
}

std::string side_by_side(std::span<Report const> reports) {
    auto const of = [](Sum Tally::*sum) {
        return [sum](Report const& report) { return (report.tally.*sum).estimate(); };
    };
    auto const logged = [](Sum Tally::*sum) {
        return [sum](Report const& report) {
            return report.options.logs_events() ? (report.tally.*sum).estimate() : std::nullopt;
        };
    };
    std::vector<Measure> const measures{
        {"Success rate", "share of the queries", 3,
         [](Report const& report) { return std::optional{report.tally.success()}; }, 1.0},
        {"Messages per query", "messages", 1, of(&Tally::messages), {}},
        {"Messages per result",
         "messages",
         2,
         [](Report const& report) { return report.tally.messages_per_result.estimate(); },
         {}},
        {"Messages at the busiest node", "messages per query", 2, logged(&Tally::busiest), {}},
        {"Bytes per query, hits included", "bytes", 0, logged(&Tally::bytes), {}},
        {"Nodes visited", "nodes per query", 1, of(&Tally::reach), {}},
        {"Hops to the first match", "hops", 2, of(&Tally::hops), {}},
        {"Time to the first result", "milliseconds", 0, logged(&Tally::first_ms), {}}};
    std::string out = "<div class=\"pair\">";
    for (Measure const& measure : measures) out += one_measure(reports, measure);
    return out + "</div>\n";
}

std::string hops(std::span<Report const> reports) {
    std::uint64_t farthest = 1;
    for (Report const& report : reports)
        if (!report.tally.hops_of_finds.counts().empty())
            farthest = std::max<std::uint64_t>(farthest, report.tally.hops_of_finds.counts().size() - 1);
    bool const log = farthest > hops_for_logarithm;
    std::string const title = log ? "hops of the copy that was first to find a match (logarithmic)"
                                  : "hops of the copy that was first to find a match";
    Plot plot{log ? Axis::logarithmic(1, static_cast<double>(farthest), title)
                  : Axis::linear(0, static_cast<double>(farthest), title),
              Axis::linear(0, 1, "share of all queries"), "share of the queries answered within so many hops",
              page_width, page_height};
    for (std::size_t at = 0; at < reports.size(); ++at) {
        std::vector<Point> points{{log ? 1.0 : 0.0, 0}};
        std::uint64_t answered = 0;
        auto const& counts = reports[at].tally.hops_of_finds.counts();
        for (std::size_t hop = 0; hop < counts.size(); ++hop) {
            if (counts[hop] == 0) continue;
            answered += counts[hop];
            points.push_back({static_cast<double>(hop),
                              static_cast<double>(answered) / static_cast<double>(reports[at].tally.queries())});
        }
        points.push_back({static_cast<double>(farthest), points.back().y});
        plot.stairs(at, points, thinnest + thicker_each * static_cast<double>(reports.size() - 1 - at));
        plot.point(at, points.back(), std::nullopt, std::nullopt, label_of(reports[at].options));
    }
    return figure("", scrolled_picture("Plot of hops", plot.text()),
                  "Where a line levels off is the success rate: searches beyond found nothing. Of lines that lie on "
                  "each other the wider one shows at both sides.");
}

std::string degrees(world::GraphFacts const& facts) {
    std::vector<Point> points;
    std::uint64_t at_least = facts.nodes - (facts.degrees.empty() ? 0 : facts.degrees[0]);
    for (std::size_t degree = 1; degree < facts.degrees.size(); ++degree) {
        if (facts.degrees[degree] > 0)
            points.push_back({static_cast<double>(degree), static_cast<double>(at_least) / facts.nodes});
        at_least -= facts.degrees[degree];
    }
    Plot plot{Axis::logarithmic(1, std::max<double>(facts.degree_max, 2), "links k (logarithmic)"),
              Axis::logarithmic(1.0 / facts.nodes, 1, "share of nodes with k or more"), "distribution of links a node",
              520, 340};
    plot.dots(0, points);
    return figure("Links a node", plot.text(), "A power law is a straight line here.");
}

std::string distances(world::GraphFacts const& facts) {
    auto const pairs = static_cast<double>(std::max<std::uint64_t>(total_of(facts.distances), 1));
    double most = 0;
    for (std::uint64_t const count : facts.distances) most = std::max(most, static_cast<double>(count) / pairs);
    Plot plot{Axis::linear(0, static_cast<double>(std::max<std::size_t>(facts.distances.size(), 2)), "hops apart"),
              Axis::linear(0, most, "share of pairs of nodes"), "distribution of distances", 520, 340};
    for (std::size_t hops = 1; hops < facts.distances.size(); ++hops)
        if (facts.distances[hops] > 0)
            plot.bar(0, {static_cast<double>(hops), static_cast<double>(facts.distances[hops]) / pairs}, 0.4);
    return figure("Distances", plot.text(), "");
}

}  // namespace praline::simulate::report::plots
