#include "tools/praline/progress_lines.hpp"

#include <catch2/catch.hpp>

namespace progress_lines_test {
using namespace praline;

namespace {

webui::DownloadView download(std::uint64_t verified_bytes) {
    webui::DownloadView view;
    view.state = "downloading";
    view.size_known = true;
    view.size_bytes = 1000 * 1024;
    view.received_bytes = view.verified_bytes = verified_bytes;
    view.bytes_per_second = 100 * 1024;
    view.sources.resize(2);
    return view;
}

}  // namespace

TEST_CASE("a terminal shows a bar, per cent, rate, time left and sources on one line") {
    ProgressLines lines{true};
    CHECK(
        lines.next(download(500 * 1024)) ==
        "\r\x1b[K[##########----------] 50 %  500.0 KiB of 1000.0 KiB  100.0 KiB/s  5 s left  2 sources  downloading");
}

TEST_CASE("a log gets a line for a new state and for every ten per cent") {
    ProgressLines lines{false};
    auto waiting = download(0);
    waiting.state = "searching";
    waiting.reason = "Nobody has it so far.";
    CHECK(lines.next(waiting) == "searching: Nobody has it so far.\n");
    CHECK(lines.next(waiting).empty());
    CHECK(lines.next(download(10 * 1024)) == "downloading\n");
    CHECK(lines.next(download(50 * 1024)).empty());
    CHECK(lines.next(download(320 * 1024)) == "32 %  320.0 KiB of 1000.0 KiB  100.0 KiB/s  7 s left  2 sources\n");
    CHECK(lines.next(download(390 * 1024)).empty());
    CHECK(lines.next(download(400 * 1024)).starts_with("40 %"));
}

TEST_CASE("a size that no source has told is not made up") {
    auto unknown = download(2048);
    unknown.size_known = false;
    unknown.bytes_per_second = 0;
    ProgressLines lines{true};
    CHECK(lines.next(unknown) == "\r\x1b[K2.0 KiB of a size that is not known yet  downloading");
}

}  // namespace progress_lines_test
