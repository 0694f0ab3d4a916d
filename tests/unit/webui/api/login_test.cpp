#include "webui/api/login.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "unit/webui/api/fake_node.hpp"
#include "webui/api/guess_throttle.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui::login_test {
namespace {

using namespace std::chrono_literals;

ApiRequest with(ApiRequest request, std::string name, std::string value) {
    request.headers.emplace_back(std::move(name), std::move(value));
    return request;
}

std::string field(ApiResponse const& response, char const* name) {
    return std::string{boost::json::parse(response.body).as_object().at(name).as_string()};
}

/// Logs in with the token, as the page does.
Browser log_in(Desk& desk) {
    auto const login = desk.ask(Desk::bare("POST", "/login", R"({"token":")" + test_token + "\"}"));
    REQUIRE(login.status == 200);
    return Browser::of({std::string{login.header("Set-Cookie")}, field(login, "key")});
}

std::string link_of(Desk& desk) { return "/login?code=" + desk.access.new_login_code(desk.now); }

TEST_CASE("a login link works once and for ten minutes, and its page keeps the key out of every address") {
    Desk desk;
    auto const code = desk.access.new_login_code(desk.now);
    REQUIRE(code.size() == 32);
    auto const first = desk.ask(Desk::bare("GET", "/login?code=" + code));
    REQUIRE(first.status == 200);
    REQUIRE(first.header("Content-Type").starts_with("text/html"));
    REQUIRE(first.header("Location").empty());
    REQUIRE(first.header("Set-Cookie").find("; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000") !=
            std::string_view::npos);
    REQUIRE(first.header("Cache-Control") == "no-store");
    REQUIRE(first.header("Content-Security-Policy").find("unsafe") == std::string_view::npos);
    REQUIRE(first.body.find("<script>") == std::string::npos);  // the policy would refuse it
    auto const at = first.body.find("data-key=\"") + 10;
    auto const browser = Browser::of({std::string{first.header("Set-Cookie")}, first.body.substr(at, 64)});
    REQUIRE(desk.ask(browser.with_both(Desk::bare("GET", "/api/v1/status"))).status == 200);
    REQUIRE(desk.ask(Desk::bare("GET", "/login?code=" + code)).status == 401);
    REQUIRE(desk.ask(Desk::bare("GET", "/login")).status == 401);
    auto const late = link_of(desk);
    desk.now += login_code_time;
    REQUIRE(desk.ask(Desk::bare("GET", late)).status == 401);
}

TEST_CASE("a link that is over leads a browser that is logged in to the page, and tells any other what to do") {
    Desk desk;
    auto const browser = log_in(desk);
    auto const link = link_of(desk);
    REQUIRE(desk.ask(Desk::bare("GET", link)).status == 200);
    auto const again = desk.ask(browser.with_cookie_only(Desk::bare("GET", link)));
    REQUIRE(again.status == 303);
    REQUIRE(again.header("Location") == "/");
    auto const other = desk.ask(with(Desk::bare("GET", link), "Cookie", "praline_session_8970=x"));
    REQUIRE(other.status == 401);
    REQUIRE(other.header("Content-Type").starts_with("text/html"));
    REQUIRE(other.body.find("praline status --login-link") != std::string::npos);
    auto const program = desk.ask(with(Desk::bare("GET", link), "Accept", "application/json"));
    REQUIRE(program.status == 401);
    REQUIRE(program.header("Content-Type") == "application/json");
}

TEST_CASE("HEAD uses no login code up") {
    Desk desk;
    auto const link = link_of(desk);
    auto const head = desk.ask(Desk::bare("HEAD", link));
    REQUIRE(head.status == 200);
    REQUIRE(head.header("Set-Cookie").empty());
    REQUIRE(desk.ask(Desk::bare("GET", link)).status == 200);
    REQUIRE(desk.ask(Desk::bare("HEAD", link)).status == 401);
}

TEST_CASE("the cookie alone is worth nothing, and nor is the key") {
    Desk desk;
    auto const browser = log_in(desk);
    REQUIRE(browser.cookie.find(test_token) == std::string::npos);
    auto const read = Desk::bare("GET", "/api/v1/status");
    auto const change = with(Desk::bare("POST", "/api/v1/library/rescan"), "X-Praline", "1");
    auto const origin = "http://127.0.0.1:8970";
    REQUIRE(desk.ask(browser.with_cookie_only(read)).status == 401);
    REQUIRE(desk.ask(browser.with_cookie_only(change)).status == 401);
    REQUIRE(desk.ask(with(browser.with_cookie_only(change), "Origin", origin)).status == 401);
    REQUIRE(desk.ask(browser.with_cookie_only(Desk::bare("GET", "/api/v1/events"))).status == 401);
    REQUIRE(desk.ask(browser.with_cookie_only(Desk::bare("POST", "/api/v1/login-links"))).status == 401);
    REQUIRE(desk.ask(with(read, "X-Praline-Key", browser.key)).status == 401);
    REQUIRE(desk.ask(with(browser.with_cookie_only(read), "X-Praline-Key", log_in(desk).key)).status == 401);
    REQUIRE(desk.node.asked.empty());
    REQUIRE(desk.ask(browser.with_both(read)).status == 200);
    REQUIRE(desk.ask(browser.with_both(change)).status == 202);
}

TEST_CASE("a session changes only what our page meant to change") {
    Desk desk;
    auto const browser = log_in(desk);
    auto const change = browser.with_both(Desk::bare("POST", "/api/v1/library/rescan"));
    REQUIRE(desk.ask(change).status == 403);
    REQUIRE(desk.node.asked.empty());
    REQUIRE(desk.ask(with(change, "X-Praline", "1")).status == 202);
    REQUIRE(desk.ask(with(change, "Origin", "http://127.0.0.1:8970")).status == 202);
}

TEST_CASE("a browser that logs in at two ports of one address stays logged in at both, and each takes its own only") {
    Endpoint const here{0x7F000001, 8970}, there{0x7F000001, 8971};
    Access one{test_token, here}, other{std::string(43, 'o'), there};
    Instant const now{100s};
    auto const empty = Desk::bare("GET", "/api/v1/status");
    auto const first = Browser::of(one.log_in(empty, now)), second = Browser::of(other.log_in(empty, now));
    REQUIRE(first.cookie.substr(0, first.cookie.find('=')) !=
            second.cookie.substr(0, second.cookie.find('=')));  // a browser keeps one of a name
    auto const both = with(empty, "Cookie", first.cookie + "; " + second.cookie);
    REQUIRE(one.verdict(with(both, "X-Praline-Key", first.key), now).proof == Access::Proof::session);
    REQUIRE(other.verdict(with(both, "X-Praline-Key", second.key), now).proof == Access::Proof::session);
    // What the other port sees of ours: the cookie.
    REQUIRE(one.verdict(with(both, "X-Praline-Key", second.key), now).proof == Access::Proof::none);
    REQUIRE(one.verdict(with(both, "X-Praline", "1"), now).proof == Access::Proof::none);
}

TEST_CASE("a login takes the place of the one that the browser had") {
    Desk desk;
    auto const first = log_in(desk);
    auto request = first.with_cookie_only(Desk::bare("POST", "/login", R"({"token":")" + test_token + "\"}"));
    REQUIRE(desk.ask(request).status == 200);
    REQUIRE(desk.ask(first.with_both(Desk::bare("GET", "/api/v1/status"))).status == 401);
}

TEST_CASE("sessions are handed over to be kept when they change, and taken in again at the next start") {
    std::vector<std::string> kept;
    Access first{test_token, Desk::listen};
    Instant const now{100s};
    auto const keep = [&](std::string const& text) {
        kept.push_back(text);
        return std::string{};
    };
    first.keep_sessions({"", keep}, now, 1'800'000'000);
    (void)first.keep_if_changed(now, 1'800'000'000);
    REQUIRE(kept.empty());
    auto const empty = Desk::bare("GET", "/api/v1/status");
    auto const browser = Browser::of(first.log_in(empty, now));
    (void)first.keep_if_changed(now, 1'800'000'000);
    (void)first.keep_if_changed(now, 1'800'000'000);
    REQUIRE(kept.size() == 1);
    Access second{test_token, Desk::listen};
    second.keep_sessions({kept.back(), {}}, Instant{5s}, 1'800'000'100);
    REQUIRE(second.verdict(browser.with_both(empty), Instant{5s}).proof == Access::Proof::session);
    REQUIRE(second.verdict(browser.with_cookie_only(empty), Instant{5s}).proof == Access::Proof::none);
}

TEST_CASE("answers to wrong guesses are held back after a few, and right ones never") {
    Desk desk;
    auto const wrong_token = [&] { return desk.ask(Desk::bare("POST", "/login", R"({"token":"wrong"})")); };
    for (std::size_t i = 0; i < wrong_guesses_free; ++i) REQUIRE(wrong_token().hold == Duration{0});
    REQUIRE(wrong_token().hold == wrong_guess_hold_time);
    REQUIRE(wrong_token().status == 401);
    REQUIRE(desk.ask(Desk::bare("GET", "/login?code=" + std::string(32, '0'))).hold == wrong_guess_hold_time);
    REQUIRE(desk.ask(with(Desk::bare("GET", "/api/v1/status"), "Authorization", "Bearer wrong")).hold ==
            wrong_guess_hold_time);
    REQUIRE(desk.ask(Desk::bare("GET", "/api/v1/status")).hold == Duration{0});  // no guess
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/status")).hold == Duration{0});
    REQUIRE(desk.ask(Desk::bare("GET", link_of(desk))).hold == Duration{0});
    desk.now += 2 * wrong_guess_regain_time;
    REQUIRE(wrong_token().hold == Duration{0});
    REQUIRE(wrong_token().hold == Duration{0});
    REQUIRE(wrong_token().hold == wrong_guess_hold_time);
    desk.now += 1000h;
    for (std::size_t i = 0; i < wrong_guesses_free; ++i) REQUIRE(wrong_token().hold == Duration{0});
    REQUIRE(wrong_token().hold == wrong_guess_hold_time);
}

TEST_CASE("anybody may ask for the node's proof, and learns nothing else by it") {
    Desk desk;
    std::string const nonce(64, 'c');
    auto const response = desk.ask(Desk::bare("GET", "/api/v1/proof?nonce=" + nonce));
    REQUIRE(response.status == 200);
    REQUIRE_FALSE(response.proven);
    REQUIRE(field(response, "proof") == node_proof(test_token, nonce, "127.0.0.1:8970"));
    REQUIRE(desk.ask(Desk::bare("GET", "/api/v1/proof")).status == 400);
    REQUIRE(desk.ask(Desk::bare("GET", "/api/v1/proof?nonce=short")).status == 400);
}

TEST_CASE("the caller is proven by the token and by a whole session, and by nothing else") {
    Desk desk;
    auto const browser = log_in(desk);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/status")).proven);
    REQUIRE(desk.ask(browser.with_both(Desk::bare("GET", "/api/v1/status"))).proven);
    REQUIRE_FALSE(desk.ask(browser.with_cookie_only(Desk::bare("GET", "/api/v1/status"))).proven);
    REQUIRE_FALSE(desk.ask(Desk::proven("GET", "/")).proven);
    REQUIRE_FALSE(desk.ask(Desk::bare("GET", link_of(desk))).proven);
}

}  // namespace
}  // namespace praline::webui::login_test
