#include "webui/api/views_json.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "unit/webui/api/fake_node.hpp"

namespace praline::webui::views_json_test {
namespace {

namespace json = boost::json;

template <class View>
std::string complaint(json::value const& answer) {
    try {
        static_cast<void>(from_json<View>(answer));
    } catch (UnreadableAnswer const& unreadable) {
        return unreadable.what();
    }
    return {};
}

template <class View>
void is_read_as_written(View const& view) {
    auto const written = to_json(view);
    REQUIRE(to_json(from_json<View>(written)) == written);
}

TEST_CASE("what is read is what was written, field by field and in order") {
    FakeNode node;
    is_read_as_written(node.status());
    is_read_as_written(node.peers().front());
    is_read_as_written(FakeNode::one_search());
    is_read_as_written(FakeNode::one_saved());
    is_read_as_written(FakeNode::one_download());
    is_read_as_written(FakeNode::row(1, 2));
    is_read_as_written(node.history(0, 1).entries.front());
    is_read_as_written(node.library());
    auto const search = from_json<SearchView>(to_json(FakeNode::one_search()));
    REQUIRE(search.parameters.ttl == 3U);
    REQUIRE_FALSE(search.parameters.walkers);
    REQUIRE(search.price.index->milliseconds == 3.5);
    REQUIRE_FALSE(search.price.tenth_result_seconds);
    REQUIRE(from_json<StatusView>(to_json(node.status())).counters.front().first == "queries_in");
}

TEST_CASE("a field that is missing or of another type is named with its place") {
    auto answer = to_json(FakeNode::one_search());
    REQUIRE(complaint<SearchView>(answer).empty());
    answer.at("price").as_object().at("hits_by_hops").as_array()[1].as_object().erase("hops");
    REQUIRE(complaint<SearchView>(answer) == "\"price.hits_by_hops[1].hops\" is missing");
    answer = to_json(FakeNode::one_search());
    answer["rows"] = "three";
    REQUIRE(complaint<SearchView>(answer) == "\"rows\" is not of the type it should be");
    answer["rows"] = -1;
    REQUIRE(complaint<SearchView>(answer) == "\"rows\" is not of the type it should be");
    answer["rows"] = nullptr;
    REQUIRE_FALSE(complaint<SearchView>(answer).empty());
    REQUIRE(complaint<SearchView>(json::array{}) == "it is not an object");
}

TEST_CASE("a null that is left out is missing, but for parameters that are the strategy's") {
    auto answer = to_json(FakeNode::one_search());
    answer.at("price").as_object().erase("index");
    REQUIRE(complaint<SearchView>(answer) == "\"price.index\" is missing");
}

TEST_CASE("fields of a later version are left alone") {
    auto answer = to_json(FakeNode::one_search());
    answer["colour"] = "green";
    REQUIRE(complaint<SearchView>(answer).empty());
}

TEST_CASE("a list is found by its name or missed") {
    json::value const answer{{"downloads", json::array{to_json(FakeNode::one_download())}}};
    REQUIRE(list_from_json<DownloadView>(answer, "downloads").front().id == "a b");
    REQUIRE_THROWS_WITH(list_from_json<DownloadView>(answer, "uploads"), "\"uploads\" is missing");
    REQUIRE_THROWS_WITH(
        list_from_json<SearchView>(
            json::value{{"searches", json::array{to_json(FakeNode::one_search()), json::object{}}}}, "searches"),
        "\"searches[1].id\" is missing");
    REQUIRE_THROWS_AS(list_in(json::value{nullptr}, "downloads"), UnreadableAnswer);
}

}  // namespace
}  // namespace praline::webui::views_json_test
