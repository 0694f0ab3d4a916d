#include <chrono>
#include <iostream>
#include <map>
#include <thread>
#include <utility>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/search_request.hpp"

namespace praline {
namespace json = boost::json;
namespace {

constexpr auto results_asked_every = std::chrono::milliseconds{200};
constexpr auto room_within = std::chrono::seconds{15};
constexpr std::uint64_t rows_per_call = 1000;

void print_row(json::value const& row) {
    std::cout << text_field(row, "id") << "  " << printable(text_field(row, "name")) << "  "
              << human_bytes(number_field(row, "size_bytes")) << "  " << list_field(row, "sources").size()
              << " source(s)" << (bool_field(row, "cached") ? "  [from a cache]" : "")
              << (bool_field(row, "in_library") ? "  [in library]" : "") << '\n';
    auto const urn = text_field(row, "urn");
    if (!urn.empty()) std::cout << "      " << urn << '\n';
}

/// All rows that changed since `revision`, which moves on.
json::array fetch(ApiClient& api, std::uint64_t id, std::uint64_t& revision) {
    json::array rows;
    for (;;) {
        auto const page = api.get("/searches/" + std::to_string(id) + "/results?since=" + std::to_string(revision) +
                                  "&limit=" + std::to_string(rows_per_call));
        revision = number_field(page, "revision");
        auto const& some = list_field(page, "rows");
        rows.insert(rows.end(), some.begin(), some.end());
        if (some.size() < rows_per_call) return rows;
    }
}

/// A node may be busy with as many searches as it takes: one of them soon has asked everybody.
json::value begin_search(ApiClient& api, json::object const& body) {
    auto const until = std::chrono::steady_clock::now() + room_within;
    for (;;) {
        try {
            return api.post("/searches", body);
        } catch (ApiError const& refusal) {
            if (refusal.code() != "too_many_searches" || std::chrono::steady_clock::now() >= until) throw;
        }
        std::this_thread::sleep_for(results_asked_every);
    }
}

using Rows = std::map<std::pair<std::size_t, std::string>, json::value>;  // by length first: 3-2 before 3-10

/// Collects rows until the time is over, there are enough, or no more can come. @returns whether no more can come.
bool collect(ApiClient& api, SearchCommand const& command, std::uint64_t id, Rows& rows) {
    std::uint64_t revision = 0;
    auto const until = std::chrono::steady_clock::now() + std::chrono::duration<double>(command.wait_seconds);
    for (;;) {
        bool const over = text_field(api.get("/searches/" + std::to_string(id)), "state") ==
                          "closed";  // before its last rows are fetched
        for (auto const& row : fetch(api, id, revision)) {
            auto const id_text = text_field(row, "id");
            rows[{id_text.size(), id_text}] = row;
        }
        if (over) return true;
        if (command.enough != 0 && rows.size() >= command.enough) return false;
        if (std::chrono::steady_clock::now() >= until) return false;
        std::this_thread::sleep_for(results_asked_every);
    }
}

void print_without(json::value const& search) {
    std::string words;
    for (auto const& one : list_field(search, "without"))
        words += (words.empty() ? "" : ", ") + printable(one.as_string());
    if (!words.empty()) std::cout << "Without: " << words << ".\n";
}

int search_with(ApiClient& api, CommandContext const& context, SearchCommand const& command) {
    auto const body = search_body(command.words, command.how);
    auto const text = text_field(body, "text");
    auto const id = number_field(begin_search(api, body), "id");
    Rows rows;
    bool const over = collect(api, command, id, rows);
    auto const ended = api.get("/searches/" + std::to_string(id));
    auto const unasked = rows.empty() ? text_field(ended, "unasked") : std::string{};
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
        for (auto const& [key, row] : rows) list.push_back(row);
        print_json(json::object{{"id", id},
                                {"text", text},
                                {"strategy", ended.at("strategy")},
                                {"parameters", ended.at("parameters")},
                                {"state", ended.at("state")},
                                {"price", ended.at("price")},
                                {"results", list}});
    } else {
        // Only now it is known how many sources each of them has.
        for (auto const& [key, row] : rows) print_row(row);
        print_without(ended);
        std::cout << "Strategy " << text_field(ended, "strategy") << ". " << price_text(ended.at("price"));
    }
    if (!rows.empty()) return exit_ok;
    // A node that has just been started may get its first link a moment later: without any wait nothing has failed yet.
    bool const waited = over || command.wait_seconds > 0;
    return unasked.empty() || !waited ? exit_nothing_found : exit_failed;
}

}  // namespace

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
