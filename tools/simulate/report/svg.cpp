#include "tools/simulate/report/svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "tools/simulate/report/text_forms.hpp"

namespace praline::simulate::report::svg {
namespace {

constexpr double margin_left = 66, margin_right = 18, margin_top = 14, margin_bottom = 50;
constexpr double ratio_for_logarithm = 25;  // between the largest and the smallest bar

/// A coordinate.
std::string px(double value) {
    std::string text = rounded(value, 2);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string colour(std::size_t series) { return "s" + std::to_string(series % series_colours); }

std::string line(double x1, double y1, double x2, double y2, std::string const& classes) {
    return "<line class=\"" + classes + "\" x1=\"" + px(x1) + "\" y1=\"" + px(y1) + "\" x2=\"" + px(x2) + "\" y2=\"" +
           px(y2) + "\"/>";
}

std::string label(double x, double y, std::string const& anchor, std::string const& text,
                  std::string const& classes = "label") {
    return "<text class=\"" + classes + "\" x=\"" + px(x) + "\" y=\"" + px(y) + "\" text-anchor=\"" + anchor + "\">" +
           escaped(text) + "</text>";
}

std::string start(double width, double height, std::string const& name) {
    return "<svg viewBox=\"0 0 " + px(width) + ' ' + px(height) + "\" role=\"img\" aria-label=\"" + escaped(name) +
           "\">";
}

/// 1500 as 1.5k.
std::string tick_text(double value) {
    static constexpr std::array suffixes{"", "k", "M", "G", "T"};
    std::size_t at = 0;
    for (; std::abs(value) >= 1000 && at + 1 < suffixes.size(); ++at) value /= 1000;
    return shortest(std::round(value * 1e9) / 1e9) + suffixes[at];
}

}  // namespace

std::string escaped(std::string const& text) {
    std::string out;
    for (char const letter : text) {
        if (letter == '<')
            out += "&lt;";
        else if (letter == '>')
            out += "&gt;";
        else if (letter == '&')
            out += "&amp;";
        else if (letter == '"')
            out += "&quot;";
        else if (static_cast<unsigned char>(letter) < 0x20)
            out += ' ';
        else
            out += letter;
    }
    return out;
}

Axis Axis::linear(double low, double high, std::string title) {
    if (!(high > low)) high = low + 1;
    double const rough = (high - low) / 5, power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (double const factor : {5.0, 2.5, 2.0, 1.0})
        if (rough <= factor * power * (1 + 1e-9)) step = factor * power;
    double const first = std::floor(low / step + 1e-9), last = std::ceil(high / step - 1e-9);
    Axis axis{false, first * step, last * step, std::move(title)};
    for (double number = first; number <= last; ++number)
        axis.ticks_.push_back({number * step, tick_text(number * step)});
    return axis;
}

Axis Axis::logarithmic(double low, double high, std::string title) {
    double first = std::floor(std::log10(low) + 1e-9), last = std::ceil(std::log10(high) - 1e-9);
    if (last <= first) last = first + 1;
    Axis axis{true, std::pow(10, first), std::pow(10, last), std::move(title)};
    double const every = std::ceil((last - first) / 8);
    for (double decade = first; decade <= last; ++decade) {
        bool const named = std::fmod(decade - first, every) == 0;
        axis.ticks_.push_back({std::pow(10, decade), named ? tick_text(std::pow(10, decade)) : ""});
        if (decade < last && last - first <= 6)
            for (int part = 2; part < 10; ++part) {
                bool const few = last - first <= 2 && (part == 2 || part == 5);
                axis.ticks_.push_back({part * std::pow(10, decade), few ? tick_text(part * std::pow(10, decade)) : ""});
            }
    }
    return axis;
}

double Axis::place(double value) const {
    double const at =
        log_ ? (std::log10(std::max(value, low_)) - std::log10(low_)) / (std::log10(high_) - std::log10(low_))
             : (value - low_) / (high_ - low_);
    return room_ + (1 - 2 * room_) * std::clamp(at, 0.0, 1.0);
}

Plot::Plot(Axis x_axis, Axis y_axis, std::string name, double width, double height)
    : x_axis_{std::move(x_axis)}, y_axis_{std::move(y_axis)}, name_{std::move(name)}, width_{width}, height_{height} {
    draw_axes();
}

double Plot::x(double value) const {
    return margin_left + x_axis_.place(value) * (width_ - margin_left - margin_right);
}
double Plot::y(double value) const {
    return height_ - margin_bottom - y_axis_.place(value) * (height_ - margin_top - margin_bottom);
}

void Plot::draw_axes() {
    double const left = margin_left, right = width_ - margin_right, bottom = height_ - margin_bottom, top = margin_top;
    for (Axis::Tick const& tick : x_axis_.ticks()) {
        if (tick.label.empty())
            out_ += line(x(tick.value), bottom, x(tick.value), bottom + 3, "axis");
        else
            out_ += line(x(tick.value), top, x(tick.value), bottom, "grid") +
                    label(x(tick.value), bottom + 17, "middle", tick.label);
    }
    for (Axis::Tick const& tick : y_axis_.ticks()) {
        if (tick.label.empty())
            out_ += line(left - 3, y(tick.value), left, y(tick.value), "axis");
        else
            out_ += line(left, y(tick.value), right, y(tick.value), "grid") +
                    label(left - 8, y(tick.value) + 4, "end", tick.label);
    }
    out_ += line(left, bottom, right, bottom, "axis") + line(left, top, left, bottom, "axis");
    out_ += label((left + right) / 2, height_ - 10, "middle", x_axis_.title(), "title");
    out_ += "<text class=\"title\" text-anchor=\"middle\" transform=\"translate(16 " + px((top + bottom) / 2) +
            ") rotate(-90)\">" + escaped(y_axis_.title()) + "</text>";
}

std::string marker(std::size_t series, double x, double y) {
    std::string const begin = "class=\"mark " + colour(series) + "\" ";
    switch (series % 4) {
        case 0: return "<circle " + begin + "cx=\"" + px(x) + "\" cy=\"" + px(y) + "\" r=\"5.5\"/>";
        case 1:
            return "<rect " + begin + "x=\"" + px(x - 5) + "\" y=\"" + px(y - 5) + "\" width=\"10\" height=\"10\"/>";
        case 2: return "<path " + begin + "d=\"M" + px(x) + ' ' + px(y - 6.5) + 'l' + "6.2 11h-12.4z\"/>";
        default: return "<path " + begin + "d=\"M" + px(x) + ' ' + px(y - 7) + "l7 7l-7 7l-7-7z\"/>";
    }
}

void Plot::point(std::size_t series, Point at, std::optional<Interval> x_error, std::optional<Interval> y_error,
                 std::string const& hint) {
    std::string const classes = "error " + colour(series);
    double const middle_x = x(at.x), middle_y = y(at.y);
    out_ += "<g><title>" + escaped(hint) + "</title>";
    if (x_error) {
        double const low = x(x_error->low), high = x(x_error->high);
        out_ += line(low, middle_y, high, middle_y, classes) + line(low, middle_y - 4, low, middle_y + 4, classes) +
                line(high, middle_y - 4, high, middle_y + 4, classes);
    }
    if (y_error) {
        double const low = y(y_error->low), high = y(y_error->high);
        out_ += line(middle_x, low, middle_x, high, classes) + line(middle_x - 4, low, middle_x + 4, low, classes) +
                line(middle_x - 4, high, middle_x + 4, high, classes);
    }
    out_ += marker(series, middle_x, middle_y) + "</g>";
}

void Plot::dots(std::size_t series, std::vector<Point> const& points) {
    for (Point const& at : points)
        out_ += "<circle class=\"mark " + colour(series) + "\" cx=\"" + px(x(at.x)) + "\" cy=\"" + px(y(at.y)) +
                "\" r=\"2.6\"/>";
}

void Plot::names(std::vector<std::pair<Point, std::string>> all) {
    constexpr double beside = 12, letter = 7, line_height = 15;
    struct Box {
        double left, right, middle;
    };
    std::vector<Box> taken;
    // From the right, so that lines back to marks do not cross.
    std::sort(all.begin(), all.end(), [](auto const& one, auto const& other) { return one.first.x > other.first.x; });
    for (auto const& [at, name] : all) {
        double const width = letter * static_cast<double>(name.size());
        bool const is_right = x(at.x) + beside + width < width_ - margin_right;
        Box box{is_right ? x(at.x) + beside : x(at.x) - beside - width, 0, y(at.y) + line_height};
        box.right = box.left + width;
        auto const is_taken = [&] {
            return std::any_of(taken.begin(), taken.end(), [&](Box const& other) {
                return box.left < other.right && other.left < box.right &&
                       std::abs(box.middle - other.middle) < line_height;
            });
        };
        while (is_taken() && box.middle < height_ - margin_bottom) box.middle += line_height;
        taken.push_back(box);
        out_ += label(is_right ? box.left : box.right, box.middle + 4, is_right ? "start" : "end", name, "name");
        // A name that had to move is led back to its mark.
        if (box.middle - y(at.y) > 1.5 * line_height)
            out_ += line(x(at.x), y(at.y), is_right ? box.left - 2 : box.right + 2, box.middle, "stem");
    }
}

void Plot::stairs(std::size_t series, std::vector<Point> const& points, double width) {
    std::string path;
    for (Point const& at : points)
        path += path.empty() ? "M" + px(x(at.x)) + ' ' + px(y(at.y)) : "H" + px(x(at.x)) + "V" + px(y(at.y));
    out_ += "<path class=\"curve " + colour(series) + " dash" + std::to_string(series % 4) + "\" stroke-width=\"" +
            px(width) + "\" d=\"" + path + "\"/>";
}

void Plot::bar(std::size_t series, Point at, double half_width) {
    double const left = x(at.x - half_width), right = x(at.x + half_width), top = y(at.y), bottom = y(y_axis_.low());
    out_ += "<rect class=\"bar " + colour(series) + "\" x=\"" + px(left) + "\" y=\"" + px(top) + "\" width=\"" +
            px(right - left) + "\" height=\"" + px(bottom - top) + "\"/>";
}

std::string Plot::text() const { return start(width_, height_, name_) + out_ + "</svg>"; }

std::string bars(std::vector<Bar> const& all, std::string const& title, std::string const& unit,
                 std::optional<double> full) {
    constexpr double width = 480, row = 30, names = 158, values = 92, top = 8, below = 40;
    double const height = top + row * static_cast<double>(all.size()) + below, bottom = height - below;
    double least = 0, most = 0;
    for (Bar const& one : all) {
        if (!one.value || *one.value <= 0) continue;
        least = least == 0 ? *one.value : std::min(least, *one.value);
        most = std::max(most, *one.value + one.half_width);
    }
    bool const log = !full && least > 0 && most / least > ratio_for_logarithm;
    Axis const axis = log ? Axis::logarithmic(least, most, unit) : Axis::linear(0, full.value_or(most), unit);
    auto const x = [&](double value) { return names + axis.place(value) * (width - names - values); };
    std::string out = start(width, height, title);
    double labelled = -100;
    for (Axis::Tick const& tick : axis.ticks()) {
        if (tick.label.empty()) continue;
        out += line(x(tick.value), top, x(tick.value), bottom, "grid");
        if (x(tick.value) - labelled < 34) continue;
        labelled = x(tick.value);
        out += label(labelled, bottom + 15, "middle", tick.label);
    }
    out += line(names, top, names, bottom, "axis");
    for (std::size_t at = 0; at < all.size(); ++at) {
        Bar const& one = all[at];
        double const middle = top + row * (static_cast<double>(at) + 0.5);
        out += "<g><title>" + escaped(one.name + ": " + one.label) + "</title>";
        out += label(names - 8, middle + 4, "end", one.name);
        out += label(width - values + 10, middle + 4, "start", one.label, "value");
        if (!one.value) {
            out += "</g>";
            continue;
        }
        if (!log)
            out += "<rect class=\"bar " + colour(at) + "\" x=\"" + px(names) + "\" y=\"" + px(middle - 8) +
                   "\" width=\"" + px(x(*one.value) - names) + "\" height=\"16\"/>";
        else
            out += line(names, middle, x(*one.value), middle, "stem");
        double const low = x(*one.value - one.half_width), high = x(*one.value + one.half_width);
        std::string const classes = log ? "error " + colour(at) : "error";
        out += line(low, middle, high, middle, classes) + line(low, middle - 4, low, middle + 4, classes) +
               line(high, middle - 4, high, middle + 4, classes);
        if (log && *one.value > 0) out += marker(at, x(*one.value), middle);
        out += "</g>";
    }
    return out +
           label((names + width - values) / 2, height - 6, "middle", unit + (log ? ", logarithmic" : ""), "title") +
           "</svg>";
}

}  // namespace praline::simulate::report::svg
