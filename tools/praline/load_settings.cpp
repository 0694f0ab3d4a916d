#include "tools/praline/load_settings.hpp"

#include <filesystem>
#include <iostream>

namespace praline {
namespace {

std::string& address_of(Config& config, std::string const& key) { return key == "listen" ? config.listen : config.api; }

/// The same address with any free port: the page must come up, so that what was set there can be undone.
std::string with_any_port(std::string const& address) { return Endpoint{address_in(address).address, 0}.text(); }

std::string try_address_at_start(Settings& settings, Config& config, std::string const& key) {
    auto problem = try_setting(settings.config(), key, {});
    if (!problem.empty() && settings.origin(key) == Origin::page) {
        settings.leave_out(key, std::move(problem));
        problem = try_setting(settings.config(), key, {});
    }
    config = settings.config();
    bool const stands_in = settings.origin(key) == Origin::built_in && !settings.problem(key).empty();
    if (!problem.empty() && stands_in) {
        address_of(config, key) = with_any_port(address_of(config, key));
        problem = try_setting(config, key, {});
    }
    return problem.empty() ? problem : problem + ' ' + settings.origin_text(key);
}

}  // namespace

std::optional<Settings> load_settings(std::string const& data_directory, std::string const& config_file,
                                      Flags const& flags) {
    Settings settings{data_directory};
    auto const usual = data_directory + "/praline.toml";
    std::error_code error;
    auto const file = !config_file.empty() ? config_file : std::filesystem::exists(usual, error) ? usual : "";
    if (!config_file.empty() && !std::filesystem::exists(config_file, error)) {
        std::cerr << "praline: There is no config file " << config_file << ".\n";
        return std::nullopt;
    }
    bool good = true;
    if (!file.empty()) {
        for (auto const& problem : settings.take_file(file)) {
            std::cerr << problem.text() << '\n';
            good = false;
        }
    }
    for (auto const& [key, value] : flags) {
        auto const problem = settings.take_flag(key, value);
        if (problem.empty()) continue;
        std::cerr << "praline: " << problem << " (" << find_setting(key)->flag << " on the command line)\n";
        good = false;
    }
    if (!good) return std::nullopt;
    return settings;
}

std::string try_at_start(Settings& settings, Config& config) {
    // Of two values that collide the one from the page is left out, whichever it is.
    for (auto const* key : {"listen", "api"})
        if (addresses_collide(settings.config())) settings.leave_out(key, "listen and api cannot both use one port.");
    if (auto problem = try_address_at_start(settings, config, "api"); !problem.empty()) return problem;
    auto const api = config.api;
    if (auto problem = try_address_at_start(settings, config, "listen"); !problem.empty()) return problem;
    auto problem = try_to_make_folder(downloads_directory(settings.config()));
    if (!problem.empty() && settings.origin("downloads") == Origin::page) {
        settings.leave_out("downloads", std::move(problem));
        problem = try_to_make_folder(downloads_directory(settings.config()));
    }
    auto const listen = config.listen;
    config = settings.config();
    config.listen = listen;
    config.api = api;
    return problem.empty() ? problem : problem + ' ' + settings.origin_text("downloads");
}

}  // namespace praline
