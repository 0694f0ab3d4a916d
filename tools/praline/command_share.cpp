#include <algorithm>
#include <filesystem>
#include <fstream>
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
#include "webui/api/views_json.hpp"

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
void print_left_out(std::vector<webui::LeftOutView> const& left_out, std::string const& before) {
    constexpr std::size_t names_shown = 3;
    for (auto const& group : left_out) {
        std::cout << before << group.count << ' ' << group.explanation << ": ";
        for (std::size_t at = 0; at < std::min(group.names.size(), names_shown); ++at)
            std::cout << (at == 0 ? "" : ", ") << printable(group.names[at]);
        std::cout << (group.count > names_shown ? ", …\n" : "\n");
    }
}

void print_preview(webui::PreviewView const& preview, std::ostream& out) {
    constexpr std::size_t names_shown = 10;
    out << printable(preview.path) << ": " << (preview.complete ? "" : "more than ") << preview.files << " files, "
        << human_bytes(preview.bytes) << " would be public.\n";
    for (std::size_t at = 0; at < std::min(preview.names.size(), names_shown); ++at)
        out << "  " << printable(preview.names[at]) << '\n';
    if (preview.files > names_shown) out << "  …\n";
    for (auto const& warning : preview.warnings) out << "Warning: " << printable(warning) << '\n';
    if (!preview.reason.empty()) out << printable(preview.reason) << '\n';
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
    print_preview(webui::from_json<webui::PreviewView>(api.get("/library/preview" + query_of(path))), std::cerr);
    if (!yes && !says_yes(path_text(path))) return false;
    wanted["confirm"] = true;
    api.post("/library/folders", wanted);
    return true;
}

void print_library(webui::LibraryView const& library) {
    std::vector<std::vector<std::string>> rows{{"FOLDER", "FILES", "SIZE", "PROBLEM"}};
    for (auto const& folder : library.folders)
        rows.push_back({printable(folder.path), std::to_string(folder.files), human_bytes(folder.bytes),
                        printable(folder.problem)});
    if (rows.size() == 1) {
        std::cout << "Nothing is shared. Add a folder with `praline share add FOLDER`.\n";
        return;
    }
    print_table(rows);
    for (auto const& folder : library.folders) print_left_out(folder.left_out, printable(folder.path) + ": left out ");
    if (!library.problem.empty()) std::cout << printable(library.problem) << '\n';
    std::cout << library.files_ready << " files shared, " << library.files_waiting << " waiting to be hashed"
              << (library.scanning ? ", scanning" : "") << (library.watching ? "" : ", changes found by the sweep only")
              << ".\n";
}

void print_files(ApiClient& api, CommandContext const& context, std::string const& filter) {
    constexpr std::size_t page = 500;
    json::array all;
    for (std::size_t offset = 0;; offset += page) {
        auto const answer = api.get("/library/files?offset=" + std::to_string(offset) +
                                    "&limit=" + std::to_string(page) + "&filter=" + percent_encode(filter));
        auto const& files = webui::list_in(answer, "files");
        for (auto const& one : files) {
            if (context.json) {
                all.push_back(one);
                continue;
            }
            auto const file = webui::from_json<webui::SharedFileView>(one);
            std::cout << printable(file.path) << "  " << human_bytes(file.size_bytes) << "  " << file.urn << '\n';
        }
        if (files.size() < page) break;
    }
    if (context.json) print_json(json::object{{"files", all}});
}

/// The one shared file that the user means: by its URN, its virtual path or its name.
std::string shared_file_id(ApiClient& api, std::string const& wanted) {
    if (wanted.starts_with("urn:")) return percent_encode(wanted);
    constexpr std::size_t looked_at = 1000;
    auto const answer =
        api.get("/library/files?limit=" + std::to_string(looked_at) + "&filter=" + percent_encode(wanted));
    std::vector<std::string> named;
    for (auto const& one : webui::list_in(answer, "files")) {
        auto const file = webui::from_json<webui::SharedFileView>(one);
        if (file.path == wanted) return std::to_string(file.index);
        if (file.name == wanted) named.push_back(std::to_string(file.index));
    }
    if (named.empty())
        throw std::runtime_error{printable(wanted) +
                                 ": no shared file has this path or name. `praline share files` lists them."};
    if (named.size() > 1)
        throw std::runtime_error{printable(wanted) +
                                 ": several shared files have this name. Name one by its path or its URN, as `praline "
                                 "share files` lists them."};
    return named.front();
}

/// To standard output, or to a file that is not there yet.
int write_made_file(std::string const& content, std::string const& output) {
    if (output.empty()) {
        std::cout << content;
        return exit_ok;
    }
    if (std::filesystem::exists(std::filesystem::symlink_status(output)))
        throw std::runtime_error{printable(output) + " exists already; nothing was written."};
    std::ofstream file{output, std::ios::binary};
    file << content << std::flush;
    if (!file) throw std::runtime_error{printable(output) + " cannot be written."};
    return exit_ok;
}

}  // namespace

int run_share(CommandContext const& context, ShareCommand const& command) {
    auto api = connect_to_node(context);
    if (!command.metalink.empty())
        return write_made_file(api.text("/library/" + shared_file_id(api, command.metalink) + "/metalink"),
                               command.output);
    if (!command.torrent.empty())
        return write_made_file(api.text("/library/" + shared_file_id(api, command.torrent) + "/torrent"),
                               command.output);
    bool all = true;
    for (auto const& path : command.add) all = add_folder(api, full_path(path), command.yes) && all;
    for (auto const& path : command.remove) api.remove("/library/folders" + query_of(full_path(path)));
    for (auto const& path : command.preview) {
        auto const answer = api.get("/library/preview" + query_of(full_path(path)));
        if (context.json) {
            print_json(answer);
        } else {
            auto const preview = webui::from_json<webui::PreviewView>(answer);
            print_preview(preview, std::cout);
            print_left_out(preview.left_out, "Left out: ");
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
        print_library(webui::from_json<webui::LibraryView>(library));
    return all ? exit_ok : exit_failed;
}

}  // namespace praline
