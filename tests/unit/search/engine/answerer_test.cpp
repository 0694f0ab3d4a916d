#include "search/engine/answerer.hpp"

#include "unit/search/engine/router_fixture.hpp"

namespace answerer_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;

namespace {

wire::QueryHit hit_of(std::string name, std::uint32_t address) {
    wire::QueryHit hit;
    hit.endpoint = Endpoint{address, 6346};
    hit.servent.bytes[0] = static_cast<std::uint8_t>(address >> 16);
    wire::HitRecord record;
    record.name = std::move(name);
    hit.records.push_back(std::move(record));
    return hit;
}

/// Shares "linux", if it `has` anything.
struct Content final : LocalContent {
    std::vector<wire::QueryHit> answer(wire::Query const&) override {
        ++asked;
        return has ? std::vector{hit_of("linux", 1)} : std::vector<wire::QueryHit>{};
    }
    bool has = true;
    int asked = 0;
};

struct Desk {
    QueryRouter::Passing answer(wire::QueryPtr query, bool again = false, bool ultrapeer = true) {
        output.clear();
        return answerer.answer(overlay::QueryArrived{peer(1), Guid{}, Ttl{2}, Hops{1}, std::move(query), again},
                               nullptr, ultrapeer, Turn{at(1s), output});
    }
    /// A neighbour of this network (/16) gave a hit of a source in another.
    void keep(std::uint32_t number) {
        overlay::LinkInfo link;
        link.remote = Endpoint{(number + 100) << 16, 1};
        cache.on_hit(view("linux")->query,
                     overlay::HitArrived{Guid{}, peer(50 + number), Hops{2},
                                         hit_of("linux " + std::to_string(number), number << 16)},
                     &link, at(1s));
    }
    EngineOptions options;
    Content content;
    CachedAnswers cache{options};
    Answerer answerer{content, cache};
    EngineOutput output;
};

wire::QueryPtr walker() {
    wire::Query query;
    query.text = "linux";
    wire::put(query, wire::WalkerItem{1, 2, 1000, 4, true});
    return wire::routed(std::move(query));
}

}  // namespace

TEST_CASE("a query is answered once, a walker ends wherever there is a match") {
    Desk desk;
    CHECK(desk.answer(view("linux")).answered_here);
    REQUIRE(desk.output.overlay.size() == 1);
    CHECK(std::get<overlay::AnswerQuery>(desk.output.overlay[0]).hops == Hops{0});
    CHECK_FALSE(desk.answer(view("linux"), true).answered_here);
    CHECK(desk.content.asked == 1);
    auto const passing = desk.answer(walker(), true);
    CHECK(passing.answered_here);
    CHECK(bool{passing.walker == wire::WalkerItem{1, 2, 1000, 4, true}});
    CHECK(desk.output.overlay.empty());
    CHECK(desk.content.asked == 2);
}

TEST_CASE("what one link said neither shortens a query nor ends a walker; what three networks said does") {
    Desk desk;
    desk.options.limits.cached_enough = 3;
    desk.content.has = false;
    desk.keep(1);
    CHECK(desk.answer(view("linux")).ttl == Ttl{2});
    CHECK(desk.output.overlay.size() == 1);
    CHECK_FALSE(desk.answer(walker()).answered_here);
    for (std::uint32_t number : {2U, 3U}) desk.keep(number);
    CHECK(desk.answer(view("linux")).ttl == Ttl{1});
    CHECK(desk.output.overlay.size() == 3);
    CHECK(desk.answerer.counters().shortened_by_cache == 1);
    CHECK(desk.answer(walker()).answered_here);
    CHECK(desk.answer(view("linux"), true).ttl == Ttl{2});
    CHECK(desk.answer(view("linux"), false, false).ttl == Ttl{2});  // a leaf answers from its cache for none
    CHECK(desk.output.overlay.empty());
}

TEST_CASE("a cache that is off keeps nothing and answers nothing") {
    Desk desk;
    desk.content.has = false;
    desk.keep(1);
    desk.cache.enable(false);
    CHECK(desk.cache.records() == 0);
    (void)desk.answer(view("linux"));
    CHECK(desk.output.overlay.empty());
    desk.cache.enable(true);
    desk.cache.on_hit_passed(overlay::HitPassed{Guid{}, peer(2), Hops{1}, nullptr}, nullptr, at(1s));
    CHECK(desk.cache.empty());
}

}  // namespace answerer_test
