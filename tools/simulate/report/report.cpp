#include "tools/simulate/report/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <variant>
#include <vector>

#include "node/base/text.hpp"
#include "tools/simulate/report/csv.hpp"
#include "tools/simulate/report/text_forms.hpp"
#include "tools/simulate/world/request.hpp"
#include "tools/simulate/world/workload.hpp"

namespace praline::simulate::report {
std::string json_text(std::string const& text) {
    bool const valid = is_valid_utf8(text);
    std::string out = "\"";
    for (char const letter : text) {
        auto const code = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\')
            out += '\\', out += letter;
        else if (code < 0x20) {
            std::array<char, 8> unicode{};
            std::snprintf(unicode.data(), unicode.size(), "\\u%04x", code);
            out += unicode.data();
        } else if (!valid && code >= 0x80) {
            out += "\\ufffd";
        } else
            out += letter;
    }
    return out + '"';
}

namespace {

struct Plain {
    std::string text;
};  // a number as it was written
using Value = std::variant<std::monostate, bool, std::uint64_t, double, Plain, std::string>;
using Fields = std::vector<std::pair<std::string, Value>>;

struct AsText {
    bool json;
    std::string operator()(std::monostate) const { return json ? "null" : ""; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::uint64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return shortest(value); }
    std::string operator()(Plain const& value) const { return value.text; }
    std::string operator()(std::string const& value) const {
        if (json) return json_text(value);
        return csv_field(value);
    }
};

void add_mean(Fields& fields, std::string const& name, std::optional<Estimate> const& estimate) {
    fields.emplace_back(name, estimate ? Value{estimate->mean} : Value{});
    fields.emplace_back(name + "_ci95", estimate ? Value{estimate->half_width} : Value{});
}

void add_parameters(Fields& fields, world::RunOptions const& options) {
    auto const [has_ttl, walk] = world::row_of(options.strategy).parameters;
    auto const only = [](bool applies, Value value) { return applies ? std::move(value) : Value{}; };
    fields.emplace_back("strategy", std::string{to_string(options.strategy)});
    fields.emplace_back("ttl", only(has_ttl, std::uint64_t{options.effective_ttl()}));
    fields.emplace_back("walkers", only(walk, std::uint64_t{options.walkers}));
    fields.emplace_back("check_every", only(walk, std::uint64_t{options.check_every}));
    fields.emplace_back("state", only(walk, options.state));
    fields.emplace_back("max_steps", only(walk, std::uint64_t{options.steps_max}));
}

void add_settings(Fields& fields, Report const& report) {
    world::Request request;
    request.options = report.options;
    for (world::Key const& key : world::keys()) {
        static constexpr std::array of_networks{"latency",  "loss",  "failed",        "away",
                                                "droppers", "liars", "results_enough"};
        bool const shown = key.of_items ? report.options.workload.items > 0
                                        : std::find(of_networks.begin(), of_networks.end(),
                                                    std::string_view{key.name}) != of_networks.end();
        if (!shown) continue;
        std::string const text = key.get(request);
        bool const number = key.kind == world::KeyKind::number || key.kind == world::KeyKind::share;
        fields.emplace_back(key.name, number                             ? Value{Plain{text}}
                                      : key.kind == world::KeyKind::flag ? Value{text == "true"}
                                                                         : Value{text});
    }
}

void add_details(Fields& fields, Report const& report) {
    Tally const& tally = report.tally;
    auto const logged = [&](Sum const& sum) { return report.options.logs_events() ? sum.estimate() : std::nullopt; };
    add_mean(fields, "results_mean", tally.results.estimate());
    add_mean(fields, "messages_per_result", tally.messages_per_result.estimate());
    add_mean(fields, "messages_per_success", tally.messages_per_find.estimate());
    add_mean(fields, "busiest_node_mean", logged(tally.busiest));
    add_mean(fields, "bytes_mean", logged(tally.bytes));
    add_mean(fields, "hit_messages_mean", logged(tally.hit_messages));
    add_mean(fields, "false_hits_mean", logged(tally.false_hits));
    add_mean(fields, "lost_mean", logged(tally.lost));
    add_mean(fields, "first_ms_mean", logged(tally.first_ms));
    add_mean(fields, "enough_ms_mean", logged(tally.enough_ms));
    add_mean(fields, "enough_rate", logged(tally.enough));
    add_settings(fields, report);
}

bool is_number(std::string const& key) {
    auto const kind = world::key_named(key)->kind;
    return kind == world::KeyKind::number || kind == world::KeyKind::share;
}

Fields fields_of(Report const& report, bool detailed) {
    Fields fields;
    world::RunOptions const& options = report.options;
    Tally const& tally = report.tally;
    fields.emplace_back("topology", report.topology);
    fields.emplace_back("nodes", std::uint64_t{report.nodes});
    fields.emplace_back("links", report.links);
    add_parameters(fields, options);
    fields.emplace_back("replication", options.replication);
    bool const items = options.workload.items > 0;
    fields.emplace_back("replicas",
                        items ? Value{} : Value{std::uint64_t{world::replicas_for(options.replication, report.nodes)}});
    fields.emplace_back("queries", tally.queries());
    fields.emplace_back("seed", options.seed);
    Estimate const success = tally.success();
    fields.emplace_back("success_rate", success.mean);
    fields.emplace_back("success_rate_ci95", success.half_width);
    add_mean(fields, "hops_mean", tally.hops.estimate());
    add_mean(fields, "waited_hops_mean", tally.waited_hops.estimate());
    add_mean(fields, "reach_mean", tally.reach.estimate());
    add_mean(fields, "messages_mean", tally.messages.estimate());
    add_mean(fields, "messages_per_node", messages_per_node(report));
    add_mean(fields, "duplicates_mean", tally.duplicates.estimate());
    add_mean(fields, "nodes_visited_mean", tally.reach.estimate());  // whoever is reached looks at its own files
    add_mean(fields, "checks_mean", tally.checks.estimate());
    if (detailed) add_details(fields, report);
    for (auto const& [key, value] : report.varied)
        if (std::none_of(fields.begin(), fields.end(), [&](auto const& field) { return field.first == key; }))
            fields.emplace_back(key, is_number(key) ? Value{Plain{value}} : Value{value});
    return fields;
}

}  // namespace

std::optional<Estimate> messages_per_node(Report const& report) {
    auto const messages = report.tally.messages.estimate();
    if (!messages) return std::nullopt;
    return Estimate{messages->mean / report.nodes, messages->half_width / report.nodes};
}

namespace {

bool any_detailed(std::span<Report const> reports) {
    return std::any_of(reports.begin(), reports.end(), [](Report const& report) { return report.detailed(); });
}

void add_left_out(Fields& fields, Report const& report) {
    fields.emplace_back("components", std::uint64_t{report.components});
    fields.emplace_back("nodes_left_out", std::uint64_t{report.nodes_left_out});
}

std::string json_of(Report const& report, bool detailed) {
    std::string out = "{";
    Fields fields = fields_of(report, detailed);
    if (report.nodes_left_out > 0) add_left_out(fields, report);
    if (report.partial())
        fields.emplace_back("partial", true), fields.emplace_back("queries_wanted", report.options.queries);
    for (auto const& [name, value] : fields) {
        if (out.size() > 1) out += ',';
        out += '"' + name + "\":" + std::visit(AsText{true}, value);
    }
    return out + '}';
}

}  // namespace

std::string to_json(Report const& report) { return json_of(report, report.detailed()); }

std::string to_json(std::span<Report const> reports) {
    std::string out = "[";
    for (Report const& report : reports) out += (out.size() > 1 ? ",\n " : "") + json_of(report, any_detailed(reports));
    return out + ']';
}

std::string to_csv(std::span<Report const> reports) {
    std::string out;
    bool const partial =
        std::any_of(reports.begin(), reports.end(), [](Report const& report) { return report.partial(); });
    bool const left_out =
        std::any_of(reports.begin(), reports.end(), [](Report const& report) { return report.nodes_left_out > 0; });
    for (Report const& report : reports) {
        Fields fields = fields_of(report, any_detailed(reports));
        if (left_out) add_left_out(fields, report);
        if (partial) fields.emplace_back("partial", report.partial());
        if (out.empty())
            for (auto const& [name, value] : fields) out += name + (name == fields.back().first ? "\n" : ",");
        for (std::size_t at = 0; at < fields.size(); ++at)
            out += std::visit(AsText{false}, fields[at].second) + (at + 1 == fields.size() ? '\n' : ',');
    }
    return out;
}

}  // namespace praline::simulate::report
