#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <thread>

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

int follow_all(ApiClient& api, CommandContext const& context, DownloadCommand const& command,
               webui::AddedDownloads const& added) {
    int result = exit_ok;
    json::array views;
    bool const by_word = command.what.size() == added.downloads.size();
    for (std::size_t at = 0; at < added.downloads.size(); ++at) {
        auto const& one = added.downloads[at];
        if (one.id.empty()) {
            if (by_word) std::cerr << printable(command.what.at(at)) << ": ";
            std::cerr << printable(one.problem) << '\n';
            result = exit_failed;
            continue;
        }
        auto view = api.get("/downloads/" + one.id);
        if (int const outcome = follow(api, context, command, view); result == exit_ok) result = outcome;
        views.push_back(std::move(view));
    }
    if (context.json) print_json(json::object{{"group", added.group}, {"downloads", std::move(views)}});
    return result;
}

int run_list(CommandContext const& context, DownloadCommand const& command) {
    auto api = connect_to_node(context);
    auto wanted = plan_of(command);
    if (!command.as.empty()) wanted["group"] = command.as;
    wanted["files"] = json::array(command.what.begin(), command.what.end());
    auto const answer = api.post("/downloads/batch", wanted);
    auto const added = webui::from_json<webui::AddedDownloads>(answer);
    return follow_all(api, context, command, added);
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

int run_file(CommandContext const& context, DownloadCommand const& command) {
    if (!command.as.empty() || !command.folder.empty() || !command.priority.empty())
        throw std::runtime_error{"--as, --folder and --priority go with links and results, not with a file of links."};
    auto bytes = read_description_file(command.what.front());
    auto api = connect_to_node(context);
    auto const answer = api.post_bytes("/downloads/from-file", std::move(bytes));
    return follow_all(api, context, command, webui::from_json<webui::AddedDownloads>(answer));
}

}  // namespace

int run_download(CommandContext const& context, DownloadCommand const& command) {
    if (command.what.size() == 1 && names_description(command.what.front())) return run_file(context, command);
    if (command.what.size() > 1 || !command.as.empty()) return run_list(context, command);
    auto api = connect_to_node(context);
    auto wanted = plan_of(command);
    wanted["what"] = command.what.front();
    auto answer = api.post("/downloads", wanted);
    int const result = follow(api, context, command, answer);
    if (context.json) print_json(answer);
    return result;
}

}  // namespace praline
