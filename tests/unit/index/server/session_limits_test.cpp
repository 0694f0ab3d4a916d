#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"

namespace session_limits_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

namespace {

Query words(std::string text) {
    Query query;
    query.words = std::move(text);
    return query;
}

}  // namespace

TEST_CASE("signing in needs a certificate, a protocol that is not older, and room") {
    SessionsFixture fixture;
    auto const nameless = fixture.open(std::nullopt);
    fixture.say(nameless, SignIn{});
    REQUIRE_THAT(fixture.refusal(nameless, RefusalReason::not_signed_in), Catch::Contains("certificate"));
    REQUIRE(fixture.host.has_closed(nameless));

    auto const old = fixture.open(key(1));
    SignIn sign_in;
    sign_in.protocol = 0;
    fixture.say(old, sign_in);
    REQUIRE_THAT(fixture.refusal(old, RefusalReason::protocol_too_old), Catch::Contains("version 0"));

    fixture.host.room = false;
    auto const many = fixture.open(key(2));
    fixture.say(many, SignIn{});
    REQUIRE_FALSE(fixture.refusal(many, RefusalReason::too_many_publishers).empty());

    fixture.host.room = true;
    fixture.host.disk = "The disk is full.";
    auto const full = fixture.open(key(3));
    fixture.say(full, SignIn{});
    REQUIRE_THAT(fixture.refusal(full, RefusalReason::busy), Catch::Contains("The disk is full."));
    REQUIRE(fixture.sessions.size() == 0);
    REQUIRE(fixture.host.told.empty());
}

TEST_CASE("only so many publishers of one address, and a place that becomes free is free") {
    ServerLimits limits;
    limits.publishers_of_address_max = 2;
    SessionsFixture fixture{limits};
    auto const first = fixture.publisher(1);
    fixture.publisher(2);
    auto const third = fixture.open(key(3));
    fixture.say(third, SignIn{});
    REQUIRE_THAT(fixture.refusal(third, RefusalReason::too_many_from_address), Catch::Contains("127.0.0.1"));
    auto const elsewhere = fixture.publisher(4, 0x0A000001);
    REQUIRE_FALSE(fixture.host.has_closed(elsewhere));
    fixture.sessions.closed(first);
    auto const fourth = fixture.publisher(5);
    REQUIRE_FALSE(fixture.host.has_closed(fourth));
}

TEST_CASE("over the number of sessions a node is told that the server is busy") {
    ServerLimits limits;
    limits.sessions_max = 1;
    SessionsFixture fixture{limits};
    fixture.open(key(1));
    auto const second = fixture.open(key(2));
    REQUIRE_FALSE(fixture.refusal(second, RefusalReason::busy).empty());
    REQUIRE(fixture.host.has_closed(second));
    REQUIRE(fixture.sessions.size() == 1);
}

TEST_CASE("a publisher that is too fast waits, and one that floods is cut off") {
    ServerLimits limits;
    limits.changes_per_second = 1;
    limits.changes_under_way_max = 100;
    limits.changes_waiting_max = 3;
    SessionsFixture fixture{limits};
    auto const node = fixture.publisher(1);
    for (std::uint64_t i = 0; i < burst_seconds + 3; ++i) fixture.say(node, Publish{change(1, i)});
    REQUIRE(fixture.host.told_of<replica::PublishWanted>() == burst_seconds);
    REQUIRE_FALSE(fixture.host.has_closed(node));
    // A second later one more may go.
    REQUIRE(fixture.sessions.next_deadline().value() <= fixture.now + 1s);
    fixture.now += 1s;
    fixture.sessions.tick(fixture.now);
    REQUIRE(fixture.host.told_of<replica::PublishWanted>() == burst_seconds + 1);
    fixture.say(node, Publish{change(1, 90)});
    fixture.say(node, Publish{change(1, 91)});
    REQUIRE_FALSE(fixture.refusal(node, RefusalReason::too_fast).empty());
    REQUIRE(fixture.host.has_closed(node));
}

TEST_CASE("changes that wait for other servers are bounded, in number and in bytes") {
    ServerLimits limits;
    limits.changes_under_way_max = 2;
    limits.changes_bytes_max = 1000;
    SessionsFixture fixture{limits};
    auto const node = fixture.publisher(1);
    for (std::uint64_t i = 0; i < 3; ++i) fixture.say(node, Publish{change(1, i)}, 300);
    REQUIRE(fixture.host.told_of<replica::PublishWanted>() == 2);
    fixture.sessions.on(replica::Replicated{key(1), {1, 1}, {}, 1, 1}, fixture.now);
    REQUIRE(fixture.host.told_of<replica::PublishWanted>() == 3);
    fixture.say(node, Publish{change(1, 3)}, 300);
    REQUIRE_FALSE(fixture.host.has_closed(node));
    fixture.say(node, Publish{change(1, 4)}, 300);
    REQUIRE_FALSE(fixture.refusal(node, RefusalReason::busy).empty());
    // What it held is free again for others.
    auto const other = fixture.publisher(2);
    fixture.say(other, Publish{change(1, 0)}, 1000);
    REQUIRE_FALSE(fixture.host.has_closed(other));
}

TEST_CASE("lies about a file's size and versions that cannot be end the link") {
    for (auto const& lie : {change(1, 0, 0), change(1, 0, (1ULL << 50) + 1), change(0xFFFFFFFF, 0)}) {
        SessionsFixture fixture;
        auto const node = fixture.publisher(1);
        fixture.say(node, Publish{lie});
        REQUIRE_FALSE(fixture.refusal(node, RefusalReason::bad_entry).empty());
        REQUIRE(fixture.host.has_closed(node));
        REQUIRE(fixture.host.told_of<replica::PublishWanted>() == 0);
    }
}

TEST_CASE("more entries than one publisher may have are refused with the number") {
    SessionsFixture fixture;
    auto const node = fixture.publisher(1);
    fixture.sessions.on(replica::ChangeRefused{key(1), {}, true}, fixture.now);
    REQUIRE_THAT(fixture.refusal(node, RefusalReason::too_many_entries), Catch::Contains("2000000"));
    REQUIRE(fixture.host.has_closed(node));
}

TEST_CASE("too many searches are refused one by one, and who does not stop is cut off") {
    ServerLimits limits;
    limits.searches_per_second = 2;
    limits.searches_refused_max = 3;
    SessionsFixture fixture{limits};
    auto const node = fixture.open(std::nullopt);
    for (std::uint32_t i = 1; i <= 20; ++i) fixture.say(node, Search{i, words("song")});
    REQUIRE(fixture.host.searched.size() == 20);
    fixture.say(node, Search{21, words("song")});
    REQUIRE(fixture.host.last<Refused>(node)->request == 21);
    REQUIRE(fixture.host.last<Refused>(node)->reason == RefusalReason::too_fast);
    REQUIRE_FALSE(fixture.host.has_closed(node));
    fixture.now += 500ms;
    fixture.say(node, Search{22, words("song")});
    REQUIRE(fixture.host.searched.back() == 22);
    for (std::uint32_t i = 23; i < 26; ++i) fixture.say(node, Search{i, words("song")});
    REQUIRE(fixture.host.last<Refused>(node)->request == 0);
    REQUIRE(fixture.host.has_closed(node));
}

TEST_CASE("a search that finds no reader free, or looks for nothing, is refused alone") {
    SessionsFixture fixture;
    auto const node = fixture.open(std::nullopt);
    fixture.say(node, Search{1, Query{}});
    REQUIRE(fixture.host.last<Refused>(node)->reason == RefusalReason::search_failed);
    fixture.host.searches_full = true;
    fixture.say(node, Search{2, words("song")});
    REQUIRE(fixture.host.last<Refused>(node)->reason == RefusalReason::busy);
    REQUIRE(fixture.host.last<Refused>(node)->request == 2);
    REQUIRE_FALSE(fixture.host.has_closed(node));
}

TEST_CASE("too many pings, and signing in and out again and again, end the link") {
    SessionsFixture fixture;
    auto const pinger = fixture.open(std::nullopt);
    for (std::uint64_t i = 0; i <= 100; ++i) fixture.say(pinger, Ping{i});
    REQUIRE_FALSE(fixture.refusal(pinger, RefusalReason::too_fast).empty());
    auto const waverer = fixture.open(key(1));
    for (int i = 0; i <= 100 && !fixture.host.has_closed(waverer); ++i) {
        fixture.say(waverer, SignIn{});
        fixture.say(waverer, SignOut{});
    }
    REQUIRE_FALSE(fixture.refusal(waverer, RefusalReason::too_fast).empty());
}

TEST_CASE("a message that is none ends the link, or the second one if one is forgiven") {
    SessionsFixture strict;
    auto const node = strict.publisher(1);
    strict.sessions.arrived(node, WireError::bad_length, 10, strict.now);
    REQUIRE_FALSE(strict.refusal(node, RefusalReason::bad_message).empty());
    REQUIRE(strict.host.told_of<replica::SessionClosed>() == 1);

    ServerLimits limits;
    limits.bad_messages_max = 2;
    SessionsFixture patient{limits};
    auto const other = patient.publisher(1);
    patient.sessions.arrived(other, WireError::bad_length, 10, patient.now);
    REQUIRE_FALSE(patient.host.has_closed(other));
    patient.sessions.arrived(other, WireError::unknown_type, 10, patient.now);
    REQUIRE(patient.host.has_closed(other));
}

TEST_CASE("publishing before one is signed in, or before the welcome, is refused") {
    SessionsFixture fixture;
    auto const stranger = fixture.open(key(1));
    fixture.say(stranger, Publish{change(1, 0)});
    REQUIRE_FALSE(fixture.refusal(stranger, RefusalReason::not_signed_in).empty());
    auto const hasty = fixture.open(key(2));
    fixture.say(hasty, SignIn{});
    fixture.say(hasty, Publish{change(1, 0)});
    REQUIRE_FALSE(fixture.refusal(hasty, RefusalReason::bad_message).empty());
}

TEST_CASE("a change that the disk refuses sends its publisher elsewhere") {
    SessionsFixture fixture;
    auto const node = fixture.publisher(1);
    fixture.say(node, Publish{change(1, 0)});
    fixture.sessions.not_kept(key(1), "The disk is full.");
    REQUIRE_THAT(fixture.refusal(node, RefusalReason::busy), Catch::Contains("The disk is full."));
    REQUIRE(fixture.host.has_closed(node));
}

TEST_CASE("every refusal is counted by its reason") {
    SessionsFixture fixture;
    fixture.say(fixture.open(std::nullopt), SignIn{});
    std::uint64_t all = 0;
    for (auto const& [name, value] : fixture.sessions.counters()) {
        all += value;
        if (name == "refused_not_signed_in") REQUIRE(value == 1);
    }
    REQUIRE(all == 1);
}

}  // namespace session_limits_test
