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

#include "node/base/rng.hpp"
#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/raw_peer.hpp"
#include "transfer/content/file_hasher.hpp"

namespace praline::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_of(std::vector<std::string> const& command) {
    auto const begin = Clock::now();
    run(command);
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

void write_random_file(std::string const& path, std::uint64_t mebibytes) {
    std::ofstream out{path, std::ios::binary};
    Rng rng{7};
    std::vector<std::uint64_t> block((1 << 20) / sizeof(std::uint64_t));
    for (std::uint64_t i = 0; i < mebibytes; ++i) {
        for (auto& word : block) word = rng.next();
        out.write(reinterpret_cast<char const*>(block.data()), 1 << 20);
    }
    if (!out.flush()) throw std::runtime_error{path + " could not be written"};
}

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

void wait_until_shared(std::string const& binary, std::string const& data) {
    for (int tries = 0; tries < 1200; ++tries) {
        if (run({binary, "--data", data, "status", "--json"}).find("\"shared_files\":1,") != std::string::npos) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    throw std::runtime_error{"the file was not hashed in time"};
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
    auto const magnet = "magnet:?xt=urn:bitprint:" + digest->sha1.base32() + '.' + digest->tree.root().base32() +
                        "&dn=bench.bin&xl=" + std::to_string(options.mebibytes << 20) + "&xs=http://" + far.address() +
                        "/uri-res/N2R?urn:sha1:" + digest->sha1.base32();
    std::vector<double> ours, curls, synced;
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
            ours.push_back(seconds_of({binary, "--data", data, "download", "--wait", magnet}));
        }
        std::filesystem::remove_all(data);
    }
    auto const mib = static_cast<double>(options.mebibytes);
    auto const mine = mib / median(ours), curl = mib / median(curls), durable = mib / median(synced);
    if (options.json) {
        std::cout << "{\"mebibytes\":" << options.mebibytes << ",\"praline_mib_per_second\":" << mine
                  << ",\"curl_mib_per_second\":" << curl << ",\"curl_and_sync_mib_per_second\":" << durable
                  << ",\"ratio\":" << mine / curl << ",\"ratio_to_synced\":" << mine / durable << "}\n";
    } else {
        std::cout << "download: " << options.mebibytes << " MiB, median of " << options.runs
                  << " runs: praline, every slice verified and on disk, " << mine << " MiB/s; curl from nginx " << curl
                  << " MiB/s, ratio " << mine / curl << "; curl from nginx and sync " << durable << " MiB/s, ratio "
                  << mine / durable << '\n';
    }
    return 0;
}

}  // namespace praline::bench
