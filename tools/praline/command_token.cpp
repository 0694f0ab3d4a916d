#include <iostream>

#include <boost/json.hpp>

#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/command_token.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "webui/api/token_views.hpp"

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

}  // namespace praline
