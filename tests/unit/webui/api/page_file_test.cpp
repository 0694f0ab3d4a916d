#include "webui/api/page_file.hpp"

#include <array>
#include <catch2/catch.hpp>

namespace page_file_test {
using namespace praline;
using namespace praline::webui;

namespace {

std::span<std::byte const> bytes_of(std::string_view text) {
    return {reinterpret_cast<std::byte const*>(text.data()), text.size()};
}

std::array const files{
    Asset{"/index.html", "text/html", bytes_of("<page>")},
    Asset{"/assets/a.js", "text/javascript", bytes_of("plain")},
    Asset{"/assets/a.js.br", "application/octet-stream", bytes_of("smallest")},
    Asset{"/assets/a.js.gz", "application/octet-stream", bytes_of("small")},
};

ApiResponse ask(std::string path, Headers headers) {
    return page_file(files, "/index.html", {"GET", std::move(path), std::move(headers), ""}).value();
}

}  // namespace

TEST_CASE("a file is sent compressed to those who accept that, and says so") {
    for (auto const& [accepted, coding, body] : {std::array<std::string, 3>{"gzip, deflate, br", "br", "smallest"},
                                                 {"gzip;q=0.8, br;q=0", "gzip", "small"},
                                                 {"GZIP", "gzip", "small"},
                                                 {"identity, brotli", "", "plain"},
                                                 {"", "", "plain"}}) {
        CAPTURE(accepted);
        auto const answer = ask("/assets/a.js", {{"Accept-Encoding", accepted}});
        CHECK(answer.header("Content-Encoding") == coding);
        CHECK(answer.header("Content-Type") == "text/javascript");
        CHECK(answer.header("Vary") == "Accept-Encoding");
        CHECK(answer.body == body);
    }
    CHECK(ask("/", {{"Accept-Encoding", "br"}}).body == "<page>");
}

TEST_CASE("who has a file already is not sent it again") {
    auto const first = ask("/", {});
    CHECK(first.header("Cache-Control") == "no-cache");
    auto const again = ask("/", {{"If-None-Match", std::string{first.header("ETag")}}});
    CHECK((again.status == 304 && again.body.empty() && again.header("ETag") == first.header("ETag")));
    CHECK(ask("/", {{"If-None-Match", "\"other\""}}).status == 200);
    auto const plain = ask("/assets/a.js", {}), small = ask("/assets/a.js", {{"Accept-Encoding", "gzip"}});
    CHECK(plain.header("ETag") != small.header("ETag"));
}

}  // namespace page_file_test
