#include <catch2/catch.hpp>

#include "index/client/searches_under_way.hpp"
#include "unit/index/client/core_parts.hpp"

namespace searches_under_way_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::client::test;
using namespace std::chrono_literals;

namespace {

struct Scene : CoreParts {
    Scene() { searches.start(now); }
    void want(std::uint32_t number) { searches.add({number, {}}, now, out); }
    void send(Preferred preferred = {}) { searches.send(preferred, now, out); }
    /// Where it has been sent, in order.
    [[nodiscard]] std::vector<ConnectionId> sent(std::uint32_t number) const {
        std::vector<ConnectionId> to;
        for (auto const& one : did<ToServer>())
            if (auto const* const search = std::get_if<index::Search>(&one.message);
                search != nullptr && search->request == number)
                to.push_back(one.connection);
        return to;
    }
    [[nodiscard]] static Refused refusal(std::uint32_t number) {
        return {RefusalReason::search_failed, "Not today.", number};
    }

    SearchesUnderWay searches{options, servers, links};
};

}  // namespace

TEST_CASE("a search is sent to the primary, and to the stand-by when that is late") {
    Scene scene;
    auto const other = scene.connect(3, 10ms);
    auto const primary = scene.connect(1, 10ms);
    auto const standby = scene.connect(2, 10ms);
    scene.want(5);
    scene.send({primary, standby});
    scene.send({primary, standby});
    REQUIRE(scene.sent(5) == std::vector{primary});
    Deadline next{scene.now};
    scene.searches.deadlines(next);
    REQUIRE(next.at() == scene.now + scene.options.hedge_after);
    scene.now = *next.at();
    scene.send({primary, standby});
    REQUIRE(scene.sent(5) == std::vector{primary, standby});
    scene.now += 1s;
    scene.send({primary, standby});
    REQUIRE(scene.sent(5).size() == 2);

    scene.searches.found(*scene.links.find(other), Found{5, {}}, 10, scene.now, scene.out);
    REQUIRE(scene.did<SearchAnswered>().empty());  // it was not asked
    scene.searches.sent({primary, 5, 100});
    scene.searches.found(*scene.links.find(standby), Found{5, {}}, 10, scene.now, scene.out);
    auto const answered = scene.did<SearchAnswered>();
    REQUIRE(answered.size() == 1);
    REQUIRE(answered.at(0).cost.messages == 3);
    REQUIRE(answered.at(0).cost.bytes == 110);
    REQUIRE(scene.searches.size() == 0);
}

TEST_CASE("a server that refuses or is lost is followed by another, and the last refusal is the reason") {
    Scene scene;
    auto const first = scene.connect(1, 10ms);
    auto const second = scene.connect(2, 10ms);
    scene.want(5);
    scene.want(6);
    scene.send({first, {}});
    scene.searches.refused(*scene.links.find(first), Scene::refusal(5), 10);
    scene.searches.connection_lost(first);
    scene.links.close(first, {}, Blame::none, scene.now, scene.out);
    scene.send({});
    REQUIRE(scene.sent(5) == std::vector{first, second});
    REQUIRE(scene.sent(6) == std::vector{first, second});
    scene.searches.refused(*scene.links.find(second), Scene::refusal(5), 10);
    scene.send({});
    REQUIRE(scene.did<SearchFailed>().at(0).search == 5);
    REQUIRE(scene.did<SearchFailed>().at(0).sentence == "Not today.");
    REQUIRE(scene.searches.size() == 1);
}

TEST_CASE("a search fails in time, with what it cost until then") {
    Scene scene;
    auto const primary = scene.connect(1, 10ms);
    scene.want(5);
    scene.send({primary, {}});
    scene.now += scene.options.search_within;
    scene.send({primary, {}});
    auto const failed = scene.did<SearchFailed>();
    REQUIRE(failed.size() == 1);
    REQUIRE(failed.at(0).cost.messages == 1);
    REQUIRE(failed.at(0).cost.took == scene.options.search_within);
}

TEST_CASE("without a server a search waits for one only just after the start") {
    Scene scene;
    scene.want(5);
    scene.send();
    REQUIRE(scene.did<SearchFailed>().empty());
    scene.now += scene.options.search_within - 1ms;
    scene.want(6);
    scene.now += 1ms;
    scene.send();
    auto const failed = scene.did<SearchFailed>();
    REQUIRE(failed.size() == 2);
    REQUIRE(failed.at(1).sentence == KnownServers::none_known);
}

TEST_CASE("searches are bounded, and all fail when the node stops") {
    Scene scene;
    for (std::uint32_t number = 1; number <= scene.options.searches_max; ++number) scene.want(number);
    REQUIRE(scene.out.empty());
    REQUIRE(scene.searches.latest_since() == scene.now);
    scene.want(1'000'000);
    REQUIRE(scene.did<SearchFailed>().at(0).search == 1'000'000);
    scene.searches.drop(1);
    scene.searches.stop(scene.now, scene.out);
    REQUIRE(scene.did<SearchFailed>().size() == scene.options.searches_max);
    REQUIRE_FALSE(scene.searches.latest_since());
}

}  // namespace searches_under_way_test
