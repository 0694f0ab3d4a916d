#pragma once

#include <optional>
#include <string>
#include <vector>

/// The subcommands that talk to a running node. Each prints and returns the exit code.
namespace praline {

/// Exit codes, the same for every subcommand; listed in `praline --help`.
enum ExitCode : int {
    exit_ok = 0,
    exit_failed = 1,         ///< the node said no, or something went wrong; the sentence is on standard error
    exit_usage = 2,          ///< the command line or the config is wrong
    exit_not_running = 3,    ///< no node runs on this data directory
    exit_nothing_found = 4,  ///< the search found nothing in time, or nothing new came of the download
    exit_download_failed = 5,
};

struct CommandContext {
    std::string data_directory;
    bool json = false;
};

/// How a search spreads; what is empty is left to the node.
struct StrategyOptions {
    std::string strategy;
    std::optional<std::uint64_t> ttl, walkers, check_every, max_steps, results_wanted;
    bool no_state = false;
};
struct SearchCommand {
    std::vector<std::string> words;
    double wait_seconds = 5;
    std::size_t enough = 0;
    StrategyOptions how;
};
struct BrowseCommand {
    std::string what;  ///< HOST:PORT, or the id of a result
    double wait_seconds = 60;
    std::size_t limit = 0;  ///< files; 0: all
};
struct SearchesCommand {
    enum class Act { open, history, forget, list, save, run, remove };
    Act act = Act::open;
    std::vector<std::string> words;
    StrategyOptions how;
    std::optional<std::uint64_t> id;
    std::uint64_t every_seconds = 3600, messages_per_run = 0, messages_per_day = 0, count = 20;
    bool all = false;
};
struct DownloadCommand {
    std::vector<std::string> what;
    std::string priority, folder, as;
    bool wait = false;
    double timeout_seconds = 90;  ///< without anything new; 0: never give up
};
struct DownloadsCommand {
    enum class Act { list, set, pause, resume, remove };
    Act act = Act::list;
    std::vector<std::string> ids;
    std::optional<std::string> priority, folder, move;
    bool files = false;  ///< list those of folders one by one
};
/// What is empty stays as it is.
struct LimitsCommand {
    std::optional<std::string> upload, download, overlay;
};
struct PartialsCommand {
    std::vector<std::string> remove;
    bool remove_all = false;
};
struct ShareCommand {
    std::vector<std::string> add, remove, preview;
    bool yes = false;
    bool rescan = false;
    bool files = false;
    std::string filter;
    std::string metalink, torrent;  ///< the shared file to make one for; empty: none
    std::string output;             ///< where it is written to; empty: standard output
};
struct PeersCommand {
    std::optional<std::string> connect, forget;
    std::optional<std::uint32_t> disconnect;
    bool known = false;
};
struct StatusCommand {
    bool login_link = false;
    bool stop = false;
};

int run_search(CommandContext const& context, SearchCommand const& command);
int run_browse(CommandContext const& context, BrowseCommand const& command);
int run_searches(CommandContext const& context, SearchesCommand const& command);
int run_download(CommandContext const& context, DownloadCommand const& command);
int run_downloads(CommandContext const& context, DownloadsCommand const& command);
int run_uploads(CommandContext const& context);
int run_limits(CommandContext const& context, LimitsCommand const& command);
int run_partials(CommandContext const& context, PartialsCommand const& command);
int run_share(CommandContext const& context, ShareCommand const& command);
int run_peers(CommandContext const& context, PeersCommand const& command);
int run_status(CommandContext const& context, StatusCommand const& command);
/// @param config_file  empty: praline.toml in the data directory, if there is one.
int run_config_show(CommandContext const& context, std::string const& config_file);
int run_config_check(CommandContext const& context, std::string const& config_file);
/// Through the node, if one runs; else in its database. Several words are the items of a list.
int run_config_set(CommandContext const& context, std::string const& config_file, std::string const& key,
                   std::vector<std::string> const& words);
int run_config_unset(CommandContext const& context, std::string const& key);
int run_config_template();

}  // namespace praline
