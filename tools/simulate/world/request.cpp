#include "tools/simulate/world/request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "node/base/text.hpp"
#include "tools/simulate/world/limits.hpp"
#include "tools/simulate/world/topology.hpp"

namespace praline::simulate::world {
namespace {

std::string quoted(std::string const& text) { return " not \"" + text + "\""; }

std::string text_of(double value) {
    std::array<char, 32> buffer{};
    return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

std::optional<double> real_of(std::string const& text) {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// @param member  gives a reference to what the key stands for.
template <class Member>
Key whole(char const* name, std::uint64_t least, std::uint64_t most, char const* description, Member member,
          bool of_items = false) {
    auto const set = [=](Request& request, std::string const& text) -> std::string {
        auto const value = parse_number(text);
        if (!value || *value < least || *value > most)
            return "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ',' +
                   quoted(text);
        auto& target = member(request);
        target = static_cast<std::remove_reference_t<decltype(target)>>(*value);
        return {};
    };
    auto const get = [=](Request request) {
        std::uint64_t const value = member(request);
        return value < least ? std::string{} : std::to_string(value);  // 0 is "left to the strategy"
    };
    return {name, KeyKind::number, "N", description, of_items, set, get};
}

/// From `least` to `most`, which an open range leaves out.
template <class Member>
Key real(char const* name, double least, double most, bool open, char const* description, Member member,
         bool of_items = false) {
    auto const set = [=](Request& request, std::string const& text) -> std::string {
        auto const value = real_of(text);
        bool const inside = value && (open ? *value > least && *value < most : *value >= least && *value <= most);
        if (!inside)
            return std::string{open ? "must be more than " : "must be a number from "} + text_of(least) +
                   (open ? " and less than " : " to ") + text_of(most) + ',' + quoted(text);
        member(request) = *value;
        return {};
    };
    return {name,
            KeyKind::share,
            "X",
            description,
            of_items,
            set,
            [=](Request request) { return text_of(member(request)); }};
}

template <class Member>
Key flag(char const* name, char const* description, Member member, bool of_items = false) {
    auto const set = [=](Request& request, std::string const& text) -> std::string {
        if (text != "true" && text != "false") return "must be true or false," + quoted(text);
        member(request) = text == "true";
        return {};
    };
    return {name, KeyKind::flag, "", description, of_items, set, [=](Request request) {
                return std::string{member(request) ? "true" : "false"};
            }};
}

template <class Value>
using Words = std::vector<std::pair<char const*, Value>>;

template <class Value, class Member>
Key word(char const* name, char const* form, Words<Value> const& words, char const* description, Member member,
         bool of_items = false) {
    auto const set = [=](Request& request, std::string const& text) -> std::string {
        for (auto const& [one, value] : words)
            if (text == one) return member(request) = value, std::string{};
        std::string all;
        for (auto const& [one, value] : words) all += (all.empty() ? "" : ", ") + std::string{one};
        return "must be one of " + all + ',' + quoted(text);
    };
    auto const get = [=](Request request) {
        for (auto const& [one, value] : words)
            if (member(request) == value) return std::string{one};
        return std::string{};
    };
    return {name, KeyKind::text, form, description, of_items, set, get};
}

std::string set_topology(Request& request, std::string const& text) {
    request.topology = text;
    return why_no_topology(text);
}

std::string set_strategy(std::string& target, std::string const& text) {
    target = text;
    for (StrategyRow const& row : strategy_rows())
        if (text == row.name) return {};
    return "must be one of " + strategy_names() + ',' + quoted(text);
}

std::string set_strategies(Request& request, std::string const& text) {
    request.strategies.clear();
    for (std::string_view const piece : split(text, ',')) {
        request.strategies.emplace_back();
        if (std::string complaint = set_strategy(request.strategies.back(), std::string{piece}); !complaint.empty())
            return complaint;
    }
    return request.strategies.empty() ? "must name at least one strategy" : "";
}

std::string joined(std::vector<std::string> const& items) {
    std::string text;
    for (std::string const& item : items) text += (text.empty() ? "" : ",") + item;
    return text;
}

std::string set_workload(Request& request, std::string const& text) {
    WorkloadOptions& workload = request.options.workload;
    workload = {};
    request.workload = text;
    if (text == "uniform") return {};
    if (text == "items") return workload.items = 100, std::string{};
    if (text != "gnutella") return "must be one of uniform, items, gnutella," + quoted(text);
    workload.items = 3000;
    workload.zipf = 0.6;
    workload.allocation = Allocation::proportional;
    workload.free_riders = 0.25;
    workload.files = FileCounts::measured;
    workload.fetch_once = true;
    request.options.replication = 0.001;
    return {};
}

std::string set_latency(Request& request, std::string const& text) {
    NetworkOptions& network = request.options.network;
    auto const colon = text.find(':');
    std::string const kind = text.substr(0, colon);
    std::vector<std::uint32_t> bounds;
    for (std::string_view const piece :
         split(colon == std::string::npos ? "" : std::string_view{text}.substr(colon + 1), ':')) {
        auto const value = parse_number(piece);
        if (!value || *value < 1 || *value > latency_ms_max)
            return "wants milliseconds from 1 to " + std::to_string(latency_ms_max) + ',' + quoted(text);
        bounds.push_back(static_cast<std::uint32_t>(*value));
    }
    if (kind == "per-link" && bounds.empty()) return network.latency = Latency::per_link, std::string{};
    bool const constant = kind == "constant" && bounds.size() == 1,
               uniform = kind == "uniform" && bounds.size() == 2 && bounds[0] <= bounds[1];
    if (!constant && !uniform) return "must be constant:MS, uniform:LOW:HIGH or per-link," + quoted(text);
    network.latency = constant ? Latency::constant : Latency::uniform;
    network.latency_low_ms = bounds.front();
    network.latency_high_ms = bounds.back();
    return {};
}

std::string latency_of(Request const& request) {
    NetworkOptions const& network = request.options.network;
    if (network.latency == Latency::per_link) return "per-link";
    std::string const low = std::to_string(network.latency_low_ms);
    return network.latency == Latency::constant ? "constant:" + low
                                                : "uniform:" + low + ':' + std::to_string(network.latency_high_ms);
}

void add_search_keys(std::vector<Key>& all) {
    all.push_back({"topology", KeyKind::text, "SPEC", topology_forms, false, set_topology,
                   [](Request const& r) { return r.topology; }});
    all.push_back({"strategy", KeyKind::text, "NAME", "of simulate run", false,
                   [](Request& r, std::string const& text) { return set_strategy(r.strategy, text); },
                   [](Request const& r) { return r.strategy; }});
    all.push_back({"strategies", KeyKind::list, "NAMES", "of simulate compare; as a flag divided by commas", false,
                   set_strategies, [](Request const& r) { return joined(r.strategies); }});
    all.push_back(whole(
        "ttl", 1, ttl_max, "of a flood (7), of the outermost ring (255)",
        [](Request & r) -> auto& { return r.options.ttl; }));
    all.push_back(whole(
        "walkers", 1, walkers_max, "that leave together", [](Request & r) -> auto& { return r.options.walkers; }));
    all.push_back(whole(
        "check_every", 0, steps_max, "steps after which a walker asks whether to go on; 0: never",
        [](Request & r) -> auto& { return r.options.check_every; }));
    all.push_back(flag(
        "state", "nodes remember the links that walkers of a query took",
        [](Request & r) -> auto& { return r.options.state; }));
    all.push_back(whole(
        "max_steps", 1, steps_max, "of one walker", [](Request & r) -> auto& { return r.options.steps_max; }));
    all.push_back(real(
        "replication", 0, 1, true, "share of the nodes that hold a match; with items, that hold an item, on average",
        [](Request & r) -> auto& { return r.options.replication; }));
    all.push_back(whole(
        "queries", 1, queries_max, "asked, of all trials together",
        [](Request & r) -> auto& { return r.options.queries; }));
    all.push_back(whole(
        "seed", 0, ~std::uint64_t{0}, "of the topology and of every query",
        [](Request & r) -> auto& { return r.options.seed; }));
    all.push_back(word<Scale>(
        "scale", "SCALE", {{"graph", Scale::graph}, {"full", Scale::full}},
        "graph: the strategies' decisions alone; full: every node runs the objects of the real one, over bytes",
        [](Request & r) -> auto& { return r.options.scale; }));
    all.push_back(word<bool>(
        "codec", "ON|OFF", {{"on", true}, {"off", false}},
        "at full scale: on: every message is written as bytes and read at the other end; off: handed over as it is, "
        "the counts are the same",
        [](Request & r) -> auto& { return r.options.codec; }));
    all.push_back(whole(
        "threads", 1, threads_max, "the result is the same with any number",
        [](Request & r) -> auto& { return r.options.threads; }));
}

void add_workload_keys(std::vector<Key>& all) {
    all.push_back({"workload", KeyKind::text, "NAME",
                   "uniform: fresh holders for each query; items: a catalogue of them, all alike unless keys below say "
                   "more; gnutella: "
                   "3,000 items as measured on Gnutella, 0.1 % replication, 25 % free riders",
                   false, set_workload, [](Request const& r) { return r.workload; }});
    all.push_back(whole(
        "items", 1, items_max, "that are looked for", [](Request & r) -> auto& { return r.options.workload.items; },
        true));
    all.push_back(real(
        "zipf", 0, zipf_max, false, "the item of rank i is asked for as often as 1 / i^zipf",
        [](Request & r) -> auto& { return r.options.workload.zipf; }, true));
    all.push_back(word<Allocation>(
        "allocation", "RULE",
        {{"uniform", Allocation::uniform},
         {"proportional", Allocation::proportional},
         {"square-root", Allocation::square_root}},
        "copies of an item by its popularity: uniform, proportional or square-root",
        [](Request & r) -> auto& { return r.options.workload.allocation; }, true));
    all.push_back(word<Copying>(
        "copying", "RULE",
        {{"none", Copying::none}, {"owner", Copying::owner}, {"path", Copying::path}, {"random", Copying::random}},
        "who keeps a copy of what was found: none, owner (the requester), path (all on the way of the hit) or random "
        "(as many nodes, drawn among the visited)",
        [](Request & r) -> auto& { return r.options.workload.copying; }, true));
    all.push_back(whole(
        "store", 1, store_max, "copies a node keeps of what was found; one drawn at random gives way",
        [](Request & r) -> auto& { return r.options.workload.store; }, true));
    all.push_back(real(
        "free_riders", 0, 1, false, "share of the nodes that share nothing",
        [](Request & r) -> auto& { return r.options.workload.free_riders; }, true));
    all.push_back(word<FileCounts>(
        "files", "RULE", {{"equal", FileCounts::equal}, {"measured", FileCounts::measured}},
        "of hosts that share: equal, or measured: 75 % have 100 at most and 7 % more than 1,000",
        [](Request & r) -> auto& { return r.options.workload.files; }, true));
    all.push_back(flag(
        "fetch_once", "no node asks again for what it has found",
        [](Request & r) -> auto& { return r.options.workload.fetch_once; }, true));
    all.push_back(whole(
        "trials", 1, trials_max, "placements drawn afresh; queries are dealt out among them",
        [](Request & r) -> auto& { return r.options.workload.trials; }, true));
    all.push_back(whole(
        "warm_up", 0, queries_max, "queries of each trial that are not counted",
        [](Request & r) -> auto& { return r.options.workload.warm_up; }, true));
}

void add_network_keys(std::vector<Key>& all) {
    all.push_back({"latency", KeyKind::text, "MODEL",
                   "constant:MS, uniform:LOW:HIGH (of each message) or per-link (as measured)", false, set_latency,
                   latency_of});
    all.push_back(real(
        "loss", 0, 1, false, "share of the messages that do not arrive",
        [](Request & r) -> auto& { return r.options.network.loss; }));
    all.push_back(real(
        "failed", 0, 1, false, "share of the nodes that are dead without anybody knowing",
        [](Request & r) -> auto& { return r.options.network.failed; }));
    all.push_back(real(
        "away", 0, 1, false, "share of the time that a node is not there (churn)",
        [](Request & r) -> auto& { return r.options.network.away; }));
    all.push_back(real(
        "droppers", 0, 1, false, "share of the nodes that neither answer nor pass on",
        [](Request & r) -> auto& { return r.options.network.droppers; }));
    all.push_back(real(
        "liars", 0, 1, false, "share of the nodes that answer whatever is asked",
        [](Request & r) -> auto& { return r.options.network.liars; }));
    all.push_back(whole(
        "results_enough", 1, items_max, "of the time to enough results",
        [](Request & r) -> auto& { return r.options.network.results_enough; }));
    all.push_back(flag(
        "books", "times, bytes and the busiest node too", [](Request & r) -> auto& { return r.options.log_events; }));
}

std::string check_together(std::vector<Setting> const& settings, Request const& request) {
    WorkloadOptions const& workload = request.options.workload;
    for (Setting const& setting : settings)
        if (Key const* const key = key_named(setting.key);
            key != nullptr && key->of_items && request.workload == "uniform")
            return setting.where + ": " + setting.key + " needs the workload items or gnutella";
    if (workload.items > 0 && workload.trials > request.options.queries)
        return std::to_string(workload.trials) + " trials need as many queries at least";
    try {
        check_network(request.options.network);
    } catch (BadInput const& error) {
        return error.what();
    }
    return {};
}

}  // namespace

std::vector<Key> const& keys() {
    static std::vector<Key> const all = [] {
        std::vector<Key> made;
        add_search_keys(made);
        add_workload_keys(made);
        add_network_keys(made);
        return made;
    }();
    return all;
}

Key const* key_named(std::string const& name) {
    auto const found = std::find_if(keys().begin(), keys().end(), [&](Key const& key) { return name == key.name; });
    return found == keys().end() ? nullptr : &*found;
}

std::string flag_of(std::string const& key) {
    std::string flag = "--" + key;
    std::replace(flag.begin(), flag.end(), '_', '-');
    return flag;
}

std::vector<std::string> apply(std::vector<Setting> const& settings, Request& request) {
    std::vector<std::string> complaints;
    auto const put = [&](Setting const& setting) {
        std::string const complaint = key_named(setting.key)->set(request, setting.value);
        if (!complaint.empty())
            complaints.push_back(setting.where + ": " +
                                 (complaint.rfind("topology ", 0) == 0 ? "" : setting.key + ' ') + complaint);
    };
    for (Setting const& setting : settings)
        if (setting.key == "workload") put(setting);
    for (Setting const& setting : settings)
        if (setting.key != "workload") put(setting);
    if (!complaints.empty()) return complaints;
    if (std::string complaint = check_together(settings, request); !complaint.empty())
        complaints.push_back(std::move(complaint));
    return complaints;
}

std::vector<std::pair<std::string, std::string>> differing(Request const& request, Request const& defaults) {
    Request base = defaults;
    (void)key_named("workload")->set(base, request.workload);
    std::vector<std::pair<std::string, std::string>> flags;
    for (Key const& key : keys()) {
        std::string const name = key.name, value = key.get(request);
        if (name == "threads" || (value == key.get(name == "workload" ? defaults : base) && name != "seed")) continue;
        if (!value.empty()) flags.emplace_back(flag_of(name), value);
    }
    return flags;
}

}  // namespace praline::simulate::world
