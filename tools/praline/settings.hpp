#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/praline/config.hpp"
#include "tools/praline/config_file.hpp"

namespace praline {

/// Where a value comes from; later ones win.
enum class Origin : std::uint8_t { built_in, config_file, page, command_line };
/// "default", "config", "page" or "flag": what the API calls it.
[[nodiscard]] char const* to_string(Origin origin) noexcept;

/// The settings of one node with everybody who has a say: built-in values, the config file, what was set on the page or with
/// `praline config set` (both are called the page here: they are stored in one place), the command line.
/// A stored value that is not allowed, or of no use on this machine now, is left out: it must never keep a node from starting.
/// @threads any, one at a time: a value.
class Settings {
public:
    explicit Settings(std::string const& data_directory);

    /// Problems are returned; what is allowed is taken all the same.
    [[nodiscard]] std::vector<ConfigProblem> take_file(std::string const& file);
    /// A sentence when the value is not allowed.
    [[nodiscard]] std::string take_flag(std::string const& key, SettingValue const& value);
    /// Texts of `text_of_value` by key, as they are stored; those that are not allowed are left out.
    void take_stored(std::map<std::string, std::string> const& stored);
    /// A stored value is of no use here and now, as the sentence says.
    void leave_out(std::string const& key, std::string sentence);

    /// What is set on the page from now on; a flag for the same key steps back until the next start. Returns a sentence when
    /// the value is not allowed, and changes nothing then.
    [[nodiscard]] std::string set(std::string const& key, SettingValue const& value);
    void unset(std::string const& key);

    [[nodiscard]] Config const& config() const { return config_; }
    [[nodiscard]] Origin origin(std::string const& key) const;
    /// The value that the page's was left out for: why, and how it is undone. Empty: nothing was left out.
    [[nodiscard]] std::string problem(std::string const& key) const;
    [[nodiscard]] bool has_problems() const { return !left_out_.empty(); }
    /// All sentences of `problem`.
    [[nodiscard]] std::vector<std::string> problems() const;
    /// "on the command line (--listen)": for sentences about the value that holds.
    [[nodiscard]] std::string origin_text(std::string const& key) const;
    /// What is stored for the key, left out or not; empty: nothing.
    [[nodiscard]] std::optional<SettingValue> stored(std::string const& key) const;

private:
    void mix();

    struct LeftOut {
        SettingValue value;
        std::string sentence;
    };
    std::string data_directory_, file_;
    std::map<std::string, SettingValue> from_file_, from_page_, from_flags_;
    std::map<std::string, SettingValue> flags_set_aside_;  ///< of keys that were changed on the page since
    std::map<std::string, LeftOut> left_out_;
    Config config_;
};

}  // namespace praline
