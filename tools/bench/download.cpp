// Verified download over loopback against curl fetching the same file from nginx, both writing to the same disk.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/raw_peer.hpp"
#include "tools/bench/shared_file.hpp"

namespace praline::bench {
namespace {

using Clock = std::chrono::steady_clock;

unsigned free_port() {
    // Fixed and unusual; nginx takes no port 0.
    return 18'000 + static_cast<unsigned>(Clock::now().time_since_epoch().count() % 1000);
}

std::string write_nginx_config(std::string const& folder, unsigned port) {
    auto const path = folder + "/nginx.conf";
    std::ofstream{path} << "daemon off; master_process off; pid " << folder << "/nginx.pid; error_log " << folder
                        << "/nginx.log;\n"
                        << "events {}\nhttp { access_log off; sendfile on; client_body_temp_path " << folder
                        << "/t; proxy_temp_path " << folder << "/t; fastcgi_temp_path " << folder
                        << "/t; uwsgi_temp_path " << folder << "/t; scgi_temp_path " << folder
                        << "/t; server { listen 127.0.0.1:" << port << "; root " << folder << "/share; } }\n";
    return path;
}

void wait_for_port(unsigned port) {
    for (int tries = 0; tries < 200; ++tries) {
        try {
            ::close(connect_to(Endpoint{0x7F000001, static_cast<std::uint16_t>(port)}));
            return;
        } catch (std::exception const&) {
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
    }
    throw std::runtime_error{"nginx did not start"};
}

}  // namespace

int measure_download(DownloadOptions const& options) {
    ScratchFolder folder;
    auto const share = folder.path() + "/share";
    std::filesystem::create_directory(share);
    auto const file = share + "/bench.bin";
    write_random_file(file, options.mebibytes);
    auto const digest = content::hash_file(file);
    if (!digest) throw std::runtime_error{"the file cannot be read"};
    auto const binary = praline_binary();
    auto const port = free_port();
    Child nginx{{"nginx", "-c", write_nginx_config(folder.path(), port)}};
    wait_for_port(port);
    PralineNode far{binary, folder.path() + "/far", {"--mode", "ultrapeer", "--share", share}};
    wait_until_shared(binary, far.data());
    auto const magnet = magnet_of(*digest, "bench.bin", {far.address()});
    std::vector<double> ours, curls, synced, cpu;
    for (unsigned round = 0; round < options.runs; ++round) {
        auto const copy = folder.path() + "/curl.bin";
        auto const url = "http://127.0.0.1:" + std::to_string(port) + "/bench.bin";
        curls.push_back(seconds_of({"curl", "-s", "-S", "-o", copy, url}));
        std::filesystem::remove(copy);
        synced.push_back(seconds_of({"sh", "-c", "curl -s -S -o '" + copy + "' '" + url + "' && sync '" + copy + "'"}));
        std::filesystem::remove(copy);
        auto const data = folder.path() + "/near" + std::to_string(round);
        {
            PralineNode near{binary, data, {"--mode", "ultrapeer"}};
            auto const before = cpu_seconds_of(near.pid());
            ours.push_back(seconds_of({binary, "--data", data, "download", "--wait", magnet}));
            cpu.push_back(cpu_seconds_of(near.pid()) - before);
        }
        std::filesystem::remove_all(data);
    }
    auto const mib = static_cast<double>(options.mebibytes);
    auto const cpu_per_gib = median(cpu) * 1024 / mib;
    auto const mine = mib / median(ours), curl = mib / median(curls), durable = mib / median(synced);
    if (options.json) {
        std::cout << "{\"mebibytes\":" << options.mebibytes << ",\"praline_mib_per_second\":" << mine
                  << ",\"curl_mib_per_second\":" << curl << ",\"curl_and_sync_mib_per_second\":" << durable
                  << ",\"ratio\":" << mine / curl << ",\"ratio_to_synced\":" << mine / durable
                  << ",\"cpu_seconds_per_gib\":" << cpu_per_gib << "}\n";
    } else {
        std::cout << "download: " << options.mebibytes << " MiB, median of " << options.runs
                  << " runs: praline, every slice verified and on disk, " << mine << " MiB/s; curl from nginx " << curl
                  << " MiB/s, ratio " << mine / curl << "; curl from nginx and sync " << durable << " MiB/s, ratio "
                  << mine / durable << "; " << cpu_per_gib << " s of processor a GiB\n";
    }
    return 0;
}

}  // namespace praline::bench
