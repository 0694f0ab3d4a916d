#pragma once
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/praline/command_access.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/load_settings.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/run_index.hpp"

/// What `praline` understands: each function adds one command, its options and its help to the parser.
/// One thread; what a callback runs throws as the command of its header does.
namespace praline {

/// What each exit code means, for the end of a help page.
extern char const exit_codes_help[];

/// What the parser fills; one place, so that callbacks need no globals.
struct CommandLine {
    std::string data = default_data_directory();
    std::string config;
    bool json = false;
    std::map<std::string, std::string> single;
    std::map<std::string, std::vector<std::string>> lists;
    SearchCommand search;
    SearchesCommand searches;
    DownloadCommand download;
    DownloadsCommand downloads;
    LimitsCommand limits;
    PartialsCommand partials;
    ShareCommand share;
    PeersCommand peers;
    StatusCommand status;
    AccessCommands access;
    IndexCommand index;
    struct {
        std::string key;
        std::vector<std::string> words;
    } setting;
    std::string check_file;
    struct {
        std::vector<std::string> path;  ///< of the command to explain
        std::string shell, folder;
    } about;
    int result = exit_ok;

    [[nodiscard]] CommandContext context() const { return {absolute_path(data), json}; }
    [[nodiscard]] std::string config_file() const { return config.empty() ? config : absolute_path(config); }
    /// The flags that the user gave to `praline node`. Throws std::invalid_argument with a sentence.
    [[nodiscard]] Flags flags(CLI::App const& node) const;
};

void add_node(CLI::App& app, CommandLine& line);
void add_search(CLI::App& app, CommandLine& line);
void add_browse(CLI::App& app, CommandLine& line);
void add_searches(CLI::App& app, CommandLine& line);
void add_download(CLI::App& app, CommandLine& line);
void add_downloads(CLI::App& app, CommandLine& line);
void add_uploads(CLI::App& app, CommandLine& line);
void add_limits(CLI::App& app, CommandLine& line);
void add_partials(CLI::App& app, CommandLine& line);
void add_share(CLI::App& app, CommandLine& line);
void add_peers(CLI::App& app, CommandLine& line);
void add_status(CLI::App& app, CommandLine& line);
void add_token(CLI::App& app, CommandLine& line);
void add_session(CLI::App& app, CommandLine& line);
void add_config(CLI::App& app, CommandLine& line);
void add_index(CLI::App& app, CommandLine& line);

}  // namespace praline
