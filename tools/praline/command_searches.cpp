#include <array>
#include <ctime>
#include <iostream>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/search_request.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;
namespace {

/// A time of day here, for people.
std::string local_time(std::int64_t unix_seconds) {
    if (unix_seconds <= 0) return "never";
    auto const time = static_cast<std::time_t>(unix_seconds);
    std::tm parts{};
    ::localtime_r(&time, &parts);
    std::array<char, 32> text{};
    return std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts) > 0 ? text.data() : "?";
}

std::string count(std::uint64_t number) { return std::to_string(number); }

int print_open(ApiClient& api, CommandContext const& context) {
    auto const answer = api.get("/searches");
    if (context.json) return print_json(answer), exit_ok;
    std::vector<std::vector<std::string>> rows{
        {"ID", "SEARCH", "STRATEGY", "STATE", "FILES", "HITS", "MESSAGES", "SENT", "INDEX"}};
    for (auto const& one : webui::list_from_json<webui::SearchView>(answer, "searches"))
        rows.push_back({count(one.id), printable(one.text), one.strategy, one.state, count(one.rows), count(one.hits),
                        count(one.price.messages), human_bytes(one.price.bytes), index_price_text(one.price)});
    if (rows.size() == 1)
        std::cout << "No searches. Begin one with `praline search WORDS`.\n";
    else
        print_table(rows);
    return exit_ok;
}

int print_history(ApiClient& api, CommandContext const& context, std::uint64_t most) {
    auto const answer = api.get("/history?limit=" + std::to_string(most));
    if (context.json) return print_json(answer), exit_ok;
    std::vector<std::vector<std::string>> rows{
        {"ID", "WHEN", "SEARCH", "STRATEGY", "FILES", "MESSAGES", "SENT", "ANSWERED", "REACH ABOUT", "INDEX"}};
    for (auto const& one : webui::list_from_json<webui::HistoryView>(answer, "history")) {
        auto const& price = one.price;
        std::vector<std::string> row{count(one.id), local_time(one.started_at), printable(one.text), one.strategy};
        std::vector<std::string> figures{"interrupted", "", "", "", "", ""};
        if (!one.interrupted)
            figures = {count(one.rows),      count(price.messages),    human_bytes(price.bytes),
                       count(price.origins), count(price.reach_about), index_price_text(price)};
        row.insert(row.end(), figures.begin(), figures.end());
        rows.push_back(std::move(row));
    }
    if (rows.size() == 1)
        std::cout << "No search has ended yet.\n";
    else
        print_table(rows);
    return exit_ok;
}

int print_saved(ApiClient& api, CommandContext const& context) {
    auto const answer = api.get("/saved-searches");
    if (context.json) return print_json(answer), exit_ok;
    std::vector<std::vector<std::string>> rows{
        {"ID", "SEARCH", "STRATEGY", "EVERY", "NEXT", "RUNS", "SKIPS", "FILES KNOWN", "NEW", "SKIPPED BECAUSE"}};
    for (auto const& one : webui::list_from_json<webui::SavedSearchView>(answer, "saved_searches"))
        rows.push_back({count(one.id), printable(one.text), one.strategy,
                        human_seconds(static_cast<double>(one.repeat_seconds)), local_time(one.next_at),
                        count(one.runs), count(one.skips), count(one.results_known), count(one.new_results),
                        one.last_skip});
    if (rows.size() == 1)
        std::cout << "No saved searches. Save one with `praline searches save WORDS`.\n";
    else
        print_table(rows);
    return exit_ok;
}

int save(ApiClient& api, CommandContext const& context, SearchesCommand const& command) try {
    if (auto const problem = problem_of(command.how); !problem.empty())
        return std::cerr << "praline: " << problem << '\n', exit_usage;
    auto body = search_body(command.words, command.how);
    body["repeat_seconds"] = command.every_seconds;
    body["messages_per_run"] = command.messages_per_run;
    body["messages_per_day"] = command.messages_per_day;
    auto const saved = api.post("/saved-searches", body);
    if (context.json)
        print_json(saved);
    else
        std::cout << "Saved as " << count(webui::from_json<webui::SavedSearchView>(saved).id)
                  << "; it runs now and every " << human_seconds(static_cast<double>(command.every_seconds)) << ".\n";
    return exit_ok;
} catch (ApiError const& refusal) {
    if (refusal.status() != status_bad_request) throw;
    // What the node cannot understand was written so on the command line.
    std::cerr << "praline: " << refusal.what() << '\n';
    return exit_usage;
}

}  // namespace

int run_searches(CommandContext const& context, SearchesCommand const& command) {
    using Act = SearchesCommand::Act;
    auto api = connect_to_node(context);
    auto const id = std::to_string(command.id.value_or(0));
    switch (command.act) {
        case Act::open: return print_open(api, context);
        case Act::history: return print_history(api, context, command.count);
        case Act::list: return print_saved(api, context);
        case Act::save: return save(api, context, command);
        case Act::forget: api.remove(command.all ? "/history" : "/history/" + id); return exit_ok;
        case Act::run:
            if (auto const saved = api.post("/saved-searches/" + id + "/run", json::object{}); context.json)
                print_json(saved);
            return exit_ok;
        case Act::remove: api.remove("/saved-searches/" + id); return exit_ok;
    }
    return exit_failed;
}

}  // namespace praline
