#include <iostream>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "webui/api/views_json.hpp"

namespace praline {

int run_uploads(CommandContext const& context) {
    auto api = connect_to_node(context);
    auto const answer = api.get("/uploads");
    if (context.json) {
        print_json(answer);
        return exit_ok;
    }
    std::vector<std::vector<std::string>> table{{"ADDRESS", "STATE", "SENT", "OF", "RATE", "NAME", "PROGRAM"}};
    for (auto const& one : webui::list_from_json<webui::UploadView>(answer, "uploads"))
        table.push_back({one.address, one.state, human_bytes(one.sent_bytes), human_bytes(one.range_bytes),
                         human_bytes(one.bytes_per_second) + "/s", printable(one.name), printable(one.user_agent)});
    if (table.size() == 1)
        std::cout << "Nothing is being uploaded.\n";
    else
        print_table(table);
    return exit_ok;
}

}  // namespace praline
