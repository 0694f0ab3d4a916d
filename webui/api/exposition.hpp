#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace praline::webui {

/// Writes figures for Prometheus: each family once, with HELP and TYPE, all its samples together.   @threads one.
/// Written after Prometheus, "Exposition formats", text-based format 0.0.4.
class Exposition {
public:
    using Labels = std::vector<std::pair<std::string_view, std::string>>;

    /// @param prefix  of all names, such as "praline_node_".
    explicit Exposition(std::string prefix) : prefix_{std::move(prefix)} {}
    /// What follows are its samples. @param type  "gauge", "counter" or "summary"; names of counters end in "_total".
    void family(std::string_view name, std::string_view type, std::string_view help);
    /// @param value  a number as text.   @param suffix  behind the name: "_sum" and "_count" of a summary.
    void sample(std::string const& value, Labels const& labels = {}, std::string_view suffix = "");
    /// A family of one sample.
    void gauge(std::string_view name, std::string_view help, double value);
    void counter(std::string_view name, std::string_view help, std::uint64_t value);
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string prefix_, name_, text_;
};

/// Ten significant digits.
[[nodiscard]] std::string number_text(double value);

inline constexpr char prometheus_content_type[] = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace praline::webui
