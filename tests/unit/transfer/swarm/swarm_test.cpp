#include "transfer/swarm/swarm.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "unit/transfer/swarm/virtual_sources.hpp"

namespace praline::swarm::swarm_test {
using namespace praline::swarm::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t mib = 1024 * 1024;

Source at_port(std::uint16_t port) {
    Source source;
    source.endpoint = {0x7F000001, port};
    return source;
}

template <class T>
std::vector<T> all_of(Actions const& actions) {
    std::vector<T> found;
    for (auto const& action : actions)
        if (auto const* const one = std::get_if<T>(&action)) found.push_back(*one);
    return found;
}

/// A swarm whose sources the test plays itself. The first connection is link 1, and so on: where every source is called
/// once, a link has the number of its source.
struct Desk {
    explicit Desk(std::uint64_t bytes = 4 * mib, SwarmOptions options = {})
        : sources{options.limits}, swarm{PieceMap{bytes, 256 * 1024}, sources, std::move(options)} {}

    SourceId add(std::uint16_t port) {
        swarm.add(at_port(port), now);
        return *swarm.sources().id_of(at_port(port));
    }
    Actions feed(Event const& event) {
        Actions actions;
        swarm.handle(event, now, actions);
        return actions;
    }
    /// As the host does it: a tick whenever one is due.
    Actions wait(Duration time) {
        Actions all;
        for (auto const end = now + time; now < end;) {
            now += 250ms;
            for (auto& action : feed(Ticked{})) all.push_back(std::move(action));
        }
        return all;
    }
    SourceList sources;
    Swarm swarm;
    Instant now{};
};

}  // namespace

TEST_CASE("a URL that lied is not taken again, and another URL is") {
    Desk desk{256 * 1024};
    Source liar, other;
    liar.url = "http://liar.example/file";
    other.url = "http://other.example/file";
    REQUIRE(desk.swarm.add(liar, desk.now, true));
    auto const called = all_of<Connect>(desk.feed(Ticked{}));
    REQUIRE(called.size() == 1);
    auto const link = called[0].link;
    auto const asked = all_of<Ask>(desk.feed(Opened{link}));
    REQUIRE(asked.size() == 1);
    REQUIRE(asked[0].range == ByteRange{0, 256 * 1024});
    desk.feed(BodyBegan{link, 256 * 1024});
    desk.now += 1s;
    auto const checks = all_of<CheckPiece>(desk.feed(BytesCame{link, 256 * 1024}));
    REQUIRE(checks.size() == 1);
    REQUIRE(all_of<Accuse>(desk.feed(PieceChecked{checks[0].check, false, {}})).size() == 1);
    CHECK_FALSE(desk.swarm.add(liar, desk.now, true));
    CHECK(desk.swarm.add(other, desk.now, true));
}

TEST_CASE("all sources are called at once, asked for different ranges, and every piece is checked") {
    Desk desk;
    auto const first = desk.add(1), second = desk.add(2);
    CHECK(all_of<Connect>(desk.feed(Ticked{})).size() == 2);
    auto const asked = all_of<Ask>(desk.feed(Opened{first}));
    REQUIRE(asked.size() == 1);
    auto const other = all_of<Ask>(desk.feed(Opened{second}));
    REQUIRE(other.size() == 1);
    CHECK(other[0].range.begin == asked[0].range.end);
    desk.feed(BodyBegan{first, asked[0].range.end});
    desk.now += 1s;
    auto const actions = desk.feed(BytesCame{first, asked[0].range.size()});
    CHECK(all_of<CheckPiece>(actions).size() == asked[0].range.size() / (256 * 1024));
    CHECK(all_of<Ask>(actions).size() == 1);  // and at once for more
    CHECK(all_of<CheckPiece>(actions)[0].to_hash.empty());
}

TEST_CASE("a source that stalls loses its range to another within seconds") {
    Desk desk{512 * 1024};
    auto const slow = desk.add(1), quick = desk.add(2);
    desk.feed(Ticked{});
    desk.feed(Opened{slow});
    desk.feed(BodyBegan{slow, 512 * 1024});
    desk.feed(BytesCame{slow, 1000});
    desk.feed(Opened{quick});
    auto const actions = desk.wait(4s);
    auto const asked = all_of<Ask>(actions);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].link == quick);
    CHECK(asked[0].range == ByteRange{1000, 512 * 1024});
    auto const closed = all_of<Close>(actions);
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].link == slow);
    CHECK(closed[0].fault == Fault::slow);
}

TEST_CASE("a source that is not read, as the disk is behind, does not count as stalled") {
    Desk desk{512 * 1024};
    auto const held = desk.add(1), other = desk.add(2);
    desk.feed(Ticked{});
    auto const asked = all_of<Ask>(desk.feed(Opened{held}));
    REQUIRE(asked.size() == 1);
    desk.feed(BodyBegan{held, asked[0].range.end});
    desk.now += 1s;
    desk.feed(BytesCame{held, 64 * 1024});
    desk.feed(Opened{other});
    for (int second = 0; second < 100; ++second) {
        desk.feed(Held{held});
        auto const actions = desk.wait(1s);
        CHECK(all_of<Close>(actions).empty());
    }
    CHECK_FALSE(desk.swarm.report(1, desk.now).is_stalled);
}

TEST_CASE("what somebody reads is asked for next, if need be by ending a request that is far from it") {
    Desk desk{64 * mib};
    auto const source = desk.add(1);
    desk.feed(Ticked{});
    auto asked = all_of<Ask>(desk.feed(Opened{source}));
    REQUIRE(asked.size() == 1);
    desk.feed(BodyBegan{source, asked[0].range.end});
    desk.now += 1s;
    Actions actions;
    // It comes in a moment.
    desk.swarm.wanted_from(100'000, desk.now, actions);
    CHECK(actions.empty());
    desk.swarm.wanted_from(60 * mib + 7, desk.now, actions);
    auto const closed = all_of<Close>(actions);
    REQUIRE(closed.size() == 1);
    CHECK_FALSE(closed[0].fault);
    auto const again = all_of<Connect>(desk.wait(2s));
    REQUIRE(again.size() == 1);
    asked = all_of<Ask>(desk.feed(Opened{again[0].link}));
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].range.begin == 60 * mib);
}

TEST_CASE("the only source is kept, however slow it is") {
    Desk desk;
    auto const only = desk.add(1);
    desk.feed(Ticked{});
    auto const asked = all_of<Ask>(desk.feed(Opened{only}));
    desk.feed(BodyBegan{only, asked.at(0).range.end});
    for (int second = 0; second < 120; ++second) {
        desk.now += 1s;
        CHECK(all_of<Close>(desk.feed(BytesCame{only, 1})).empty());
        CHECK(all_of<Close>(desk.feed(Ticked{})).empty());
    }
}

TEST_CASE("a connection that does not come is given up, sooner when others wait for its place") {
    SwarmOptions options;
    options.connections_max = 1;
    Desk desk{mib, options};
    auto const first = desk.add(1);
    desk.feed(Ticked{});
    CHECK(all_of<Close>(desk.wait(19s)).empty());
    auto const closed = all_of<Close>(desk.wait(1s));
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].fault == Fault::unreachable);
    CHECK(closed[0].link == first);
    auto const second = desk.add(2);
    auto const called = all_of<Connect>(desk.feed(Ticked{}));
    REQUIRE(called.size() == 1);
    CHECK(called[0].source == second);
    desk.add(3);
    CHECK(all_of<Close>(desk.wait(9s)).size() == 1);
}

TEST_CASE("without a source that can be asked others are looked for, once") {
    Desk desk;
    CHECK(all_of<FindSources>(desk.feed(Ticked{})).size() == 1);
    CHECK(all_of<FindSources>(desk.feed(Ticked{})).empty());
    auto const only = desk.add(1);
    CHECK(all_of<Connect>(desk.feed(Ticked{})).size() == 1);
    CHECK(all_of<FindSources>(desk.feed(Lost{only, Fault::unreachable, {}})).size() == 1);
}

TEST_CASE("a partial file is asked for its parts only, and looked at again later: it may have grown") {
    Desk desk;
    auto const part = desk.add(1);
    desk.feed(Ticked{});
    desk.feed(Opened{part});
    desk.feed(Offered{part, {{mib, mib + 1000}}});
    auto const asked = all_of<Ask>(desk.feed(Declined{part}));
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].range == ByteRange{mib, mib + 1000});
    desk.feed(BodyBegan{part, mib + 1000});
    auto const actions = desk.feed(BytesCame{part, 1000});
    CHECK(all_of<Ask>(actions).empty());
    auto const closed = all_of<Close>(actions);
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].fault == Fault::not_yet);
    CHECK(all_of<Connect>(desk.wait(29s)).empty());
    auto const again = all_of<Connect>(desk.wait(2s));
    REQUIRE(again.size() == 1);
    desk.feed(Opened{again[0].link});
    desk.feed(Offered{again[0].link, {{mib, mib + 3000}}});
    CHECK(all_of<Ask>(desk.feed(Declined{again[0].link})).at(0).range == ByteRange{mib + 1000, mib + 3000});
}

TEST_CASE("a source that declines everything is asked again later") {
    Desk desk;
    auto const source = desk.add(1);
    desk.feed(Ticked{});
    desk.feed(Opened{source});
    desk.feed(Declined{source});
    desk.feed(Declined{source});
    auto const closed = all_of<Close>(desk.feed(Declined{source}));
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].fault == Fault::not_yet);
}

TEST_CASE("whoever sends a wrong piece is named and dropped, and the piece is fetched from somebody else") {
    Desk desk{256 * 1024};
    auto const liar = desk.add(1), honest = desk.add(2);
    desk.feed(Ticked{});
    desk.feed(Opened{liar});
    desk.feed(BodyBegan{liar, 256 * 1024});
    CHECK(all_of<CheckPiece>(desk.feed(BytesCame{liar, 256 * 1024})).size() == 1);
    auto const actions = desk.feed(PieceChecked{1, false, {}});
    auto const accused = all_of<Accuse>(actions);
    REQUIRE(accused.size() == 1);
    CHECK(accused[0].source == liar);
    CHECK(desk.swarm.accused().at(liar).endpoint == at_port(1).endpoint);
    CHECK(desk.swarm.report(liar, desk.now).wrong_bytes == 256 * 1024);
    CHECK_FALSE(desk.swarm.add(at_port(1), desk.now));
    auto const asked = all_of<Ask>(desk.feed(Opened{honest}));
    CHECK(asked.at(0).range == ByteRange{0, 256 * 1024});
    desk.feed(BodyBegan{honest, 256 * 1024});
    desk.feed(BytesCame{honest, 256 * 1024});
    CHECK(all_of<AllRight>(desk.feed(PieceChecked{2, true, {}})).size() == 1);
    CHECK(desk.swarm.map().complete());
}

TEST_CASE("bytes that the disk refused are fetched again") {
    Desk desk{256 * 1024};
    auto const source = desk.add(1);
    desk.feed(Ticked{});
    desk.feed(Opened{source});
    desk.feed(BodyBegan{source, 256 * 1024});
    desk.feed(BytesCame{source, 256 * 1024});
    auto const asked = all_of<Ask>(desk.feed(BytesLost{{1000, 2000}}));
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].range == ByteRange{0, 256 * 1024});
}

TEST_CASE("events of a source that is not connected, or that say too much, change nothing") {
    Desk desk{256 * 1024};
    auto const source = desk.add(1);
    desk.feed(Ticked{});  // calls it
    for (auto const id : {source, source + 1}) {
        desk.feed(BytesCame{id, 1000});
        desk.feed(BodyBegan{id, 1000});
        desk.feed(Declined{id});
    }
    desk.feed(Lost{source + 1, Fault::closed, {}});
    desk.feed(Offered{source + 1, {{0, 1}}});
    desk.feed(PieceChecked{99, true, {}});
    CHECK(desk.swarm.map().received_bytes() == 0);
    desk.feed(Opened{source});
    desk.feed(BodyBegan{source, std::uint64_t{1} << 60});
    CHECK(all_of<CheckPiece>(desk.feed(BytesCame{source, std::uint64_t{1} << 60})).size() == 1);
    CHECK(desk.swarm.map().received_bytes() == 256 * 1024);
}

TEST_CASE("a piece that two sources sent and that is wrong is fetched whole from one, and then it is known who lied") {
    SwarmOptions options;
    options.ranges.first_request_bytes = options.ranges.grain_bytes = 64 * 1024;
    options.ranges.horizon_min = 1500ms;
    options.ranges.gain_min = 500ms;
    Desk desk{256 * 1024, options};
    auto const liar = desk.add(1), honest = desk.add(2);
    desk.feed(Ticked{});
    desk.feed(Opened{liar});
    desk.feed(Opened{honest});
    Actions last;
    for (std::uint64_t at = 0, turn = 0; at < 256 * 1024; at += 64 * 1024, ++turn) {
        auto const link = turn % 2 == 0 ? liar : honest;
        desk.feed(BodyBegan{link, at + 64 * 1024});
        desk.now += 500ms;
        last = desk.feed(BytesCame{link, 64 * 1024});
    }
    auto const checks = all_of<CheckPiece>(last);
    REQUIRE(checks.size() == 1);
    CHECK(checks[0].to_hash.size() == 4);
    auto const hash = [](std::uint8_t number) {
        Sha1 made;
        made.bytes[0] = number;
        return made;
    };
    auto const actions = desk.feed(PieceChecked{1, false, {hash(9), hash(2), hash(3), hash(4)}});
    CHECK(all_of<Accuse>(actions).empty());
    auto const asked = all_of<Ask>(actions);
    REQUIRE(asked.size() == 1);  // the other one has to wait
    CHECK(asked[0].range == ByteRange{0, 256 * 1024});

    SECTION("from the liar: if it is wrong again, that is enough") {
        auto const source = asked[0].link;
        desk.feed(BodyBegan{source, 256 * 1024});
        auto const again = all_of<CheckPiece>(desk.feed(BytesCame{source, 256 * 1024}));
        REQUIRE(again.size() == 1);
        CHECK(again[0].to_hash.size() == 4);
        auto const accused = all_of<Accuse>(desk.feed(PieceChecked{2, false, {hash(9), hash(2), hash(3), hash(4)}}));
        REQUIRE(accused.size() == 1);
        CHECK(accused[0].source == source);
    }
    SECTION("from anybody: if it is right, whose part was another is known") {
        auto const source = asked[0].link;
        desk.feed(BodyBegan{source, 256 * 1024});
        desk.feed(BytesCame{source, 256 * 1024});
        auto const accused = all_of<Accuse>(desk.feed(PieceChecked{2, true, {hash(1), hash(2), hash(3), hash(4)}}));
        REQUIRE(accused.size() == 1);
        CHECK(accused[0].source == liar);
    }
    SECTION("whoever lets it trickle loses it to one that is quicker") {
        auto const slow = asked[0].link;
        desk.feed(BodyBegan{slow, 256 * 1024});
        std::vector<Ask> next;
        for (int second = 0; second < 20 && next.empty(); ++second) {
            desk.feed(BytesCame{slow, 1});
            next = all_of<Ask>(desk.wait(1s));
        }
        REQUIRE(next.size() == 1);
        CHECK(next[0].link != slow);
        CHECK(next[0].range == ByteRange{0, 256 * 1024});
    }
    SECTION("a beginning of it is not kept when its sender ends") {
        desk.feed(BodyBegan{asked[0].link, 256 * 1024});
        desk.feed(BytesCame{asked[0].link, 100'000});
        auto const next = all_of<Ask>(desk.feed(Lost{asked[0].link, Fault::closed, {}}));
        REQUIRE(next.size() == 1);
        CHECK(next[0].link != asked[0].link);
        CHECK(next[0].range == ByteRange{0, 256 * 1024});
    }
}

TEST_CASE("a wrong piece of which nobody has all is shared again") {
    Desk desk{256 * 1024};
    auto const front = desk.add(1), back = desk.add(2);
    std::vector<ByteRange> const parts{{0, 100'000}, {100'000, 256 * 1024}};
    std::vector<Ask> asked;
    auto const open_all = [&](Actions const& actions) {
        asked.clear();
        for (auto const& link : all_of<Connect>(actions)) {
            desk.feed(Opened{link.link});
            desk.feed(Offered{link.link, {parts[link.source == front ? 0 : 1]}});
            for (auto const& ask : all_of<Ask>(desk.feed(Declined{link.link}))) asked.push_back(ask);
        }
    };
    open_all(desk.feed(Ticked{}));
    for (int round = 0; round < 3; ++round) {
        REQUIRE(asked.size() == 2);
        Actions actions;
        for (auto const& one : asked) {
            desk.feed(BodyBegan{one.link, one.range.end});
            actions = desk.feed(BytesCame{one.link, one.range.size()});
        }
        auto const checks = all_of<CheckPiece>(actions);
        REQUIRE(checks.size() == 1);
        // Both links were closed, as nothing was wanted of them any more; they are opened again half a minute later.
        CHECK(all_of<Accuse>(desk.feed(PieceChecked{checks[0].check, false, {Sha1{}, Sha1{}}})).empty());
        open_all(desk.wait(31s));
    }
    CHECK(back != front);
}

TEST_CASE(
    "what is whole and unchecked when the core begins is checked, and an answer to an old check counts for nothing") {
    PieceMap map{512 * 1024, 256 * 1024};
    CHECK(map.written({0, 256 * 1024}).size() == 1);
    SourceList sources{Limits{}};
    Swarm swarm{map, sources, {}};
    CHECK(swarm.next_deadline() == Instant{});
    Actions actions;
    swarm.handle(Ticked{}, Instant{}, actions);
    auto const checks = all_of<CheckPiece>(actions);
    REQUIRE(checks.size() == 1);
    CHECK(checks[0].piece == 0);
    swarm.handle(BytesLost{{0, 1}}, Instant{}, actions);
    swarm.handle(PieceChecked{checks[0].check, true, {}}, Instant{}, actions);
    CHECK_FALSE(swarm.map().is_verified(0));
}

TEST_CASE("a working source is not given up for one that waits while there is room for both") {
    SwarmOptions options;
    options.connections_max = 2;
    Desk desk{64 * mib, options};
    auto const slow = desk.add(1);
    desk.feed(Ticked{});
    auto const asked = all_of<Ask>(desk.feed(Opened{slow}));
    desk.feed(BodyBegan{slow, asked.at(0).range.end});
    desk.add(2);
    for (int second = 0; second < 60; ++second) {
        desk.now += 1s;
        for (auto const& closed : all_of<Close>(desk.feed(BytesCame{slow, 100}))) CHECK(closed.link != slow);
        for (auto const& closed : all_of<Close>(desk.feed(Ticked{}))) CHECK(closed.link != slow);
    }
}

TEST_CASE("eight sources, two liars, one stalled, one with a byte a second, one that dies and two with parts") {
    constexpr std::uint64_t size = 200 * mib;
    std::vector<VirtualSource> sources(8);
    for (auto& source : sources) source.rate = 1e6;
    sources[0].lie = 1;
    sources[1].lie = 0.1;
    sources[2].silent.emplace_back(Instant{} + 5s, Instant::max());
    sources[3].rate = 1;
    sources[4].dies = Instant{} + 20s;
    sources[5].offered.emplace(ByteRange{0, 100 * mib});
    sources[6].offered.emplace(ByteRange{64 * mib, size});
    VirtualSwarm swarm{3, size, 128 * 1024, sources};
    auto const outcome = swarm.run(1h);
    CHECK(outcome.complete);
    CHECK_FALSE(outcome.believed_a_lie);
    CHECK(outcome.accused == std::set<std::size_t>{0, 1});
    CHECK(outcome.took < shortest_time(size, sources, 1h) * 11 / 10);
    CHECK(outcome.wasted_bytes < size / 100);
    CHECK(outcome.liar_bytes < size / 50);
}

}  // namespace praline::swarm::swarm_test
