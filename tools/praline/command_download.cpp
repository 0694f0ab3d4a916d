#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>

#include "node/base/path_text.hpp"
#include "node/base/text.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/print.hpp"
#include "tools/praline/progress_lines.hpp"
#include "transfer/content/limits.hpp"
#include "webui/api/views_json.hpp"

namespace praline {
namespace json = boost::json;
namespace {

constexpr auto progress_asked_every = std::chrono::milliseconds{50};

/// Says when nothing new has come for too long: a file that comes, fails its check and comes again is nothing new.
class Standstill {
public:
    explicit Standstill(double seconds_max) : seconds_max_{seconds_max} {}
    [[nodiscard]] bool lasts_too_long(std::uint64_t received_bytes) {
        auto const now = std::chrono::steady_clock::now();
        if (received_bytes > most_) {
            most_ = received_bytes;
            since_ = now;
        }
        return seconds_max_ > 0 && std::chrono::duration<double>(now - since_).count() >= seconds_max_;
    }

private:
    double seconds_max_;
    std::uint64_t most_ = 0;
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

bool is_over(std::string const& state) { return state == "completed" || state == "failed"; }

void print_outcome(webui::DownloadView const& download, bool gave_up, double timeout_seconds) {
    if (download.state == "completed") {
        std::cout << download.path << '\n';
    } else if (download.state == "failed") {
        std::cerr << "The download failed: " << printable(download.reason) << '\n';
    } else if (gave_up) {
        std::cerr << "Nothing new has come for " << timeout_seconds << " seconds"
                  << (download.reason.empty() ? "." : ": " + printable(download.reason))
                  << "\nThe node goes on trying; wait longer with --timeout.\n";
    } else {
        std::cout << "Download " << download.id << " has begun: " << printable(download.name) << '\n';
    }
}

/// Follows one download until it is over, if that is wanted, and says what came of it.
int follow(ApiClient& api, CommandContext const& context, DownloadCommand const& command, json::value& answer) {
    auto download = webui::from_json<webui::DownloadView>(answer);
    bool const terminal = !context.json && ::isatty(STDERR_FILENO) == 1;
    ProgressLines progress{terminal};
    Standstill standstill{command.timeout_seconds};
    bool gave_up = false;
    while (command.wait) {
        if (!context.json) std::cerr << progress.next(download) << std::flush;
        if (is_over(download.state)) break;
        gave_up = standstill.lasts_too_long(download.received_bytes);
        if (gave_up) break;
        std::this_thread::sleep_for(progress_asked_every);
        answer = api.get("/downloads/" + download.id);
        download = webui::from_json<webui::DownloadView>(answer);
    }
    if (terminal && command.wait) std::cerr << '\n';
    if (!context.json) print_outcome(download, gave_up, command.timeout_seconds);
    if (gave_up) return exit_nothing_found;
    return download.state == "failed" ? exit_download_failed : exit_ok;
}

/// Fields of a request that were named on the command line.
json::object plan_of(DownloadCommand const& command) {
    json::object plan;
    if (!command.priority.empty()) plan["priority"] = command.priority;
    if (!command.folder.empty()) plan["folder"] = path_text(absolute_path(command.folder));
    return plan;
}

/// What was begun, and which word of the command line named each; an empty word: it is not to be told.
struct Begun {
    webui::AddedDownloads added;
    std::vector<std::string> words;
};

int follow_all(ApiClient& api, CommandContext const& context, DownloadCommand const& command, Begun const& begun) {
    int result = exit_ok;
    json::array views;
    for (std::size_t at = 0; at < begun.added.downloads.size(); ++at) {
        auto const& one = begun.added.downloads[at];
        if (one.id.empty()) {
            if (auto const& word = begun.words.at(at); !word.empty()) std::cerr << printable(word) << ": ";
            std::cerr << printable(one.problem) << '\n';
            result = exit_failed;
            continue;
        }
        auto view = api.get("/downloads/" + one.id);
        if (int const outcome = follow(api, context, command, view); result == exit_ok) result = outcome;
        views.push_back(std::move(view));
    }
    if (context.json) print_json(json::object{{"group", begun.added.group}, {"downloads", std::move(views)}});
    return result;
}

Begun begin_list(ApiClient& api, DownloadCommand const& command, std::vector<std::string> const& what) {
    auto wanted = plan_of(command);
    if (!command.as.empty()) wanted["group"] = command.as;
    wanted["files"] = json::array(what.begin(), what.end());
    Begun begun{webui::from_json<webui::AddedDownloads>(api.post("/downloads/batch", wanted)), {}};
    // A magnet link of several files is several downloads.
    if (what.size() == begun.added.downloads.size()) begun.words = what;
    begun.words.resize(begun.added.downloads.size());
    return begun;
}

/// A file of this machine, by the ending of its name: no link, URN or id of a result has one of these.
bool names_description(std::string const& what) {
    auto const ends = [&](std::string_view ending) {
        return what.size() > ending.size() &&
               equals_ignoring_case(std::string_view{what}.substr(what.size() - ending.size()), ending);
    };
    return !to_lower_ascii(what).starts_with("magnet:") && (ends(".torrent") || ends(".meta4") || ends(".metalink"));
}

/// Throws std::runtime_error with a sentence.
std::string read_description_file(std::string const& path) {
    std::ifstream file{path, std::ios::binary};
    std::string bytes(content::description_bytes_max + 1, '\0');
    if (file) file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.is_open() || file.bad()) throw std::runtime_error{"The file " + printable(path) + " cannot be read."};
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > content::description_bytes_max)
        throw std::runtime_error{"The file " + printable(path) + " is too large for a Metalink or a .torrent file."};
    if (bytes.empty()) throw std::runtime_error{"The file " + printable(path) + " is empty."};
    return bytes;
}

/// A Metalink or a .torrent file of this machine.
struct DescriptionFile {
    std::string path, bytes;
};

Begun begin_file(ApiClient& api, DownloadCommand const& command, DescriptionFile const& file) {
    std::string query;
    for (auto const& [name, value] : plan_of(command))
        query += (query.empty() ? "?" : "&") + std::string{name} + "=" + percent_encode(value.as_string());
    Begun begun{webui::from_json<webui::AddedDownloads>(api.post_bytes("/downloads/from-file" + query, file.bytes)),
                {}};
    begun.words.resize(begun.added.downloads.size());
    return begun;
}

void append(Begun& all, Begun one) {
    all.added.group = all.words.empty() ? one.added.group : std::string{};
    for (auto& download : one.added.downloads) all.added.downloads.push_back(std::move(download));
    for (auto& word : one.words) all.words.push_back(std::move(word));
}

/// Files of links, and links beside them. What cannot be begun keeps nothing else from it.
int run_files(CommandContext const& context, DownloadCommand const& command) {
    if (!command.as.empty())
        throw std::runtime_error{
            "--as goes with links and results, not with a file of links, which names its own folder."};
    std::vector<DescriptionFile> files;
    std::vector<std::string> links;
    for (auto const& one : command.what) {
        if (names_description(one))
            files.push_back({one, read_description_file(one)});
        else
            links.push_back(one);
    }
    auto api = connect_to_node(context);
    Begun all;
    auto const begin = [&](std::string const& word, auto const& act) {
        try {
            append(all, act());
        } catch (ApiError const& error) {
            if (command.what.size() == 1) throw;
            append(all, {{{}, {{{}, error.what()}}}, {word}});
        }
    };
    for (auto const& file : files) begin(file.path, [&] { return begin_file(api, command, file); });
    if (!links.empty()) begin({}, [&] { return begin_list(api, command, links); });
    return follow_all(api, context, command, all);
}

}  // namespace

int run_download(CommandContext const& context, DownloadCommand const& command) {
    if (std::any_of(command.what.begin(), command.what.end(), names_description)) return run_files(context, command);
    auto api = connect_to_node(context);
    if (command.what.size() > 1 || !command.as.empty())
        return follow_all(api, context, command, begin_list(api, command, command.what));
    auto wanted = plan_of(command);
    wanted["what"] = command.what.front();
    auto answer = api.post("/downloads", wanted);
    int const result = follow(api, context, command, answer);
    if (context.json) print_json(answer);
    return result;
}

}  // namespace praline
