// The picture of `bench simulate`.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>

#include "tools/bench/simulate.hpp"

namespace praline::bench {
namespace {

constexpr double panel_width = 360, panel_height = 260, left = 70, top = 60, gap = 110;

template <class... Values>
std::string print(char const* format, Values... values) {
    std::array<char, 512> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

/// Where a value of a logarithmic axis lies on it, from 0 to 1.
struct Axis {
    int low, high;  // powers of ten
    [[nodiscard]] double at(double value) const { return (std::log10(value) - low) / (high - low); }
};

/// The whole powers of ten around the values.
Axis axis_of(std::vector<double> const& values) {
    auto const [low, high] = std::minmax_element(values.begin(), values.end());
    Axis axis{static_cast<int>(std::floor(std::log10(*low) + 1e-9)),
              static_cast<int>(std::ceil(std::log10(*high) - 1e-9))};
    if (axis.high == axis.low) ++axis.high;
    return axis;
}

struct Series {
    char const* name;
    char const* style;  // class of its colour and marks
    std::vector<std::pair<double, double>> points;
};

struct Panel {
    char const* title;
    char const* unit;
    std::vector<Series> series;
};

/// 0.01, 100, 10^6: as people write it.
std::string power(int exponent) {
    if (exponent >= -3 && exponent <= 3) return print("%.*f", std::max(0, -exponent), std::pow(10.0, exponent));
    return print("10<tspan dy=\"-6\" font-size=\"9\">%d</tspan>", exponent);
}

std::string axes(Panel const& panel, Axis const& x, Axis const& y, double origin) {
    std::string out = print("<text class=\"title\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", origin, top - 28, panel.title);
    out += print("<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", origin, top - 10, panel.unit);
    for (int exponent = x.low; exponent <= x.high; ++exponent) {
        double const at = origin + panel_width * (exponent - x.low) / (x.high - x.low);
        out += print("<path class=\"grid\" d=\"M%.1f %.1fv%.1f\"/>\n<text class=\"middle\" x=\"%.1f\" y=\"%.1f\">", at,
                     top, panel_height, at, top + panel_height + 18) +
               power(exponent) + "</text>\n";
    }
    for (int exponent = y.low; exponent <= y.high; ++exponent) {
        double const at = top + panel_height * (1 - static_cast<double>(exponent - y.low) / (y.high - y.low));
        out += print("<path class=\"grid\" d=\"M%.1f %.1fh%.1f\"/>\n<text class=\"end\" x=\"%.1f\" y=\"%.1f\">", origin,
                     at, panel_width, origin - 8, at + 4) +
               power(exponent) + "</text>\n";
    }
    return out + print("<text class=\"middle\" x=\"%.1f\" y=\"%.1f\">nodes</text>\n", origin + panel_width / 2,
                       top + panel_height + 38);
}

std::string draw(Panel const& panel, double origin) {
    std::vector<double> xs, ys;
    for (Series const& series : panel.series)
        for (auto const& [x, y] : series.points) xs.push_back(x), ys.push_back(y);
    if (xs.empty()) return "";
    Axis const x_axis = axis_of(xs), y_axis = axis_of(ys);
    std::string out = axes(panel, x_axis, y_axis, origin);
    double legend = top + panel_height + 62;
    for (Series const& series : panel.series) {
        std::string line, marks;
        for (auto const& [x, y] : series.points) {
            double const across = origin + panel_width * x_axis.at(x), down = top + panel_height * (1 - y_axis.at(y));
            line += print("%c%.1f %.1f", line.empty() ? 'M' : 'L', across, down);
            marks += print("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n", series.style, across, down);
        }
        out += print("<path class=\"line %s\" d=\"", series.style) + line + "\"/>\n" + marks;
        out +=
            print("<path class=\"line %s\" d=\"M%.1f %.1fh24\"/><circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
                  series.style, origin, legend - 4, series.style, origin + 12, legend - 4);
        out += print("<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", origin + 32, legend, series.name);
        legend += 20;
    }
    return out;
}

using Value = std::function<double(SimulateRow const&)>;

Series series_of(std::vector<SimulateRow> const& rows, bool random_latency, char const* name, char const* style,
                 Value const& value) {
    Series series{name, style, {}};
    for (SimulateRow const& row : rows)
        if (row.random_latency == random_latency)
            series.points.emplace_back(static_cast<double>(row.nodes), value(row));
    return series;
}

}  // namespace

std::string growth_plot(std::vector<SimulateRow> const& rows) {
    auto const time = [](SimulateRow const& row) { return row.query_ms; };
    auto const engine = [](SimulateRow const& row) { return row.bytes_a_node * static_cast<double>(row.nodes) * 1e-6; };
    auto const graph = [](SimulateRow const& row) {
        return row.graph_bytes_a_node * static_cast<double>(row.nodes) * 1e-6;
    };
    Panel const times{
        "Time of a flood with TTL 7",
        "milliseconds of one core's time a query",
        {series_of(rows, false, "constant latency", "a", time), series_of(rows, true, "latency 10..100", "b", time)}};
    Panel const memory{"Memory",
                       "megabytes",
                       {series_of(rows, false, "events and sets, constant latency", "a", engine),
                        series_of(rows, true, "events and sets, latency 10..100", "b", engine),
                        series_of(rows, false, "overlay", "c", graph)}};
    double const width = left + 2 * panel_width + gap + 40, height = top + panel_height + 120;
    std::string out = print(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
        "role=\"img\">\n",
        width, height, width, height);
    out +=
        "<title>Time and memory of floods at graph scale over the number of nodes</title>\n"
        "<style>svg{background:#fff;font:13px "
        "system-ui,sans-serif}text{fill:#222}.title{font-weight:600;font-size:15px}"
        ".middle{text-anchor:middle}.end{text-anchor:end}.grid{stroke:#ddd;fill:none}.line{fill:none!important;stroke-"
        "width:2}"
        ".a{stroke:#0b62a4;fill:#0b62a4}.b{stroke:#b5451b;fill:#b5451b;stroke-dasharray:5 "
        "3}.c{stroke:#3f7d3a;fill:#3f7d3a;stroke-dasharray:2 3}"
        "circle{stroke-dasharray:none!important}@media(prefers-color-scheme:dark){svg{background:#181818}text{fill:#"
        "ddd}.grid{stroke:#444}"
        ".a{stroke:#6db3f2;fill:#6db3f2}.b{stroke:#f2936d;fill:#f2936d}.c{stroke:#8fce86;fill:#8fce86}}</style>\n";
    return out + draw(times, left) + draw(memory, left + panel_width + gap) + "</svg>\n";
}

}  // namespace praline::bench
