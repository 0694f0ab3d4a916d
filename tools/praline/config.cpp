#include "tools/praline/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "node/base/host_port.hpp"
#include "node/base/path_text.hpp"
#include "node/base/text.hpp"
#include "search/session/search_parameters.hpp"
#include "tools/praline/closest.hpp"
#include "tools/praline/paths.hpp"

namespace praline {
namespace {

constexpr std::size_t list_items_max = 1000;       ///< of one setting

std::string quoted(std::string const& text) { return '"' + text + '"'; }

std::vector<std::string> strategy_choices() {
    std::vector<std::string> names;
    for (auto const& one : search::strategy_names()) names.emplace_back(one.name);
    return names;
}

std::string no_number(ConfigKey const& key, std::string const& text) {
    auto const number = parse_number(text);
    if (number && *number >= key.least && *number <= key.most) return {};
    return std::string{key.name} + " must be a whole number from " + std::to_string(key.least) + " to " + std::to_string(key.most) + ", not " + quoted(text) + ".";
}

std::string no_choice(ConfigKey const& key, std::string const& text) {
    if (std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end()) return {};
    std::string words;
    for (auto const& word : key.choices) words += (words.empty() ? "" : ", ") + word;
    return std::string{key.name} + " must be one of " + words + ", not " + quoted(text) + ".";
}

/// ADDR:PORT where the port may be 0 (any free one).
std::string no_address(ConfigKey const& key, std::string const& text) {
    auto const parsed = HostPort::parse(text, {.any_port = true});
    std::string const name = key.name;
    if (!parsed || !parsed->address) return name + " must be an address and a port such as 127.0.0.1:6380, not " + quoted(text) + ".";
    if (key.kind == ValueKind::loopback_address && !parsed->address->is_loopback())
        return name + " must be a loopback address such as 127.0.0.1:6380: the page and the API are for this machine alone.";
    return {};
}

std::string no_item(ConfigKey const& key, std::string const& text) {
    std::string const name = key.name;
    switch (key.kind) {
    case ValueKind::servers:
        return HostPort::parse(text) ? "" : name + " must name each as HOST:PORT, such as node.example.org:6346, not " + quoted(text) + ".";
    case ValueKind::folders:
        return text.empty() ? name + " must name folders; one of them is empty." : expand_home(text).problem;
    default:
        return {};   // what is wrong with a host cache is logged when it is asked; the others are there to be asked
    }
}

/// Empty: the value is allowed.
std::string why_not(ConfigKey const& key, SettingValue const& value) {
    std::string const name = key.name;
    if (key.list) {
        if (value.size() > list_items_max) return name + " holds at most " + std::to_string(list_items_max) + " items.";
        for (auto const& item : value) {
            if (item.find('\0') != std::string::npos) return name + " holds a zero byte.";
            if (auto problem = no_item(key, item); !problem.empty()) return problem;
        }
        return {};
    }
    if (value.size() != 1) return name + " takes one value.";
    auto const& text = value.front();
    if (text.find('\0') != std::string::npos) return name + " holds a zero byte.";
    switch (key.kind) {
    case ValueKind::number: return no_number(key, text);
    case ValueKind::word: return no_choice(key, text);
    case ValueKind::folder: return expand_home(text).problem;
    default: return no_address(key, text);
    }
}

}  // namespace

std::string Config::downloads_directory() const {
    return downloads.empty() ? data_directory + "/downloads" : std::filesystem::absolute(downloads).lexically_normal().string();
}

std::vector<ConfigKey> const& config_keys() {
    using enum ValueKind;
    static std::vector<std::string> const on_off{"on", "off"};
    static std::vector<ConfigKey> const keys{
        {.name = "listen", .description = "Address and port where other peers reach this node; an IPv6 address in brackets, such as [::1]:6346.", .kind = address, .field = &Config::listen},
        {.name = "api", .description = "Address and port of the page and the API; loopback only.", .kind = loopback_address, .field = &Config::api},
        {.name = "mode", .description = "auto, leaf or ultrapeer. auto decides by what other nodes offer.", .kind = word, .field = &Config::mode, .choices = {"auto", "leaf", "ultrapeer"}},
        {.name = "network", .description = "private: only peers that you name, and those they tell of; no host cache is asked. gnutella: also ask the host caches below.", .kind = word, .field = &Config::network, .choices = {"private", "gnutella"}},
        {.name = "peers", .description = "Nodes to stay connected to, HOST:PORT.", .kind = servers, .field = &Config::peers, .list = true},
        {.name = "share", .description = "Folders to share, beside those that are added on the page or with `praline share add`. Nothing else is ever shared.", .kind = folders, .field = &Config::share, .list = true},
        {.name = "index", .description = "Index servers to sign in to, HOST:PORT: the nearest is told what this node shares, and is asked by the strategies index and hybrid.", .kind = servers, .field = &Config::index, .list = true},
        {.name = "downloads", .description = "Where finished files go. Empty: downloads/ in the data directory.", .kind = folder, .field = &Config::downloads},
        {.name = "upload_slots", .description = "Files sent at the same time.", .kind = number, .field = &Config::upload_slots, .live = true, .least = 1, .most = 1000},
        {.name = "max_ultrapeers", .description = "Links to ultrapeers that an ultrapeer has at most.", .kind = number, .field = &Config::max_ultrapeers, .least = 1, .most = 100},
        {.name = "max_leaves", .description = "Leaves that an ultrapeer takes.", .kind = number, .field = &Config::max_leaves, .least = 0, .most = 5000},
        {.name = "queries_per_link", .description = "Queries a second that one neighbour may bring, and ten times as many at once; 0: any number.", .kind = number, .field = &Config::queries_per_link, .least = 0, .most = 1'000'000},
        {.name = "udp_host_caches", .description = "UDP host caches, HOST:PORT; asked only when network is gnutella.", .kind = host_caches, .field = &Config::udp_host_caches, .list = true},
        {.name = "gwebcaches", .description = "GWebCache addresses (http://…); asked only when network is gnutella.", .kind = web_addresses, .field = &Config::gwebcaches, .list = true},
        {.name = "hit_cache", .description = "on: hits that pass by are kept for a while and answer the next who asks the same.", .kind = word, .field = &Config::hit_cache, .live = true, .choices = on_off},
        {.name = "pong_cache", .description = "on: pings are answered with hosts heard of lately; off: with this node alone.", .kind = word, .field = &Config::pong_cache, .choices = on_off},
        {.name = "seek", .description = "on: an ultrapeer connects to hosts that it hears of; off: to `peers` only, and who calls is welcome.", .kind = word, .field = &Config::seek, .choices = on_off},
        {.name = "query_routing", .description = "on: ultrapeers tell each other what they share, which saves the last step of most queries.", .kind = word, .field = &Config::query_routing, .choices = on_off},
        {.name = "firewalled", .description = "on: others cannot connect to this node, so its hits and the index tell them to ask it to call (push); off: they connect.", .kind = word, .field = &Config::firewalled, .live = true, .choices = on_off},
        {.name = "capacity", .description = "Upstream of this node in kbit/s, told to other Praline nodes; 0: unknown.", .kind = number, .field = &Config::capacity, .least = 0, .most = 1'000'000'000},
        {.name = "strategy", .description = "How searches spread that name no strategy.", .kind = word, .field = &Config::strategy, .live = true, .choices = strategy_choices()},
        {.name = "log_level", .description = "trace, debug, info, warn or error.", .kind = word, .field = &Config::log_level, .live = true, .choices = {"trace", "debug", "info", "warn", "error"}},
    };
    return keys;
}

ConfigKey const* find_key(std::string_view name) {
    auto const& keys = config_keys();
    auto const found = std::find_if(keys.begin(), keys.end(), [&](ConfigKey const& one) { return name == one.name; });
    return found == keys.end() ? nullptr : &*found;
}

std::string no_such_setting(std::string const& name) {
    std::vector<std::string> names;
    for (auto const& key : config_keys()) names.emplace_back(key.name);
    auto const meant = closest_word(name, names);
    return "There is no setting " + quoted(name) + "." + (meant ? " Did you mean " + *meant + "?" : "") + " `praline config show` lists all of them.";
}

SettingValue values_of(Config const& config, ConfigKey const& key) {
    if (auto const* const list = std::get_if<std::vector<std::string> Config::*>(&key.field)) return config.*(*list);
    if (auto const* const number = std::get_if<std::uint64_t Config::*>(&key.field)) return {std::to_string(config.*(*number))};
    return {config.*std::get<std::string Config::*>(key.field)};
}

std::string value_of(Config const& config, std::string const& name) {
    auto const* const key = find_key(name);
    std::string text;
    if (key == nullptr) return text;
    for (auto const& item : values_of(config, *key)) text += (text.empty() ? "" : ",") + item;
    return text;
}

std::string set_values(Config& config, std::string const& name, SettingValue const& value) {
    auto const* const key = find_key(name);
    if (key == nullptr) return no_such_setting(name);
    if (auto problem = why_not(*key, value); !problem.empty()) return problem;
    if (auto const* const number = std::get_if<std::uint64_t Config::*>(&key->field)) {
        config.*(*number) = *parse_number(value.front());
        return {};
    }
    bool const paths = key->kind == ValueKind::folder || key->kind == ValueKind::folders;
    SettingValue items = value;
    if (paths) for (auto& item : items) item = expand_home(path_from_text(item)).path;
    if (auto const* const list = std::get_if<std::vector<std::string> Config::*>(&key->field)) config.*(*list) = std::move(items);
    else config.*std::get<std::string Config::*>(key->field) = std::move(items.front());
    return {};
}

std::string set_value(Config& config, std::string const& name, std::string const& text) {
    auto const* const key = find_key(name);
    if (key == nullptr) return no_such_setting(name);
    auto const read = value_from_text(*key, text);
    return read.problem.empty() ? set_values(config, name, read.value) : read.problem;
}

std::string default_data_directory() {
    if (char const* const xdg = std::getenv("XDG_DATA_HOME"); xdg != nullptr && *xdg == '/') return std::string{xdg} + "/praline";
    if (char const* const home = std::getenv("HOME"); home != nullptr && *home == '/') return std::string{home} + "/.local/share/praline";
    return std::filesystem::current_path().string() + "/praline-data";
}

}  // namespace praline
