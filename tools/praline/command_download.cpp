#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

#include <boost/json.hpp>

#include "tools/praline/api_client.hpp"
#include "tools/praline/commands.hpp"
#include "tools/praline/connect.hpp"
#include "tools/praline/print.hpp"

namespace praline {
namespace json = boost::json;
namespace {

constexpr auto progress_asked_every = std::chrono::milliseconds{50};

/// "3.0 MiB of 5.7 MiB": of a file whose size no source has said yet, so far only what came.
std::string amount(json::value const& download) {
    auto const verified = human_bytes(number_field(download, "verified_bytes"));
    if (!bool_field(download, "size_known")) return verified + " of a size that is not known yet,";
    return verified + " of " + human_bytes(number_field(download, "size_bytes")) + " verified,";
}

void print_progress(json::value const& download, bool terminal, std::string& last_state) {
    auto const state = text_field(download, "state");
    auto const reason = text_field(download, "reason");
    if (terminal) {
        std::cerr << "\r\x1b[K" << state << "  " << amount(download) << ' '
                  << human_bytes(number_field(download, "bytes_per_second")) << "/s" << (reason.empty() ? "" : "  ")
                  << printable(reason) << std::flush;
    } else if (state != last_state) {
        std::cerr << state << (reason.empty() ? "" : ": ") << printable(reason) << '\n';
    }
    last_state = state;
}

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

}  // namespace

int run_download(CommandContext const& context, DownloadCommand const& command) {
    auto api = connect_to_node(context);
    auto download = api.post("/downloads", json::object{{"what", command.what}});
    auto const id = text_field(download, "id");
    bool const terminal = !context.json && ::isatty(STDERR_FILENO) == 1;
    std::string state;
    Standstill standstill{command.timeout_seconds};
    bool gave_up = false;
    while (command.wait) {
        if (!context.json) print_progress(download, terminal, state);
        state = text_field(download, "state");
        if (is_over(state)) break;
        gave_up = standstill.lasts_too_long(number_field(download, "received_bytes"));
        if (gave_up) break;
        std::this_thread::sleep_for(progress_asked_every);
        download = api.get("/downloads/" + id);
    }
    if (terminal && command.wait) std::cerr << '\n';
    state = text_field(download, "state");
    if (context.json) {
        print_json(download);
    } else if (state == "completed") {
        std::cout << text_field(download, "path") << '\n';
    } else if (state == "failed") {
        std::cerr << "The download failed: " << printable(text_field(download, "reason")) << '\n';
    } else if (gave_up) {
        auto const reason = text_field(download, "reason");
        std::cerr << "Nothing new has come for " << command.timeout_seconds << " seconds"
                  << (reason.empty() ? "." : ": " + printable(reason))
                  << "\nThe node goes on trying; wait longer with --timeout.\n";
    } else {
        std::cout << "Download " << id << " has begun: " << printable(text_field(download, "name")) << '\n';
    }
    if (gave_up) return exit_nothing_found;
    return state == "failed" ? exit_download_failed : exit_ok;
}

}  // namespace praline
