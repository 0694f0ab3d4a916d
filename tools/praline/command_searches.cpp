#include <array>
#include <ctime>
#include <iostream>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/search_request.hpp"

namespace praline {
namespace json = boost::json;
namespace {

/// A time of day here, for people.
std::string local_time(std::uint64_t unix_seconds) {
    if (unix_seconds == 0) return "never";
    auto const time = static_cast<std::time_t>(unix_seconds);
    std::tm parts{};
    ::localtime_r(&time, &parts);
    std::array<char, 32> text{};
    return std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts) > 0 ? text.data() : "?";
}

std::string count(json::value const& object, char const* key) { return std::to_string(number_field(object, key)); }

int print_open(ApiClient& api, CommandContext const& context) {
    auto const answer = api.get("/searches");
    if (context.json) return print_json(answer), exit_ok;
    std::vector<std::vector<std::string>> rows{
        {"ID", "SEARCH", "STRATEGY", "STATE", "FILES", "HITS", "MESSAGES", "SENT", "INDEX"}};
    for (auto const& one : list_field(answer, "searches")) {
        auto const& price = one.at("price");
        rows.push_back({count(one, "id"), printable(text_field(one, "text")), text_field(one, "strategy"),
                        text_field(one, "state"), count(one, "rows"), count(one, "hits"), count(price, "messages"),
                        human_bytes(number_field(price, "bytes")), index_price_text(price)});
    }
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
    for (auto const& one : list_field(answer, "history")) {
        auto const& price = one.at("price");
        std::vector<std::string> row{count(one, "id"), local_time(number_field(one, "started_at")),
                                     printable(text_field(one, "text")), text_field(one, "strategy")};
        std::vector<std::string> figures{"interrupted", "", "", "", "", ""};
        if (!one.at("interrupted").as_bool())
            figures = {count(one, "rows"),      count(price, "messages"),    human_bytes(number_field(price, "bytes")),
                       count(price, "origins"), count(price, "reach_about"), index_price_text(price)};
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
    for (auto const& one : list_field(answer, "saved_searches")) {
        rows.push_back({count(one, "id"), printable(text_field(one, "text")), text_field(one, "strategy"),
                        human_seconds(static_cast<double>(number_field(one, "repeat_seconds"))),
                        local_time(number_field(one, "next_at")), count(one, "runs"), count(one, "skips"),
                        count(one, "results_known"), count(one, "new_results"), text_field(one, "last_skip")});
    }
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
        std::cout << "Saved as " << count(saved, "id") << "; it runs now and every "
                  << human_seconds(static_cast<double>(command.every_seconds)) << ".\n";
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
