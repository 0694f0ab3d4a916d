#include <algorithm>
#include <array>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "search/session/search_parameters.hpp"
#include "tools/output/finish_output.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/closest.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/node_storage.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/run_index.hpp"
#include "tools/praline/run_node.hpp"
#include "tools/praline/search_words.hpp"

namespace {

using namespace praline;

constexpr char about[] =
    "Praline shares files from peer to peer: search what other peers share, and download files with every byte verified.\n"
    "\n"
    "Start a node with `praline node`; the other commands talk to the node that runs on the same data directory.\n"
    "Nothing is shared until you name a folder, and no peer is contacted until you name one.";

constexpr char exit_codes[] =
    "Exit codes: 0 all went well; 1 the node refused, something failed, or a search had no peer to ask (standard error says why);\n"
    "2 the command line or the config is wrong; 3 no node or index server runs on the data directory; 4 nothing was found, or nothing new came, in time;\n"
    "5 the download failed.";

/// Words of a repeated flag as the items of a list: a folder is a folder, whatever is in its name; servers may be separated
/// by commas. Throws std::invalid_argument with a sentence.
SettingValue items_of(SettingRow const& row, std::vector<std::string> const& words) {
    if (row.kind == ValueKind::path) return words;
    SettingValue items;
    for (auto const& word : words) {
        auto read = value_from_text(row, word);
        if (!read.problem.empty()) throw std::invalid_argument{read.problem};
        items.insert(items.end(), read.value.begin(), read.value.end());
    }
    return items;
}

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
    PartialsCommand partials;
    ShareCommand share;
    PeersCommand peers;
    StatusCommand status;
    IndexCommand index;
    struct { std::string key; std::vector<std::string> words; } setting;
    std::string check_file;
    int result = exit_ok;

    [[nodiscard]] CommandContext context() const { return {absolute_path(data), json}; }
    [[nodiscard]] std::string config_file() const { return config.empty() ? config : absolute_path(config); }
    [[nodiscard]] Flags flags(CLI::App const& node) const {
        Flags flags;
        for (auto const& row : setting_rows()) {
            if (node.count(row.flag) == 0) continue;
            if (row.list) flags[row.name] = items_of(row, lists.at(row.name));
            else flags[row.name] = {single.at(row.name)};
        }
        return flags;
    }
};

void add_node(CLI::App& app, CommandLine& line) {
    auto* const node = app.add_subcommand("node", "Run a node with its page and API until Ctrl-C");
    for (auto const& row : setting_rows()) {
        if (row.list) node->add_option(row.flag, line.lists[row.name], row.help + " Can be repeated.")->take_all()->expected(1)->type_name(row.kind == ValueKind::path ? "DIR" : "TEXT");
        else node->add_option(row.flag, line.single[row.name], row.help)->default_str(value_of(Config{}, row.name));
    }
    node->footer("Every option is also a key of the config file (see `praline config template`); options win.");
    node->callback([&line, node] { line.result = run_node(line.context().data_directory, line.config_file(), line.flags(*node)); });
}

void add_strategy(CLI::App& command, StrategyOptions& how) {
    std::string names;
    for (auto const& one : search::strategy_names()) names += (names.empty() ? "" : ", ") + std::string{one.name};
    command.add_option("--strategy", how.strategy, "How it spreads: " + names + "; default: the node's setting")->type_name("NAME");
    command.add_option("--ttl", how.ttl, "Hops of a flood, of the widest ring or of a key request, at most")->type_name("N");
    command.add_option("--walkers", how.walkers, "Walkers sent out together")->type_name("K");
    command.add_option("--check-every", how.check_every, "Steps after which a walker asks whether to continue; 0: never")->type_name("C");
    command.add_option("--max-steps", how.max_steps, "Steps of one walker, at most")->type_name("M");
    command.add_flag("--no-state", how.no_state, "Nodes do not remember where the walkers of this search went");
    command.add_option("--results", how.results_wanted, "Ask no more peers once so many results were found")->type_name("N");
}

void add_search(CLI::App& app, CommandLine& line) {
    auto* const search = app.add_subcommand("search", "Search the files of other peers");
    search->add_option("words", line.search.words, "Words of the name, a urn:sha1:… or a magnet link; -word leaves out names that hold it")->required()->type_name("WORDS…");
    search->add_option("--wait", line.search.wait_seconds, "How long to collect results; a search that asks only an index server ends with its answer")->type_name("SECONDS")->check(CLI::Range(0.0, 86400.0))->capture_default_str();
    search->add_option("--enough", line.search.enough, "Stop as soon as this many different files were found; 0: wait to the end")->type_name("N")->capture_default_str();
    add_strategy(*search, line.search.how);
    search->footer("praline search angel -battle       names with angel, without battle\n"
                   "praline search '\"battle angel\"'    these words one after the other; -\"two words\" leaves them out\n"
                   "praline search angel -- -h         behind -- everything is a word\n"
                   "Each result has an id such as 3-1 that `praline download` takes. At the end it prints what the search cost.");
    search->callback([&line] {
        line.search.words = unmarked(std::move(line.search.words));
        line.result = run_search(line.context(), line.search);
    });
}

void add_searches(CLI::App& app, CommandLine& line) {
    using Act = SearchesCommand::Act;
    auto* const searches = app.add_subcommand("searches", "Show running, finished and saved searches");
    searches->callback([&line, searches] { if (searches->get_subcommands().empty()) line.result = run_searches(line.context(), line.searches); });
    auto const add = [&](char const* name, char const* what, Act act) {
        auto* const one = searches->add_subcommand(name, what);
        one->fallthrough();
        one->callback([&line, act] {
            line.searches.act = act;
            line.searches.words = unmarked(std::move(line.searches.words));
            line.result = run_searches(line.context(), line.searches);
        });
        return one;
    };
    auto* const history = add("history", "Finished searches, the latest first", Act::history);
    history->add_option("--count", line.searches.count, "At most this many")->type_name("N")->check(CLI::Range(1, 1000))->capture_default_str();
    auto* const forget = add("forget", "Forget one finished search, or all", Act::forget);
    forget->add_option("id", line.searches.id, "Id in the history")->type_name("ID");
    forget->add_flag("--all", line.searches.all, "All of them");
    forget->require_option(1);
    add("list", "Saved searches: what is repeated, when, and what is new", Act::list);
    auto* const save = add("save", "Repeat a search within a budget; what the first run did not find is counted as new", Act::save);
    save->add_option("words", line.searches.words, "Words of the name, a urn:sha1:… or a magnet link; -word leaves out names that hold it")->required()->type_name("WORDS…");
    save->add_option("--every", line.searches.every_seconds, "Time from one run to the next")->type_name("SECONDS")->capture_default_str();
    save->add_option("--messages-per-run", line.searches.messages_per_run, "Messages that one run sends at most; 0: no limit")->type_name("N");
    save->add_option("--messages-per-day", line.searches.messages_per_day, "Messages that all runs of a day send at most; further runs are skipped; 0: no limit")->type_name("N");
    add_strategy(*save, line.searches.how);
    add("run", "Repeat a saved search now", Act::run)->add_option("id", line.searches.id, "Id of the saved search")->required()->type_name("ID");
    add("remove", "Stop repeating a search", Act::remove)->add_option("id", line.searches.id, "Id of the saved search")->required()->type_name("ID");
}

void add_download(CLI::App& app, CommandLine& line) {
    auto* const download = app.add_subcommand("download", "Fetch a file and verify it");
    download->add_option("what", line.download.what, "A magnet link, a URN, or the id of a search result")->required()->type_name("MAGNET|URN|RESULT-ID");
    download->add_flag("--wait", line.download.wait, "Wait until it is complete or has failed; prints the path of the finished file");
    download->add_option("--timeout", line.download.timeout_seconds,
                         "With --wait: give up when no data has arrived for so many seconds; 0: never. The node keeps trying")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 1e9))
        ->capture_default_str();
    download->callback([&line] { line.result = run_download(line.context(), line.download); });
}

void add_partials(CLI::App& app, CommandLine& line) {
    auto* const partials = app.add_subcommand("partials", "List and remove partial files that belong to no download");
    partials->add_option("--remove", line.partials.remove, "Delete these, by the names listed")->type_name("NAME…");
    partials->add_flag("--remove-all", line.partials.remove_all, "Delete all that are listed");
    partials->callback([&line] { line.result = run_partials(line.context(), line.partials); });
}

void add_share(CLI::App& app, CommandLine& line) {
    auto* const share = app.add_subcommand("share", "Show, add and remove shared folders");
    share->callback([&line, share] { if (share->get_subcommands().empty()) line.result = run_share(line.context(), line.share); });
    auto* const add = share->add_subcommand("add", "Share folders");
    add->add_option("folders", line.share.add, "Folders on this machine")->required()->type_name("DIR…");
    add->add_flag("--yes", line.share.yes, "Also share a home folder, a system folder or a hidden one, without asking first");
    auto* const preview = share->add_subcommand("preview", "Show what would be public if folders were shared");
    preview->add_option("folders", line.share.preview, "Folders on this machine")->required()->type_name("DIR…");
    auto* const remove = share->add_subcommand("remove", "Stop sharing folders");
    remove->add_option("folders", line.share.remove, "Folders shared now")->required()->type_name("DIR…");
    auto* const rescan = share->add_subcommand("rescan", "Look for changes now");
    rescan->parse_complete_callback([&line] { line.share.rescan = true; });
    auto* const files = share->add_subcommand("files", "List shared files");
    files->add_option("filter", line.share.filter, "Only paths that contain this text, folders included, whatever the case and the accents");
    files->parse_complete_callback([&line] { line.share.files = true; });
    for (auto* const one : {add, preview, remove, rescan, files}) {
        one->fallthrough();
        one->callback([&line] { line.result = run_share(line.context(), line.share); });
    }
}

void add_peers(CLI::App& app, CommandLine& line) {
    auto* const peers = app.add_subcommand("peers", "Show, connect and disconnect peers");
    peers->add_option("--connect", line.peers.connect, "Connect to a node")->type_name("ADDRESS:PORT");
    peers->add_option("--disconnect", line.peers.disconnect, "Close a link")->type_name("ID");
    peers->add_flag("--known", line.peers.known, "List the host cache instead; needs no running node");
    peers->callback([&line] { line.result = run_peers(line.context(), line.peers); });
}

void add_status(CLI::App& app, CommandLine& line) {
    auto* const status = app.add_subcommand("status", "Show what the node is doing");
    status->add_flag("--login-link", line.status.login_link, "Print a fresh link that logs a browser in, once");
    status->add_flag("--stop", line.status.stop, "Stop the node");
    status->callback([&line] { line.result = run_status(line.context(), line.status); });
}

void add_config(CLI::App& app, CommandLine& line) {
    auto* const config = app.add_subcommand("config", "Show, change, check and explain settings")->require_subcommand(1);
    config->add_subcommand("show", "Every setting and where its value comes from; without a running node, what one would start with")
        ->fallthrough()->callback([&line] { line.result = run_config_show(line.context(), line.config_file()); });
    auto* const set = config->add_subcommand("set", "Change a setting, with or without a running node; it wins over the config file");
    set->add_option("key", line.setting.key, "Its name, such as upload_slots")->required()->type_name("KEY");
    set->add_option("value", line.setting.words, "The new value; of a list all its items, as words or as one JSON list")->required()->type_name("VALUE…");
    set->footer("The value is tried: an address is bound, a folder made. `praline config unset KEY` undoes it.\n"
                "Example: praline config set share ~/Music '/data/Public, drafts'");
    set->fallthrough()->callback([&line] { line.result = run_config_set(line.context(), line.config_file(), line.setting.key, line.setting.words); });
    auto* const unset = config->add_subcommand("unset", "Forget what was set on the page or with `config set`: the config file or the built-in value applies again");
    unset->add_option("key", line.setting.key, "Its name")->required()->type_name("KEY");
    unset->fallthrough()->callback([&line] { line.result = run_config_unset(line.context(), line.setting.key); });
    auto* const check = config->add_subcommand("check", "Read a config file and explain what is wrong with it, by line and column");
    check->add_option("file", line.check_file, "Default: praline.toml in the data directory")->type_name("FILE");
    check->fallthrough()->callback([&line] {
        line.result = run_config_check(line.context(), line.check_file.empty() ? line.config_file() : absolute_path(line.check_file));
    });
    config->add_subcommand("template", "Print a config file with every key explained")->callback([&line] { line.result = run_config_template(); });
}

void add_index(CLI::App& app, CommandLine& line) {
    auto* const index = app.add_subcommand("index", "Run an index server until Ctrl-C, or inspect the running one");
    auto& how = line.index;
    index->add_option("--listen", how.listen, "Where nodes and other servers reach it; port 0: any free one")->type_name("ADDR:PORT");
    index->add_option("--advertise", how.advertise, "Address to advertise instead, behind a forwarded port or with --listen 0.0.0.0")->type_name("ADDR:PORT");
    index->add_option("--join", how.join, "A server of the group to join; without it, this one begins a group")->type_name("HOST:PORT");
    index->add_option("--group-secret", how.group_secret, "What all servers of the group share; default: group.secret in the data directory, made by the first server")->type_name("FILE");
    index->add_option("--api", how.api, "Status page, API and metrics, on loopback only; port 0: any free one")->type_name("ADDR:PORT")->capture_default_str();
    index->add_option("--lease", how.lease_seconds, "How long a node's list stays after the node, or its server, was last heard from; a server whose value differs from its group's is refused")->type_name("SECONDS")->check(CLI::Range(1.0, 86400.0))->capture_default_str();
    index->add_option("--beat", how.beat_seconds, "Time between heartbeats to other servers; a server whose value differs from its group's is refused")->type_name("SECONDS")->check(CLI::Range(0.01, 60.0))->capture_default_str();
    index->add_option("--suspect-after", how.suspect_after_beats, "A server that misses so many heartbeats is suspected, and changes no longer wait for it; a server whose value differs from its group's is refused")->type_name("BEATS")->check(CLI::Range(2, 1000))->capture_default_str();
    index->add_option("--repair-every", how.repair_seconds, "Time between comparisons with another server, on average")->type_name("SECONDS")->check(CLI::Range(0.05, 3600.0))->capture_default_str();
    index->add_option("--readers", how.readers, "Threads that search")->type_name("N")->check(CLI::Range(1, 64))->capture_default_str();
    index->add_option("--nodes", how.nodes, "Nodes connected at most; further ones are sent to other servers")->type_name("N")->check(CLI::Range(1, 1000000))->capture_default_str();
    index->add_option("--publishers-per-address", how.publishers_of_address, "Nodes at one address that may publish")->type_name("N")->check(CLI::Range(1, 1000000))->capture_default_str();
    index->add_option("--files-per-publisher", how.files_of_publisher, "Files that one node may list")->type_name("N")->check(CLI::Range(1, 100000000))->capture_default_str();
    index->add_option("--files-per-address", how.files_of_address, "Files that all nodes at one address together may list; 0: 2000000, or as many as one node if that is more")->type_name("N")->check(CLI::Range(0UL, 10000000000UL))->capture_default_str();
    index->add_option("--files-max", how.files, "Files that all nodes together may list")->type_name("N")->check(CLI::Range(1UL, 10000000000UL))->capture_default_str();
    index->add_option("--disk-max", how.disk_mib, "Disk space that the catalogue may take; when it is used up, no node may list more")->type_name("MIB")->check(CLI::Range(1UL, 1073741824UL))->capture_default_str();
    index->add_option("--searches-per-address", how.searches_of_address, "Searches per second from all nodes at one address, in bursts of up to ten seconds' worth; 0: no limit")->type_name("N")->check(CLI::Range(0, 1000000))->capture_default_str();
    index->add_option("--log-level", how.log_level, "trace, debug, info, warn or error")->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))->capture_default_str();
    index->footer("The first server of a group makes group.secret in its data directory; each further one needs a copy of it and --join.\n"
                  "SIGTERM and Ctrl-C drain: nodes are sent to other servers first; a second one stops at once.\n"
                  "Prometheus reads /metrics with the content of api-token as bearer token (authorization: credentials_file).\n" +
                  std::string{exit_codes});
    index->callback([&line, index] { if (index->get_subcommands().empty()) line.result = run_index(line.context(), line.index); });
    auto* const status = index->add_subcommand("status", "Show members, lag, publishers, rates and latencies of the running server");
    status->add_flag("--login-link", how.login_link, "Print a fresh link that logs a browser in, once");
    status->fallthrough()->callback([&line] { line.result = run_index_status(line.context(), line.index); });
    auto* const drain = index->add_subcommand("drain", "Send the nodes of the running server to other servers, then stop it");
    drain->fallthrough()->callback([&line] { line.result = run_index_drain(line.context()); });
    index->add_subcommand("unit", "Print a systemd unit; how to install it stands at its top")->callback([&line] { line.result = run_index_unit(); });
}

/// What the parser is given, in the order it wants: the last first.
std::vector<std::string> parser_arguments(CLI::App& app, std::vector<std::string> arguments) {
    std::array const commands{&app, app.get_subcommand("search"), app.get_subcommand("searches")->get_subcommand("save")};
    auto const takes_value = [&](std::string const& name) {
        return std::any_of(commands.begin(), commands.end(), [&](CLI::App* command) {
            auto const* const option = command->get_option_no_throw(name);
            return option != nullptr && option->get_items_expected_max() > 0;
        });
    };
    arguments = mark_search_words(std::move(arguments), takes_value);
    std::reverse(arguments.begin(), arguments.end());
    return arguments;
}

/// The first word that should name a command and does not; empty: all do. The parser itself would only say that one is missing.
std::string unknown_command(CLI::App const& app, std::vector<std::string> const& words) {
    CLI::App const* at = &app;
    std::string path = "praline";
    for (std::size_t i = 0; i < words.size() && (at == &app || at->get_require_subcommand_min() > 0); ++i) {
        auto const& word = words[i];
        if (word == "--data" || word == "--config") ++i;   // their value is no command
        if (word.starts_with('-')) continue;
        std::vector<std::string> names;
        CLI::App const* next = nullptr;
        for (auto const* const one : at->get_subcommands({})) {
            names.push_back(one->get_name());
            if (one->get_name() == word) next = one;
        }
        if (next == nullptr) {
            auto const meant = closest_word(word, names);
            return path + ": there is no command \"" + word + "\". " + (meant ? "Did you mean `" + path + ' ' + *meant + "`? " : "") + '`' + path + " --help` lists all of them.";
        }
        at = next;
        path += ' ' + word;
    }
    return {};
}

int run(int count, char** arguments) {
    CommandLine line;
    CLI::App app{about, "praline"};
    app.footer(exit_codes);
    app.set_version_flag("--version", "praline 0.1.0");
    app.add_option("--data", line.data, "Data directory: everything a node keeps")->type_name("DIR")->capture_default_str();
    app.add_option("--config", line.config, "Config file; default: praline.toml in the data directory")->type_name("FILE");
    app.add_flag("--json", line.json, "Print JSON for programs");
    app.require_subcommand(0, 1);
    app.fallthrough();
    add_node(app, line);
    add_search(app, line);
    add_searches(app, line);
    add_download(app, line);
    add_partials(app, line);
    add_share(app, line);
    add_peers(app, line);
    add_status(app, line);
    add_config(app, line);
    add_index(app, line);
    for (auto* const command : app.get_subcommands({})) command->fallthrough();
    if (count == 2 && std::string_view{arguments[1]} == "help") {
        std::cout << app.help();
        return exit_ok;
    }
    if (auto const problem = unknown_command(app, {arguments + std::min(count, 1), arguments + count}); !problem.empty()) {
        std::cerr << problem << '\n';
        return exit_usage;
    }
    try {
        app.parse(parser_arguments(app, {arguments + 1, arguments + count}));
        if (app.get_subcommands().empty()) std::cout << app.help();
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? static_cast<int>(exit_ok) : static_cast<int>(exit_usage);
    }
    return line.result;
}

int run_and_explain(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (ApiError const& error) {
        std::cerr << "praline: " << error.what() << '\n';
        bool const no_node = error.code() == "not_running" || error.code() == "no_answer";
        return no_node ? exit_not_running : exit_failed;
    } catch (store::DatabaseError const& error) {
        std::cerr << "praline: " << explain_database_error(error) << '\n';
        return exit_failed;
    } catch (std::invalid_argument const& error) {
        std::cerr << "praline: " << error.what() << '\n';
        return exit_usage;
    } catch (std::exception const& error) {
        std::cerr << "praline: " << error.what() << '\n';
        return exit_failed;
    }
}

}  // namespace

int main(int count, char** arguments) {
    praline::keep_standard_descriptors();
    return praline::finish_output("praline", run_and_explain(count, arguments));
}
