#include "webui/api/api_router.hpp"

#include <catch2/catch.hpp>

#include "unit/webui/api/fake_node.hpp"
#include "webui/api/limits.hpp"

namespace praline::webui {
namespace {

std::string cookie_of(ApiResponse const& response) {
    std::string const all{response.header("Set-Cookie")};
    return all.substr(0, all.find(';'));
}

ApiRequest with(ApiRequest request, std::string name, std::string value) {
    request.headers.emplace_back(std::move(name), std::move(value));
    return request;
}

TEST_CASE("the API answers nobody without the token") {
    Desk desk;
    REQUIRE(desk.ask(Desk::bare("GET", "/api/v1/status")).status == 401);
    REQUIRE(desk.ask(Desk::bare("GET", "/api/v1/no-such-thing")).status == 401);
    REQUIRE(desk.ask(with(Desk::bare("GET", "/api/v1/status"), "Authorization", "Bearer wrong")).status == 401);
    REQUIRE(desk.ask(with(Desk::bare("GET", "/api/v1/status"), "Authorization", "Bearer ")).status == 401);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/status")).status == 200);
    REQUIRE(desk.ask(with(Desk::proven("GET", "/api/v1/status"), "Authorization", "Bearer x")).status == 401);
}

TEST_CASE("an empty token lets nobody in") {
    FakeNode node;
    Access access{"", 8970};
    ApiRouter router{node, access, Endpoint{0x7F000001, 8970}, page_assets()};
    REQUIRE(router.handle(with(Desk::bare("GET", "/api/v1/status"), "Authorization", "Bearer "), {}).status == 401);
}

TEST_CASE("a request under a foreign or missing or doubled Host is refused, page files too") {
    Desk desk;
    for (auto const* host : {"evil.example:8970", "127.0.0.1", "127.0.0.1:80", "127.0.0.2:8970", ""}) {
        auto request = Desk::proven("GET", "/");
        request.headers.at(0).second = host;
        REQUIRE(desk.ask(request).status == 403);
    }
    auto request = Desk::proven("GET", "/");
    request.headers.at(0).second = "localhost:8970";
    REQUIRE(desk.ask(request).status == 200);
    REQUIRE(desk.ask(with(request, "Host", "localhost:8970")).status == 403);
    request.headers.erase(request.headers.begin());
    REQUIRE(desk.ask(request).status == 403);
}

TEST_CASE("a request of another site's page is refused") {
    Desk desk;
    auto const request = Desk::proven("POST", "/api/v1/library/rescan");
    REQUIRE(desk.ask(with(request, "Origin", "http://evil.example")).status == 403);
    REQUIRE(desk.ask(with(request, "Origin", "null")).status == 403);
    REQUIRE(desk.ask(with(request, "Origin", "http://localhost:8970")).status == 403);
    REQUIRE(desk.ask(with(request, "Sec-Fetch-Site", "cross-site")).status == 403);
    REQUIRE(desk.ask(with(request, "Sec-Fetch-Site", "same-site")).status == 403);
    REQUIRE(desk.node.asked.empty());
    REQUIRE(desk.ask(with(with(request, "Origin", "http://127.0.0.1:8970"), "Sec-Fetch-Site", "same-origin")).status == 202);
}

TEST_CASE("a login link works once and for ten minutes") {
    Desk desk;
    auto const code = desk.access.new_login_code(desk.now);
    REQUIRE(code.size() == 32);
    auto const first = desk.ask(Desk::bare("GET", "/login?code=" + code));
    REQUIRE(first.status == 303);
    REQUIRE(first.header("Location") == "/");
    REQUIRE(first.header("Set-Cookie").find("; HttpOnly; SameSite=Strict; Path=/") != std::string_view::npos);
    REQUIRE(desk.ask(Desk::bare("GET", "/login?code=" + code)).status == 401);
    REQUIRE(desk.ask(Desk::bare("GET", "/login")).status == 401);
    auto const late = desk.access.new_login_code(desk.now);
    desk.now += login_code_time;
    REQUIRE(desk.ask(Desk::bare("GET", "/login?code=" + late)).status == 401);
}

TEST_CASE("who logs in at two ports of one address stays logged in at both") {
    Access one{test_token, 8970}, other{std::string(43, 'o'), 8971};
    auto const pair = [](Access& access) {
        auto const all = access.new_session_cookie();
        return all.substr(0, all.find(';'));
    };
    auto const first = pair(one), second = pair(other);
    REQUIRE(first.substr(0, first.find('=')) != second.substr(0, second.find('=')));   // a browser keeps one of a name
    auto const request = with(Desk::bare("GET", "/api/v1/status"), "Cookie", first + "; " + second);
    REQUIRE(one.proof(request) == Access::Proof::cookie);
    REQUIRE(other.proof(request) == Access::Proof::cookie);
}

TEST_CASE("only so many login codes live: the oldest gives way") {
    Desk desk;
    auto const oldest = desk.access.new_login_code(desk.now);
    for (std::size_t i = 0; i < login_codes_max; ++i) (void)desk.access.new_login_code(desk.now);
    REQUIRE_FALSE(desk.access.redeem(oldest, desk.now));
}

TEST_CASE("a cookie reads, but changes only with proof that our page asked") {
    Desk desk;
    auto const login = desk.ask(Desk::bare("POST", "/login", R"({"token":")" + test_token + "\"}"));
    REQUIRE(login.status == 200);
    auto const cookie = cookie_of(login);
    REQUIRE(cookie.find(test_token) == std::string::npos);
    REQUIRE(desk.ask(with(Desk::bare("GET", "/api/v1/status"), "Cookie", "a=b; " + cookie)).status == 200);
    auto const change = with(Desk::bare("POST", "/api/v1/library/rescan"), "Cookie", cookie);
    REQUIRE(desk.ask(change).status == 403);
    REQUIRE(desk.node.asked.empty());
    REQUIRE(desk.ask(with(change, "X-Praline", "1")).status == 202);
    REQUIRE(desk.ask(with(change, "Origin", "http://127.0.0.1:8970")).status == 202);
    REQUIRE(desk.ask(with(Desk::bare("GET", "/api/v1/status"), "Cookie", "praline_session_8970=x")).status == 401);
    REQUIRE(desk.ask(Desk::bare("POST", "/login", R"({"token":"wrong"})")).status == 401);
}

TEST_CASE("every answer carries strict headers and never leave for other sites") {
    Desk desk;
    for (auto const* target : {"/", "/api/v1/status", "/login", "/api/v1/events", "/assets/none.js"}) {
        auto const response = desk.ask(Desk::proven("GET", target));
        REQUIRE(response.header("X-Frame-Options") == "DENY");
        REQUIRE(response.header("X-Content-Type-Options") == "nosniff");
        REQUIRE(response.header("Referrer-Policy") == "no-referrer");
        REQUIRE(response.header("Content-Security-Policy").starts_with("default-src 'self'; script-src 'self';"));
        REQUIRE(response.header("Access-Control-Allow-Origin").empty());
        REQUIRE((response.header("Cache-Control") == "no-store") == (std::string_view{target} != "/"));
    }
}

TEST_CASE("page files come from the table: addresses of the page give index.html, paths lead nowhere else") {
    Desk desk;
    auto const index = desk.ask(Desk::bare("GET", "/"));
    REQUIRE(index.body.find("<!doctype html") != std::string::npos);
    REQUIRE(desk.ask(Desk::bare("GET", "/downloads")).body == index.body);
    REQUIRE(desk.ask(Desk::bare("GET", "/../../etc/passwd")).body == index.body);
    REQUIRE(desk.ask(Desk::bare("GET", "/assets/../../etc/passwd")).status == 404);
    REQUIRE(desk.ask(Desk::bare("POST", "/")).status == 405);
    for (Asset const& asset : page_assets())
        if (asset.path.starts_with("/assets/"))
            REQUIRE(desk.ask(Desk::bare("GET", std::string{asset.path})).header("Cache-Control").ends_with("immutable"));
}

TEST_CASE("bad bodies and numbers are refused with a sentence") {
    Desk desk;
    for (auto const* body : {"", "[]", "{", R"({"text":1})", R"({"text":" "})", "{\"text\":\"\xff\"}"}) {
        auto const response = desk.ask(Desk::proven("POST", "/api/v1/searches", body));
        REQUIRE(response.status == 400);
        REQUIRE(response.body.find("\"message\":\"The body must") != std::string::npos);
    }
    REQUIRE(desk.ask(Desk::proven("POST", "/api/v1/searches", std::string(60'000, '['))).status == 400);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/searches/1/results?since=x")).status == 400);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/searches/99999999999")).status == 404);
    REQUIRE(desk.ask(Desk::proven("PUT", "/api/v1/status")).header("Allow") == "GET");
    REQUIRE(desk.node.asked.empty());
}

TEST_CASE("a node that throws costs one answer") {
    Desk desk;
    desk.node.broken = true;
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/status")).status == 500);
}

TEST_CASE("following revisions page by page gives every row once") {
    Desk desk;
    auto const page = [&](char const* since) {
        return desk.ask(Desk::proven("GET", std::string{"/api/v1/searches/1/results?limit=1&since="} + since)).body;
    };
    REQUIRE(page("0").find(R"("revision":1,"open":true,"rows":[{"id":"1-2")") != std::string::npos);
    REQUIRE(page("1").find(R"("revision":2,"open":true,"rows":[{"id":"1-3")") != std::string::npos);
    REQUIRE(page("2").find(R"("revision":3,"open":true,"rows":[{"id":"1-1")") != std::string::npos);
    REQUIRE(page("3").find(R"("revision":3,"open":true,"rows":[])") != std::string::npos);
}

TEST_CASE("limits, filters, folders and settings reach the node as meant") {
    Desk desk;
    (void)desk.ask(Desk::proven("GET", "/api/v1/library/files?limit=999999&filter=a+b%2F"));
    (void)desk.ask(Desk::proven("DELETE", "/api/v1/library/folders?path=%2Fmusic"));
    (void)desk.ask(Desk::proven("DELETE", "/api/v1/library/folders", R"({"path":"/films"})"));
    (void)desk.ask(Desk::proven("PATCH", "/api/v1/settings", R"({"a":1,"b":true,"c":"x"})"));
    (void)desk.ask(Desk::proven("POST", "/api/v1/downloads/a%20b/pause"));
    REQUIRE(desk.node.asked == std::vector<std::string>{"files 1000 a b/", "remove /music", "remove /films", "set a=1",
                                                        "set b=true", "set c=x", "pause"});
}

}  // namespace
}  // namespace praline::webui
