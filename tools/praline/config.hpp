#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Settings of a node: defaults, the TOML file, what was changed on the page, flags; later ones win.
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

/// One key as people see it: name in TOML and, with dashes, as a flag.
struct ConfigKey {
    char const* name;
    char const* description;
    bool live;                                      ///< takes effect at once when changed on the page
    bool list;
    std::vector<std::string> choices{};             ///< the values allowed; empty: any text or number that fits
};
[[nodiscard]] std::vector<ConfigKey> const& config_keys();

/// Text of one key's value; lists joined by commas.
[[nodiscard]] std::string value_of(Config const& config, std::string const& key);
/// Sets one key from text (lists separated by commas). Returns a sentence when the value is not allowed, else empty.
[[nodiscard]] std::string set_value(Config& config, std::string const& key, std::string const& text);

struct ConfigProblem {
    std::string file;
    unsigned line = 0, column = 0;
    std::string sentence;
    [[nodiscard]] std::string text() const;         ///< "file:line:column: sentence"
};

/// Reads `file` over `config`. Unknown keys, wrong types and values that are not allowed are problems, all of them reported.
[[nodiscard]] std::vector<ConfigProblem> read_config_file(std::string const& file, Config& config, std::vector<std::string>& keys_found);

/// A commented file with every key at its default.
[[nodiscard]] std::string config_template();

[[nodiscard]] std::string default_data_directory();

}  // namespace praline
