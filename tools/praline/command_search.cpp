#include <algorithm>
#include <chrono>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/command_line.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/search_request.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;
namespace {

constexpr auto results_asked_every = std::chrono::milliseconds{200};
constexpr auto room_within = std::chrono::seconds{15};
constexpr std::uint64_t rows_per_call = 1000;

/// A result, and the same as it came: that is what --json prints.
struct Row {
    webui::ResultView view;
    json::value json;
};

/// All rows that changed since `revision`, which moves on.
std::vector<Row> fetch(ApiClient& api, std::uint64_t id, std::uint64_t& revision) {
    std::vector<Row> rows;
    for (;;) {
        auto const answer = api.get("/searches/" + std::to_string(id) + "/results?since=" + std::to_string(revision) +
                                    "&limit=" + std::to_string(rows_per_call));
        auto page = webui::from_json<webui::ResultChanges>(answer);
        revision = page.revision;
        auto const& as_sent = webui::list_in(answer, "rows");
        for (std::size_t i = 0; i < page.rows.size(); ++i) rows.push_back({std::move(page.rows[i]), as_sent[i]});
        if (as_sent.size() < rows_per_call) return rows;
    }
}

/// A node may be busy with as many searches as it takes: one of them soon has asked everybody.
webui::SearchView begin_search(ApiClient& api, json::object const& body) {
    auto const until = std::chrono::steady_clock::now() + room_within;
    for (;;) {
        try {
            return webui::from_json<webui::SearchView>(api.post("/searches", body));
        } catch (ApiError const& refusal) {
            if (refusal.code() != "too_many_searches" || std::chrono::steady_clock::now() >= until) throw;
        }
        std::this_thread::sleep_for(results_asked_every);
    }
}

using Rows = std::map<std::pair<std::size_t, std::string>, Row>;  // by length first: 3-2 before 3-10

/// Collects rows until the time is over, there are `enough` (unless that is 0), or no more can come. @returns whether no
/// more can come.
bool collect(ApiClient& api, double wait_seconds, std::size_t enough, std::uint64_t id, Rows& rows) {
    std::uint64_t revision = 0;
    auto const until = std::chrono::steady_clock::now() + std::chrono::duration<double>(wait_seconds);
    for (;;) {
        auto const search = webui::from_json<webui::SearchView>(api.get("/searches/" + std::to_string(id)));
        bool const over = search.state == "closed";  // before its last rows are fetched
        for (auto& row : fetch(api, id, revision)) {
            auto const& id_text = row.view.id;
            rows.insert_or_assign({id_text.size(), id_text}, std::move(row));
        }
        if (over) return true;
        if (enough != 0 && rows.size() >= enough) return false;
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(results_asked_every);
    }
}

/// Those with most sources first. Only when the wait is over is it known how many each of them has.
void print_rows(Rows const& rows) {
    std::vector<webui::ResultView const*> order;
    for (auto const& [key, row] : rows) order.push_back(&row.view);
    std::stable_sort(order.begin(), order.end(),
                     [](auto const* left, auto const* right) { return left->sources.size() > right->sources.size(); });
    std::vector<std::vector<std::string>> table{{"ID", "SOURCES", "SIZE", "NAME"}};
    for (auto const* const row : order)
        table.push_back({row->id, std::to_string(row->sources.size()), human_bytes(row->size_bytes),
                         printable(row->name) + (row->cached ? "  [from a cache]" : "") +
                             (row->in_library ? "  [in library]" : "")});
    if (table.size() > 1) print_table(table);
}

void print_without(webui::SearchView const& search) {
    std::string words;
    for (auto const& one : search.without) words += (words.empty() ? "" : ", ") + printable(one);
    if (!words.empty()) std::cout << "Without: " << words << ".\n";
}

int search_with(ApiClient& api, CommandContext const& context, SearchCommand const& command) {
    auto const body = search_body(command.words, command.how);
    auto const text = std::string{body.at("text").as_string()};
    auto const id = begin_search(api, body).id;
    Rows rows;
    bool const over = collect(api, command.wait_seconds, command.enough, id, rows);
    auto const answer = api.get("/searches/" + std::to_string(id));
    auto const ended = webui::from_json<webui::SearchView>(answer);
    auto const unasked = rows.empty() ? ended.unasked : std::string{};
    if (!unasked.empty()) {
        std::cerr << "praline: No peer could be asked for \"" << printable(text) << "\". " << printable(unasked)
                  << '\n';
    } else if (rows.empty() && !context.json) {
        std::cerr << "Nothing found for \"" << printable(text) << '"';
        if (!over) std::cerr << " within " << command.wait_seconds << " seconds";
        std::cerr << ".\n";
    }
    if (context.json) {
        json::array list;
        for (auto const& [key, row] : rows) list.push_back(row.json);
        print_json(json::object{{"id", id},
                                {"text", text},
                                {"strategy", answer.at("strategy")},
                                {"parameters", answer.at("parameters")},
                                {"state", answer.at("state")},
                                {"price", answer.at("price")},
                                {"results", list}});
    } else {
        print_rows(rows);
        print_without(ended);
        std::cout << "Strategy " << ended.strategy << ". " << price_text(ended.price);
    }
    if (!rows.empty()) return exit_ok;
    // A node that has just been started may get its first link a moment later: without any wait nothing has failed yet.
    bool const waited = over || command.wait_seconds > 0;
    return unasked.empty() || !waited ? exit_nothing_found : exit_failed;
}

json::object browse_body(std::string const& what) {
    bool const is_result = !what.empty() && what.find_first_not_of("0123456789-") == std::string::npos;
    return {{is_result ? "result" : "host", what}};
}

void print_browsed(webui::BrowseView const& browse, Rows const& rows, bool shortened) {
    print_rows(rows);
    std::cout << (shortened ? "The first " : "") << rows.size() << (rows.size() == 1 ? " file" : " files") << " of "
              << printable(browse.host) << ".\n";
}

int browse_with(ApiClient& api, CommandContext const& context, BrowseCommand const& command) {
    auto const id = webui::from_json<webui::SearchView>(api.post("/browse", browse_body(command.what))).id;
    Rows rows;
    bool const over = collect(api, command.wait_seconds, command.limit, id, rows);
    auto const handle = "/searches/" + std::to_string(id);
    bool const shortened = command.limit != 0 && rows.size() >= command.limit;
    if (shortened) {
        rows.erase(std::next(rows.begin(), static_cast<std::ptrdiff_t>(command.limit)), rows.end());
        if (!over) api.post(handle + "/stop", {});
    }
    auto const answer = api.get(handle);
    auto const browse = webui::from_json<webui::SearchView>(answer).browse.value_or(webui::BrowseView{});
    if (context.json) {
        json::array list;
        for (auto const& [key, row] : rows) list.push_back(row.json);
        print_json(json::object{{"id", id}, {"browse", answer.at("browse")}, {"results", list}});
    } else if (!rows.empty() || browse.complete) {
        print_browsed(browse, rows, shortened);
    }
    if (!browse.problem.empty() && !shortened)
        return std::cerr << "praline: " << printable(browse.problem) << '\n', exit_failed;
    if (!over && !shortened)
        std::cerr << "The list of " << printable(browse.host) << " was not whole within " << command.wait_seconds
                  << " seconds.\n";
    return rows.empty() ? exit_nothing_found : exit_ok;
}

}  // namespace

int run_browse(CommandContext const& context, BrowseCommand const& command) {
    auto api = connect_to_node(context);
    try {
        return browse_with(api, context, command);
    } catch (ApiError const& refusal) {
        if (refusal.status() != status_bad_request) throw;
        std::cerr << "praline: " << refusal.what() << '\n';
        return exit_usage;
    }
}

void add_browse(CLI::App& app, CommandLine& line) {
    auto const command = std::make_shared<BrowseCommand>();
    auto* const browse = app.add_subcommand("browse", "List the files of one peer");
    browse->add_option("what", command->what, "Its HOST:PORT; or the id of a result that it has")
        ->required()
        ->type_name("PEER");
    browse->add_option("--wait", command->wait_seconds, "How long to wait for the list")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 86400.0))
        ->capture_default_str();
    browse->add_option("--limit", command->limit, "Stop as soon as so many files are listed; 0: list all of them")
        ->type_name("N")
        ->capture_default_str();
    browse->footer(
        "Examples:\n"
        "  praline browse 192.0.2.10:6346\n"
        "  praline browse 3-1                a peer that has result 3-1\n"
        "\n"
        "A peer lists its files only if its user allows it. Each file has an id that `praline download` takes.");
    browse->callback([&line, command] { line.result = run_browse(line.context(), *command); });
}

int run_search(CommandContext const& context, SearchCommand const& command) {
    if (auto const problem = problem_of(command.how); !problem.empty())
        return std::cerr << "praline: " << problem << '\n', exit_usage;
    auto api = connect_to_node(context);
    try {
        return search_with(api, context, command);
    } catch (ApiError const& refusal) {
        if (refusal.status() != status_bad_request) throw;
        // What the node cannot understand was written so on the command line.
        std::cerr << "praline: " << refusal.what() << '\n';
        return exit_usage;
    }
}

}  // namespace praline
