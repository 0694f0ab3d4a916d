#include "tools/praline/run_node.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "node/log/log.hpp"
#include "node/net/descriptors.hpp"
#include "node/net/freed_memory.hpp"
#include "node/net/system_clock.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/node.hpp"
#include "tools/praline/node_storage.hpp"
#include "tools/praline/setting_trial.hpp"
#include "tools/praline/signals.hpp"

namespace praline {
namespace {

/// A relative path means another folder wherever the node is started: its owner should see which one it was this time.
void explain_relative_paths(Settings const& settings) {
    auto const explain = [](char const* key, std::string const& path) {
        if (!path.empty() && path.front() != '/')
            log::info("{} in {} is relative: from the folder in which the node was started it is {}.", path, key,
                      std::filesystem::absolute(path).lexically_normal().string());
    };
    explain("downloads", settings.config().downloads);
    for (auto const& folder : settings.config().share) explain("share", folder);
}

void greet(Node& node, bool shares_something) {
    std::cout << "Peers reach this node at " << node.listen_endpoint().text() << ".\n"
              << "The page is at http://" << node.api_endpoint().text() << "/ ; this link logs you in, once:\n"
              << node.one_time_login_link() << '\n';
    if (!shares_something) std::cout << "Folders are shared on the page or with `praline share add FOLDER`.\n";
    std::cout << std::flush;
    if (std::cout) return;
    std::cout.clear();
    std::clearerr(stdout);  // the node runs all the same, and must not end as a failure for it
    log::warn(
        "The addresses of this node could not be written to standard output. `praline status --login-link` prints a "
        "link to the page.");
}

}  // namespace

int run_node(std::string const& data_directory, std::string const& config_file, Flags const& flags) {
    auto settings = load_settings(data_directory, config_file, flags);
    if (!settings) return exit_usage;
    auto directory = DataDirectory::open_for_node(data_directory);
    log::begin("praline", settings->config().log_level);
    NodeStorage const storage{directory};
    settings->take_stored(SettingsStore{directory.database()}.load());
    log::set_level(settings->config().log_level);
    Config config = settings->config();
    if (auto const problem = try_at_start(*settings, config); !problem.empty()) {
        std::cerr << "praline: " << problem << '\n';
        return exit_failed;
    }
    for (auto const& problem : settings->problems()) log::warn("{}", problem);
    explain_relative_paths(*settings);
    std::signal(SIGPIPE, SIG_IGN);
    net::join_freed_memory_at_once();
    net::raise_descriptor_limit();

    boost::asio::io_context io{1};
    bool const shares_something = !config.share.empty();
    std::vector<std::string> problems;
    if (!storage.problem().empty()) problems.push_back(storage.problem());
    for (auto& sentence : never_shared(config)) problems.push_back(std::move(sentence));
    Node node{io, std::move(config), std::move(*settings), std::move(directory), std::move(problems)};
    boost::asio::signal_set signals{io};
    add_ending_signals(signals);
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
    greet(node, shares_something);
    io.run();
    return exit_ok;
}

}  // namespace praline
