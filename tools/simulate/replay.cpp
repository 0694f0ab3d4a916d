#include "tools/simulate/replay.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "tools/simulate/full/full_host.hpp"
#include "tools/simulate/world/edge_list.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate {
namespace {

using search::strategy::Kind;
using search::strategy::Parameters;

std::map<std::string, Kind, std::less<>> const kinds{{"flood", Kind::flood},
                                                     {"expanding-ring", Kind::expanding_ring},
                                                     {"random-walk", Kind::random_walk},
                                                     {"biased-walk", Kind::biased_walk},
                                                     {"dynamic", Kind::dynamic},
                                                     {"key", Kind::key},
                                                     {"auto", Kind::automatic}};

std::string name_of(Kind kind) {
    return std::find_if(kinds.begin(), kinds.end(), [kind](auto const& one) { return one.second == kind; })->first;
}

/// A line of words, and where it stands.
struct Line {
    std::size_t number;
    std::vector<std::string> words;

    [[noreturn]] void refuse(std::string const& why) const {
        throw world::BadInput{"line " + std::to_string(number) + " " + why};
    }
    [[nodiscard]] std::uint32_t count(std::string_view text, std::uint64_t least, std::uint64_t most,
                                      std::string const& what) const {
        std::uint64_t value = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
            refuse("has no " + what + " from " + std::to_string(least) + " to " + std::to_string(most) + ": " +
                   std::string{text});
        return static_cast<std::uint32_t>(value);
    }
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    std::istringstream in{std::string{text}};
    std::string row;
    for (std::size_t number = 1; std::getline(in, row); ++number) {
        std::istringstream rest{row.substr(0, row.find('#'))};
        Line line{number, {}};
        for (std::string word; rest >> word;) line.words.push_back(word);
        if (!line.words.empty()) lines.push_back(std::move(line));
    }
    return lines;
}

void set(ReplayQuery& query, std::string const& key, std::string const& value, Line const& line, world::Node nodes,
         std::uint32_t items) {
    Parameters& wished = query.parameters;
    if (key == "source")
        query.source = line.count(value, 0, nodes - 1, "node");
    else if (key == "item")
        query.item = line.count(value, 0, items - 1, "item that somebody holds");
    else if (key == "ttl")
        wished.ttl = static_cast<std::uint8_t>(line.count(value, 1, world::ttl_max, "TTL"));
    else if (key == "walkers")
        wished.walkers = line.count(value, 1, world::walkers_max, "number of walkers");
    else if (key == "check_every")
        wished.check_every = line.count(value, 0, std::numeric_limits<std::uint16_t>::max(), "number of steps");
    else if (key == "max_steps")
        wished.steps_max = line.count(value, 1, world::steps_max, "number of steps");
    else if (key == "results")
        wished.results_wanted = line.count(value, 1, std::numeric_limits<std::uint32_t>::max(), "number of results");
    else if (key == "strategy") {
        auto const kind = kinds.find(value);
        if (kind == kinds.end()) line.refuse("names a strategy that is not known: " + value);
        wished.kind = kind->second;
    } else if (key == "guid") {
        auto const guid = Guid::from_hex(value);
        if (!guid) line.refuse("has no GUID of 32 hexadecimal digits: " + value);
        query.name = *guid;
    } else if (key == "state") {
        if (value != "yes" && value != "no") line.refuse("says neither yes nor no of state: " + value);
        wished.keep_state = value == "yes";
    } else {
        line.refuse("has a key that is not known: " + key);
    }
}

std::string read_file(std::string const& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    if (!(text << file.rdbuf())) throw world::BadInput{"cannot read " + path};
    return text.str();
}

/// Has whatever is wrong with a file's text say whose it is.
template <class Read>
auto from_file(std::string const& path, Read read) {
    std::string const text = read_file(path);
    try {
        return read(text);
    } catch (world::BadInput const& error) {
        throw world::BadInput{path + ": " + error.what()};
    }
}

}  // namespace

std::vector<std::vector<world::Node>> read_placement(std::string_view text, world::Node nodes) {
    std::vector<std::vector<world::Node>> holders;
    for (Line const& line : lines_of(text)) {
        world::Node const node = line.count(line.words.front(), 0, nodes - 1, "node");
        for (std::size_t at = 1; at < line.words.size(); ++at) {
            std::uint32_t const item = line.count(line.words[at], 0, replay_items_max - 1, "item");
            if (item >= holders.size()) holders.resize(item + 1);
            holders[item].push_back(node);
        }
    }
    for (auto& nodes_of_one : holders) {
        std::sort(nodes_of_one.begin(), nodes_of_one.end());
        nodes_of_one.erase(std::unique(nodes_of_one.begin(), nodes_of_one.end()), nodes_of_one.end());
    }
    return holders;
}

std::vector<ReplayQuery> read_queries(std::string_view text, world::Node nodes, std::uint32_t items) {
    std::vector<ReplayQuery> queries;
    for (Line const& line : lines_of(text)) {
        ReplayQuery query;
        Rng rng{queries.size()};
        query.name = Guid::random(rng);
        bool has_source = false, has_item = false;
        for (std::string const& word : line.words) {
            auto const middle = word.find('=');
            if (middle == std::string::npos) line.refuse("has a word that is no KEY=VALUE: " + word);
            std::string const key = word.substr(0, middle);
            set(query, key, word.substr(middle + 1), line, nodes, items);
            has_source = has_source || key == "source";
            has_item = has_item || key == "item";
        }
        if (!has_source || !has_item) line.refuse("says no source or no item");
        queries.push_back(query);
    }
    return queries;
}

std::vector<ReplayResult> replay(world::Graph const& graph, std::vector<std::vector<world::Node>> const& placement,
                                 std::vector<ReplayQuery> const& queries, std::uint8_t hops_and_ttl_max) {
    world::NetworkModel const model{{}, graph.nodes(), 1};
    full::FullOptions options;
    options.hops_and_ttl_max = hops_and_ttl_max;
    full::FullHost host{graph, model, options};
    world::NodeSet holders{graph.nodes()};
    std::vector<ReplayResult> results;
    for (ReplayQuery const& query : queries) {
        holders.clear();
        for (world::Node const holder : placement.at(query.item)) holders.add(holder);
        host.number_query(results.size());
        world::Outcome const outcome = host.ask(query.source, query.parameters, holders, query.name);
        ReplayResult result{query,          outcome.messages, outcome.messages - outcome.reach,
                            outcome.checks, outcome.results,  host.reached(),
                            outcome.found};
        std::sort(result.reached.begin(), result.reached.end());
        results.push_back(std::move(result));
    }
    return results;
}

std::string to_json_lines(std::vector<ReplayResult> const& results) {
    std::ostringstream out;
    for (ReplayResult const& one : results) {
        out << "{\"source\":" << one.query.source << ",\"item\":" << one.query.item << ",\"strategy\":\""
            << name_of(one.query.parameters.kind) << "\",\"guid\":\"" << one.query.name.hex()
            << "\",\"messages\":" << one.messages << ",\"duplicates\":" << one.duplicates
            << ",\"checks\":" << one.checks << ",\"results\":" << one.results
            << ",\"found\":" << (one.found ? "true" : "false") << ",\"reached\":[";
        for (std::size_t at = 0; at < one.reached.size(); ++at) out << (at == 0 ? "" : ",") << one.reached[at];
        out << "]}\n";
    }
    return out.str();
}

std::string to_lines(std::vector<ReplayResult> const& results) {
    std::ostringstream out;
    for (ReplayResult const& one : results)
        out << name_of(one.query.parameters.kind) << " from " << one.query.source << " for item " << one.query.item
            << ": " << (one.found ? "found" : "not found") << ", " << one.messages << " messages, "
            << one.reached.size() << " nodes reached\n";
    return out.str();
}

int replay_command(ReplayOptions const& options) {
    std::string_view path = options.topology;
    if (path.starts_with("file:")) path.remove_prefix(5);
    world::Graph const graph = world::read_edge_list(std::string{path});
    if (graph.nodes() > world::full_nodes_max)
        throw world::BadInput{"at full scale there can be " + std::to_string(world::full_nodes_max) + " nodes at most"};
    auto const placement =
        from_file(options.placement, [&](std::string const& text) { return read_placement(text, graph.nodes()); });
    auto const queries = from_file(options.queries, [&](std::string const& text) {
        return read_queries(text, graph.nodes(), static_cast<std::uint32_t>(placement.size()));
    });
    auto const results = replay(graph, placement, queries, static_cast<std::uint8_t>(options.hops_and_ttl_max));
    std::printf("%s", (options.json ? to_json_lines(results) : to_lines(results)).c_str());
    return 0;
}

}  // namespace praline::simulate
