// Verified download over loopback against curl fetching the same file from nginx, both writing to the same disk.
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "tools/bench/measurements.hpp"
#include "tools/bench/nginx.hpp"
#include "tools/bench/shared_file.hpp"
#include "tools/bench/transfer.hpp"

namespace praline::bench {

DownloadFigures figures_of_download(DownloadOptions const& options) {
    SharedFile const file{options.mebibytes << 20};
    Nginx const nginx{file.folder()};
    auto const far = file.shared_by("far", {});
    auto const magnet = file.magnet({far->address()});
    std::vector<double> ours, curls, synced, cpu;
    auto const copy = file.folder() + "/curl.bin";
    auto const url = nginx.url(SharedFile::name());
    for (unsigned round = 0; round < options.runs; ++round) {
        curls.push_back(seconds_of({"curl", "-s", "-S", "-o", copy, url}));
        std::filesystem::remove(copy);
        synced.push_back(seconds_of({"sh", "-c", "curl -s -S -o '" + copy + "' '" + url + "' && sync '" + copy + "'"}));
        std::filesystem::remove(copy);
        auto const fetched = fetch_with_new_node(file.folder(), magnet);
        ours.push_back(fetched.seconds);
        cpu.push_back(fetched.cpu_seconds);
    }
    auto const mib = static_cast<double>(options.mebibytes);
    return {mib / median(ours), mib / median(curls), mib / median(synced), median(cpu) * 1024 / mib};
}

int measure_download(DownloadOptions const& options) {
    auto const [mine, curl, durable, cpu_per_gib] = figures_of_download(options);
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
