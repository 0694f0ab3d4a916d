// One file from eight nodes with limited rates, beside aria2 with the same eight as mirrors.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/shared_file.hpp"
#include "tools/bench/transfer.hpp"

namespace praline::bench {

MirrorsFigures figures_of_mirrors(MirrorsOptions const& options) {
    SharedFile const file{options.mebibytes << 20};
    std::vector<std::unique_ptr<PralineNode>> nodes;
    std::vector<std::string> addresses;
    auto const limit = std::to_string(options.mebibytes_per_second) + " MiB/s";
    for (unsigned number = 1; number <= options.sources; ++number) {
        // Each at an address of its own, as they would be elsewhere.
        auto const listen = "127.0.0." + std::to_string(number) + ":0";
        nodes.push_back(file.shared_by("far" + std::to_string(number), {"--upload-limit", limit}, listen));
        addresses.push_back(nodes.back()->address());
    }
    auto const magnet = file.magnet(addresses);
    std::vector<std::string> aria{"aria2c",
                                  "--quiet",
                                  "--no-conf",
                                  "--allow-overwrite",
                                  "--dir=" + file.folder(),
                                  "--out=aria.bin",
                                  "--min-split-size=1M",
                                  "--max-connection-per-server=1",
                                  "--split=" + std::to_string(options.sources)};
    for (auto const& address : addresses) aria.push_back("http://" + address + file.target());
    std::vector<double> ours, theirs, cpu;
    for (unsigned round = 0; round < options.runs; ++round) {
        theirs.push_back(seconds_of(aria));
        std::filesystem::remove(file.folder() + "/aria.bin");
        auto const fetched = fetch_with_new_node(file.folder(), magnet);
        ours.push_back(fetched.seconds);
        cpu.push_back(fetched.cpu_seconds);
    }
    auto const mib = static_cast<double>(options.mebibytes);
    return {mib / median(ours), mib / median(theirs), median(cpu) * 1024 / mib};
}

int measure_mirrors(MirrorsOptions const& options) {
    auto const [mine, aria, cpu_per_gib] = figures_of_mirrors(options);
    if (options.json) {
        std::cout << "{\"mebibytes\":" << options.mebibytes << ",\"sources\":" << options.sources
                  << ",\"all_sources_mib_per_second\":"
                  << static_cast<double>(options.sources * options.mebibytes_per_second)
                  << ",\"praline_mib_per_second\":" << mine << ",\"aria2_mib_per_second\":" << aria
                  << ",\"ratio\":" << mine / aria << ",\"cpu_seconds_per_gib\":" << cpu_per_gib << "}\n";
    } else {
        std::cout << "mirrors: " << options.mebibytes << " MiB from " << options.sources << " nodes of "
                  << options.mebibytes_per_second << " MiB/s each, median of " << options.runs << " runs: praline "
                  << mine << " MiB/s, aria2 " << aria << " MiB/s, ratio " << mine / aria << "; " << cpu_per_gib
                  << " s of processor a GiB\n";
    }
    return 0;
}

}  // namespace praline::bench
