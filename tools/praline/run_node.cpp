#include "tools/praline/run_node.hpp"

#include <csignal>
#include <filesystem>
#include <iostream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "node/net/descriptors.hpp"
#include "node/net/freed_memory.hpp"
#include "node/net/real_world.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/node.hpp"

namespace praline {
namespace {

bool apply(LoadedConfig& loaded, std::map<std::string, std::string> const& values, std::string const& source) {
    bool good = true;
    for (auto const& [key, value] : values) {
        auto const problem = set_value(loaded.config, key, value);
        if (problem.empty()) loaded.sources[key] = source;
        else std::cerr << "praline: " << problem << '\n';
        good = good && problem.empty();
    }
    return good;
}

}  // namespace

std::optional<LoadedConfig> load_config(std::string const& data_directory, std::string const& config_file, Flags const& flags, bool with_page_settings) {
    LoadedConfig loaded;
    loaded.config.data_directory = data_directory;
    auto const usual = data_directory + "/praline.toml";
    auto const file = !config_file.empty() ? config_file : std::filesystem::exists(usual) ? usual : "";
    if (!file.empty()) {
        std::vector<std::string> found;
        auto const problems = read_config_file(file, loaded.config, found);
        for (auto const& problem : problems) std::cerr << problem.text() << '\n';
        if (!problems.empty()) return std::nullopt;
        for (auto const& key : found) loaded.sources[key] = "config";
    }
    // A value kept from the page that a newer version no longer allows is reported and left out, not fatal.
    if (with_page_settings && std::filesystem::exists(data_directory + "/praline.db")) {
        apply(loaded, SettingsStore{data_directory + "/praline.db"}.load(), "page");
    }
    if (!apply(loaded, flags, "flag")) return std::nullopt;
    return loaded;
}

int run_node(std::string const& data_directory, std::string const& config_file, Flags const& flags) {
    auto directory = DataDirectory::open_for_node(data_directory);
    auto loaded = load_config(data_directory, config_file, flags, true);
    if (!loaded) return exit_usage;
    spdlog::set_default_logger(spdlog::stderr_color_mt("praline"));
    spdlog::set_pattern("%Y-%m-%d %H:%M:%S %^%l%$ %v");
    spdlog::set_level(spdlog::level::from_str(loaded->config.log_level));
    std::signal(SIGPIPE, SIG_IGN);
    net::join_freed_memory_at_once();
    net::raise_descriptor_limit();

    boost::asio::io_context io{1};
    auto const shared_by_flag_or_config = loaded->config.share.size();
    Node node{io, std::move(loaded->config), std::move(loaded->sources), std::move(directory)};
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    // Ctrl-C may come twice at once, from the terminal and from a script; only a later one means "now".
    constexpr auto impatient_after = std::chrono::seconds{1};
    std::optional<Instant> asked;
    std::function<void(boost::system::error_code, int)> on_signal = [&](boost::system::error_code error, int) {
        if (error) return;
        if (!asked || net::now() - *asked > impatient_after) node.shut_down();
        if (!asked) asked = net::now();
        signals.async_wait(on_signal);
    };
    signals.async_wait(on_signal);

    std::cout << "Peers reach this node at " << node.listen_endpoint().text() << ".\n"
              << "The page is at http://" << node.api_endpoint().text() << "/ ; this link logs you in, once:\n"
              << node.one_time_login_link() << '\n';
    if (shared_by_flag_or_config == 0) std::cout << "Folders are shared on the page or with `praline share add FOLDER`.\n";
    std::cout << std::flush;
    io.run();
    return exit_ok;
}

}  // namespace praline
