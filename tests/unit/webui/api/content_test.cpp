#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "unit/webui/api/fake_node.hpp"
#include "webui/api/content_answer.hpp"
#include "webui/api/content_links.hpp"
#include "webui/api/limits.hpp"

namespace praline::webui::content_test {
namespace {

using namespace std::chrono_literals;

constexpr auto content = "/api/v1/library/1/content";

ApiRequest with(ApiRequest request, std::string name, std::string value) {
    request.headers.emplace_back(std::move(name), std::move(value));
    return request;
}

ApiResponse ranged(Desk& desk, std::string const& range) {
    return desk.ask(with(Desk::proven("GET", content), "Range", range));
}

/// The target of a link that `request` asks for.
std::string link_for(Desk& desk, ApiRequest const& request) {
    auto const made = desk.ask(request);
    REQUIRE(made.status == 201);
    auto const text = boost::json::parse(made.body).as_object().at("link").as_string();
    std::string_view const origin = "http://127.0.0.1:8970";
    REQUIRE(std::string_view{text}.starts_with(origin));
    return std::string{text}.substr(origin.size());
}

ApiRequest wish() { return Desk::bare("POST", "/api/v1/library/1/content-link"); }

TEST_CASE("a file is sent whole, and by a range, whose bytes and length are named") {
    Desk desk;
    auto const whole = desk.ask(Desk::proven("GET", content));
    REQUIRE(whole.status == 200);
    REQUIRE(whole.content);
    REQUIRE(whole.span == ContentSpan{0, 10});
    REQUIRE(whole.header("Accept-Ranges") == "bytes");
    REQUIRE(whole.header("ETag") == "\"FAKE\"");
    REQUIRE(whole.header("Last-Modified") == "Sun, 09 Sep 2001 01:46:40 GMT");
    struct Case {
        char const *range, *said;
        ContentSpan span;
    };
    for (auto const& [range, said, span] :
         {Case{"bytes=2-4", "bytes 2-4/10", {2, 5}}, Case{"bytes=7-", "bytes 7-9/10", {7, 10}},
          Case{"bytes=-3", "bytes 7-9/10", {7, 10}}, Case{"bytes=0-99", "bytes 0-9/10", {0, 10}}}) {
        INFO(range);
        auto const part = ranged(desk, range);
        REQUIRE(part.status == 206);
        REQUIRE(part.header("Content-Range") == said);
        REQUIRE(part.span == span);
    }
}

TEST_CASE("a range that the file does not have is refused with its length, and one that is none is ignored") {
    Desk desk;
    for (auto const* range : {"bytes=10-", "bytes=-0"}) {
        auto const refused = ranged(desk, range);
        REQUIRE(refused.status == 416);
        REQUIRE(refused.header("Content-Range") == "bytes */10");
        REQUIRE_FALSE(refused.content);
    }
    for (auto const* range : {"bytes=5-2", "lines=1-2", "bytes=x"}) REQUIRE(ranged(desk, range).status == 200);
}

TEST_CASE("a range applies only to the copy that If-Range names") {
    Desk desk;
    auto const asked = with(Desk::proven("GET", content), "Range", "bytes=2-4");
    REQUIRE(desk.ask(with(asked, "If-Range", "\"FAKE\"")).status == 206);
    REQUIRE(desk.ask(with(asked, "If-Range", "\"OTHER\"")).status == 200);
    REQUIRE(desk.ask(with(asked, "If-Match", "\"OTHER\"")).status == 412);
    auto const known = desk.ask(with(asked, "If-None-Match", "\"FAKE\""));
    REQUIRE(known.status == 304);
    REQUIRE(known.body.empty());
    REQUIRE(known.header("ETag") == "\"FAKE\"");
}

TEST_CASE("HEAD tells of the whole file, whatever range is named") {
    Desk desk;
    auto const head = desk.ask(with(Desk::proven("HEAD", content), "Range", "bytes=2-4"));
    REQUIRE(head.status == 200);
    REQUIRE(head.head_only);
    REQUIRE(head.span.size() == 10);
}

TEST_CASE("only what browsers merely show is shown, and a hostile file becomes no page of this address") {
    Desk desk;
    struct Case {
        char const *name, *type, *disposition;
    };
    for (auto const& [name, type, disposition] :
         {Case{"a.mp3", "audio/mpeg", "inline"}, Case{"a.WEBM", "video/webm", "inline"},
          Case{"a.png", "image/png", "inline"}, Case{"a.txt", "text/plain; charset=utf-8", "inline"},
          Case{"a.pdf", "application/pdf", "inline"}, Case{"a.html", "application/octet-stream", "attachment"},
          Case{"a.svg", "application/octet-stream", "attachment"},
          Case{"a.xhtml", "application/octet-stream", "attachment"},
          Case{"a.js", "application/octet-stream", "attachment"}, Case{"a.zip", "application/zip", "attachment"},
          Case{"a.json", "application/json", "attachment"}, Case{"a", "application/octet-stream", "attachment"}}) {
        INFO(name);
        desk.node.file_name = name;
        auto const response = desk.ask(Desk::proven("GET", content));
        REQUIRE(response.header("Content-Type") == type);
        REQUIRE(response.header("Content-Disposition") == std::string{disposition} + "; filename=\"" + name + '"');
        REQUIRE(response.header("X-Content-Type-Options") == "nosniff");
        auto const policy = response.header("Content-Security-Policy");
        REQUIRE(policy.starts_with("default-src 'none'; "));
        REQUIRE(policy.find("script-src") == std::string_view::npos);
        REQUIRE(policy.ends_with("; sandbox") == (std::string_view{name} != "a.pdf"));
    }
    REQUIRE_FALSE(is_shown("image/svg+xml"));
    REQUIRE_FALSE(is_shown("text/html"));
}

TEST_CASE("a name cannot end the header that holds it") {
    Desk desk;
    desk.node.file_name = "a\"\r\nX: y.mp3";
    auto const response = desk.ask(Desk::proven("GET", content));
    auto const said = response.header("Content-Disposition");
    REQUIRE(said.find_first_of("\r\n") == std::string_view::npos);
    REQUIRE(said.starts_with("inline; filename=\"a___X: y.mp3\""));
}

TEST_CASE("a file that is gone or has changed is refused") {
    Desk desk;
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/library/2/content")).status == 404);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/library/9/content")).status == 409);
    REQUIRE(desk.ask(Desk::proven("POST", "/api/v1/library/9/content-link")).status == 409);
}

TEST_CASE("files for other programs are saved under a name, and waited for while they are made") {
    Desk desk;
    auto const metalink = desk.ask(Desk::proven("GET", "/api/v1/library/1/metalink"));
    REQUIRE(metalink.status == 200);
    REQUIRE(metalink.body == "<metalink/>");
    REQUIRE(metalink.header("Content-Type") == "application/metalink4+xml");
    REQUIRE(metalink.header("Content-Disposition") == "attachment; filename=\"one.mp3.meta4\"");
    desk.node.hashing = 1;
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/library/1/torrent")).ask_again);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/library/1/torrent")).body == "de");
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/library/2/metalink")).status == 404);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/library/2/torrent")).status == 404);
}

TEST_CASE("a link made for a session opens one file to that browser alone, for an hour") {
    Desk desk;
    auto const browser = Browser::of(desk.access.log_in(Desk::bare("GET", "/"), desk.now));
    auto const target = link_for(desk, with(browser.with_both(wish()), "X-Praline", "1"));
    REQUIRE(target.starts_with("/api/v1/library/urn%3Asha1%3AFAKE/content?link="));
    auto const by_link = Desk::bare("GET", target);
    REQUIRE(desk.ask(browser.with_cookie_only(by_link)).status == 200);
    REQUIRE(desk.ask(with(browser.with_cookie_only(by_link), "Range", "bytes=2-4")).status == 206);
    REQUIRE(desk.ask(by_link).status == 401);
    auto const other = Browser::of(desk.access.log_in(Desk::bare("GET", "/"), desk.now));
    REQUIRE(desk.ask(other.with_cookie_only(by_link)).status == 401);
    auto const secret = target.substr(target.find('?'));
    REQUIRE(desk.ask(browser.with_cookie_only(Desk::bare("GET", content + secret))).status == 401);
    REQUIRE(desk.ask(browser.with_cookie_only(Desk::bare("GET", "/api/v1/status" + secret))).status == 401);
    desk.now += content_link_time;
    REQUIRE(desk.ask(browser.with_cookie_only(by_link)).status == 401);
}

TEST_CASE("a link dies with its session") {
    Desk desk;
    auto const browser = Browser::of(desk.access.log_in(Desk::bare("GET", "/"), desk.now));
    auto const by_link =
        browser.with_cookie_only(Desk::bare("GET", link_for(desk, with(browser.with_both(wish()), "X-Praline", "1"))));
    REQUIRE(desk.ask(by_link).status == 200);
    (void)desk.access.log_in(browser.with_cookie_only(Desk::bare("GET", "/")), desk.now);
    REQUIRE(desk.ask(by_link).status == 401);
}

TEST_CASE("a link made with the token opens the file to a player that has nothing else") {
    Desk desk;
    auto const target = link_for(desk, Desk::proven("POST", "/api/v1/library/urn%3Asha1%3AFAKE/content-link"));
    REQUIRE(desk.ask(Desk::bare("GET", target)).status == 200);
    REQUIRE(desk.ask(Desk::bare("HEAD", target)).status == 200);
    REQUIRE(desk.ask(Desk::bare("POST", target)).status == 401);
}

TEST_CASE("a link is given to nobody without proof") {
    Desk desk;
    REQUIRE(desk.ask(wish()).status == 401);
    auto const browser = Browser::of(desk.access.log_in(Desk::bare("GET", "/"), desk.now));
    REQUIRE(desk.ask(browser.with_cookie_only(wish())).status == 401);
    REQUIRE(desk.ask(browser.with_both(wish())).status == 403);
}

TEST_CASE("guesses of links are held back like those of tokens") {
    Desk desk;
    for (std::size_t i = 0; i < wrong_guesses_free; ++i)
        REQUIRE(desk.ask(Desk::bare("GET", std::string{content} + "?link=0")).hold == Duration{0});
    REQUIRE(desk.ask(Desk::bare("GET", std::string{content} + "?link=0")).hold > Duration{0});
}

TEST_CASE("only so many links live: the oldest is evicted, and what is over is forgotten first") {
    ContentLinks links;
    Instant const now{100s};
    auto const oldest = links.make({"file", {}}, now);
    auto const second = links.make({"file", {}}, now);
    for (std::size_t i = 2; i < content_links_max; ++i) (void)links.make({"other", {}}, now);
    REQUIRE(links.find(oldest, "file", now) != nullptr);
    (void)links.make({"other", {}}, now);
    REQUIRE(links.find(oldest, "file", now) == nullptr);
    REQUIRE(links.find(second, "file", now) != nullptr);
    (void)links.make({"other", {}}, now + content_link_time);
    REQUIRE(links.size() == 1);
}

}  // namespace
}  // namespace praline::webui::content_test
