#include "tools/praline/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <toml++/toml.h>

#include "node/base/endpoint.hpp"
#include "node/base/text.hpp"
#include "search/session/search_parameters.hpp"

namespace praline {
namespace {

std::string join(std::vector<std::string> const& items) {
    std::string text;
    for (auto const& item : items) text += (text.empty() ? "" : ",") + item;
    return text;
}

std::string set_number(std::uint64_t& target, std::string const& key, std::string const& text, std::uint64_t least, std::uint64_t most) {
    auto const number = parse_number(text);
    if (!number || *number < least || *number > most) {
        return key + " must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ", not \"" + text + "\".";
    }
    target = *number;
    return {};
}

std::string set_word(std::string& target, std::string const& key, std::string const& text) {
    auto const& keys = config_keys();
    auto const known = std::find_if(keys.begin(), keys.end(), [&](ConfigKey const& one) { return key == one.name; });
    if (std::find(known->choices.begin(), known->choices.end(), text) == known->choices.end()) {
        std::string words;
        for (auto const& word : known->choices) words += (words.empty() ? "" : ", ") + word;
        return key + " must be one of " + words + ", not \"" + text + "\".";
    }
    target = text;
    return {};
}

/// ADDR:PORT where the port may be 0 (any free one).
std::string set_endpoint(std::string& target, std::string const& key, std::string const& text, bool loopback_only) {
    auto const colon = text.rfind(':');
    auto const address = colon == std::string::npos ? std::nullopt : Endpoint::parse_address(text.substr(0, colon));
    auto const port = colon == std::string::npos ? std::nullopt : parse_number(std::string_view{text}.substr(colon + 1));
    if (!address || !port || *port > 65535) {
        return key + " must be an address and a port such as 127.0.0.1:6380, not \"" + text + "\".";
    }
    if (loopback_only && (*address >> 24) != 127) {
        return key + " must be a loopback address such as 127.0.0.1:6380: the page and the API are for this machine alone.";
    }
    target = text;
    return {};
}

std::vector<std::string> to_list(std::string const& text) {
    std::vector<std::string> items;
    for (auto const piece : split(text, ',')) items.emplace_back(piece);
    return items;
}

/// HOST:PORT each; names are looked up later.
std::string set_servers(std::vector<std::string>& target, std::string const& key, std::string const& text) {
    auto items = to_list(text);
    for (auto const& item : items) {
        auto const colon = item.rfind(':');
        auto const port = colon == std::string::npos || colon == 0 ? std::nullopt : parse_number(std::string_view{item}.substr(colon + 1));
        if (!port || *port == 0 || *port > 65535) return key + " must name servers as HOST:PORT, such as index.example.org:6350, not \"" + item + "\".";
    }
    target = std::move(items);
    return {};
}

std::vector<std::string> strategy_choices() {
    std::vector<std::string> names;
    for (auto const& one : search::strategy_names()) names.emplace_back(one.name);
    return names;
}

std::string text_of(toml::node const& node) {
    if (auto const text = node.value<std::string>()) return *text;
    if (auto const number = node.value_exact<std::int64_t>()) return std::to_string(*number);
    return {};
}

}  // namespace

std::string Config::downloads_directory() const {
    return downloads.empty() ? data_directory + "/downloads" : std::filesystem::absolute(downloads).lexically_normal().string();
}

std::vector<ConfigKey> const& config_keys() {
    static std::vector<ConfigKey> const keys{
        {"listen", "Address and port where other peers reach this node.", false, false},
        {"api", "Address and port of the page and the API; loopback only.", false, false},
        {"mode", "auto, leaf or ultrapeer. auto decides by what other nodes offer.", false, false, {"auto", "leaf", "ultrapeer"}},
        {"network", "private: only peers that you name, and those they tell of. gnutella: also ask the host caches below.", false, false, {"private", "gnutella"}},
        {"peers", "Nodes to stay connected to, HOST:PORT.", false, true},
        {"share", "Folders to share. Nothing else is ever shared.", false, true},
        {"index", "Index servers to sign in to, HOST:PORT: the nearest is told what this node shares, and is asked by the strategies index and hybrid.", false, true},
        {"downloads", "Where finished files go. Empty: downloads/ in the data directory.", false, false},
        {"upload_slots", "Files sent at the same time.", true, false},
        {"max_ultrapeers", "Links to ultrapeers that an ultrapeer has at most.", false, false},
        {"max_leaves", "Leaves that an ultrapeer takes.", false, false},
        {"queries_per_link", "Queries a second that one neighbour may bring, and ten times as many at once; 0: any number.", false, false},
        {"udp_host_caches", "UDP host caches, HOST:PORT; asked only when network is gnutella.", false, true},
        {"gwebcaches", "GWebCache addresses (http://…); asked only when network is gnutella.", false, true},
        {"hit_cache", "on: hits that pass by are kept for a while and answer the next who asks the same.", true, false, {"on", "off"}},
        {"pong_cache", "on: pings are answered with hosts heard of lately; off: with this node alone.", false, false, {"on", "off"}},
        {"seek", "on: an ultrapeer connects to hosts that it hears of; off: to `peers` only, and who calls is welcome.", false, false, {"on", "off"}},
        {"query_routing", "on: ultrapeers tell each other what they share, which saves the last step of most queries.", false, false, {"on", "off"}},
        {"firewalled", "on: others cannot connect to this node, so its hits and the index tell them to ask it to call (push); off: they connect.", true, false, {"on", "off"}},
        {"capacity", "Upstream of this node in kbit/s, told to other Praline nodes; 0: unknown.", false, false},
        {"strategy", "How searches spread that name no strategy.", true, false, strategy_choices()},
        {"log_level", "trace, debug, info, warn or error.", true, false, {"trace", "debug", "info", "warn", "error"}},
    };
    return keys;
}

std::string value_of(Config const& config, std::string const& key) {
    if (key == "listen") return config.listen;
    if (key == "api") return config.api;
    if (key == "mode") return config.mode;
    if (key == "network") return config.network;
    if (key == "peers") return join(config.peers);
    if (key == "share") return join(config.share);
    if (key == "index") return join(config.index);
    if (key == "downloads") return config.downloads;
    if (key == "upload_slots") return std::to_string(config.upload_slots);
    if (key == "max_ultrapeers") return std::to_string(config.max_ultrapeers);
    if (key == "max_leaves") return std::to_string(config.max_leaves);
    if (key == "queries_per_link") return std::to_string(config.queries_per_link);
    if (key == "udp_host_caches") return join(config.udp_host_caches);
    if (key == "gwebcaches") return join(config.gwebcaches);
    if (key == "hit_cache") return config.hit_cache;
    if (key == "pong_cache") return config.pong_cache;
    if (key == "seek") return config.seek;
    if (key == "query_routing") return config.query_routing;
    if (key == "firewalled") return config.firewalled;
    if (key == "capacity") return std::to_string(config.capacity);
    if (key == "strategy") return config.strategy;
    if (key == "log_level") return config.log_level;
    return {};
}

std::string set_value(Config& config, std::string const& key, std::string const& text) {
    if (key == "listen") return set_endpoint(config.listen, key, text, false);
    if (key == "api") return set_endpoint(config.api, key, text, true);
    if (key == "mode") return set_word(config.mode, key, text);
    if (key == "network") return set_word(config.network, key, text);
    if (key == "hit_cache") return set_word(config.hit_cache, key, text);
    if (key == "pong_cache") return set_word(config.pong_cache, key, text);
    if (key == "seek") return set_word(config.seek, key, text);
    if (key == "query_routing") return set_word(config.query_routing, key, text);
    if (key == "firewalled") return set_word(config.firewalled, key, text);
    if (key == "capacity") return set_number(config.capacity, key, text, 0, 1'000'000'000);
    if (key == "strategy") return set_word(config.strategy, key, text);
    if (key == "log_level") return set_word(config.log_level, key, text);
    if (key == "upload_slots") return set_number(config.upload_slots, key, text, 1, 1000);
    if (key == "max_ultrapeers") return set_number(config.max_ultrapeers, key, text, 1, 100);
    if (key == "max_leaves") return set_number(config.max_leaves, key, text, 0, 5000);
    if (key == "queries_per_link") return set_number(config.queries_per_link, key, text, 0, 1'000'000);
    if (key == "downloads") { config.downloads = text; return {}; }
    if (key == "index") return set_servers(config.index, key, text);
    if (key == "peers") { config.peers = to_list(text); return {}; }
    if (key == "share") { config.share = to_list(text); return {}; }
    if (key == "udp_host_caches") { config.udp_host_caches = to_list(text); return {}; }
    if (key == "gwebcaches") { config.gwebcaches = to_list(text); return {}; }
    return "There is no setting \"" + key + "\".";
}

std::string ConfigProblem::text() const {
    return file + ':' + std::to_string(line) + ':' + std::to_string(column) + ": " + sentence;
}

namespace {

void read_list(toml::array const& array, std::string const& key, Config& config, std::string& sentence) {
    std::vector<std::string> items;
    for (auto const& element : array) {
        auto const text = element.value<std::string>();
        if (!text) { sentence = key + " must be a list of texts in quotation marks."; return; }
        items.push_back(*text);
    }
    if (key == "peers") config.peers = items;
    if (key == "share") config.share = items;
    if (key == "index") sentence = set_value(config, key, join(items));
    if (key == "udp_host_caches") config.udp_host_caches = items;
    if (key == "gwebcaches") config.gwebcaches = items;
}

std::string read_key(std::string const& key, toml::node const& node, Config& config) {
    auto const& keys = config_keys();
    auto const known = std::find_if(keys.begin(), keys.end(), [&](ConfigKey const& one) { return key == one.name; });
    if (known == keys.end()) return "There is no setting \"" + key + "\". `praline config show` lists all of them.";
    if (known->list) {
        auto const* const array = node.as_array();
        if (array == nullptr) return key + " must be a list, such as " + key + " = [\"…\", \"…\"].";
        std::string sentence;
        read_list(*array, key, config, sentence);
        return sentence;
    }
    if (!node.is_string() && !node.is_integer()) return key + " must be a text in quotation marks or a whole number.";
    return set_value(config, key, text_of(node));
}

}  // namespace

std::vector<ConfigProblem> read_config_file(std::string const& file, Config& config, std::vector<std::string>& keys_found) {
    std::vector<ConfigProblem> problems;
    toml::table parsed;
    try {
        parsed = toml::parse_file(file);
    } catch (toml::parse_error const& error) {
        auto const& where = error.source().begin;
        problems.push_back({file, where.line, where.column, std::string{error.description()} + "."});
        return problems;
    }
    for (auto const& [key, node] : parsed) {
        std::string const name{key.str()};
        auto const sentence = read_key(name, node, config);
        auto const& where = key.source().begin;
        if (sentence.empty()) keys_found.push_back(name);
        else problems.push_back({file, where.line, where.column, sentence});
    }
    std::sort(problems.begin(), problems.end(), [](auto const& a, auto const& b) { return a.line < b.line; });
    return problems;
}

std::string config_template() {
    Config const defaults;
    std::ostringstream out;
    out << "# Praline. Every key can also be given as a flag (upload_slots as --upload-slots); flags win.\n";
    for (auto const& key : config_keys()) {
        auto const value = value_of(defaults, key.name);
        bool const number = parse_number(value).has_value();
        out << "\n# " << key.description << "\n# " << key.name << " = "
            << (key.list ? "[]" : number ? value : '"' + value + '"') << '\n';
    }
    return out.str();
}

std::string default_data_directory() {
    if (char const* const xdg = std::getenv("XDG_DATA_HOME"); xdg != nullptr && *xdg == '/') return std::string{xdg} + "/praline";
    if (char const* const home = std::getenv("HOME"); home != nullptr && *home == '/') return std::string{home} + "/.local/share/praline";
    return std::filesystem::current_path().string() + "/praline-data";
}

}  // namespace praline
