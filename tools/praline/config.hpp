#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Settings of a node: what there is to set, and which values are allowed. Where they come from: settings.hpp.
namespace praline {

struct Config {
    std::string data_directory;                     ///< absolute
    std::string listen = "0.0.0.0:6346";
    std::string api = "127.0.0.1:6380";
    std::string mode = "auto";                      ///< auto, leaf or ultrapeer
    std::string network = "private";                ///< private or gnutella
    std::vector<std::string> peers;                 ///< HOST:PORT
    std::vector<std::string> share;                 ///< folders
    std::vector<std::string> index;                 ///< index servers, HOST:PORT
    std::string downloads;                          ///< empty: downloads/ in the data directory
    std::uint64_t upload_slots = 8;
    std::uint64_t max_ultrapeers = 40;              ///< links to ultrapeers that an ultrapeer has at most
    std::uint64_t max_leaves = 60;
    std::uint64_t queries_per_link = 200;           ///< a second, that one neighbour may bring; 0: any number
    std::vector<std::string> udp_host_caches;       ///< host:port; asked only when network = "gnutella"
    std::vector<std::string> gwebcaches;            ///< http:// addresses; the same
    std::string hit_cache = "on";                   ///< on or off: hits that pass answer the next who asks
    std::string pong_cache = "on";                  ///< on or off
    std::string seek = "on";                        ///< on or off: an ultrapeer tries hosts it hears of
    std::string query_routing = "on";               ///< on or off: routing tables between ultrapeers
    std::string firewalled = "off";                 ///< on or off: others cannot connect to this node, only be called by it
    std::uint64_t capacity = 0;                     ///< upstream, kbit/s; 0: unknown
    std::string strategy = "flood";                 ///< of searches that name none
    std::string log_level = "info";                 ///< trace, debug, info, warn or error

    /// Absolute: others who are told of it stand elsewhere.
    [[nodiscard]] std::string downloads_directory() const;
};

/// What a value means, and so which are allowed.
enum class ValueKind : std::uint8_t { word, number, address, loopback_address, folder, folders, servers, host_caches, web_addresses };

/// One key as people see it: name in TOML and, with dashes, as a flag.
struct ConfigKey {
    char const* name;
    char const* description;
    ValueKind kind;
    std::variant<std::string Config::*, std::uint64_t Config::*, std::vector<std::string> Config::*> field;
    bool live = false;                              ///< takes effect at once when changed on the page
    bool list = false;
    std::vector<std::string> choices{};             ///< the values allowed; empty: any text or number that fits
    std::uint64_t least = 0, most = 0;              ///< of numbers
};
[[nodiscard]] std::vector<ConfigKey> const& config_keys();
/// Null: there is no such setting.
[[nodiscard]] ConfigKey const* find_key(std::string_view name);
/// A sentence that says so, and names the setting that was meant if one is alike.
[[nodiscard]] std::string no_such_setting(std::string const& name);

/// A value as somebody gave it: the items of a list, or one text.
using SettingValue = std::vector<std::string>;

[[nodiscard]] SettingValue values_of(Config const& config, ConfigKey const& key);
/// The same as one text for people; items are joined by commas, which a path may hold too.
[[nodiscard]] std::string value_of(Config const& config, std::string const& key);
/// Sets one key; "~" in paths becomes the home folder. Returns a sentence when the value is not allowed, else empty.
[[nodiscard]] std::string set_values(Config& config, std::string const& key, SettingValue const& value);
/// The same from one text, see `value_from_text`.
[[nodiscard]] std::string set_value(Config& config, std::string const& key, std::string const& text);

/// A value from one text. Lists: a JSON list of texts, or one item a line, or items separated by commas; but a comma in a
/// path belongs to the path.   @errors `problem` is a sentence; the value is empty then.
struct ReadValue { SettingValue value; std::string problem; };
[[nodiscard]] ReadValue value_from_text(ConfigKey const& key, std::string const& text);
/// A value as one text that `value_from_text` reads back as it was: lists as JSON.
[[nodiscard]] std::string text_of_value(ConfigKey const& key, SettingValue const& value);

[[nodiscard]] std::string default_data_directory();

}  // namespace praline
