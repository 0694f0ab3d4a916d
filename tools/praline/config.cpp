#include "tools/praline/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "node/base/check.hpp"
#include "node/base/host_port.hpp"
#include "node/base/path_text.hpp"
#include "node/base/text.hpp"
#include "node/log/log.hpp"
#include "search/session/search_parameters.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/rate_text.hpp"
#include "tools/praline/setting_trial.hpp"
#include "tools/usage/closest.hpp"

namespace praline {
namespace {

constexpr std::size_t list_items_max = 1000;     ///< of one setting
constexpr std::size_t schedule_rules_max = 100;  ///< each is looked at once a second

std::string quoted(std::string const& text) { return '"' + text + '"'; }

/// ADDR:PORT where the port may be 0 (any free one).
std::string no_address(std::string const& name, std::string const& text, bool loopback_only) {
    auto const parsed = HostPort::parse(text, {.any_port = true});
    if (!parsed || !parsed->address)
        return name + " must be an address and a port such as 127.0.0.1:6380, not " + quoted(text) + ".";
    if (loopback_only && !parsed->address->is_loopback())
        return name +
               " must be a loopback address such as 127.0.0.1:6380: the page and the API are for this machine alone.";
    return {};
}

/// A sentence about one item of a list; empty: it is allowed.
using ItemCheck = std::string (*)(std::string const& name, std::string const& item);

std::string check_server(std::string const& name, std::string const& item) {
    return HostPort::parse(item)
               ? ""
               : name + " must name each as HOST:PORT, such as node.example.org:6346, not " + quoted(item) + ".";
}

std::string check_folder(std::string const& name, std::string const& item) {
    return item.empty() ? name + " must name folders; one of them is empty." : expand_home(item).problem;
}

/// Problems of a host cache are logged when it is asked; the others are asked all the same.
std::string check_nothing(std::string const&, std::string const&) { return {}; }

std::string path_of(std::string const& text) { return expand_home(path_from_text(text)).path; }

SettingRow row_of(char const* name, char const* help) {
    SettingRow row{.name = name, .help = help};
    row.flag = "--" + row.name;
    std::replace(row.flag.begin(), row.flag.end(), '_', '-');
    return row;
}

/// @param assign  takes the one text of a value that is not a list; returns a sentence, or empty.
/// @param text    the value as a text.
template <class Assign, class Text>
SettingRow single(char const* name, char const* help, Assign assign, Text text) {
    auto row = row_of(name, help);
    row.get = [text](Config const& config) { return SettingValue{text(config)}; };
    row.set = [assign, key = row.name](Config& config, SettingValue const& value) -> std::string {
        if (value.size() != 1) return key + " takes one value.";
        if (value.front().find('\0') != std::string::npos) return key + " holds a zero byte.";
        return assign(config, value.front());
    };
    return row;
}

/// @param member  gives the number that the config holds.
template <class Member>
SettingRow number(char const* name, Member member, std::uint64_t least, std::uint64_t most, char const* help) {
    auto const assign = [=](Config& config, std::string const& text) -> std::string {
        auto const value = parse_number(text);
        if (!value || *value < least || *value > most)
            return std::string{name} + " must be a whole number from " + std::to_string(least) + " to " +
                   std::to_string(most) + ", not " + quoted(text) + ".";
        std::invoke(member, config) = *value;
        return {};
    };
    auto row = single(name, help, assign,
                      [member](Config const& config) { return std::to_string(std::invoke(member, config)); });
    row.kind = ValueKind::number;
    return row;
}

template <class Value>
using Words = std::vector<std::pair<std::string, Value>>;

template <class Value>
SettingRow word(char const* name, Value Config::*member, Words<Value> const& words, char const* help) {
    auto const assign = [=](Config& config, std::string const& text) -> std::string {
        std::string all;
        std::vector<std::string> allowed;
        for (auto const& [one, value] : words) {
            if (text == one) return config.*member = value, std::string{};
            all += (all.empty() ? "" : ", ") + one;
            allowed.push_back(one);
        }
        auto const meant = usage::closest_word(text, allowed);
        return std::string{name} + " must be one of " + all + ", not " + quoted(text) + "." +
               (meant ? " Did you mean " + *meant + "?" : "");
    };
    auto const text = [=](Config const& config) {
        auto const found =
            std::find_if(words.begin(), words.end(), [&](auto const& one) { return one.second == config.*member; });
        return found == words.end() ? std::string{} : found->first;
    };
    auto row = single(name, help, assign, text);
    for (auto const& one : words) row.choices.push_back(one.first);
    return row;
}

SettingRow on_off(char const* name, bool Config::*member, char const* help) {
    return word<bool>(name, member, {{"on", true}, {"off", false}}, help);
}

SettingRow address(char const* name, std::string Config::*member, bool loopback_only, char const* help) {
    auto const assign = [=](Config& config, std::string const& text) {
        auto problem = no_address(name, text, loopback_only);
        if (problem.empty()) config.*member = text;
        return problem;
    };
    return single(name, help, assign, [member](Config const& config) { return config.*member; });
}

SettingRow path(char const* name, std::string Config::*member, char const* help) {
    auto const assign = [=](Config& config, std::string const& text) {
        auto problem = expand_home(text).problem;
        if (problem.empty()) config.*member = path_of(text);
        return problem;
    };
    auto row = single(name, help, assign, [member](Config const& config) { return config.*member; });
    row.kind = ValueKind::path;
    return row;
}

SettingRow list(char const* name, std::vector<std::string> Config::*member, ValueKind kind, ItemCheck check,
                char const* help) {
    auto row = row_of(name, help);
    row.kind = kind;
    row.list = true;
    row.get = [member](Config const& config) { return config.*member; };
    row.set = [=, key = row.name](Config& config, SettingValue const& value) -> std::string {
        if (value.size() > list_items_max) return key + " holds at most " + std::to_string(list_items_max) + " items.";
        for (auto const& item : value) {
            if (item.find('\0') != std::string::npos) return key + " holds a zero byte.";
            if (auto problem = check(key, item); !problem.empty()) return problem;
        }
        auto items = value;
        if (kind == ValueKind::path) std::transform(items.begin(), items.end(), items.begin(), path_of);
        config.*member = std::move(items);
        return {};
    };
    return row;
}

SettingRow rate(char const* name, std::uint64_t Rates::*member, std::uint64_t least, char const* help) {
    auto const assign = [=](Config& config, std::string const& text) -> std::string {
        auto const read = parse_rate(text, least);
        if (!read.bytes_per_second) return std::string{name} + ": " + read.problem;
        config.bandwidth.limits.*member = *read.bytes_per_second;
        return {};
    };
    return single(name, help, assign,
                  [member](Config const& config) { return rate_text(config.bandwidth.limits.*member); });
}

SettingRow schedule(char const* name, char const* help) {
    auto row = row_of(name, help);
    row.list = true;
    row.get = [](Config const& config) {
        SettingValue texts;
        for (auto const& rule : config.bandwidth.schedule) texts.push_back(rule.text());
        return texts;
    };
    row.set = [key = row.name](Config& config, SettingValue const& value) -> std::string {
        if (value.size() > schedule_rules_max)
            return key + " holds at most " + std::to_string(schedule_rules_max) + " rules.";
        std::vector<BandwidthRule> rules;
        for (auto const& text : value) {
            auto const read = BandwidthRule::read(text);
            if (!read.rule)
                return key + ", rule " + std::to_string(rules.size() + 1) + ", column " + std::to_string(read.column) +
                       ": " + read.problem;
            rules.push_back(*read.rule);
        }
        config.bandwidth.schedule = std::move(rules);
        return {};
    };
    return row;
}

SettingRow at_once(SettingRow row) {
    row.live = true;
    return row;
}

SettingRow tried_by(std::string (*trial)(Config const&, HeldByNode const&), SettingRow row) {
    row.trial = trial;
    return row;
}

/// A list whose flag names one item, and is repeated.
SettingRow flag_for_one(char const* flag, SettingRow row) {
    row.flag = flag;
    return row;
}

Words<search::strategy::Kind> strategy_words() {
    Words<search::strategy::Kind> words;
    for (auto const& one : search::strategy_names()) words.emplace_back(one.name, one.kind);
    return words;
}

Words<log::Level> level_words() {
    using log::Level;
    return {{"trace", Level::trace},
            {"debug", Level::debug},
            {"info", Level::info},
            {"warn", Level::warn},
            {"error", Level::error}};
}

void add_address_rows(std::vector<SettingRow>& rows) {
    rows.push_back(tried_by(try_listen, address("listen", &Config::listen, false,
                                                "Address and port on which other peers reach this node; an IPv6 "
                                                "address in brackets, such as [::1]:6346.")));
    rows.push_back(tried_by(
        try_api, address("api", &Config::api, true, "Address and port of the page and the API; loopback only.")));
    rows.push_back(word<overlay::Mode>(
        "mode", &Config::mode,
        {{"auto", overlay::Mode::automatic}, {"leaf", overlay::Mode::leaf}, {"ultrapeer", overlay::Mode::ultrapeer}},
        "auto, leaf or ultrapeer. With auto the node decides by what other nodes offer."));
    rows.push_back(word<Network>("network", &Config::network,
                                 {{"private", Network::closed}, {"gnutella", Network::gnutella}},
                                 "private: connect only to peers that you name and peers that those know of, and ask "
                                 "no host cache. gnutella: also ask the host caches below."));
    rows.push_back(flag_for_one(
        "--peer", list("peers", &Config::peers, ValueKind::text, check_server,
                       "Peers to stay connected to, HOST:PORT; an IPv6 address in brackets, such as [::1]:6346.")));
    rows.push_back(tried_by(try_share, list("share", &Config::share, ValueKind::path, check_folder,
                                            "Folders to share, in addition to those added on the page or with `praline "
                                            "share add`. Nothing else is ever shared.")));
    rows.push_back(list("index", &Config::index, ValueKind::text, check_server,
                        "Index servers to sign in to, HOST:PORT; an IPv6 address in brackets, such as [::1]:6347. The "
                        "nearest one is given the list of shared files, and answers searches by the strategies index "
                        "and hybrid."));
    rows.push_back(tried_by(try_downloads, path("downloads", &Config::downloads,
                                                "Where finished files go. Empty: downloads/ in the data directory.")));
    rows.push_back(tried_by(try_url_ca_file,
                            path("url_ca_file", &Config::url_ca_file,
                                 "A PEM file of authorities whose certificates of https servers are trusted beside "
                                 "those of the system, as of a private mirror. Empty: none.")));
}

void add_limit_rows(std::vector<SettingRow>& rows) {
    rows.push_back(
        at_once(number("upload_slots", &Config::upload_slots, 1, 1000, "Files uploaded at the same time, at most.")));
    rows.push_back(at_once(number("active_downloads", &Config::active_downloads, 1, 200,
                                  "Downloads that fetch at the same time, at most; the others wait for their turn, by "
                                  "priority and order.")));
    rows.push_back(number("max_ultrapeers", &Config::max_ultrapeers, 1, 100,
                          "Links to other ultrapeers that an ultrapeer has at most."));
    rows.push_back(number("max_leaves", &Config::max_leaves, 0, 5000, "Leaves that an ultrapeer accepts at most."));
    rows.push_back(
        number("queries_per_link", &Config::queries_per_link, 0, 1'000'000,
               "Queries per second accepted from one neighbour, with bursts of ten times as many; 0: no limit."));
    rows.push_back(flag_for_one("--udp-host-cache",
                                list("udp_host_caches", &Config::udp_host_caches, ValueKind::text, check_nothing,
                                     "UDP host caches, HOST:PORT; asked only when network is gnutella.")));
    rows.push_back(
        flag_for_one("--gwebcache", list("gwebcaches", &Config::gwebcaches, ValueKind::web_address, check_nothing,
                                         "GWebCache addresses (http://…); asked only when network is gnutella.")));
}

void add_bandwidth_rows(std::vector<SettingRow>& rows) {
    rows.push_back(number(
        "capacity", [](auto& config) -> auto& { return config.bandwidth.capacity; }, 0, 1'000'000'000,
        "Upstream bandwidth of this node in kbit/s, advertised to other Praline nodes; 0: unknown."));
    rows.push_back(at_once(rate("upload_limit", &Rates::upload, upload_rate_min,
                                "Most that all uploads together send, such as 200 KiB/s, 1.5 MiB/s or 10 Mbit/s; or "
                                "unlimited.")));
    rows.push_back(
        at_once(rate("download_limit", &Rates::download, download_rate_min,
                     "Most that all downloads together fetch, such as 1 MiB/s; at least 16 KiB/s, or unlimited.")));
    rows.push_back(
        at_once(rate("overlay_limit", &Rates::overlay, overlay_rate_min,
                     "Most that is sent to neighbours on links: searches, results, pings; at least 16 KiB/s, "
                     "or unlimited.")));
    rows.push_back(at_once(flag_for_one(
        "--bandwidth-rule",
        schedule("bandwidth_schedule",
                 "Rules that change the limits by day and time of this machine, such as \"mon-fri 08:00-18:00 "
                 "upload=200 KiB/s download=1 MiB/s\" or \"daily 22:00-06:00 upload=unlimited\". The first that "
                 "applies holds; what it does not name is as set above."))));
}

void add_behaviour_rows(std::vector<SettingRow>& rows) {
    rows.push_back(
        at_once(on_off("hit_cache", &Config::hit_cache,
                       "on: hits that pass through are kept for a while and answer later queries for the same.")));
    rows.push_back(on_off("pong_cache", &Config::pong_cache,
                          "on: pings are answered with hosts seen lately; off: with this node alone."));
    rows.push_back(on_off("seek", &Config::seek,
                          "on: an ultrapeer connects to hosts it learns of; off: only to `peers`, and accepts incoming "
                          "connections as before."));
    rows.push_back(
        on_off("query_routing", &Config::query_routing,
               "on: ultrapeers exchange tables of what they share, which saves the last hop of most queries."));
    rows.push_back(at_once(on_off("firewalled", &Config::firewalled,
                                  "on: others cannot connect to this node, so its hits and the index tell them to have "
                                  "it connect to them (push); off: they connect.")));
    rows.push_back(
        at_once(on_off("share_partial_files", &Config::share_partial_files,
                       "on: verified pieces of downloads are uploaded to peers that ask for the same file by "
                       "its hash, before it is finished; off: only shared files are uploaded.")));
    rows.push_back(
        at_once(on_off("browse_host", &Config::browse_host,
                       "on: a peer that asks (browse host) is given the list of all shared files, and search "
                       "results say so; off: no peer gets a list.")));
    rows.push_back(
        at_once(word("strategy", &Config::strategy, strategy_words(), "Strategy of searches that name none.")));
    rows.push_back(at_once(word("log_level", &Config::log_level, level_words(), "trace, debug, info, warn or error.")));
}

}  // namespace

std::string downloads_directory(Config const& config) {
    return config.downloads.empty() ? config.data_directory + "/downloads"
                                    : std::filesystem::absolute(config.downloads).lexically_normal().string();
}

std::vector<SettingRow> const& setting_rows() {
    static std::vector<SettingRow> const rows = [] {
        std::vector<SettingRow> all;
        add_address_rows(all);
        add_limit_rows(all);
        add_bandwidth_rows(all);
        add_behaviour_rows(all);
        return all;
    }();
    return rows;
}

SettingRow const* find_setting(std::string_view name) {
    auto const& rows = setting_rows();
    auto const found = std::find_if(rows.begin(), rows.end(), [&](SettingRow const& one) { return name == one.name; });
    return found == rows.end() ? nullptr : &*found;
}

std::string no_such_setting(std::string const& name) {
    std::vector<std::string> names;
    for (auto const& row : setting_rows()) names.push_back(row.name);
    auto const meant = usage::closest_word(name, names);
    return "There is no setting " + quoted(name) + "." + (meant ? " Did you mean " + *meant + "?" : "") +
           " `praline config show` lists all of them.";
}

std::string value_of(Config const& config, std::string const& name) {
    auto const* const row = find_setting(name);
    std::string text;
    if (row == nullptr) return text;
    for (auto const& item : row->get(config)) text += (text.empty() ? "" : ",") + item;
    return text;
}

std::string set_values(Config& config, std::string const& name, SettingValue const& value) {
    auto const* const row = find_setting(name);
    return row == nullptr ? no_such_setting(name) : row->set(config, value);
}

std::string set_value(Config& config, std::string const& name, std::string const& text) {
    auto const* const row = find_setting(name);
    if (row == nullptr) return no_such_setting(name);
    auto const read = value_from_text(*row, text);
    return read.problem.empty() ? row->set(config, read.value) : read.problem;
}

void take_live_settings(Config& running, Config const& wanted) {
    for (auto const& row : setting_rows())
        if (row.live) check(row.set(running, row.get(wanted)).empty());
}

std::string default_data_directory() {
    if (char const* const xdg = std::getenv("XDG_DATA_HOME"); xdg != nullptr && *xdg == '/')
        return std::string{xdg} + "/praline";
    if (char const* const home = std::getenv("HOME"); home != nullptr && *home == '/')
        return std::string{home} + "/.local/share/praline";
    return std::filesystem::current_path().string() + "/praline-data";
}

}  // namespace praline
