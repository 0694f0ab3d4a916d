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

constexpr auto ask_every = std::chrono::milliseconds{50};

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
                  << human_bytes(number_field(download, "bytes_per_second")) << "/s" << (reason.empty() ? "" : "  ") << printable(reason) << std::flush;
    } else if (state != last_state) {
        std::cerr << state << (reason.empty() ? "" : ": ") << printable(reason) << '\n';
    }
    last_state = state;
}

}  // namespace

int run_download(CommandContext const& context, DownloadCommand const& command) {
    auto api = connect_to_node(context);
    auto download = api.post("/downloads", json::object{{"what", command.what}});
    auto const id = text_field(download, "id");
    bool const terminal = !context.json && ::isatty(STDERR_FILENO) == 1;
    std::string state;
    while (command.wait) {
        if (!context.json) print_progress(download, terminal, state);
        state = text_field(download, "state");
        if (state == "completed" || state == "failed") break;
        std::this_thread::sleep_for(ask_every);
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
    } else {
        std::cout << "Download " << id << " has begun: " << printable(text_field(download, "name")) << '\n';
    }
    return state == "failed" ? exit_download_failed : exit_ok;
}

}  // namespace praline
