#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Plots as SVG text. Colours are classes (`s0` … `s7`, `axis`, `grid`) that the page gives; every coordinate has two
/// decimals at most, so that the last bit of a logarithm shows nowhere.
namespace praline::simulate::report::svg {

inline constexpr std::size_t series_colours = 8;

[[nodiscard]] std::string escaped(std::string const& text);

/// A straight or logarithmic scale from low to high. Bounds are widened to round numbers.
class Axis {
public:
    /// @pre low <= high; of a logarithmic one both are more than 0.
    static Axis linear(double low, double high, std::string title);
    static Axis logarithmic(double low, double high, std::string title);
    /// Leaves so much of its length free at both ends, so that no mark stands on an edge.
    [[nodiscard]] Axis with_room(double share) && {
        room_ = share;
        return std::move(*this);
    }

    /// 0 at its beginning, 1 at its end; what is beyond is moved there.
    [[nodiscard]] double place(double value) const;
    struct Tick {
        double value;
        std::string label;
    };  ///< label empty: a short stroke only
    [[nodiscard]] std::vector<Tick> const& ticks() const { return ticks_; }
    [[nodiscard]] std::string const& title() const { return title_; }
    [[nodiscard]] double low() const { return low_; }

private:
    Axis(bool log, double low, double high, std::string title)
        : log_{log}, low_{low}, high_{high}, title_{std::move(title)} {}
    bool log_;
    double low_, high_, room_ = 0;
    std::string title_;
    std::vector<Tick> ticks_;
};

struct Interval {
    double low, high;
};
struct Point {
    double x, y;
};

/// Axes, then what is drawn between them.
class Plot {
public:
    Plot(Axis x, Axis y, std::string name, double width = 640, double height = 400);
    /// A marker, its form and colour by the number of its series, with error bars.
    void point(std::size_t series, Point at, std::optional<Interval> x_error, std::optional<Interval> y_error,
               std::string const& hint);
    void dots(std::size_t series, std::vector<Point> const& points);
    /// Constant until the next point. Of lines that lie on each other the lower ones are seen where they are wider.
    void stairs(std::size_t series, std::vector<Point> const& points, double width = 2.2);
    /// Names below points, to the right or left of them, none on another.
    void names(std::vector<std::pair<Point, std::string>> all);
    void bar(std::size_t series, Point at, double half_width);
    [[nodiscard]] std::string text() const;

private:
    [[nodiscard]] double x(double value) const;
    [[nodiscard]] double y(double value) const;
    void draw_axes();

    Axis x_axis_, y_axis_;
    std::string name_;
    double width_, height_;
    std::string out_;
};

/// One bar for each of some things, with its error, name and value beside it. The scale is logarithmic, with marks in place of
/// bars, where values are too far apart for bars that begin at 0.
struct Bar {
    std::string name;
    std::optional<double> value;
    double half_width = 0;
    std::string label;
};
[[nodiscard]] std::string bars(std::vector<Bar> const& bars, std::string const& title, std::string const& unit,
                               std::optional<double> full);

/// A marker as `Plot::point` draws it, for legends.
[[nodiscard]] std::string marker(std::size_t series, double x, double y);

}  // namespace praline::simulate::report::svg
