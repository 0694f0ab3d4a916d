#include "tools/simulate/report.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <variant>
#include <vector>

namespace praline::simulate {
namespace {

using Value = std::variant<std::monostate, bool, std::uint64_t, double, std::string>;
using Fields = std::vector<std::pair<std::string, Value>>;

std::string shortest(double value) {
    std::array<char, 32> buffer{};
    auto const [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), end};
}

std::string escaped(std::string const& text) {
    std::string out;
    for (char const letter : text) {
        auto const code = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') out += '\\', out += letter;
        else if (code < 0x20) {
            std::array<char, 8> unicode{};
            std::snprintf(unicode.data(), unicode.size(), "\\u%04x", code);
            out += unicode.data();
        } else out += letter;
    }
    return out;
}

struct AsText {
    bool json;
    std::string operator()(std::monostate) const { return json ? "null" : ""; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::uint64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return shortest(value); }
    std::string operator()(std::string const& value) const {
        if (json) return '"' + escaped(value) + '"';
        if (value.find_first_of(",\"\n") == std::string::npos) return value;
        std::string quoted = "\"";
        for (char const letter : value) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
        return quoted + '"';
    }
};

void add_mean(Fields& fields, std::string const& name, std::optional<Estimate> const& estimate) {
    fields.emplace_back(name, estimate ? Value{estimate->mean} : Value{});
    fields.emplace_back(name + "_ci95", estimate ? Value{estimate->half_width} : Value{});
}

void add_parameters(Fields& fields, RunOptions const& options) {
    auto const [has_ttl, walk] = row_of(options.strategy).heeds;
    auto const only = [](bool applies, Value value) { return applies ? std::move(value) : Value{}; };
    fields.emplace_back("strategy", std::string{to_string(options.strategy)});
    fields.emplace_back("ttl", only(has_ttl, std::uint64_t{options.effective_ttl()}));
    fields.emplace_back("walkers", only(walk, std::uint64_t{options.walkers}));
    fields.emplace_back("check_every", only(walk, std::uint64_t{options.check_every}));
    fields.emplace_back("state", only(walk, options.state));
    fields.emplace_back("max_steps", only(walk, std::uint64_t{options.steps_max}));
}

Fields fields_of(Report const& report) {
    Fields fields;
    RunOptions const& options = report.options;
    Tally const& tally = report.tally;
    fields.emplace_back("topology", report.topology);
    fields.emplace_back("nodes", std::uint64_t{report.nodes});
    fields.emplace_back("links", report.links);
    add_parameters(fields, options);
    fields.emplace_back("replication", options.replication);
    fields.emplace_back("replicas", std::uint64_t{replicas_for(options.replication, report.nodes)});
    fields.emplace_back("queries", tally.queries());
    fields.emplace_back("seed", options.seed);
    Estimate const success = tally.success();
    fields.emplace_back("success_rate", success.mean);
    fields.emplace_back("success_rate_ci95", success.half_width);
    add_mean(fields, "hops_mean", tally.hops.estimate());
    add_mean(fields, "waited_hops_mean", tally.waited_hops.estimate());
    add_mean(fields, "reach_mean", tally.reach.estimate());
    auto const messages = tally.messages.estimate();
    add_mean(fields, "messages_mean", messages);
    std::optional<Estimate> per_node;
    if (messages) per_node = Estimate{messages->mean / report.nodes, messages->half_width / report.nodes};
    add_mean(fields, "messages_per_node", per_node);
    add_mean(fields, "duplicates_mean", tally.duplicates.estimate());
    add_mean(fields, "nodes_visited_mean", tally.reach.estimate());  // whoever is reached looks at its own files
    add_mean(fields, "checks_mean", tally.checks.estimate());
    return fields;
}

/// In characters: the plus-minus sign is two octets.
std::size_t width_of(std::string const& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0) != 0x80; }));
}

std::string padded(std::string const& text, std::size_t width, bool left) {
    std::string const blanks(width - std::min(width_of(text), width), ' ');
    return left ? text + blanks : blanks + text;
}

std::string rounded(double value, int decimals) {
    std::array<char, 64> buffer{};
    auto const [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
    return {buffer.data(), end};
}

std::string with_error(std::optional<Estimate> const& estimate, int decimals) {
    if (!estimate) return "-";
    return rounded(estimate->mean, decimals) + " ±" + rounded(estimate->half_width, decimals);
}

std::string label(RunOptions const& options) {
    std::string name = to_string(options.strategy);
    Heeds const heeds = row_of(options.strategy).heeds;
    if (heeds.ttl) name += " ttl " + std::to_string(options.effective_ttl());
    if (heeds.walk) name += ' ' + std::to_string(options.walkers) + (options.state ? " state" : "");
    return name;
}

std::string heading(Report const& report) {
    return report.topology + ": " + std::to_string(report.nodes) + " nodes, " + std::to_string(report.links) + " links; " +
           std::to_string(report.tally.queries()) + " queries, replication " + shortest(report.options.replication) +
           ", seed " + std::to_string(report.options.seed) + "; means with 95 % confidence\n";
}

}  // namespace

std::string to_json(Report const& report) {
    std::string out = "{";
    for (auto const& [name, value] : fields_of(report)) {
        if (out.size() > 1) out += ',';
        out += '"' + name + "\":" + std::visit(AsText{true}, value);
    }
    return out + '}';
}

std::string to_json(std::span<Report const> reports) {
    std::string out = "[";
    for (Report const& report : reports) out += (out.size() > 1 ? ",\n " : "") + to_json(report);
    return out + ']';
}

std::string to_csv(std::span<Report const> reports) {
    std::string out;
    for (Report const& report : reports) {
        Fields const fields = fields_of(report);
        if (out.empty())
            for (auto const& [name, value] : fields) out += name + (name == fields.back().first ? "\n" : ",");
        for (std::size_t at = 0; at < fields.size(); ++at)
            out += std::visit(AsText{false}, fields[at].second) + (at + 1 == fields.size() ? '\n' : ',');
    }
    return out;
}

std::string to_table(std::span<Report const> reports) {
    if (reports.empty()) return "";
    std::string out = heading(reports.front());
    std::vector<std::vector<std::string>> rows{
        {"strategy", "found", "hops", "messages", "per node", "duplicates", "nodes visited", "checks"}};
    for (Report const& report : reports) {
        Tally const& tally = report.tally;
        auto const messages = tally.messages.estimate();
        rows.push_back({label(report.options), with_error(tally.success(), 4), with_error(tally.hops.estimate(), 2),
                        with_error(messages, 1), messages ? rounded(messages->mean / report.nodes, 5) : "-",
                        with_error(tally.duplicates.estimate(), 1), with_error(tally.reach.estimate(), 1),
                        with_error(tally.checks.estimate(), 1)});
    }
    for (auto const& row : rows) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            std::size_t width = 0;
            for (auto const& other : rows) width = std::max(width, width_of(other[column]));
            out += padded(row[column], width, column == 0) + (column + 1 == row.size() ? "\n" : "  ");
        }
    }
    return out;
}

}  // namespace praline::simulate
