#include "webui/api/access.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>

#include "unit/webui/api/fake_node.hpp"
#include "webui/api/routes.hpp"

namespace praline::webui::access_test {
namespace {

ApiRequest by(std::string const& secret, std::string_view method, std::string target, std::string body = {}) {
    auto request = Desk::bare(std::string{method}, std::move(target), std::move(body));
    request.headers.emplace_back("Authorization", "Bearer " + secret);
    return request;
}

constexpr std::array everybody{"GET /api/v1/proof", "GET /healthz", "GET /login", "POST /login"};
constexpr std::array readers{"GET /api/v1/status",
                             "GET /api/v1/peers",
                             "GET /api/v1/searches",
                             "GET /api/v1/searches/{id}",
                             "GET /api/v1/searches/{id}/results",
                             "GET /api/v1/strategies",
                             "GET /api/v1/history",
                             "GET /api/v1/saved-searches",
                             "GET /api/v1/downloads",
                             "GET /api/v1/downloads/{id}",
                             "GET /api/v1/downloads/{id}/content",
                             "GET /api/v1/partials",
                             "GET /api/v1/uploads",
                             "GET /api/v1/library",
                             "GET /api/v1/library/files",
                             "GET /api/v1/library/{id}/content",
                             "GET /api/v1/library/{id}/metalink",
                             "GET /api/v1/library/{id}/torrent",
                             "GET /api/v1/settings",
                             "GET /api/v1/events",
                             "GET /api/v1/openapi.json",
                             "GET /metrics"};
constexpr std::array controllers{"POST /api/v1/peers",
                                 "DELETE /api/v1/peers",
                                 "DELETE /api/v1/peers/{id}",
                                 "POST /api/v1/searches",
                                 "POST /api/v1/browse",
                                 "POST /api/v1/searches/{id}/stop",
                                 "DELETE /api/v1/searches/{id}",
                                 "DELETE /api/v1/history",
                                 "DELETE /api/v1/history/{id}",
                                 "POST /api/v1/saved-searches",
                                 "POST /api/v1/saved-searches/{id}/run",
                                 "DELETE /api/v1/saved-searches/{id}",
                                 "POST /api/v1/downloads",
                                 "POST /api/v1/downloads/batch",
                                 "POST /api/v1/downloads/from-file",
                                 "PATCH /api/v1/downloads/{id}",
                                 "POST /api/v1/downloads/{id}/pause",
                                 "POST /api/v1/downloads/{id}/resume",
                                 "DELETE /api/v1/downloads/{id}",
                                 "POST /api/v1/downloads/{id}/content-link",
                                 "DELETE /api/v1/partials/{name}",
                                 "POST /api/v1/library/rescan",
                                 "POST /api/v1/library/{id}/content-link"};

template <std::size_t count>
bool names(std::array<char const*, count> const& list, std::string_view route) {
    return std::find(list.begin(), list.end(), route) != list.end();
}

/// What is in none of the lists is for admin alone: a new route is that until it is put into one.
Scope expected(std::string_view route) {
    if (names(everybody, route)) return Scope::none;
    if (names(readers, route)) return Scope::read;
    return names(controllers, route) ? Scope::control : Scope::admin;
}

TEST_CASE("every route lets in the scopes that it is for, and no smaller one") {
    Desk desk;
    std::array const secrets{std::pair{Scope::read, desk.access.add_token("reader", Scope::read).text},
                             std::pair{Scope::control, desk.access.add_token("player", Scope::control).text},
                             std::pair{Scope::admin, desk.access.add_token("owner", Scope::admin).text}};
    std::size_t listed = 0;
    for (Route const& route : routes()) {
        auto const name = std::string{route.method} + " " + std::string{route.pattern};
        auto const least = expected(name);
        INFO(name);
        CHECK(route.scope == least);
        listed += least == Scope::admin ? 0 : 1;
        std::string target{route.pattern};
        if (auto const at = target.find('{'); at != std::string::npos)
            target.replace(at, target.find('}') - at + 1, "1");
        for (auto const& [scope, secret] : secrets) {
            auto const answer = desk.ask(by(secret, route.method, target));
            bool const refused = answer.status == 403 && answer.body.find("\"scope\"") != std::string::npos;
            CHECK(refused == (scope < least));
        }
    }
    CHECK(listed == everybody.size() + readers.size() + controllers.size());
}

TEST_CASE("without admin files go into the folder of downloads and folders in it") {
    Desk desk;
    auto const player = desk.access.add_token("player", Scope::control).text;
    auto const owner = desk.access.add_token("owner", Scope::admin).text;
    auto const statuses = [&](std::string const& secret, std::string const& folder) {
        auto const field = R"("folder":")" + folder + '"';
        return std::array{
            desk.ask(by(secret, "POST", "/api/v1/downloads", R"({"what":"1-1",)" + field + "}")).status,
            desk.ask(by(secret, "POST", "/api/v1/downloads/batch", R"({"files":["1-1"],)" + field + "}")).status,
            desk.ask(by(secret, "POST", "/api/v1/downloads/from-file?folder=" + folder, "x")).status,
            desk.ask(by(secret, "PATCH", "/api/v1/downloads/a%20b", "{" + field + "}")).status};
    };
    constexpr std::array accepted{201, 201, 201, 200}, refused{403, 403, 403, 403};
    for (auto const* const folder :
         {"", "/data/downloads", "/data/downloads/", "/data/downloads/a/b", "/data/./downloads"})
        CHECK(statuses(player, folder) == accepted);
    for (auto const* const folder :
         {"/", "/data", "/data/downloads2", "/data/downloads/../x", "/home/u/.config/autostart",
          "/data/downloads/../downloads", "downloads", "file:///etc"}) {
        INFO(folder);
        CHECK(statuses(player, folder) == refused);
        CHECK(statuses(owner, folder) == accepted);
    }
}

TEST_CASE("a token is made with the scope read unless another is named") {
    Desk desk;
    auto const make = [&](std::string body) {
        return desk.ask(Desk::proven("POST", "/api/v1/tokens", std::move(body)));
    };
    CHECK_THAT(make(R"({"name":"plain"})").body, Catch::Contains(R"("scope":"read")"));
    CHECK(make(R"({"name":"plain"})").status == 409);
    CHECK(make(R"({"name":"owner","scope":"admin"})").status == 201);
    for (auto const* const wrong :
         {R"({"name":"a","scope":"root"})", R"({"name":"a","scope":"none"})", R"({"name":"a","scope":""})",
          R"({"name":"a","scope":null})", R"({"name":"a","scope":1})", R"({"name":"a","scpoe":"admin"})",
          R"({"name":"a b"})", R"({})", "[]"})
        CHECK(make(wrong).status == 400);
    CHECK(desk.access.named_tokens().size() == 2);
}

TEST_CASE("with a token that is revoked its content links end") {
    Desk desk;
    auto const first = desk.access.add_token("first", Scope::control).text;
    auto const second = desk.access.add_token("second", Scope::control).text;
    auto const link_by = [&](std::string const& secret) {
        auto const body = desk.ask(by(secret, "POST", "/api/v1/library/1/content-link")).body;
        auto const begin = body.find("/api/");
        return body.substr(begin, body.find('"', begin) - begin);
    };
    auto const status = [&](std::string const& link) { return desk.ask(Desk::bare("GET", link)).status; };
    auto const one = link_by(first), other = link_by(second), owners = link_by(test_token);
    CHECK(status(one) == 200);
    auto const hash = desk.ask(Desk::bare("GET", one)).caller;
    CHECK_FALSE(hash.empty());
    CHECK(desk.access.take_ended().empty());

    CHECK(desk.ask(Desk::proven("DELETE", "/api/v1/tokens/first")).status == 200);
    CHECK(desk.ask(Desk::proven("DELETE", "/api/v1/tokens/first")).status == 404);
    CHECK(desk.access.take_ended() == std::vector{hash});
    CHECK(status(one) == 401);
    CHECK(desk.ask(by(first, "GET", "/api/v1/status")).status == 401);
    CHECK(status(other) == 200);
    CHECK(status(owners) == 200);
    CHECK(desk.ask(Desk::bare("GET", owners)).caller.empty());
    CHECK(desk.ask(by(second, "GET", "/api/v1/status")).status == 200);
}

TEST_CASE("a session that is revoked opens nothing, and is taken out of what is kept as soon as the disk takes it") {
    Desk desk;
    std::string disk;
    bool is_full = false;
    auto const keep = [&](std::string const& sessions) {
        if (is_full) return std::string{"The disk is full."};
        disk = sessions;
        return std::string{};
    };
    desk.access.keep_sessions({{}, keep}, desk.now, 1'800'000'000);
    auto const browser = Browser::of(desk.access.log_in(Desk::bare("GET", "/"), desk.now));
    CHECK(desk.access.keep_if_changed(desk.now, 1'800'000'000).empty());
    CHECK_FALSE(disk.empty());
    auto const id = desk.access.sessions(desk.now).at(0).id;
    CHECK(desk.ask(browser.with_both(Desk::bare("GET", "/api/v1/sessions"))).body.find("\"current\":true") !=
          std::string::npos);

    is_full = true;
    CHECK(desk.ask(Desk::proven("DELETE", "/api/v1/sessions/" + id)).status == 200);
    CHECK(desk.ask(Desk::proven("DELETE", "/api/v1/sessions/" + id)).status == 404);
    CHECK(desk.access.take_ended().size() == 1);
    CHECK(desk.ask(browser.with_both(Desk::bare("GET", "/api/v1/status"))).status == 401);
    CHECK(desk.access.keep_if_changed(desk.now, 1'800'000'000) == "The disk is full.");
    is_full = false;
    CHECK(desk.access.keep_if_changed(desk.now, 1'800'000'000).empty());
    CHECK(disk.empty());
}

TEST_CASE("a token that cannot be kept is refused with a sentence") {
    Desk desk;
    desk.access.keep_tokens({{}, [](std::string const&) { return std::string{"The disk is full."}; }});
    auto const answer = desk.ask(Desk::proven("POST", "/api/v1/tokens", R"({"name":"a"})"));
    CHECK(answer.status == 507);
    CHECK_THAT(answer.body, Catch::Contains("The disk is full."));
    CHECK(desk.access.named_tokens().empty());
}

}  // namespace
}  // namespace praline::webui::access_test
