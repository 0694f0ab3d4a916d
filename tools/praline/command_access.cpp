#include <iostream>

#include <boost/json.hpp>

#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/command_access.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "webui/api/access_views.hpp"

namespace praline {
namespace json = boost::json;
namespace {

int add_token(ApiClient& api, CommandContext const& context, TokenCommand const& command) {
    auto const answer = api.post("/tokens", json::object{{"name", command.name}, {"scope", command.scope}});
    if (context.json)
        print_json(answer);
    else
        std::cout << webui::new_token_from_json(answer).token << '\n';
    return exit_ok;
}

void print_tokens(json::value const& answer) {
    std::vector<std::vector<std::string>> table{{"NAME", "SCOPE"}};
    for (auto const& one : webui::tokens_from_json(answer)) table.push_back({one.name, one.scope});
    if (table.size() == 1)
        std::cout << "There are no tokens but the one in the data directory.\n";
    else
        print_table(table);
}

void print_sessions(json::value const& answer) {
    std::vector<std::vector<std::string>> table{{"ID", "LOGGED IN", "ENDS IN", "BROWSER"}};
    for (auto const& one : webui::sessions_from_json(answer))
        table.push_back({one.id, human_seconds(one.age_seconds) + " ago", human_seconds(one.expires_in_seconds),
                         printable(one.browser)});
    if (table.size() == 1)
        std::cout << "No browser is logged in.\n";
    else
        print_table(table);
}

}  // namespace

int run_token(CommandContext const& context, TokenCommand const& command) {
    using Act = TokenCommand::Act;
    auto api = connect_to_node(context);
    if (command.act == Act::add) return add_token(api, context, command);
    if (command.act == Act::revoke) api.remove("/tokens/" + percent_encode(command.name));
    auto const answer = api.get("/tokens");
    if (context.json)
        print_json(answer);
    else
        print_tokens(answer);
    return exit_ok;
}

int run_session(CommandContext const& context, SessionCommand const& command) {
    auto api = connect_to_node(context);
    if (!command.revoke.empty()) api.remove("/sessions/" + percent_encode(command.revoke));
    auto const answer = api.get("/sessions");
    if (context.json)
        print_json(answer);
    else
        print_sessions(answer);
    return exit_ok;
}

}  // namespace praline
