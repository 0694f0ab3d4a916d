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

constexpr auto ask_every = std::chrono::milliseconds{200};
constexpr std::uint64_t rows_per_call = 1000;

void print_row(json::value const& row) {
    std::cout << text_field(row, "id") << "  " << printable(text_field(row, "name")) << "  " << human_bytes(number_field(row, "size_bytes"))
              << "  " << list_field(row, "sources").size() << " source(s)" << (bool_field(row, "cached") ? "  [from a cache]" : "") << (bool_field(row, "in_library") ? "  [in library]" : "") << '\n';
    auto const urn = text_field(row, "urn");
    if (!urn.empty()) std::cout << "      " << urn << '\n';
}

/// All rows that changed since `revision`, which moves on.
json::array fetch(ApiClient& api, std::uint64_t id, std::uint64_t& revision) {
    json::array rows;
    for (;;) {
        auto const page = api.get("/searches/" + std::to_string(id) + "/results?since=" + std::to_string(revision) + "&limit=" + std::to_string(rows_per_call));
        revision = number_field(page, "revision");
        auto const& some = list_field(page, "rows");
        rows.insert(rows.end(), some.begin(), some.end());
        if (some.size() < rows_per_call) return rows;
    }
}

}  // namespace

int run_search(CommandContext const& context, SearchCommand const& command) {
    auto api = connect_to_node(context);
    auto const body = search_body(command.words, command.how);
    auto const text = text_field(body, "text");
    auto const search = api.post("/searches", body);
    auto const id = number_field(search, "id");

    std::map<std::pair<std::size_t, std::string>, json::value> rows;   // by length first: 3-2 before 3-10
    std::uint64_t revision = 0;
    auto const until = std::chrono::steady_clock::now() + std::chrono::duration<double>(command.wait_seconds);
    bool over = false;
    while (!over) {
        over = text_field(api.get("/searches/" + std::to_string(id)), "state") == "closed";   // before its last rows are fetched
        for (auto const& row : fetch(api, id, revision)) {
            auto const id_text = text_field(row, "id");
            std::pair const key{id_text.size(), id_text};
            if (!context.json && !rows.contains(key)) print_row(row);
            rows[key] = row;
        }
        if (command.enough != 0 && rows.size() >= command.enough) break;
        if (std::chrono::steady_clock::now() >= until) break;
        if (!over) std::this_thread::sleep_for(ask_every);
    }
    auto const ended = api.get("/searches/" + std::to_string(id));
    if (context.json) {
        json::array list;
        for (auto const& [key, row] : rows) list.push_back(row);
        print_json(json::object{{"id", id}, {"text", text}, {"strategy", ended.at("strategy")}, {"parameters", ended.at("parameters")},
                                {"state", ended.at("state")}, {"price", ended.at("price")}, {"results", list}});
    } else {
        if (rows.empty()) {
            std::cerr << "Nothing found for \"" << printable(text) << '"';
            if (!over) std::cerr << " within " << command.wait_seconds << " seconds";
            std::cerr << ".\n";
        }
        std::cout << "Strategy " << text_field(ended, "strategy") << ". " << price_text(ended.at("price"));
    }
    return rows.empty() ? exit_nothing_found : exit_ok;
}

}  // namespace praline
