#include "tools/praline/command_line.hpp"

#include <stdexcept>

#include "search/session/search_parameters.hpp"
#include "tools/praline/run_node.hpp"
#include "tools/praline/search_words.hpp"

namespace praline {
namespace {

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
void add_strategy(CLI::App& command, StrategyOptions& how) {
    command.add_option("--strategy", how.strategy, "How it spreads; else as the node's setting says")
        ->type_name("STRATEGY");
    command.add_option("--ttl", how.ttl, "Hops of a flood, of the widest ring or of a key request, at most")
        ->type_name("N");
    command.add_option("--walkers", how.walkers, "Walkers sent out together")->type_name("K");
    command
        .add_option("--check-every", how.check_every, "Steps after which a walker asks whether to continue; 0: never")
        ->type_name("C");
    command.add_option("--max-steps", how.max_steps, "Steps of one walker, at most")->type_name("M");
    command.add_flag("--no-state", how.no_state, "Nodes do not remember where the walkers of this search went");
    command.add_option("--results", how.results_wanted, "Ask no more peers once so many results were found")
        ->type_name("N");
}

template <class Text>
void add_plan(CLI::App& command, Text& priority, Text& folder) {
    command.add_option("--priority", priority, "Those of higher priority begin first; at first normal")
        ->type_name("high|normal|low")
        ->check(CLI::IsMember({"high", "normal", "low"}));
    command.add_option("--folder", folder, "Where the file goes; made when missing. Default: the setting downloads")
        ->type_name("DIR");
}

/// What stands for a value of the setting in help.
std::string value_word(SettingRow const& row) {
    if (row.name == "strategy") return "STRATEGY";
    if (!row.choices.empty()) {
        std::string words;
        for (auto const& one : row.choices) words += (words.empty() ? "" : "|") + one;
        return words;
    }
    if (row.kind == ValueKind::path) return row.name.ends_with("_file") ? "FILE" : "DIR";
    if (row.kind == ValueKind::number) return "N";
    return row.trial != nullptr ? "ADDR:PORT" : "TEXT";
}

}  // namespace

char const exit_codes_help[] =
    "Exit codes:\n"
    "  0  all went well\n"
    "  1  the node refused, something failed, or a search had no peer to ask;\n"
    "     standard error says why\n"
    "  2  the command line or the config is wrong\n"
    "  3  no node or index server runs on the data directory\n"
    "  4  nothing was found, or nothing new came, in time\n"
    "  5  the download failed";

Flags CommandLine::flags(CLI::App const& node) const {
    Flags flags;
    for (auto const& row : setting_rows()) {
        if (node.count(row.flag) == 0) continue;
        if (row.list)
            flags[row.name] = items_of(row, lists.at(row.name));
        else
            flags[row.name] = {single.at(row.name)};
    }
    return flags;
}

void add_node(CLI::App& app, CommandLine& line) {
    auto* const node = app.add_subcommand("node", "Run a node with its page and API until Ctrl-C");
    for (auto const& row : setting_rows()) {
        if (row.list)
            node->add_option(row.flag, line.lists[row.name], row.help + " Can be repeated.")
                ->take_all()
                ->expected(1)
                ->type_name(row.kind == ValueKind::path ? "DIR" : "TEXT");
        else
            node->add_option(row.flag, line.single[row.name], row.help)
                ->type_name(value_word(row))
                ->default_str(value_of(Config{}, row.name));
    }
    node->footer(
        "Examples:\n"
        "  praline node\n"
        "  praline node --data ~/second --listen 0.0.0.0:6348 --api 127.0.0.1:6382\n"
        "  praline node --network gnutella --mode leaf --share ~/Music\n"
        "\n"
        "Every option is also a key of the config file (see `praline config template`); options win.");
    node->callback([&line, node] {
        line.result = run_node(line.context().data_directory, line.config_file(), line.flags(*node));
    });
}

void add_search(CLI::App& app, CommandLine& line) {
    auto* const search = app.add_subcommand("search", "Search the files of other peers");
    search
        ->add_option("words", line.search.words,
                     "Words of the name, a urn:sha1:… or a magnet link; -word leaves out names that hold it")
        ->required()
        ->type_name("WORDS…");
    search
        ->add_option("--wait", line.search.wait_seconds,
                     "How long to collect results; a search that asks only an index server ends with its answer")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 86400.0))
        ->capture_default_str();
    search
        ->add_option("--enough", line.search.enough,
                     "Stop as soon as this many different files were found; 0: wait to the end")
        ->type_name("N")
        ->capture_default_str();
    add_strategy(*search, line.search.how);
    search->footer(
        "Examples:\n"
        "  praline search angel -battle      names with angel, without battle\n"
        "  praline search '\"battle angel\"'   these words one after the other\n"
        "  praline search angel -'\"two words\"' --wait 10 --strategy hybrid\n"
        "  praline search angel type:audio -ext:mp3 'size:>10M' 'sources:>2'\n"
        "  praline search angel -- -h        behind -- everything is a word\n"
        "  praline --json search angel       for programs\n"
        "\n"
        "Each result has an id such as 3-1 that `praline download` takes. At the end it prints what the search cost.");
    search->callback([&line] {
        line.search.words = unmarked(std::move(line.search.words));
        line.result = run_search(line.context(), line.search);
    });
}

void add_searches(CLI::App& app, CommandLine& line) {
    using Act = SearchesCommand::Act;
    auto* const searches = app.add_subcommand("searches", "Show running, finished and saved searches");
    searches->footer(
        "Examples:\n"
        "  praline searches\n"
        "  praline searches history --count 50\n"
        "  praline searches save \"angel live\" --every 86400 --messages-per-day 5000\n"
        "  praline searches remove 3");
    searches->callback([&line, searches] {
        if (searches->get_subcommands().empty()) line.result = run_searches(line.context(), line.searches);
    });
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
    history->add_option("--count", line.searches.count, "At most this many")
        ->type_name("N")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    auto* const forget = add("forget", "Forget one finished search, or all", Act::forget);
    forget->add_option("id", line.searches.id, "Id in the history")->type_name("ID");
    forget->add_flag("--all", line.searches.all, "All of them");
    forget->require_option(1);
    add("list", "Saved searches: what is repeated, when, and what is new", Act::list);
    auto* const save =
        add("save", "Repeat a search within a budget; what the first run did not find is counted as new", Act::save);
    save->add_option("words", line.searches.words,
                     "Words of the name, a urn:sha1:… or a magnet link; -word leaves out names that hold it")
        ->required()
        ->type_name("WORDS…");
    save->add_option("--every", line.searches.every_seconds, "Time from one run to the next")
        ->type_name("SECONDS")
        ->capture_default_str();
    save->add_option("--messages-per-run", line.searches.messages_per_run,
                     "Messages that one run sends at most; 0: no limit")
        ->type_name("N");
    save->add_option("--messages-per-day", line.searches.messages_per_day,
                     "Messages that all runs of a day send at most; further runs are skipped; 0: no limit")
        ->type_name("N");
    add_strategy(*save, line.searches.how);
    add("run", "Repeat a saved search now", Act::run)
        ->add_option("id", line.searches.id, "Id of the saved search")
        ->required()
        ->type_name("ID");
    add("remove", "Stop repeating a search", Act::remove)
        ->add_option("id", line.searches.id, "Id of the saved search")
        ->required()
        ->type_name("ID");
}

void add_download(CLI::App& app, CommandLine& line) {
    auto* const download = app.add_subcommand("download", "Fetch files and verify them");
    download
        ->add_option("what", line.download.what,
                     "Magnet links, URNs, ids of search results, and Metalink or .torrent files")
        ->required()
        ->type_name("MAGNET|URN|RESULT-ID|FILE…");
    add_plan(*download, line.download.priority, line.download.folder);
    download
        ->add_option("--as", line.download.as,
                     "Put them into one folder of this name, which is one download in `praline downloads`")
        ->type_name("NAME");
    download->add_flag("--wait", line.download.wait,
                       "Wait until it is complete or has failed; prints the path of the finished file");
    download
        ->add_option(
            "--timeout", line.download.timeout_seconds,
            "With --wait: give up when no data has arrived for so many seconds; 0: never. The node keeps trying")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 1e9))
        ->capture_default_str();
    download->footer(
        "Examples:\n"
        "  praline download 3-1 --wait         a result of a search, by its id\n"
        "  praline download urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB --wait\n"
        "  praline download 3-1 3-2 --as Album --folder ~/Music\n"
        "  praline download films.meta4");
    download->callback([&line] { line.result = run_download(line.context(), line.download); });
}

void add_downloads(CLI::App& app, CommandLine& line) {
    using Act = DownloadsCommand::Act;
    auto* const downloads =
        app.add_subcommand("downloads", "List downloads in the order of their turn; pause, move and remove them");
    downloads->add_flag("--files", line.downloads.files, "List the files of folders one by one");
    downloads->footer(
        "Examples:\n"
        "  praline downloads\n"
        "  praline downloads set 7 --priority high --move first\n"
        "  praline downloads pause 7 8");
    downloads->callback([&line, downloads] {
        if (downloads->get_subcommands().empty()) line.result = run_downloads(line.context(), line.downloads);
    });
    auto const add = [&](char const* name, char const* what, Act act) {
        auto* const one = downloads->add_subcommand(name, what);
        one->fallthrough();
        one->add_option("ids", line.downloads.ids, "Ids of downloads or of folders")->required()->type_name("ID…");
        one->callback([&line, act] {
            line.downloads.act = act;
            line.result = run_downloads(line.context(), line.downloads);
        });
        return one;
    };
    auto* const set = add("set", "Change priority, folder or place", Act::set);
    add_plan(*set, line.downloads.priority, line.downloads.folder);
    set->add_option("--move", line.downloads.move, "Its place among those of its priority")
        ->type_name("first|earlier|later|last")
        ->check(CLI::IsMember({"first", "earlier", "later", "last"}));
    add("pause", "Stop fetching, and keep what is there", Act::pause);
    add("resume", "Go on", Act::resume);
    add("remove", "Forget downloads; a finished file stays, a partial one is deleted", Act::remove);
}

void add_uploads(CLI::App& app, CommandLine& line) {
    auto* const uploads = app.add_subcommand("uploads", "List the uploads that have a slot");
    uploads->footer(
        "Examples:\n"
        "  praline uploads\n"
        "  praline --json uploads");
    uploads->callback([&line] { line.result = run_uploads(line.context()); });
}

void add_limits(CLI::App& app, CommandLine& line) {
    auto* const limits = app.add_subcommand("limits", "Show and change limits of bandwidth, at once");
    auto const add = [&](char const* flag, std::optional<std::string>& rate, char const* what) {
        limits->add_option(flag, rate, what)->type_name("RATE");
    };
    add("--upload", line.limits.upload, "All uploads together");
    add("--download", line.limits.download, "All downloads together, at least 16 KiB/s");
    add("--overlay", line.limits.overlay, "Searches and results sent to neighbours, at least 16 KiB/s");
    limits->footer(
        "Examples:\n"
        "  praline limits\n"
        "  praline limits --upload '200 KiB/s' --download '10 Mbit/s'\n"
        "  praline limits --upload unlimited\n"
        "\n"
        "They are the settings upload_limit, download_limit and overlay_limit. Rules of the setting bandwidth_schedule "
        "win over them at their times.");
    limits->callback([&line] { line.result = run_limits(line.context(), line.limits); });
}

void add_partials(CLI::App& app, CommandLine& line) {
    auto* const partials = app.add_subcommand("partials", "List and remove partial files that belong to no download");
    partials->add_option("--remove", line.partials.remove, "Delete these, by the names listed")->type_name("NAME…");
    partials->add_flag("--remove-all", line.partials.remove_all, "Delete all that are listed");
    partials->footer(
        "Examples:\n"
        "  praline partials\n"
        "  praline partials --remove urn-sha1-PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB");
    partials->callback([&line] { line.result = run_partials(line.context(), line.partials); });
}

void add_share(CLI::App& app, CommandLine& line) {
    constexpr auto shared_file_help = "A shared file: its path as `praline share files` lists it, its name, or its URN";
    auto* const share = app.add_subcommand("share", "Show, add and remove shared folders");
    share->footer(
        "Examples:\n"
        "  praline share preview ~/Music       what would be public\n"
        "  praline share add ~/Music\n"
        "  praline share files piano\n"
        "  praline share torrent piano.flac --output piano.torrent");
    share->callback([&line, share] {
        if (share->get_subcommands().empty()) line.result = run_share(line.context(), line.share);
    });
    auto* const add = share->add_subcommand("add", "Share folders");
    add->add_option("folders", line.share.add, "Folders on this machine")->required()->type_name("DIR…");
    add->add_flag("--yes", line.share.yes,
                  "Also share a home folder, a system folder or a hidden one, without asking first");
    auto* const preview = share->add_subcommand("preview", "Show what would be public if folders were shared");
    preview->add_option("folders", line.share.preview, "Folders on this machine")->required()->type_name("DIR…");
    auto* const remove = share->add_subcommand("remove", "Stop sharing folders");
    remove->add_option("folders", line.share.remove, "Folders shared now")->required()->type_name("DIR…");
    auto* const rescan = share->add_subcommand("rescan", "Look for changes now");
    rescan->parse_complete_callback([&line] { line.share.rescan = true; });
    auto* const files = share->add_subcommand("files", "List shared files");
    files->add_option("filter", line.share.filter,
                      "Only paths that contain this text, folders included, whatever the case and the accents");
    files->parse_complete_callback([&line] { line.share.files = true; });
    auto* const metalink = share->add_subcommand(
        "metalink", "Print a Metalink file, by which aria2 and others fetch a shared file from this node");
    metalink->add_option("file", line.share.metalink, shared_file_help)->required()->type_name("FILE");
    auto* const torrent = share->add_subcommand("torrent",
                                                "Print a .torrent file with this node as web seed. The file is read "
                                                "once to hash its pieces; no tracker is told");
    torrent->add_option("file", line.share.torrent, shared_file_help)->required()->type_name("FILE");
    for (auto* const one : {metalink, torrent})
        one->add_option("-o,--output", line.share.output, "Write it to this file, which must not exist yet")
            ->type_name("PATH");
    for (auto* const one : {add, preview, remove, rescan, files, metalink, torrent}) {
        one->fallthrough();
        one->callback([&line] { line.result = run_share(line.context(), line.share); });
    }
}

void add_peers(CLI::App& app, CommandLine& line) {
    auto* const peers = app.add_subcommand("peers", "Show, connect and disconnect peers");
    peers->add_option("--connect", line.peers.connect, "Connect to a node")->type_name("ADDRESS:PORT");
    peers
        ->add_option(
            "--forget", line.peers.forget,
            "Connect no more to a node that was named; one of the setting `peers` comes back at the next start")
        ->type_name("ADDRESS:PORT");
    peers->add_option("--disconnect", line.peers.disconnect, "Close a link")->type_name("ID");
    peers->add_flag("--known", line.peers.known, "List the host cache instead; needs no running node");
    peers->footer(
        "Examples:\n"
        "  praline peers\n"
        "  praline peers --connect node.example.org:6346\n"
        "  praline peers --known --json");
    peers->callback([&line] { line.result = run_peers(line.context(), line.peers); });
}

void add_status(CLI::App& app, CommandLine& line) {
    auto* const status = app.add_subcommand("status", "Show what the node is doing");
    status->add_flag("--login-link", line.status.login_link, "Print a fresh link that logs a browser in, once");
    status->add_flag("--stop", line.status.stop, "Stop the node");
    status->footer(
        "Examples:\n"
        "  praline status\n"
        "  praline status --login-link\n"
        "  praline status --stop");
    status->callback([&line] { line.result = run_status(line.context(), line.status); });
}

void add_token(CLI::App& app, CommandLine& line) {
    using Act = TokenCommand::Act;
    auto* const token = app.add_subcommand("token", "List, make and revoke tokens by which programs use the API");
    token->footer(
        "Examples:\n"
        "  praline token add prometheus            may look, no more\n"
        "  praline token add player --scope control\n"
        "  praline token list\n"
        "  praline token revoke player\n"
        "\n"
        "read may look, which includes the bytes of files. control may also search, browse, download (into the folder "
        "of downloads alone) and link to peers. admin may do everything: change settings and shared folders, stop the "
        "node. The token in the data directory is one of admin. What such a token made outlives it: look through "
        "`praline token list` and `praline session list` after you have revoked one that was stolen.");
    token->callback([&line, token] {
        if (token->get_subcommands().empty()) line.result = run_token(line.context(), line.access.token);
    });
    auto const add = [&](char const* name, char const* what, Act act) {
        auto* const one = token->add_subcommand(name, what);
        one->fallthrough();
        if (act != Act::list)
            one->add_option("name", line.access.token.name, "Its name")->required()->type_name("NAME");
        one->callback([&line, act] {
            line.access.token.act = act;
            line.result = run_token(line.context(), line.access.token);
        });
        return one;
    };
    add("list", "Names and scopes", Act::list);
    add("add", "Make one, and print it: it is not shown again", Act::add)
        ->add_option("--scope", line.access.token.scope, "What may be done with it")
        ->type_name("read|control|admin")
        ->check(CLI::IsMember({"read", "control", "admin"}))
        ->capture_default_str();
    add("revoke", "Make one useless, at once", Act::revoke);
}

void add_session(CLI::App& app, CommandLine& line) {
    auto* const session =
        app.add_subcommand("session", "List browsers that are logged in to the page, and log them out");
    session->footer(
        "Examples:\n"
        "  praline session list\n"
        "  praline session revoke 3f2a90c1d4e7     logs that browser out, at once\n"
        "\n"
        "A session ends 30 days after its login. It outlives a restart of the node.");
    session->callback([&line, session] {
        if (session->get_subcommands().empty()) line.result = run_session(line.context(), line.access.session);
    });
    auto const run = [&line] { line.result = run_session(line.context(), line.access.session); };
    auto* const list = session->add_subcommand("list", "When each logged in, and what it calls itself");
    list->fallthrough();
    list->callback(run);
    auto* const revoke = session->add_subcommand("revoke", "Log one out");
    revoke->fallthrough();
    revoke->add_option("id", line.access.session.revoke, "As the list has it")
        ->required()
        ->type_name("ID")
        ->check([](std::string const& id) { return id.empty() ? std::string{"is empty"} : std::string{}; });
    revoke->callback(run);
}

void add_config(CLI::App& app, CommandLine& line) {
    auto* const config =
        app.add_subcommand("config", "Show, change, check and explain settings")->require_subcommand(1);
    config->footer(
        "Examples:\n"
        "  praline config show\n"
        "  praline config set upload_limit '200 KiB/s'\n"
        "  praline config unset upload_limit\n"
        "  praline config template > ~/.local/share/praline/praline.toml");
    config
        ->add_subcommand(
            "show", "Every setting and where its value comes from; without a running node, what one would start with")
        ->fallthrough()
        ->callback([&line] { line.result = run_config_show(line.context(), line.config_file()); });
    auto* const set =
        config->add_subcommand("set", "Change a setting, with or without a running node; it wins over the config file");
    set->add_option("key", line.setting.key, "Its name, such as upload_slots")->required()->type_name("KEY");
    set->add_option("value", line.setting.words, "The new value; of a list all its items, as words or as one JSON list")
        ->required()
        ->type_name("VALUE…");
    set->footer(
        "Examples:\n"
        "  praline config set upload_slots 12\n"
        "  praline config set share ~/Music '/data/Public, drafts'\n"
        "\n"
        "The value is tried: an address is bound, a folder made. `praline config unset KEY` undoes it.");
    set->fallthrough()->callback([&line] {
        line.result = run_config_set(line.context(), line.config_file(), line.setting.key, line.setting.words);
    });
    auto* const unset = config->add_subcommand(
        "unset",
        "Forget what was set on the page or with `config set`: the config file or the built-in value applies again");
    unset->add_option("key", line.setting.key, "Its name")->required()->type_name("KEY");
    unset->fallthrough()->callback([&line] { line.result = run_config_unset(line.context(), line.setting.key); });
    auto* const check =
        config->add_subcommand("check", "Read a config file and explain what is wrong with it, by line and column");
    check->add_option("file", line.check_file, "Default: praline.toml in the data directory")->type_name("FILE");
    check->fallthrough()->callback([&line] {
        line.result = run_config_check(line.context(),
                                       line.check_file.empty() ? line.config_file() : absolute_path(line.check_file));
    });
    config->add_subcommand("template", "Print a config file with every key explained")->callback([&line] {
        line.result = run_config_template();
    });
}

}  // namespace praline
