#include "webui/index/index_router.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "node/base/bytes.hpp"
#include "unit/webui/index/fake_server.hpp"
#include "webui/api/page_assets.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui::index_router_test {
namespace {

ApiRequest with(ApiRequest request, std::string name, std::string value) {
    request.headers.emplace_back(std::move(name), std::move(value));
    return request;
}

struct Desk {
    static constexpr std::uint16_t port = 6381;
    FakeServer server;
    Access access{"secret", Endpoint{0x7F000001, port}};
    IndexRouter router{server, access, Endpoint{0x7F000001, port}};

    static ApiRequest bare(std::string method, std::string target) {
        return {std::move(method), std::move(target), {{"Host", "127.0.0.1:6381"}}, ""};
    }
    static ApiRequest proven(std::string method, std::string target) {
        return with(bare(std::move(method), std::move(target)), "Authorization", "Bearer secret");
    }
    ApiResponse ask(ApiRequest const& request) { return router.handle(request, Instant{}); }
};

}  // namespace

TEST_CASE("nobody learns anything of an index server without its token") {
    Desk desk;
    for (auto const* path : {"/metrics", "/api/v1/index/status", "/api/v1/login-links", "/api/anything"}) {
        REQUIRE(desk.ask(Desk::bare("GET", path)).status == 401);
        REQUIRE(desk.ask(with(Desk::bare("GET", path), "Authorization", "Bearer wrong")).status == 401);
    }
    REQUIRE(desk.ask(Desk::bare("POST", "/api/v1/index/drain")).status == 401);
    REQUIRE(desk.server.drained == 0);
}

TEST_CASE("the page is open, holds nothing, and is answered to our own address only") {
    Desk desk;
    REQUIRE_THAT(desk.ask(Desk::bare("GET", "/")).body, Catch::Contains("<!doctype html"));
    for (Asset const& asset : page_assets()) {
        if (asset.path == "/index.html") continue;  // the page of a node
        std::string const path{asset.path == "/status.html" ? "/" : asset.path};
        auto const response = desk.ask(Desk::bare("GET", path));
        REQUIRE(response.status == 200);
        REQUIRE(response.body == as_text(asset.bytes));
        auto const head = desk.ask(Desk::bare("HEAD", path));
        REQUIRE((head.status == 200 && head.head_only && head.body == response.body));
        REQUIRE_THAT(std::string{response.header("Content-Security-Policy")}, Catch::Contains("default-src 'self'"));
        auto foreign = Desk::bare("GET", path);
        foreign.headers.at(0).second = "evil.example:6381";
        REQUIRE(desk.ask(foreign).status == 403);
    }
    REQUIRE(desk.ask(Desk::bare("GET", "/index.html")).status == 404);
    REQUIRE(desk.ask(Desk::bare("POST", "/")).status == 405);
    REQUIRE(desk.ask(Desk::bare("GET", "/other")).status == 404);
}

TEST_CASE("the status is JSON, with members, lag, rates and counters") {
    Desk desk;
    auto const response = desk.ask(Desk::proven("GET", "/api/v1/index/status"));
    REQUIRE(response.status == 200);
    auto const status = boost::json::parse(response.body).as_object();
    REQUIRE(status.at("server").as_string() == "00000000000000ab");
    REQUIRE(status.at("searches").at("p99_ms").as_double() == Approx(4.0));
    REQUIRE(status.at("counters").at("writes").to_number<int>() == 12);
    auto const& member = status.at("members").at(0);
    REQUIRE(member.at("address").as_string() == "127.0.0.1:4001");
    REQUIRE(member.at("writes_missing").to_number<int>() == 3);
    REQUIRE(member.at("by_way_of").as_string() == "00000000000000cd");
}

TEST_CASE("the description of the API is served to whom the API is open") {
    Desk desk;
    REQUIRE(desk.ask(Desk::bare("GET", "/api/v1/openapi.json")).status == 401);
    auto const response = desk.ask(Desk::proven("GET", "/api/v1/openapi.json"));
    REQUIRE(response.status == 200);
    REQUIRE(response.header("Content-Type") == "application/json");
    REQUIRE(boost::json::parse(response.body).at("paths").as_object().contains("/api/v1/index/status"));
    REQUIRE(desk.ask(Desk::proven("POST", "/api/v1/openapi.json")).status == 405);
}

TEST_CASE("draining takes the token, or a whole session with proof that it was meant") {
    Desk desk;
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/index/drain")).status == 405);
    REQUIRE(desk.ask(Desk::proven("POST", "/api/v1/index/drain")).status == 202);
    REQUIRE(desk.server.drained == 1);
    auto login = Desk::bare("POST", "/login");
    login.body = R"({"token":"secret"})";
    auto const logged_in = desk.ask(login);
    std::string const all{logged_in.header("Set-Cookie")};
    std::string const key{boost::json::parse(logged_in.body).at("key").as_string()};
    auto const by_cookie = with(Desk::bare("POST", "/api/v1/index/drain"), "Cookie", all.substr(0, all.find(';')));
    REQUIRE(desk.ask(with(by_cookie, "X-Praline", "1")).status == 401);
    auto const by_session = with(by_cookie, "X-Praline-Key", key);
    REQUIRE(desk.ask(by_session).status == 403);
    REQUIRE(desk.server.drained == 1);
    REQUIRE(desk.ask(with(by_session, "X-Praline", "1")).status == 202);
    REQUIRE(desk.server.drained == 2);
}

TEST_CASE("a login link works once, a wrong token not at all") {
    Desk desk;
    auto const answer = boost::json::parse(desk.ask(Desk::proven("POST", "/api/v1/login-links")).body);
    std::string const link{answer.at("link").as_string()};
    auto const target = link.substr(link.find("/login"));
    auto const page = desk.ask(Desk::bare("GET", target));
    REQUIRE(page.status == 200);
    REQUIRE_THAT(page.body, Catch::Contains("data-key=") && Catch::Contains("/login.js"));
    auto const again = desk.ask(Desk::bare("GET", target));
    REQUIRE(again.status == 401);
    REQUIRE_THAT(again.body, Catch::Contains("index status --login-link"));
    std::string const cookie{page.header("Set-Cookie")};
    REQUIRE(desk.ask(with(Desk::bare("GET", target), "Cookie", cookie.substr(0, cookie.find(';')))).status == 303);
    auto wrong = Desk::bare("POST", "/login");
    wrong.body = R"({"token":"guess"})";
    REQUIRE(desk.ask(wrong).status == 401);
    wrong.body = "nonsense";
    REQUIRE(desk.ask(wrong).status == 400);
}

TEST_CASE("an index server proves itself to anybody, and answers HEAD and wrong methods as it should") {
    Desk desk;
    std::string const nonce(32, 'a');
    auto const proof = desk.ask(Desk::bare("GET", "/api/v1/proof?nonce=" + nonce));
    REQUIRE(proof.status == 200);
    REQUIRE(std::string{boost::json::parse(proof.body).at("proof").as_string()} ==
            node_proof("secret", nonce, "127.0.0.1:6381"));
    for (auto const* path : {"/metrics", "/api/v1/index/status"}) {
        REQUIRE(desk.ask(Desk::bare("HEAD", path)).status == 401);
        REQUIRE(desk.ask(Desk::proven("HEAD", path)).status == 200);
        REQUIRE(desk.ask(Desk::proven("POST", path)).header("Allow") == "GET, HEAD");
    }
}

TEST_CASE("a server that fails to answer costs one request") {
    Desk desk;
    desk.server.broken = true;
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/index/status")).status == 500);
    REQUIRE(desk.ask(Desk::proven("GET", "/metrics")).status == 500);
}

}  // namespace praline::webui::index_router_test
