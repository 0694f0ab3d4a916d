#include <iostream>

#include <boost/json.hpp>

#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;

namespace {

std::vector<webui::PartialView> partials_in(json::value const& answer) {
    return webui::list_from_json<webui::PartialView>(answer, "partials");
}

}  // namespace

int run_partials(CommandContext const& context, PartialsCommand const& command) {
    auto api = connect_to_node(context);
    auto names = command.remove;
    if (command.remove_all)
        for (auto const& one : partials_in(api.get("/partials"))) names.push_back(one.name);
    for (auto const& name : names) api.remove("/partials/" + percent_encode(name));
    auto const answer = api.get("/partials");
    if (context.json) {
        print_json(answer);
        return exit_ok;
    }
    std::vector<std::vector<std::string>> rows{{"NAME", "SIZE", "PATH"}};
    for (auto const& one : partials_in(answer))
        rows.push_back({printable(one.name), human_bytes(one.size_bytes), printable(one.path)});
    if (rows.size() == 1)
        std::cout << "Every partial file belongs to a download.\n";
    else
        print_table(rows);
    return exit_ok;
}

}  // namespace praline
