#include <filesystem>
#include <iostream>

#include <boost/json.hpp>

#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"

namespace praline {
namespace json = boost::json;
namespace {

std::string absolute(std::string const& path) {
    return std::filesystem::absolute(path).lexically_normal().string();
}

void print_library(json::value const& library) {
    std::vector<std::vector<std::string>> rows{{"FOLDER", "FILES", "SIZE", "PROBLEM"}};
    for (auto const& folder : list_field(library, "folders")) {
        rows.push_back({printable(text_field(folder, "path")), std::to_string(number_field(folder, "files")),
                        human_bytes(number_field(folder, "bytes")), printable(text_field(folder, "problem"))});
    }
    if (rows.size() == 1) {
        std::cout << "Nothing is shared. Add a folder with `praline share add FOLDER`.\n";
        return;
    }
    print_table(rows);
    std::cout << number_field(library, "files_ready") << " files shared, " << number_field(library, "files_waiting") << " waiting to be hashed"
              << (bool_field(library, "scanning") ? ", scanning" : "") << (bool_field(library, "watching") ? "" : ", changes found by the sweep only") << ".\n";
}

void print_files(ApiClient& api, CommandContext const& context, std::string const& filter) {
    constexpr std::size_t page = 500;
    json::array all;
    for (std::size_t offset = 0;; offset += page) {
        auto const answer = api.get("/library/files?offset=" + std::to_string(offset) + "&limit=" + std::to_string(page) + "&filter=" + percent_encode(filter));
        auto const& files = list_field(answer, "files");
        for (auto const& file : files) {
            if (context.json) all.push_back(file);
            else std::cout << printable(text_field(file, "path")) << "  " << human_bytes(number_field(file, "size_bytes")) << "  " << text_field(file, "urn") << '\n';
        }
        if (files.size() < page) break;
    }
    if (context.json) print_json(json::object{{"files", all}});
}

}  // namespace

int run_share(CommandContext const& context, ShareCommand const& command) {
    auto api = connect_to_node(context);
    for (auto const& path : command.add) api.post("/library/folders", json::object{{"path", absolute(path)}});
    for (auto const& path : command.remove) api.remove("/library/folders?path=" + percent_encode(absolute(path)));
    if (command.rescan) api.post("/library/rescan", json::object{});
    if (command.files) {
        print_files(api, context, command.filter);
        return exit_ok;
    }
    auto const library = api.get("/library");
    if (context.json) print_json(library);
    else print_library(library);
    return exit_ok;
}

}  // namespace praline
