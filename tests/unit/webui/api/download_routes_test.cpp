#include "webui/api/download_routes.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "unit/webui/api/fake_node.hpp"

namespace praline::webui::download_routes_test {
namespace {

namespace json = boost::json;

TEST_CASE("a download may name its priority and its folder") {
    Desk desk;
    auto const ask = [&](std::string body) {
        return desk.ask(Desk::proven("POST", "/api/v1/downloads", std::move(body))).status;
    };
    CHECK(ask(R"({"what":"1-1"})") == 201);
    CHECK(desk.node.asked.back() == "download 1-1  ");
    CHECK(ask(R"({"what":"1-1","priority":"high","folder":"/music"})") == 201);
    CHECK(desk.node.asked.back() == "download 1-1 high /music");
    CHECK(ask(R"({"what":"1-1","folder":7})") == 400);
    CHECK(ask(R"({"priority":"high"})") == 400);
}

TEST_CASE("several downloads are named by texts or objects, and one that is wrong by its number") {
    Desk desk;
    auto const ask = [&](std::string body) {
        return desk.ask(Desk::proven("POST", std::string{download_batch_path}, std::move(body)));
    };
    CHECK(ask(R"({"group":"Album","files":["1-1",{"what":"1-2","path":"a/b","size_bytes":7,"sources":["http://h/"]}]})")
              .status == 201);
    CHECK(desk.node.asked.back() == "downloads Album 2 1-2 a/b");
    for (std::string const bad : {R"({"files":[]})", R"({"files":"1-1"})", R"({})", R"([])", R"({"files":["1-1",7]})",
                                  R"({"files":["1-1",{}]})", R"({"files":["1-1"],"gruop":"x"})",
                                  R"({"files":["1-1",{"what":"1-1","size_bytes":-1}]})",
                                  R"({"files":["1-1",{"what":"1-1","sources":"http://h/"}]})",
                                  R"({"files":["1-1",{"what":"1-1","paht":"x"}]})"})
        CHECK(ask(bad).status == 400);
    CHECK(ask(R"({"files":["1-1",7]})").body.find("File 2") != std::string::npos);
}

TEST_CASE("a change of a download names what is to be different") {
    Desk desk;
    auto const ask = [&](std::string body, std::string id = "a%20b") {
        return desk.ask(Desk::proven("PATCH", "/api/v1/downloads/" + id, std::move(body))).status;
    };
    CHECK(ask(R"({"priority":"low","folder":"","move":"first"})") == 200);
    CHECK(desk.node.asked.back() == "change low  first");
    CHECK(ask(R"({"move":"last"})") == 200);
    CHECK(desk.node.asked.back() == "change - - last");
    CHECK(ask(R"({"move":"last"})", "x") == 404);
    CHECK(ask(R"({})") == 400);
    CHECK(ask(R"({"moev":"last"})") == 400);
    CHECK(ask(R"({"priority":1})") == 400);
}

TEST_CASE("a list of downloads can be read by what has changed") {
    Desk desk;
    auto const answer = json::parse(desk.ask(Desk::proven("GET", "/api/v1/downloads?since=41")).body);
    CHECK(answer.at("revision") == 42);
    CHECK(answer.at("complete") == false);
    CHECK(answer.at("removed").as_array().size() == 1);
    CHECK(json::parse(desk.ask(Desk::proven("GET", "/api/v1/downloads")).body).at("complete") == true);
    CHECK(desk.ask(Desk::proven("GET", "/api/v1/downloads?since=x")).status == 400);
}

}  // namespace
}  // namespace praline::webui::download_routes_test
