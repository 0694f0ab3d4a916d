#include "webui/api/api_router.hpp"
#include "webui/api/exposition.hpp"

#include <catch2/catch.hpp>

#include "unit/webui/api/fake_node.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/routes.hpp"

namespace praline::webui::api_router_test {
namespace {

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
    Access access{"", Desk::listen};
    ApiRouter router{node.control(), access, Desk::listen, page_assets()};
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
    for (auto const* host : {"LocalHost:8970", "localhost:8970"}) {
        request.headers.at(0).second = host;
        REQUIRE(desk.ask(request).status == 200);
    }
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
    REQUIRE(desk.ask(with(with(request, "Origin", "http://127.0.0.1:8970"), "Sec-Fetch-Site", "same-origin")).status ==
            202);
}

TEST_CASE("only so many login codes live: the oldest is evicted") {
    Desk desk;
    auto const oldest = desk.access.new_login_code(desk.now);
    for (std::size_t i = 0; i < login_codes_max; ++i) (void)desk.access.new_login_code(desk.now);
    REQUIRE_FALSE(desk.access.redeem(oldest, desk.now));
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

TEST_CASE("page files come from the table, and every other address is not found") {
    Desk desk;
    REQUIRE(desk.ask(Desk::bare("GET", "/")).body.find("<!doctype html") != std::string::npos);
    for (auto const* path : {"/metrics/", "/healthy", "/downloads", "/../../etc/passwd", "/assets/../../etc/passwd",
                             "/assets/none.js", "/status.html", "/login/", "//"}) {
        REQUIRE(desk.ask(Desk::bare("GET", path)).status == 404);
        REQUIRE(desk.ask(Desk::bare("POST", path)).status == 404);
    }
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/metrics")).status == 404);
    auto const for_people = desk.ask(with(Desk::bare("GET", "/nowhere"), "Accept", "text/html,*/*"));
    REQUIRE(for_people.status == 404);
    REQUIRE(for_people.header("Content-Type").starts_with("text/html"));
    for (Asset const& asset : page_assets())
        if (asset.path.starts_with("/assets/"))
            REQUIRE(
                desk.ask(Desk::bare("GET", std::string{asset.path})).header("Cache-Control").ends_with("immutable"));
}

TEST_CASE("monitors learn without a token that the node answers, and its figures with one") {
    Desk desk;
    auto const health = desk.ask(Desk::bare("GET", "/healthz"));
    CHECK(health.status == 200);
    CHECK(health.body == "ok\n");
    CHECK(desk.ask(Desk::bare("GET", "/metrics")).status == 401);
    auto const metrics = desk.ask(Desk::proven("GET", "/metrics"));
    CHECK(metrics.status == 200);
    CHECK(metrics.header("Content-Type") == prometheus_content_type);
    CHECK_THAT(metrics.body, Catch::Contains("\npraline_node_uptime_seconds "));
}

TEST_CASE("HEAD is answered wherever GET is, and a wrong method is told the right ones") {
    Desk desk;
    for (Route const& route : routes()) {
        if (route.method != "GET" || route.pattern == "/login") continue;
        std::string target{route.pattern};
        if (auto const at = target.find("{id}"); at != std::string::npos)
            target.replace(at, 4, target.find("downloads") != std::string::npos ? "a%20b" : "1");
        if (target.ends_with("proof")) target += "?nonce=" + std::string(64, 'a');
        auto const get = desk.ask(Desk::proven("GET", target));
        auto const head = desk.ask(Desk::proven("HEAD", target));
        CAPTURE(target);
        REQUIRE(head.status == get.status);
        REQUIRE(head.head_only);
        REQUIRE_FALSE(head.event_stream);
        REQUIRE(head.header("Content-Type") == get.header("Content-Type"));
        REQUIRE(desk.ask(Desk::proven("TRACE", target)).header("Allow").find("GET, HEAD") != std::string_view::npos);
    }
    REQUIRE(desk.ask(Desk::bare("HEAD", "/")).body == desk.ask(Desk::bare("GET", "/")).body);  // for its length
    REQUIRE(desk.ask(Desk::bare("HEAD", "/api/v1/status")).status == 401);
    REQUIRE(desk.ask(Desk::bare("HEAD", "/nowhere")).status == 404);
    REQUIRE(desk.ask(Desk::bare("POST", "/")).header("Allow") == "GET, HEAD");
}

TEST_CASE("bad bodies and numbers are refused with a sentence") {
    Desk desk;
    for (auto const* body : {"", "[]", "{", "{\"text\":\"\xff\"}"}) {
        auto const response = desk.ask(Desk::proven("POST", "/api/v1/searches", body));
        REQUIRE(response.status == 400);
        REQUIRE(response.body.find("\"message\":\"The body must") != std::string::npos);
    }
    auto const number = desk.ask(Desk::proven("POST", "/api/v1/searches", R"({"text":1})"));
    REQUIRE(number.status == 400);
    REQUIRE(number.body.find("text") != std::string::npos);
    auto const blank = desk.ask(Desk::proven("POST", "/api/v1/searches", R"({"text":" "})"));
    REQUIRE(blank.status == 400);
    REQUIRE(blank.body.find("at least one word") != std::string::npos);
    REQUIRE(desk.ask(Desk::proven("POST", "/api/v1/searches", std::string(60'000, '['))).status == 400);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/searches/1/results?since=x")).status == 400);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/searches/99999999999")).status == 404);
    REQUIRE(desk.ask(Desk::proven("PUT", "/api/v1/status")).header("Allow") == "GET, HEAD");
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
    (void)desk.ask(Desk::proven("PATCH", "/api/v1/settings", R"({"a":1,"b":true,"c":"x","d":["y, z","w"],"e":null})"));
    REQUIRE(desk.ask(Desk::proven("PATCH", "/api/v1/settings", R"({"a":1,"b":{"c":2}})")).status == 400);
    REQUIRE(desk.ask(Desk::proven("PATCH", "/api/v1/settings", R"({"a":1,"b":["x",2]})")).status == 400);
    (void)desk.ask(Desk::proven("POST", "/api/v1/downloads/a%20b/pause"));
    REQUIRE(desk.node.asked == std::vector<std::string>{"files 1000 a b/", "remove /music", "remove /films", "set a=1",
                                                        "set b=true", "set c=x", "set d=[y, z][w]", "set e=null",
                                                        "pause"});
}

TEST_CASE("a named peer is forgotten by its name") {
    Desk desk;
    REQUIRE(desk.ask(Desk::proven("DELETE", "/api/v1/peers?address=n%3A1")).status == 200);
    REQUIRE(desk.ask(Desk::proven("DELETE", "/api/v1/peers?address=n%3A2")).status == 404);
    REQUIRE(desk.ask(Desk::proven("DELETE", "/api/v1/peers?address=")).status == 400);
    REQUIRE(desk.ask(Desk::proven("DELETE", "/api/v1/peers")).status == 400);
    REQUIRE(desk.node.asked == std::vector<std::string>{"forget peer"});
}

TEST_CASE("a folder that needs a yes is shared with it and not without") {
    Desk desk;
    auto const add = [&](std::string const& body) {
        return desk.ask(Desk::proven("POST", "/api/v1/library/folders", body));
    };
    auto const refused = add(R"({"path":"/etc"})");
    REQUIRE(refused.status == 409);
    REQUIRE(refused.body.find(R"("code":"needs_confirmation")") != std::string::npos);
    REQUIRE(add(R"({"path":"/etc","confirm":false})").status == 409);
    REQUIRE(add(R"({"path":"/etc","confirm":"yes"})").status == 400);
    REQUIRE(add(R"({"path":"/etc","confirm":true})").status == 202);
    REQUIRE(add(R"({"path":"/music"})").status == 202);
    REQUIRE(desk.node.asked == std::vector<std::string>{"confirm /etc", "add /music"});
}

TEST_CASE("a path that is not UTF-8 is named as a file URL, and anything else that is not leaves as readable text") {
    Desk desk;
    (void)desk.ask(Desk::proven("DELETE", "/api/v1/library/folders?path=file%3A%2F%2F%2Fmusic%2FCaf%25E9"));
    (void)desk.ask(Desk::proven("DELETE", "/api/v1/library/folders?path=%2Fmusic%2FCaf%E9"));
    (void)desk.ask(Desk::proven("POST", "/api/v1/library/folders", R"({"path":"file:///music/Caf%E9"})"));
    REQUIRE(desk.node.asked ==
            std::vector<std::string>{"remove /music/Caf\xE9", "remove /music/Caf\xE9", "add /music/Caf\xE9"});
    auto const preview = desk.ask(Desk::proven("GET", "/api/v1/library/preview?path=%2FCaf%E9"));
    REQUIRE(preview.status == 200);
    REQUIRE(preview.body.find(R"("path":"file:///Caf%E9")") != std::string::npos);
    auto const refusal = error_response(400, "bad_request", "bad \xE9");
    REQUIRE(refusal.body.find("bad \xEF\xBF\xBD") != std::string::npos);
}

TEST_CASE("a preview is answered when the folder has been looked at, and asked for again a little later until then") {
    Desk desk;
    desk.node.looking = 1;
    auto const request = Desk::proven("GET", "/api/v1/library/preview?path=%2Fmusic");
    auto const first = desk.ask(request);
    REQUIRE(first.ask_again);
    REQUIRE(first.ask_again_after.count() > 0);
    auto const second = desk.ask(request);
    REQUIRE_FALSE(second.ask_again);
    REQUIRE(second.body.find(R"("names":["one.txt"])") != std::string::npos);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/library/preview")).status == 400);
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/library/preview?path=%2Fmissing")).status == 400);
}

}  // namespace
}  // namespace praline::webui::api_router_test
