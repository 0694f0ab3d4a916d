#include "tools/praline/progress_lines.hpp"

#include <algorithm>

#include "tools/praline/print.hpp"

namespace praline {
namespace {

constexpr std::size_t bar_columns = 20;

unsigned percent_of(webui::DownloadView const& download) {
    if (!download.size_known || download.size_bytes == 0) return 0;
    auto const part = static_cast<double>(download.verified_bytes) / static_cast<double>(download.size_bytes);
    return static_cast<unsigned>(std::clamp(part, 0.0, 1.0) * 100);
}

/// "43 %  1.2 MiB of 3.0 MiB  250.0 KiB/s  8 s left  2 sources"; what is not known is left out.
std::string figures(webui::DownloadView const& download) {
    std::string text;
    if (download.size_known)
        text = std::to_string(percent_of(download)) + " %  " + human_bytes(download.verified_bytes) + " of " +
               human_bytes(download.size_bytes);
    else
        text = human_bytes(download.verified_bytes) + " of a size that is not known yet";
    if (download.bytes_per_second == 0) return text;
    text += "  " + human_bytes(download.bytes_per_second) + "/s";
    if (download.size_known && download.size_bytes > download.received_bytes)
        text += "  " +
                human_seconds(static_cast<double>(download.size_bytes - download.received_bytes) /
                              static_cast<double>(download.bytes_per_second)) +
                " left";
    auto const sources = download.sources.size();
    return text + "  " + std::to_string(sources) + (sources == 1 ? " source" : " sources");
}

std::string bar_of(webui::DownloadView const& download) {
    auto const full = percent_of(download) * bar_columns / 100;
    return '[' + std::string(full, '#') + std::string(bar_columns - full, '-') + ']';
}

}  // namespace

std::string ProgressLines::next(webui::DownloadView const& download) {
    auto const reason = download.reason.empty() ? std::string{} : ": " + printable(download.reason);
    if (terminal_)
        return "\r\x1b[K" + (download.size_known ? bar_of(download) + ' ' : std::string{}) + figures(download) + "  " +
               download.state + reason;
    auto const tenth = percent_of(download) / 10;
    if (download.state != last_state_) {
        last_state_ = download.state;
        last_tenth_ = std::max(last_tenth_, tenth);
        return download.state + reason + '\n';
    }
    if (tenth <= last_tenth_) return {};
    last_tenth_ = tenth;
    return figures(download) + '\n';
}

}  // namespace praline
