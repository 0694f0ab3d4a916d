#include <catch2/catch.hpp>

#include "index/replica/limits.hpp"
#include "unit/index/replica/host.hpp"

namespace repair_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;
using namespace std::chrono_literals;

namespace {

constexpr Claim theirs{1, ServerId{60}};

/// Lets 50 begin a comparison with 60 and returns what it asked.
Digests asked_by(Host& host) {
    host.forget();
    host.pass(5s, {60});
    auto const asked = host.sent<Digests>(60);
    REQUIRE_FALSE(asked.empty());
    return asked.back();
}

}  // namespace

TEST_CASE("equal roots end a comparison after two messages") {
    Host host;
    host.start();
    host.meet(60);
    Digests const asked = asked_by(host);
    REQUIRE(asked.nodes.size() == 1);
    host.say(60, Digests{asked.round, asked.nodes});
    auto const view = host.core.members(host.now).at(0);
    REQUIRE(view.same);
    REQUIRE(view.differing == 0);
    REQUIRE(view.compared_ago == 0s);
}

TEST_CASE(
    "a server that never answers a comparison keeps nobody else from being compared, nor a young one from becoming "
    "complete") {
    Host host;
    host.start(member(60).endpoint);
    host.meet(60, 1, false, true);
    host.meet(70);
    std::size_t compared = 0;
    for (int seconds = 0; seconds < 60; ++seconds) {
        host.forget();
        host.pass(1s, {60, 70});
        for (Digests const& asked : host.sent<Digests>(70)) {
            host.say(70, Digests{asked.round, asked.nodes});
            ++compared;
        }
    }
    REQUIRE(compared >= 3);
    REQUIRE(host.core.members(host.now).at(1).same);
    REQUIRE(host.core.answers_alone());
}

TEST_CASE("a comparison nobody answers is given up, and tried again") {
    Host host;
    host.start();
    host.meet(60);
    host.pass(1s, {60});
    host.forget();
    host.pass(30s, {60});
    REQUIRE(host.core.counters().comparisons >= 5);
    REQUIRE_FALSE(host.core.members(host.now).at(0).same);
}

TEST_CASE("who is asked answers few publishers with their records, and the other learns what it lacks") {
    Host host;
    host.start();
    host.meet(60);
    host.sign_in(1, {60});
    host.feed(PublishWanted{publisher_id(1), change({}, {0, 1}, 1)});
    host.forget();
    host.say(60, Digests{42, {DigestNode{0, 0, 1, 5, 5}}});
    auto const records = host.sent<Records>(60);
    REQUIRE(records.size() == 1);
    REQUIRE(records[0].round == 42);
    REQUIRE_FALSE(records[0].answer);
    REQUIRE(records[0].records.at(0).record == *host.core.find(publisher_id(1)));
    REQUIRE(records[0].records.at(0).lease_left_ms == 60'000);
    REQUIRE(host.sent<Digests>(60).empty());
}

TEST_CASE("who is asked answers many publishers with the sixteen children of a node, and equal ones with themselves") {
    std::vector<Record> many;
    for (int number = 0; number < 200; ++number)
        many.push_back(record_of_one_file(static_cast<std::uint8_t>(number), theirs));
    Host host;
    host.start({}, many);
    host.meet(60);
    host.forget();
    host.say(60, Digests{42, {DigestNode{0, 0, 1, 5, 5}}});
    auto const answer = host.sent<Digests>(60).at(0);
    REQUIRE(answer.nodes.size() == digest_children);
    host.forget();
    host.say(60, Digests{43, {answer.nodes[3], DigestNode{1, 4, 1, 5, 5}}});
    REQUIRE(host.sent<Digests>(60).at(0).nodes.size() == 1);
    REQUIRE(host.sent<Records>(60).at(0).below.prefix == 4);
    REQUIRE(host.sent<Records>(60).at(0).records.size() == 16);
}

TEST_CASE("a list that another has is copied part by part, shown when it is whole, and living as long as there") {
    ReplicaOptions options;
    options.copy_entries = 2;
    Host host{50, options};
    host.start();
    host.meet(60);
    Record record{publisher(1), {0, 3}, {}, 3, theirs};
    for (std::uint8_t const file : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) record.digest.add(entry(file));
    host.forget();
    host.say(60, Records{1, {}, true, {{record, 60'000}}});
    REQUIRE(host.sent<CopyAsk>(60).at(0).from_start);
    CopyPart part{{record, 60'000}, true, {}, {entry(1), entry(2)}, false, false};
    host.say(60, part);
    REQUIRE(host.core.find(publisher_id(1)) == nullptr);
    REQUIRE(host.sent<CopyAsk>(60).at(1).after == entry(2).sha1);
    host.say(60, CopyPart{{record, 60'000}, false, entry(2).sha1, {entry(3)}, true, false});
    REQUIRE(*host.core.find(publisher_id(1)) == record);
    REQUIRE(host.disk.shown(publisher_id(1))->entries.size() == 3);
    REQUIRE(host.core.counters().copies == 1);
    REQUIRE(host.core.counters().copied_entries == 3);
}

TEST_CASE("a list with less than a quarter of its lease left is not taken") {
    for (std::uint32_t const left : {14'999U, 15'000U}) {
        Host host;
        host.start();
        host.meet(60);
        host.forget();
        host.say(60, Records{1, {}, true, {{record_of_one_file(1, {1, ServerId{99}}), left}}});
        REQUIRE(host.sent<CopyAsk>(60).size() == (left < 15'000 ? 0 : 1));
    }
}

TEST_CASE("a copy whose parts lie is thrown away, and nothing is shown") {
    Record const record = record_of_one_file(1, theirs);
    Record two = record;
    two.digest.add(entry(2));
    two.entries = 2;
    Record short_count = two;
    short_count.entries = 1;
    std::vector<CopyPart> const lies{
        {{record, 60'000}, true, {}, {entry(2)}, true, false},                 // another file than the digest says
        {{short_count, 60'000}, true, {}, {entry(1), entry(2)}, true, false},  // more than announced
        {{two, 60'000}, true, {}, {entry(2), entry(1)}, true, false},          // out of order
        {{record, 60'000}, true, {}, {}, false, false},                        // no end
        {{record, 60'000}, true, {}, {}, true, true},                          // it is gone
    };
    for (CopyPart const& lie : lies) {
        Host host;
        host.start();
        host.meet(60);
        host.say(60, Records{1, {}, true, {{record, 60'000}}});
        host.say(60, lie);
        REQUIRE(host.disk.shown(publisher_id(1)) == nullptr);
        REQUIRE(host.core.counters().copies == 0);
        REQUIRE(host.core.counters().copies_failed == 1);
    }
}

TEST_CASE("a list that changes while it is copied is begun again, a bounded number of times") {
    ReplicaOptions options;
    options.copy_entries = 1;
    Host host{50, options};
    host.start();
    host.meet(60);
    Record record = record_of_one_file(1, theirs);
    record.entries = 100;
    host.say(60, Records{1, {}, true, {{record, 60'000}}});
    int asked = 0;
    for (; asked < 100 && host.core.counters().copies_failed == 0; ++asked) {
        CopyAsk const ask = host.sent<CopyAsk>(60).back();
        ++record.version.number;
        host.say(60, CopyPart{{record, 60'000},
                              ask.from_start,
                              ask.after,
                              {entry(static_cast<std::uint8_t>(asked + 1))},
                              false,
                              false});
    }
    REQUIRE(asked <= 2 * 6);
}

TEST_CASE("the higher version wins the list and the higher claim wins the right to change it, each for itself") {
    Host host;
    host.start();
    host.meet(60);
    host.meet(70);
    host.say(60, Write{1, publisher(1), {3, ServerId{60}}, change({}, {0, 1}, 1)});
    host.say(60, Write{2, publisher(1), {3, ServerId{60}}, change({0, 1}, {0, 2}, 2)});
    Record older = record_of_one_file(1, {9, ServerId{70}});
    older.publisher.agent = "moved";
    host.forget();
    host.say(70, Records{1, {}, true, {{older, 60'000}}});
    REQUIRE(host.sent<CopyAsk>(70).empty());
    Record const now = *host.core.find(publisher_id(1));
    REQUIRE(now.version == Version{0, 2});
    REQUIRE(now.claim == Claim{9, ServerId{70}});
    REQUIRE(now.publisher.agent == "moved");
    REQUIRE(host.did<Adopt>().size() == 1);
}

TEST_CASE("the owner of a list that elsewhere has gone on without it begins it anew, above both") {
    Host host;
    host.start();
    host.meet(60);
    host.sign_in(1, {60});
    host.feed(PublishWanted{publisher_id(1), change({}, {0, 1}, 1)});
    host.forget();
    Record other = record_of_one_file(1, {1, ServerId{40}});
    other.version = {5, 3};
    host.say(60, Records{1, {}, true, {{other, 60'000}}});
    REQUIRE(host.did<SessionReady>().at(0).record.version == Version{6, 0});
    REQUIRE(host.core.find(publisher_id(1))->version == Version{6, 0});
    REQUIRE(host.sent<Write>(60).back().change.to == Version{6, 0});
}

TEST_CASE("parts of a list are given to another server as they are on disk") {
    ReplicaOptions options;
    options.copy_entries = 1;
    Host host{50, options};
    host.start();
    host.meet(60);
    host.sign_in(1, {60});
    host.feed(PublishWanted{publisher_id(1), Change{{}, {0, 1}, false, {}, {entry(1), entry(2)}}});
    host.forget();
    host.say(60, CopyAsk{publisher_id(1), {0, 1}, true, {}});
    host.say(60, CopyAsk{publisher_id(1), {0, 1}, false, entry(1).sha1});
    host.say(60, CopyAsk{publisher_id(2), {0, 1}, true, {}});
    auto const parts = host.sent<CopyPart>(60);
    REQUIRE(parts.at(0).entries == std::vector{entry(1)});
    REQUIRE_FALSE(parts.at(0).last);
    REQUIRE(parts.at(1).entries == std::vector{entry(2)});
    REQUIRE(parts.at(1).last);
    REQUIRE(parts.at(1).record.record == *host.core.find(publisher_id(1)));
    REQUIRE(parts.at(2).unknown);
}

TEST_CASE("writes that stay missing bring about a comparison long before one is due") {
    for (bool const missing : {false, true}) {
        ReplicaOptions options;
        options.repair_every = 1h;
        Host host{50, options};
        host.start();
        host.meet(60);
        host.pass(1s, {60});
        Digests const first = host.sent<Digests>(60).at(0);
        host.say(60, Digests{first.round, first.nodes});
        host.forget();
        for (std::uint64_t heartbeats = 0; heartbeats < 10; ++heartbeats) {
            host.pass(500ms);
            host.say(60, Heartbeat{1, missing ? 3U : 0U, 0});
        }
        REQUIRE(host.sent<Digests>(60).empty() != missing);
        REQUIRE(host.core.members(host.now).at(0).writes_missing == (missing ? 3 : 0));
    }
}

}  // namespace repair_test
