#include "search/engine/engine.hpp"

#include <catch2/catch.hpp>

#include "node/wire/vendor.hpp"
#include "unit/search/engine/engine_network.hpp"

namespace engine_answers_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;
using strategy::Kind;

namespace {

EngineOptions without_cache() {
    EngineOptions options;
    options.hit_cache = false;
    return options;
}

}  // namespace

TEST_CASE("the next who asks is answered from the cache of the node between, with the age of the hit") {
    EngineNetwork net{14};
    net.line(3, {"linux music"});
    Guid const first = net.launch(0, "linux");
    REQUIRE(net.found(0, first) == 1);
    CHECK(net.nodes[1].engine->cached_records() == 1);
    auto const other = net.add();
    net.link(other, 1);
    net.run(30s);
    net.nodes[2].shelf->names.clear();
    Guid const second = net.launch(other, "LINUX");
    REQUIRE(net.found(other, second) >= 1);
    REQUIRE(net.nodes[other].found.at(0).cached_seconds);
    CHECK(*net.nodes[other].found.at(0).cached_seconds >= 30);
    CHECK(net.nodes[1].engine->counters().hit_cache_hits == 1);

    // It is older still at the next, and gone when it is too old.
    auto const third = net.add();
    net.link(third, other);
    net.run(60s);
    Guid const late = net.launch(third, "linux");
    REQUIRE(net.found(third, late) >= 1);
    CHECK(*net.nodes[third].found.at(0).cached_seconds >= 90);
    net.run(600s);
    Guid const never = net.launch(third, "linux");
    CHECK(net.found(third, never) == 0);
}

TEST_CASE("a search of ours gets what our own cache has at once, and a source that refused is not in it") {
    EngineNetwork net{15};
    net.line(2, {"linux music"});
    Guid const first = net.launch(0, "music linux");
    REQUIRE(net.found(0, first) == 1);
    net.nodes[1].shelf->names.clear();
    Guid const second = net.launch(0, "linux music");
    REQUIRE(net.found(0, second) == 1);
    CHECK(net.nodes[0].found.at(1).cached_seconds);
    net.nodes[0].engine->source_refused(address_of(1), Guid{});
    CHECK(net.nodes[0].engine->counters().hit_cache_invalidated == 1);
    Guid const third = net.launch(0, "linux music");
    CHECK(net.found(0, third) == 0);
    net.nodes[1].shelf->names = {"linux music"};
    (void)net.launch(0, "linux music");
    net.nodes[0].engine->enable_hit_cache(false);
    CHECK(net.nodes[0].engine->cached_records() == 0);
}

namespace {

/// 0 asks; 1 is in the middle and caches; behind it are `sources` nodes with four matching files each.
EngineNetwork star(std::uint64_t seed, std::size_t sources) {
    EngineNetwork net{seed};
    net.line(2);
    for (std::size_t i = 0; i < sources; ++i) {
        std::vector<std::string> names;
        for (int file = 0; file < 4; ++file) names.push_back("linux " + std::to_string(i) + std::to_string(file));
        net.link(net.add(names), 1);
    }
    return net;
}

Ttl last_ttl(EngineNetwork const& net, std::size_t number) { return net.nodes[number].forwards.back().ttl; }

}  // namespace

TEST_CASE("what one link has told never keeps a query from the others, nor shortens its way") {
    auto net = star(16, 1);
    auto const honest = net.add({"linux live"});
    // The liar's files are all that is known so far.
    Guid const first = net.launch(0, "linux");
    CHECK(net.found(0, first) == 4);
    Ttl const full = last_ttl(net, 1);
    net.link(honest, 1);
    auto const other = net.add();
    net.link(other, 1);
    Guid const second = net.launch(other, "linux");
    CHECK(net.nodes[1].engine->counters().hit_cache_hits == 1);
    CHECK(net.nodes[honest].shelf->asked == 1);
    CHECK(net.found(other, second) >= 5);
    CHECK(last_ttl(net, 1) == full);
    CHECK(net.nodes[1].engine->counters().queries_shortened_by_cache == 0);
    CHECK(net.nodes[1].engine->counters().queries_held_by_cache == 0);
}

TEST_CASE("a query that three networks have answered lately goes on with one hop less, and still goes on") {
    auto net = star(17, 3);
    (void)net.launch(0, "linux");
    Ttl const full = last_ttl(net, 1);
    auto const other = net.add();
    net.link(other, 1);
    auto const asked = net.nodes[2].shelf->asked;
    Guid const second = net.launch(other, "linux");
    CHECK(net.found(other, second) >= 12);
    CHECK(last_ttl(net, 1) == Ttl{static_cast<std::uint8_t>(full.value() - 1)});
    CHECK(net.nodes[2].shelf->asked == asked + 1);
    CHECK(net.nodes[1].engine->counters().queries_shortened_by_cache == 1);
    CHECK(net.nodes[1].engine->counters().queries_held_by_cache == 0);
}

TEST_CASE("a walker does not end where the cache alone has one link's answer") {
    auto net = star(18, 1);
    (void)net.launch(0, "linux");
    net.nodes[2].shelf->names.clear();
    auto const honest = net.add({"linux live"});
    net.link(honest, 1);
    auto const other = net.add();
    net.link(other, 1);
    auto parameters = by(strategy::Kind::random_walk);
    parameters.walkers = 8;
    (void)net.launch(other, "linux", parameters);
    net.run(60s);
    CHECK(net.nodes[honest].shelf->asked >= 1);
}

TEST_CASE("our own cache does not satisfy a search that asks until it has enough") {
    auto net = star(19, 1);
    (void)net.launch(1, "linux");
    auto const honest = net.add({"linux live"});
    net.link(honest, 1);
    auto parameters = by(strategy::Kind::expanding_ring);
    parameters.results_wanted = 3;
    Guid const second = net.launch(1, "linux", parameters);
    net.run(30s);
    CHECK(net.nodes[honest].shelf->asked >= 1);
    CHECK(net.found(1, second) >= 5);
}

TEST_CASE("a cached hit leaves with the hops it has made, and never for its source") {
    auto net = star(20, 1);
    (void)net.launch(0, "linux");
    auto const other = net.add();
    net.link(other, 1);
    net.nodes[2].shelf->names.clear();
    Guid const second = net.launch(other, "linux");
    REQUIRE(net.found(other, second) == 4);
    CHECK(net.nodes[other].found.back().hops == Hops{2});  // the source is behind the node that kept it
    // The source itself asks: the answer is not its own file.
    Guid const third = net.launch(2, "linux");
    CHECK(net.found(2, third) == 0);
}

TEST_CASE("a hit that does not answer what was asked is not kept") {
    EngineNetwork net{17};
    net.line(2);
    auto const liar = net.add();
    net.link(liar, 1);
    Guid const guid = net.launch(0, "linux");
    wire::QueryHit lie;
    lie.endpoint = address_of(liar);
    lie.servent = guid_of(liar);
    wire::HitRecord record;
    record.name = "buy sugar";
    lie.records = {record};
    net.feed(liar, overlay::AnswerQuery{guid, {lie}});
    net.settle();
    CHECK(net.found(0, guid) == 1);  // handed on as it came: what is shown is the session's to decide
    for (auto const& node : net.nodes) CHECK(node.engine->cached_records() == 0);
    CHECK(net.nodes[1].engine->counters().hit_cache_refused == 1);
}

TEST_CASE("what is no answer does not satisfy a search that asks until it has enough") {
    for (bool const excluded : {false, true}) {
        EngineNetwork net{21, without_cache()};
        net.line(4, {"linux live"});
        auto const liar = net.add();
        net.link(liar, 0);
        auto parameters = by(strategy::Kind::expanding_ring);
        parameters.results_wanted = 1;
        Guid const guid = net.fresh_guid();
        EngineOutput out;
        net.nodes[0].engine->launch(*net.nodes[0].core,
                                    Launch{guid, words("linux"), parameters, split_search_text("linux -spam")}, net.now,
                                    out);
        net.perform(0, out);
        net.settle();
        wire::QueryHit lie;
        lie.endpoint = address_of(liar);
        lie.servent = guid_of(liar);
        lie.records.resize(1);
        lie.records[0].name = excluded ? "linux spam" : "buy sugar";
        // Every ring of it has a name of its own.
        for (int ring = 0; ring < 6; ++ring) {
            for (auto const& query : net.nodes[liar].queries) net.feed(liar, overlay::AnswerQuery{query.guid, {lie}});
            net.run(5s);
        }
        CHECK(net.nodes[3].shelf->asked >= 1);
    }
}

}  // namespace engine_answers_test
