#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tools/simulate/world/run_options.hpp"

/// What a person may ask of the simulator: each key is a line of a scenario file and a flag.
namespace praline::simulate::world {

struct Request {
    std::string topology;
    std::string strategy;                                                           ///< of `run`
    std::vector<std::string> strategies{"flood", "expanding-ring", "random-walk"};  ///< of `compare`
    std::string workload = "uniform";  ///< gives the keys of items their defaults
    RunOptions options;
};

enum class KeyKind { number, share, flag, text, list };

struct Key {
    char const* name;  ///< in a file; a flag has dashes
    KeyKind kind;
    char const* form;  ///< of its value, for people
    char const* description;
    bool of_items;  ///< means something with items only
    /// @return a sentence when it cannot be this, else empty.
    std::function<std::string(Request&, std::string const&)> set;
    /// Text that `set` would take; empty: nothing is set.
    std::function<std::string(Request const&)> get;
};

[[nodiscard]] std::vector<Key> const& keys();
/// Null: there is none.
[[nodiscard]] Key const* key_named(std::string const& name);
/// --check-every of check_every.
[[nodiscard]] std::string flag_of(std::string const& key);

/// A key that somebody has given a value.
struct Setting {
    std::string key, value;
    std::string where;  ///< what a complaint begins with: a flag, or file, line and column
};

/// Puts settings, later ones win, over what `request` has; the workload first, as it moves the defaults of others.
/// @return all complaints: values that are not allowed, keys that do not go together.
[[nodiscard]] std::vector<std::string> apply(std::vector<Setting> const& settings, Request& request);

/// The flags that make `request` out of `defaults`, but for what changes no result.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> differing(Request const& request,
                                                                         Request const& defaults);

}  // namespace praline::simulate::world
