// One file from eight nodes with limited rates, beside aria2 with the same eight as mirrors.
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/shared_file.hpp"

namespace praline::bench {
namespace {

void print(MirrorsOptions const& options, std::vector<double> const& ours, std::vector<double> const& theirs,
           std::vector<double> const& cpu) {
    auto const mib = static_cast<double>(options.mebibytes);
    auto const mine = mib / median(ours), aria = mib / median(theirs);
    auto const all = static_cast<double>(options.sources * options.mebibytes_per_second);
    if (options.json) {
        std::cout << "{\"mebibytes\":" << options.mebibytes << ",\"sources\":" << options.sources
                  << ",\"all_sources_mib_per_second\":" << all << ",\"praline_mib_per_second\":" << mine
                  << ",\"aria2_mib_per_second\":" << aria << ",\"ratio\":" << mine / aria
                  << ",\"cpu_seconds_per_gib\":" << median(cpu) * 1024 / mib << "}\n";
    } else {
        std::cout << "mirrors: " << options.mebibytes << " MiB from " << options.sources << " nodes of "
                  << options.mebibytes_per_second << " MiB/s each, median of " << options.runs << " runs: praline "
                  << mine << " MiB/s, aria2 " << aria << " MiB/s, ratio " << mine / aria << "; "
                  << median(cpu) * 1024 / mib << " s of processor a GiB\n";
    }
}

}  // namespace

int measure_mirrors(MirrorsOptions const& options) {
    ScratchFolder folder;
    auto const share = folder.path() + "/share";
    std::filesystem::create_directory(share);
    auto const file = share + "/bench.bin";
    write_random_file(file, options.mebibytes);
    auto const digest = content::hash_file(file);
    if (!digest) throw std::runtime_error{"the file cannot be read"};
    auto const binary = praline_binary();
    std::vector<std::unique_ptr<PralineNode>> nodes;
    std::vector<std::string> addresses;
    for (unsigned number = 1; number <= options.sources; ++number) {
        // Each at an address of its own, as they would be elsewhere.
        auto const listen = "127.0.0." + std::to_string(number) + ":0";
        auto const limit = std::to_string(options.mebibytes_per_second) + " MiB/s";
        std::vector<std::string> const flags{"--mode", "ultrapeer", "--share", share, "--upload-limit", limit};
        nodes.push_back(
            std::make_unique<PralineNode>(binary, folder.path() + "/far" + std::to_string(number), flags, listen));
        wait_until_shared(binary, nodes.back()->data());
        addresses.push_back(nodes.back()->address());
    }
    auto const magnet = magnet_of(*digest, "bench.bin", addresses);
    std::vector<double> ours, theirs, cpu;
    for (unsigned round = 0; round < options.runs; ++round) {
        auto const copy = "aria" + std::to_string(round) + ".bin";
        std::vector<std::string> aria{"aria2c",
                                      "--quiet",
                                      "--no-conf",
                                      "--allow-overwrite",
                                      "--dir=" + folder.path(),
                                      "--out=" + copy,
                                      "--min-split-size=1M",
                                      "--max-connection-per-server=1",
                                      "--split=" + std::to_string(options.sources)};
        for (auto const& address : addresses)
            aria.push_back("http://" + address + "/uri-res/N2R?urn:sha1:" + digest->sha1.base32());
        theirs.push_back(seconds_of(aria));
        std::filesystem::remove(folder.path() + "/" + copy);
        auto const data = folder.path() + "/near" + std::to_string(round);
        {
            PralineNode near{binary, data, {"--mode", "ultrapeer"}};
            auto const before = cpu_seconds_of(near.pid());
            ours.push_back(seconds_of({binary, "--data", data, "download", "--wait", magnet}));
            cpu.push_back(cpu_seconds_of(near.pid()) - before);
        }
        std::filesystem::remove_all(data);
    }
    print(options, ours, theirs, cpu);
    return 0;
}

}  // namespace praline::bench
