#include "webui/api/exposition.hpp"

#include <array>
#include <cstdio>

namespace praline::webui {
namespace {

std::string escaped_label(std::string_view value) {
    std::string text;
    for (char const c : value) {
        if (c == '\n')
            text += "\\n";
        else if (c == '\\' || c == '"')
            text += std::string{'\\'} + c;
        else
            text += c;
    }
    return text;
}

}  // namespace

std::string number_text(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.10g", value);
    return text.data();
}

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = prefix_ + std::string{name};
    text_ += "# HELP " + name_ + " " + std::string{help} + "\n# TYPE " + name_ + " " + std::string{type} + "\n";
}

void Exposition::sample(std::string const& value, Labels const& labels, std::string_view suffix) {
    text_ += name_ + std::string{suffix};
    for (std::size_t i = 0; i < labels.size(); ++i)
        text_ += (i == 0 ? "{" : ",") + std::string{labels[i].first} + "=\"" + escaped_label(labels[i].second) + "\"";
    text_ += (labels.empty() ? " " : "} ") + value + "\n";
}

void Exposition::gauge(std::string_view name, std::string_view help, double value) {
    family(name, "gauge", help);
    sample(number_text(value));
}

void Exposition::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "counter", help);
    sample(std::to_string(value));
}

}  // namespace praline::webui
