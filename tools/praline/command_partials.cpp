#include <iostream>

#include <boost/json.hpp>

#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"

namespace praline {
namespace json = boost::json;

int run_partials(CommandContext const& context, PartialsCommand const& command) {
    auto api = connect_to_node(context);
    auto names = command.remove;
    if (command.remove_all) {
        auto const listed = api.get("/partials");
        for (auto const& one : list_field(listed, "partials")) names.push_back(text_field(one, "name"));
    }
    for (auto const& name : names) api.remove("/partials/" + percent_encode(name));
    auto const answer = api.get("/partials");
    if (context.json) {
        print_json(answer);
        return exit_ok;
    }
    std::vector<std::vector<std::string>> rows{{"NAME", "SIZE", "PATH"}};
    for (auto const& one : list_field(answer, "partials"))
        rows.push_back({printable(text_field(one, "name")), human_bytes(number_field(one, "size_bytes")),
                        printable(text_field(one, "path"))});
    if (rows.size() == 1)
        std::cout << "Every partial file belongs to a download.\n";
    else
        print_table(rows);
    return exit_ok;
}

}  // namespace praline
