#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/log/log.hpp"
#include "node/overlay/overlay.hpp"
#include "search/strategy/strategy.hpp"
#include "tools/praline/bandwidth_schedule.hpp"

/// Settings of a node: what there is to set, and which values are allowed. Where they come from: settings.hpp.
namespace praline {

/// Which hosts a node connects to besides the peers its user names.
enum class Network : std::uint8_t {
    closed,    ///< "private": those that its peers know of; no host cache is asked
    gnutella,  ///< also those that host caches name
};

struct Bandwidth {
    Rates limits;                         ///< where no rule of the schedule says otherwise
    std::vector<BandwidthRule> schedule;  ///< the first that applies
    std::uint64_t capacity = 0;           ///< upstream, kbit/s; 0: unknown
};

struct Config {
    std::string data_directory;  ///< absolute
    std::string listen = "0.0.0.0:6346";
    std::string api = "127.0.0.1:6380";
    overlay::Mode mode = overlay::Mode::automatic;
    Network network = Network::closed;
    std::vector<std::string> peers;  ///< HOST:PORT
    std::vector<std::string> share;  ///< folders
    std::vector<std::string> index;  ///< index servers, HOST:PORT
    std::string downloads;           ///< empty: downloads/ in the data directory
    std::string url_ca_file;         ///< authorities of https servers beside those of the system; empty: none
    std::uint64_t upload_slots = 8;
    std::uint64_t active_downloads = 50;  ///< that fetch at the same time
    std::uint64_t max_ultrapeers = 40;    ///< links to ultrapeers that an ultrapeer has at most
    std::uint64_t max_leaves = 60;
    std::uint64_t queries_per_link = 200;      ///< a second, from one neighbour; 0: any number
    std::vector<std::string> udp_host_caches;  ///< HOST:PORT; asked only on the Gnutella network
    std::vector<std::string> gwebcaches;       ///< http:// addresses; likewise
    bool hit_cache = true;                     ///< hits that pass through answer later queries
    bool pong_cache = true;
    bool seek = true;                 ///< an ultrapeer tries hosts it learns of
    bool query_routing = true;        ///< routing tables between ultrapeers
    bool firewalled = false;          ///< others cannot connect to this node, only ask it to connect to them
    bool share_partial_files = true;  ///< verified pieces of downloads are uploaded
    bool browse_host = false;         ///< any peer is given the list of shared files
    Bandwidth bandwidth;
    search::strategy::Kind strategy = search::strategy::Kind::flood;  ///< of searches that name none
    log::Level log_level = log::Level::info;
};
/// Where finished files go. Absolute: a reader of the API or the log works in another folder.
[[nodiscard]] std::string downloads_directory(Config const& config);

/// A value as it is written: the items of a list, or one text.
using SettingValue = std::vector<std::string>;

/// How a value, or an item of a list, is written and shown.
enum class ValueKind : std::uint8_t { text, number, path, web_address };

struct HeldByNode;

/// One setting: all there is to know about it. The config file, the command line, `praline config`, the API and the page
/// read this table and nothing else; a new setting is a member of Config and a row.
struct SettingRow {
    std::string name;  ///< in TOML, in the API and in commands
    std::string help;  ///< one line
    ValueKind kind = ValueKind::text;
    bool list = false;
    std::vector<std::string> choices{};  ///< the values allowed; empty: any text or number that fits
    std::function<SettingValue(Config const&)> get{};
    /// Checks, then sets. @returns a sentence when the value is not allowed, and leaves the config as it was; else empty.
    std::function<std::string(Config&, SettingValue const&)> set{};
    /// Tries on this machine the value that the config holds (setting_trial.hpp). Null: there is nothing to try.
    std::string (*trial)(Config const&, HeldByNode const&) = nullptr;
    bool live = false;   ///< takes effect at once; else when the node starts again
    std::string flag{};  ///< "--upload-slots"
};
[[nodiscard]] std::vector<SettingRow> const& setting_rows();
/// Null: there is no such setting.
[[nodiscard]] SettingRow const* find_setting(std::string_view name);
/// A sentence that says so, and names the setting that was meant if one is alike.
[[nodiscard]] std::string no_such_setting(std::string const& name);

/// The same as one text for people; items are joined by commas, which a path may hold too.
[[nodiscard]] std::string value_of(Config const& config, std::string const& name);
/// Sets one key; "~" in paths becomes the home folder. Returns a sentence when the value is not allowed, else empty.
[[nodiscard]] std::string set_values(Config& config, std::string const& name, SettingValue const& value);
/// The same from one text, see `value_from_text`.
[[nodiscard]] std::string set_value(Config& config, std::string const& name, std::string const& text);
/// Gives `running` what of `wanted` takes effect at once.
void take_live_settings(Config& running, Config const& wanted);

/// A value from one text. Lists: a JSON list of texts, or one item a line, or items separated by commas; but a comma in a
/// path belongs to the path.   @errors `problem` is a sentence; the value is empty then.
struct ReadValue {
    SettingValue value;
    std::string problem;
};
[[nodiscard]] ReadValue value_from_text(SettingRow const& row, std::string const& text);
/// A value as one text that `value_from_text` reads back as it was: lists as JSON.
[[nodiscard]] std::string text_of_value(SettingRow const& row, SettingValue const& value);

[[nodiscard]] std::string default_data_directory();

}  // namespace praline
