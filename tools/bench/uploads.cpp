// One file sent to many at once, and a small one asked for again and again, beside nginx with the same file and takers.
#include <chrono>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "node/base/endpoint.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/nginx.hpp"
#include "tools/bench/process_usage.hpp"
#include "tools/bench/shared_file.hpp"
#include "tools/bench/takers.hpp"
#include "tools/bench/transfer.hpp"

namespace praline::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// What a server is to do.
struct Load {
    std::uint64_t file_bytes = 0;
    unsigned connections = 0;
    std::uint64_t replies = 0;
};

struct Server {
    Endpoint endpoint;
    pid_t process = 0;
    std::string target;
};

/// One series of each figure.
struct Series {
    std::vector<double> replies_per_second, cpu_seconds_per_reply, bytes_each;

    void measure(Server const& server, Load const& load) {
        auto const request = "GET " + server.target + " HTTP/1.1\r\nHost: bench\r\n\r\n";
        // The first request pays for what all share.
        Takers{server.endpoint, 1, request}.take(1);
        auto const memory = static_cast<double>(resident_bytes_of(server.process));
        auto memory_then = memory;
        Takers takers{server.endpoint, load.connections, request};
        auto const cpu = cpu_seconds_of(server.process);
        auto const begin = Clock::now();
        takers.take(load.replies, [&] { memory_then = static_cast<double>(resident_bytes_of(server.process)); });
        auto const seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        auto const replies = static_cast<double>(load.replies);
        replies_per_second.push_back(replies / seconds);
        cpu_seconds_per_reply.push_back((cpu_seconds_of(server.process) - cpu) / replies);
        bytes_each.push_back((memory_then - memory) / load.connections);
    }
    [[nodiscard]] ServerFigures figures() const {
        return {median(replies_per_second), median(cpu_seconds_per_reply), median(bytes_each)};
    }
};

/// Pairs, of which either is first by turns. Servers are started anew, so that what they have kept is not taken for small.
LoadFigures figures_of(Load const& load, unsigned runs) {
    SharedFile const file{load.file_bytes};
    Series ours, theirs;
    std::vector<double> ratios;
    auto const measure_nginx = [&] {
        Nginx const nginx{file.folder()};
        theirs.measure({{0x7F000001, nginx.port()}, nginx.pid(), "/" + SharedFile::name()}, load);
    };
    auto const measure_praline = [&] {
        // One more for the request that comes first, whose connection may not have been seen to end.
        auto const node = file.shared_by("node", {"--upload-slots", std::to_string(load.connections + 1)});
        ours.measure({*Endpoint::parse(node->address()), node->pid(), file.target()}, load);
    };
    for (unsigned round = 0; round < runs; ++round) {
        if (round % 2 == 0) measure_nginx();
        measure_praline();
        if (round % 2 == 1) measure_nginx();
        ratios.push_back(ours.replies_per_second.back() / theirs.replies_per_second.back());
    }
    return {ours.figures(), theirs.figures(), median(ratios)};
}

double gib_of(UploadsOptions const& options) { return static_cast<double>(options.mebibytes) / 1024; }

void print_json(ServerFigures const& figures, double gib) {
    std::cout << "{\"gib_per_second\":" << figures.replies_per_second * gib
              << ",\"cpu_seconds_per_gib\":" << figures.cpu_seconds_per_reply / gib
              << ",\"bytes_each\":" << figures.bytes_each << '}';
}

void print_text(char const* name, ServerFigures const& figures, double gib) {
    std::cout << name << figures.replies_per_second * gib << " GiB/s, " << figures.cpu_seconds_per_reply / gib
              << " s of processor a GiB, " << figures.bytes_each / 1024 << " KiB of memory each";
}

}  // namespace

LoadFigures figures_of_uploads(UploadsOptions const& options) {
    return figures_of({options.mebibytes << 20, options.takers, options.takers}, options.runs);
}

LoadFigures figures_of_requests(RequestsOptions const& options) {
    return figures_of({options.bytes, options.connections, options.requests}, options.runs);
}

int measure_uploads(UploadsOptions const& options) {
    auto const [praline, nginx, ratio] = figures_of_uploads(options);
    auto const gib = gib_of(options);
    if (options.json) {
        std::cout << "{\"processor\":\"" << processor_name() << "\",\"takers\":" << options.takers
                  << ",\"mebibytes_each\":" << options.mebibytes << ",\"runs\":" << options.runs << ",\"praline\":";
        print_json(praline, gib);
        std::cout << ",\"nginx\":";
        print_json(nginx, gib);
        std::cout << ",\"ratio\":" << ratio << "}\n";
    } else {
        std::cout << "uploads: " << options.mebibytes << " MiB to each of " << options.takers << " at once, medians of "
                  << options.runs << " pairs, " << processor_name() << ": ";
        print_text("praline ", praline, gib);
        print_text("; nginx ", nginx, gib);
        std::cout << "; ratio " << ratio << '\n';
    }
    return 0;
}

int measure_requests(RequestsOptions const& options) {
    auto const [praline, nginx, ratio] = figures_of_requests(options);
    if (options.json) {
        std::cout << "{\"processor\":\"" << processor_name() << "\",\"connections\":" << options.connections
                  << ",\"requests\":" << options.requests << ",\"bytes\":" << options.bytes
                  << ",\"runs\":" << options.runs << ",\"praline_per_second\":" << praline.replies_per_second
                  << ",\"praline_cpu_microseconds\":" << praline.cpu_seconds_per_reply * 1e6
                  << ",\"nginx_per_second\":" << nginx.replies_per_second
                  << ",\"nginx_cpu_microseconds\":" << nginx.cpu_seconds_per_reply * 1e6 << ",\"ratio\":" << ratio
                  << "}\n";
    } else {
        std::cout << "requests: " << options.requests << " for a file of " << options.bytes << " bytes on "
                  << options.connections << " connections, medians of " << options.runs << " pairs, "
                  << processor_name() << ": praline " << praline.replies_per_second << " a second, "
                  << praline.cpu_seconds_per_reply * 1e6 << " us of processor each; nginx " << nginx.replies_per_second
                  << " a second, " << nginx.cpu_seconds_per_reply * 1e6 << " us each; ratio " << ratio << '\n';
    }
    return 0;
}

}  // namespace praline::bench
