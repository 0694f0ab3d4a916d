#include "webui/api/search_routes.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "unit/webui/api/fake_node.hpp"

namespace praline::webui::search_routes_test {
namespace {

namespace json = boost::json;

std::string sentence(ApiResponse const& response) {
    return std::string{json::parse(response.body).at("error").at("message").as_string()};
}

ApiResponse post(Desk& desk, std::string body, std::string path = "/api/v1/searches") {
    return desk.ask(Desk::proven("POST", std::move(path), std::move(body)));
}

TEST_CASE("a search is asked for with its strategy and its parameters") {
    Desk desk;
    auto const body =
        R"({"text":" fine words ","strategy":"random-walk","parameters":{"ttl":3,"walkers":16,"check_every":4,"max_steps":64,"state":false,"results_wanted":10}})";
    REQUIRE(post(desk, body).status == 201);
    auto const& wanted = desk.node.new_search;
    CHECK(wanted.text == "fine words");
    CHECK(wanted.strategy == "random-walk");
    CHECK(bool{wanted.parameters.ttl == 3U});
    CHECK(bool{wanted.parameters.walkers == 16U});
    CHECK(bool{wanted.parameters.check_every == 4U});
    CHECK(bool{wanted.parameters.max_steps == 64U});
    CHECK(bool{wanted.parameters.results_wanted == 10U});
    CHECK(bool{wanted.parameters.state == false});
}

TEST_CASE("what is left out of a search is left to the node") {
    Desk desk;
    REQUIRE(post(desk, R"({"text":"words","parameters":{"ttl":null}})").status == 201);
    CHECK(desk.node.new_search.strategy.empty());
    CHECK_FALSE(desk.node.new_search.parameters.ttl);
    CHECK_FALSE(desk.node.new_search.parameters.state);
}

TEST_CASE("a search that is written wrong gets a sentence that says where, and nothing begins") {
    Desk desk;
    for (auto const& [body, about] :
         std::vector<std::pair<std::string, std::string>>{{R"({"text":"x","parameters":{"ttl":"3"}})", "ttl"},
                                                          {R"({"text":"x","parameters":{"ttl":-1}})", "ttl"},
                                                          {R"({"text":"x","parameters":{"ttl":2.5}})", "ttl"},
                                                          {R"({"text":"x","parameters":{"ttl":1e99}})", "ttl"},
                                                          {R"({"text":"x","parameters":{"state":1}})", "state"},
                                                          {R"({"text":"x","parameters":{"wlakers":4}})", "wlakers"},
                                                          {R"({"text":"x","parameters":[]})", "parameters"},
                                                          {R"({"text":"x","strategy":7})", "strategy"},
                                                          {R"({"text":"x","startegy":"flood"})", "startegy"},
                                                          {R"({"text":"  "})", "at least one word"},
                                                          {R"({"text":7})", "text"},
                                                          {R"({})", "text field"},
                                                          {R"([])", "text"}}) {
        auto const response = post(desk, body);
        CAPTURE(body);
        CHECK(response.status == 400);
        CHECK(sentence(response).find(about) != std::string::npos);
    }
    CHECK(desk.node.asked.empty());
}

TEST_CASE("a host is browsed by its address, by a result, or by both, and by nothing else") {
    Desk desk;
    REQUIRE(post(desk, R"({"host":"192.0.2.1:6346","result":"3-1"})", "/api/v1/browse").status == 201);
    REQUIRE(post(desk, R"({"result":"3-2"})", "/api/v1/browse").status == 201);
    REQUIRE(desk.node.browsed.size() == 2);
    CHECK(desk.node.browsed[0].host == "192.0.2.1:6346");
    CHECK(desk.node.browsed[0].result == "3-1");
    CHECK(desk.node.browsed[1].host.empty());
    for (auto const* const body :
         {R"({})", R"({"host":" "})", R"({"host":7})", R"({"result":[]})", R"({"hots":"192.0.2.1:6346"})", R"([])"}) {
        CAPTURE(body);
        auto const response = post(desk, body, "/api/v1/browse");
        CHECK(response.status == 400);
        CHECK(sentence(response).ends_with("."));
    }
    CHECK(desk.ask(Desk::bare("POST", "/api/v1/browse", R"({"host":"192.0.2.1:6346"})")).status == 401);
    CHECK(desk.node.browsed.size() == 2);
}

TEST_CASE("a caller that lists searches may say which ones it has open, and a list that is none is refused") {
    Desk desk;
    auto const list = [&](std::string const& query) {
        return desk.ask(Desk::proven("GET", "/api/v1/searches" + query)).status;
    };
    CHECK(list("") == 200);
    CHECK(desk.node.asked.empty());
    CHECK(list("?watch=1,2,30") == 200);
    CHECK(desk.node.asked == std::vector<std::string>{"keep 3"});
    std::string many = "0";
    for (int i = 0; i < 256; ++i) many += ",1";
    for (auto const& text :
         {std::string{"-1"}, std::string{"x"}, std::string{"1,,2"}, std::string{"99999999999"}, many})
        CHECK(list("?watch=" + text) == 400);
    CHECK(desk.node.asked.size() == 1);
}

TEST_CASE("a page of all results takes an order, filters and an offset") {
    Desk desk;
    auto const response =
        desk.ask(Desk::proven("GET",
                              "/api/v1/searches/1/results?sort=size&descending=true&filter=two+words&kind=audio"
                              "&size_min=5&size_max=9&sources_min=2&fresh=1&offset=400&limit=5000"));
    REQUIRE(response.status == 200);
    auto const& choice = desk.node.choice;
    CHECK(choice.sort == "size");
    CHECK(choice.descending);
    CHECK(choice.filter == "two words");
    CHECK(choice.kind == "audio");
    CHECK(choice.size_min == 5);
    CHECK(choice.size_max == 9);
    CHECK(choice.sources_min == 2);
    CHECK(choice.fresh);
    CHECK(choice.offset == 400);
    CHECK(choice.limit == 1000);
    auto const page = json::parse(response.body);
    CHECK(page.at("matching").to_number<int>() == 2);
    CHECK(page.at("kinds").at("audio").to_number<int>() == 3);
    CHECK(page.at("rows").as_array().size() == 1);
}

TEST_CASE("an order without more is enough for a page, and goes with no revision") {
    Desk desk;
    REQUIRE(desk.ask(Desk::proven("GET", "/api/v1/searches/1/results?offset=0")).status == 200);
    CHECK(desk.node.choice.sort == "arrival");
    CHECK(desk.node.choice.size_max == UINT64_MAX);
    CHECK(desk.node.choice.limit == 200);
    for (char const* query :
         {"sort=size&since=3", "offset=x", "size_min=-1", "descending=perhaps", "fresh=2", "offset=0&limit=0"}) {
        CAPTURE(query);
        CHECK(desk.ask(Desk::proven("GET", std::string{"/api/v1/searches/1/results?"} + query)).status == 400);
    }
    CHECK(desk.ask(Desk::proven("GET", "/api/v1/searches/2/results?offset=0")).status == 404);
}

TEST_CASE("a saved search has an interval and a budget") {
    Desk desk;
    std::string const path = "/api/v1/saved-searches";
    REQUIRE(
        post(desk,
             R"({"text":"words","strategy":"key","repeat_seconds":600,"messages_per_run":50,"messages_per_day":1000})",
             path)
            .status == 201);
    CHECK(desk.node.new_saved.search.strategy == "key");
    CHECK(desk.node.new_saved.repeat_seconds == 600);
    CHECK(desk.node.new_saved.messages_per_run == 50);
    CHECK(desk.node.new_saved.messages_per_day == 1000);
    for (char const* body :
         {R"({"text":"words"})", R"({"repeat_seconds":600})", R"({"text":"words","repeat_seconds":"600"})",
          R"({"text":"words","repeat_seconds":600,"budget":5})", "{"}) {
        CAPTURE(body);
        CHECK(post(desk, body, path).status == 400);
    }
}

TEST_CASE("history is read in pages and forgotten one by one or all at once") {
    Desk desk;
    auto const page = desk.ask(Desk::proven("GET", "/api/v1/history?offset=10&limit=99999"));
    REQUIRE(page.status == 200);
    CHECK(desk.node.asked.back() == "history 10 1000");
    CHECK(json::parse(page.body).at("total").to_number<int>() == 1);
    CHECK(desk.ask(Desk::proven("DELETE", "/api/v1/history/1")).status == 200);
    CHECK(desk.node.asked.back() == "forget 1");
    CHECK(desk.ask(Desk::proven("DELETE", "/api/v1/history/2")).status == 404);
    CHECK(desk.ask(Desk::proven("DELETE", "/api/v1/history/x")).status == 404);
    CHECK(desk.node.asked.back() == "forget 1");
    CHECK(desk.ask(Desk::proven("DELETE", "/api/v1/history")).status == 200);
    CHECK(desk.node.asked.back() == "forget all");
    CHECK(desk.ask(Desk::proven("GET", "/api/v1/history?offset=x")).status == 400);
}

TEST_CASE("the price says which of its figures are estimates, and null where there is no time yet") {
    Desk desk;
    auto const answer = desk.ask(Desk::proven("GET", "/api/v1/searches/1"));
    auto const price = json::parse(answer.body).at("price");
    CHECK(price.at("estimates") == json::array{"reach_about"});
    CHECK(price.at("first_result_seconds").as_double() == Approx(0.25));
    CHECK(price.at("tenth_result_seconds").is_null());
    CHECK(price.at("hits_by_hops").as_array().size() == 2);
    CHECK(json::parse(answer.body).at("parameters") == json::object{{"ttl", 3U}});
}

}  // namespace
}  // namespace praline::webui::search_routes_test
