#include <algorithm>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include <unistd.h>

#include <boost/json.hpp>

#include "node/base/path_text.hpp"
#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"
#include "transfer/library/folder_guard.hpp"

namespace praline {
namespace json = boost::json;
namespace {

/// The full path of what the user named; one that the API wrote as a file URL is one already.
std::string full_path(std::string const& given) {
    if (given.starts_with("file:///")) return path_from_text(given);
    auto const home = library::with_home(given);
    if (home.empty())
        throw std::runtime_error{given +
                                 ": only ~/… stands for a home folder, your own. Name the folder by its full path."};
    return std::filesystem::absolute(home).lexically_normal().string();
}

std::string query_of(std::string const& path) { return "?path=" + percent_encode(path); }

/// "left out 3 whose names begin with a dot (hidden): .a, .b, …"
void print_left_out(json::value const& from, std::string const& before) {
    constexpr std::size_t names_shown = 3;
    for (auto const& group : list_field(from, "left_out")) {
        std::cout << before << number_field(group, "count") << ' ' << text_field(group, "explanation") << ": ";
        auto const& names = list_field(group, "names");
        for (std::size_t at = 0; at < std::min(names.size(), names_shown); ++at)
            std::cout << (at == 0 ? "" : ", ") << printable(std::string{names[at].as_string()});
        std::cout << (number_field(group, "count") > names_shown ? ", …\n" : "\n");
    }
}

void print_preview(json::value const& preview, std::ostream& out) {
    constexpr std::size_t names_shown = 10;
    auto const& names = list_field(preview, "names");
    auto const files = number_field(preview, "files");
    out << printable(text_field(preview, "path")) << ": " << (bool_field(preview, "complete") ? "" : "more than ")
        << files << " files, " << human_bytes(number_field(preview, "bytes")) << " would be public.\n";
    for (std::size_t at = 0; at < std::min(names.size(), names_shown); ++at)
        out << "  " << printable(std::string{names[at].as_string()}) << '\n';
    if (files > names_shown) out << "  …\n";
    for (auto const& warning : list_field(preview, "warnings"))
        out << "Warning: " << printable(std::string{warning.as_string()}) << '\n';
    if (auto const reason = printable(text_field(preview, "reason")); !reason.empty()) out << reason << '\n';
}

/// Asks on the terminal; without one the answer is no.
bool says_yes(std::string const& path) {
    if (::isatty(STDIN_FILENO) == 0) {
        std::cerr << "praline: nothing was shared. If all of this is to be public: praline share add --yes "
                  << printable(path) << '\n';
        return false;
    }
    std::cerr << "Share it? [y/N] " << std::flush;
    std::string line;
    std::getline(std::cin, line);
    return line == "y" || line == "Y" || line == "yes";
}

/// A folder that its owner may not expect to be public is looked at first. @return whether it is shared
bool add_folder(ApiClient& api, std::string const& path, bool yes) {
    json::object wanted{{"path", path_text(path)}};
    try {
        api.post("/library/folders", wanted);
        return true;
    } catch (ApiError const& refused) {
        if (refused.code() != "needs_confirmation") throw;
    }
    print_preview(api.get("/library/preview" + query_of(path)), std::cerr);
    if (!yes && !says_yes(path_text(path))) return false;
    wanted["confirm"] = true;
    api.post("/library/folders", wanted);
    return true;
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
    for (auto const& folder : list_field(library, "folders"))
        print_left_out(folder, printable(text_field(folder, "path")) + ": left out ");
    if (auto const problem = printable(text_field(library, "problem")); !problem.empty()) std::cout << problem << '\n';
    std::cout << number_field(library, "files_ready") << " files shared, " << number_field(library, "files_waiting")
              << " waiting to be hashed" << (bool_field(library, "scanning") ? ", scanning" : "")
              << (bool_field(library, "watching") ? "" : ", changes found by the sweep only") << ".\n";
}

void print_files(ApiClient& api, CommandContext const& context, std::string const& filter) {
    constexpr std::size_t page = 500;
    json::array all;
    for (std::size_t offset = 0;; offset += page) {
        auto const answer = api.get("/library/files?offset=" + std::to_string(offset) +
                                    "&limit=" + std::to_string(page) + "&filter=" + percent_encode(filter));
        auto const& files = list_field(answer, "files");
        for (auto const& file : files) {
            if (context.json)
                all.push_back(file);
            else
                std::cout << printable(text_field(file, "path")) << "  "
                          << human_bytes(number_field(file, "size_bytes")) << "  " << text_field(file, "urn") << '\n';
        }
        if (files.size() < page) break;
    }
    if (context.json) print_json(json::object{{"files", all}});
}

}  // namespace

int run_share(CommandContext const& context, ShareCommand const& command) {
    auto api = connect_to_node(context);
    bool all = true;
    for (auto const& path : command.add) all = add_folder(api, full_path(path), command.yes) && all;
    for (auto const& path : command.remove) api.remove("/library/folders" + query_of(full_path(path)));
    for (auto const& path : command.preview) {
        auto const preview = api.get("/library/preview" + query_of(full_path(path)));
        if (context.json) {
            print_json(preview);
        } else {
            print_preview(preview, std::cout);
            print_left_out(preview, "Left out: ");
        }
    }
    if (!command.preview.empty()) return exit_ok;
    if (command.rescan) api.post("/library/rescan", json::object{});
    if (command.files) {
        print_files(api, context, command.filter);
        return exit_ok;
    }
    auto const library = api.get("/library");
    if (context.json)
        print_json(library);
    else
        print_library(library);
    return all ? exit_ok : exit_failed;
}

}  // namespace praline
