#pragma once

#include "tools/bench/measurements.hpp"

/// What the measurements of transfer find, for a command each and for the table of `bench transfer`.
namespace praline::bench {

struct DownloadFigures {
    double mib_per_second = 0, curl_mib_per_second = 0, curl_and_sync_mib_per_second = 0, cpu_seconds_per_gib = 0;
};
[[nodiscard]] DownloadFigures figures_of_download(DownloadOptions const& options);

struct MirrorsFigures {
    double mib_per_second = 0, aria2_mib_per_second = 0, cpu_seconds_per_gib = 0;
};
[[nodiscard]] MirrorsFigures figures_of_mirrors(MirrorsOptions const& options);

/// Medians of what one server does for the same connections.
struct ServerFigures {
    double replies_per_second = 0, cpu_seconds_per_reply = 0;
    double bytes_each = 0;  ///< by which its resident memory is larger while all connections are served
};
struct LoadFigures {
    ServerFigures praline, nginx;
    double ratio = 0;  ///< of the rates: the median over the pairs
};
[[nodiscard]] LoadFigures figures_of_uploads(UploadsOptions const& options);
[[nodiscard]] LoadFigures figures_of_requests(RequestsOptions const& options);

}  // namespace praline::bench
