// What moves files, in one table: downloads, mirrors, uploads and small requests, each beside its baseline.
#include "tools/bench/transfer.hpp"

#include <cstdio>
#include <string>

#include "tools/bench/process_usage.hpp"

namespace praline::bench {
namespace {

struct Row {
    std::string name, baseline, unit;
    double praline = 0, theirs = 0, ratio = 0, goal = 0;
    std::string cost;  ///< of each side, as far as it is known
};

std::string text_of(char const* format, double ours, double theirs) {
    char text[128];
    std::snprintf(text, sizeof text, format, ours, theirs);
    return text;
}

Row row_of(DownloadOptions const& options) {
    auto const figures = figures_of_download(options);
    return {"download, " + std::to_string(options.mebibytes) + " MiB",
            "curl from nginx",
            "MiB/s",
            figures.mib_per_second,
            figures.curl_mib_per_second,
            figures.mib_per_second / figures.curl_mib_per_second,
            1.0,
            text_of("%.2f s of processor a GiB; with sync %.2f x", figures.cpu_seconds_per_gib,
                    figures.mib_per_second / figures.curl_and_sync_mib_per_second)};
}

Row row_of(MirrorsOptions const& options) {
    auto const figures = figures_of_mirrors(options);
    return {"mirrors, " + std::to_string(options.sources) + " of " + std::to_string(options.mebibytes_per_second) +
                " MiB/s",
            "aria2",
            "MiB/s",
            figures.mib_per_second,
            figures.aria2_mib_per_second,
            figures.mib_per_second / figures.aria2_mib_per_second,
            1.0,
            text_of("%.2f s of processor a GiB", figures.cpu_seconds_per_gib, 0)};
}

Row row_of(UploadsOptions const& options) {
    auto const [praline, nginx, ratio] = figures_of_uploads(options);
    auto const mib = static_cast<double>(options.mebibytes);
    return {"uploads, " + std::to_string(options.takers) + " at once",
            "nginx",
            "MiB/s",
            praline.replies_per_second * mib,
            nginx.replies_per_second * mib,
            ratio,
            0.9,
            text_of("%.3f and %.3f s of processor a GiB, ", praline.cpu_seconds_per_reply / mib * 1024,
                    nginx.cpu_seconds_per_reply / mib * 1024) +
                text_of("%.1f and %.1f KiB each", praline.bytes_each / 1024, nginx.bytes_each / 1024)};
}

Row row_of(RequestsOptions const& options) {
    auto const [praline, nginx, ratio] = figures_of_requests(options);
    return {"requests, " + std::to_string(options.bytes) + " bytes",
            "nginx",
            "/s",
            praline.replies_per_second,
            nginx.replies_per_second,
            ratio,
            0,
            text_of("%.1f and %.1f us of processor each", praline.cpu_seconds_per_reply * 1e6,
                    nginx.cpu_seconds_per_reply * 1e6)};
}

void print(Row const& row, bool json, bool first) {
    if (json) {
        std::printf(
            "%s{\"what\":\"%s\",\"beside\":\"%s\",\"unit\":\"%s\",\"praline\":%g,\"baseline\":%g,\"ratio\":%.3f,"
            "\"cost\":\"%s\"}",
            first ? "" : ",", row.name.c_str(), row.baseline.c_str(), row.unit.c_str(), row.praline, row.theirs,
            row.ratio, row.cost.c_str());
    } else {
        auto const goal = row.goal > 0 ? text_of("%.1f", row.goal, 0) : std::string{"-"};
        std::printf("%-24s %9.0f %-5s  %-15s %9.0f  %5.2f  %4s  %s\n", row.name.c_str(), row.praline, row.unit.c_str(),
                    row.baseline.c_str(), row.theirs, row.ratio, goal.c_str(), row.cost.c_str());
    }
    std::fflush(stdout);
}

}  // namespace

int measure_transfer(TransferOptions const& options) {
    DownloadOptions download;
    MirrorsOptions mirrors;
    UploadsOptions uploads;
    RequestsOptions requests;
    download.runs = mirrors.runs = uploads.runs = requests.runs = options.runs;
    if (options.json)
        std::printf("{\"processor\":\"%s\",\"runs\":%u,\"rows\":[", processor_name().c_str(), options.runs);
    else
        std::printf("%s, medians of %u runs\n%-24s %15s  %-15s %9s  %5s  %4s  %s\n", processor_name().c_str(),
                    options.runs, "", "praline", "beside", "", "ratio", "goal", "");
    print(row_of(download), options.json, true);
    print(row_of(mirrors), options.json, false);
    print(row_of(uploads), options.json, false);
    print(row_of(requests), options.json, false);
    if (options.json) std::printf("]}\n");
    return 0;
}

}  // namespace praline::bench
