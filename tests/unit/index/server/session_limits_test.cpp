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
    Hall hall;
    auto const nameless = hall.open(std::nullopt);
    hall.say(nameless, SignIn{});
    REQUIRE_THAT(hall.refusal(nameless, RefusalReason::not_signed_in), Catch::Contains("certificate"));
    REQUIRE(hall.host.has_closed(nameless));

    auto const old = hall.open(key(1));
    SignIn sign_in;
    sign_in.protocol = 0;
    hall.say(old, sign_in);
    REQUIRE_THAT(hall.refusal(old, RefusalReason::protocol_too_old), Catch::Contains("version 0"));

    hall.host.room = false;
    auto const many = hall.open(key(2));
    hall.say(many, SignIn{});
    REQUIRE_FALSE(hall.refusal(many, RefusalReason::too_many_publishers).empty());

    hall.host.room = true;
    hall.host.disk = "The disk is full.";
    auto const full = hall.open(key(3));
    hall.say(full, SignIn{});
    REQUIRE_THAT(hall.refusal(full, RefusalReason::busy), Catch::Contains("The disk is full."));
    REQUIRE(hall.sessions.size() == 0);
    REQUIRE(hall.host.told.empty());
}

TEST_CASE("only so many publishers of one address, and a place that becomes free is free") {
    ServerLimits limits;
    limits.publishers_of_address_max = 2;
    Hall hall{limits};
    auto const first = hall.publisher(1);
    hall.publisher(2);
    auto const third = hall.open(key(3));
    hall.say(third, SignIn{});
    REQUIRE_THAT(hall.refusal(third, RefusalReason::too_many_from_address), Catch::Contains("127.0.0.1"));
    auto const elsewhere = hall.publisher(4, 0x0A000001);
    REQUIRE_FALSE(hall.host.has_closed(elsewhere));
    hall.sessions.closed(first);
    auto const fourth = hall.publisher(5);
    REQUIRE_FALSE(hall.host.has_closed(fourth));
}

TEST_CASE("over the number of sessions a node is told that the server is busy") {
    ServerLimits limits;
    limits.sessions_max = 1;
    Hall hall{limits};
    hall.open(key(1));
    auto const second = hall.open(key(2));
    REQUIRE_FALSE(hall.refusal(second, RefusalReason::busy).empty());
    REQUIRE(hall.host.has_closed(second));
    REQUIRE(hall.sessions.size() == 1);
}

TEST_CASE("a publisher that is too fast waits, and one that floods is cut off") {
    ServerLimits limits;
    limits.changes_per_second = 1;
    limits.changes_under_way_max = 100;
    limits.changes_waiting_max = 3;
    Hall hall{limits};
    auto const node = hall.publisher(1);
    for (std::uint64_t i = 0; i < burst_seconds + 3; ++i) hall.say(node, Publish{change(1, i)});
    REQUIRE(hall.host.told_of<replica::PublishWanted>() == burst_seconds);
    REQUIRE_FALSE(hall.host.has_closed(node));
    // A second later one more may go.
    REQUIRE(hall.sessions.next_deadline().value() <= hall.now + 1s);
    hall.now += 1s;
    hall.sessions.tick(hall.now);
    REQUIRE(hall.host.told_of<replica::PublishWanted>() == burst_seconds + 1);
    hall.say(node, Publish{change(1, 90)});
    hall.say(node, Publish{change(1, 91)});
    REQUIRE_FALSE(hall.refusal(node, RefusalReason::too_fast).empty());
    REQUIRE(hall.host.has_closed(node));
}

TEST_CASE("changes that wait for other servers are bounded, in number and in bytes") {
    ServerLimits limits;
    limits.changes_under_way_max = 2;
    limits.changes_bytes_max = 1000;
    Hall hall{limits};
    auto const node = hall.publisher(1);
    for (std::uint64_t i = 0; i < 3; ++i) hall.say(node, Publish{change(1, i)}, 300);
    REQUIRE(hall.host.told_of<replica::PublishWanted>() == 2);
    hall.sessions.on(replica::Replicated{key(1), {1, 1}, {}, 1, 1}, hall.now);
    REQUIRE(hall.host.told_of<replica::PublishWanted>() == 3);
    hall.say(node, Publish{change(1, 3)}, 300);
    REQUIRE_FALSE(hall.host.has_closed(node));
    hall.say(node, Publish{change(1, 4)}, 300);
    REQUIRE_FALSE(hall.refusal(node, RefusalReason::busy).empty());
    // What it held is free again for others.
    auto const other = hall.publisher(2);
    hall.say(other, Publish{change(1, 0)}, 1000);
    REQUIRE_FALSE(hall.host.has_closed(other));
}

TEST_CASE("lies about a file's size and versions that cannot be end the link") {
    for (auto const& lie : {change(1, 0, 0), change(1, 0, (1ULL << 50) + 1), change(0xFFFFFFFF, 0)}) {
        Hall hall;
        auto const node = hall.publisher(1);
        hall.say(node, Publish{lie});
        REQUIRE_FALSE(hall.refusal(node, RefusalReason::bad_entry).empty());
        REQUIRE(hall.host.has_closed(node));
        REQUIRE(hall.host.told_of<replica::PublishWanted>() == 0);
    }
}

TEST_CASE("more entries than one publisher may have are refused with the number") {
    Hall hall;
    auto const node = hall.publisher(1);
    hall.sessions.on(replica::ChangeRefused{key(1), {}, true}, hall.now);
    REQUIRE_THAT(hall.refusal(node, RefusalReason::too_many_entries), Catch::Contains("2000000"));
    REQUIRE(hall.host.has_closed(node));
}

TEST_CASE("too many searches are refused one by one, and who does not stop is cut off") {
    ServerLimits limits;
    limits.searches_per_second = 2;
    limits.searches_refused_max = 3;
    Hall hall{limits};
    auto const node = hall.open(std::nullopt);
    for (std::uint32_t i = 1; i <= 20; ++i) hall.say(node, Search{i, words("song")});
    REQUIRE(hall.host.searched.size() == 20);
    hall.say(node, Search{21, words("song")});
    REQUIRE(hall.host.last<Refused>(node)->request == 21);
    REQUIRE(hall.host.last<Refused>(node)->reason == RefusalReason::too_fast);
    REQUIRE_FALSE(hall.host.has_closed(node));
    hall.now += 500ms;
    hall.say(node, Search{22, words("song")});
    REQUIRE(hall.host.searched.back() == 22);
    for (std::uint32_t i = 23; i < 26; ++i) hall.say(node, Search{i, words("song")});
    REQUIRE(hall.host.last<Refused>(node)->request == 0);
    REQUIRE(hall.host.has_closed(node));
}

TEST_CASE("a search that finds no reader free, or looks for nothing, is refused alone") {
    Hall hall;
    auto const node = hall.open(std::nullopt);
    hall.say(node, Search{1, Query{}});
    REQUIRE(hall.host.last<Refused>(node)->reason == RefusalReason::search_failed);
    hall.host.searches_full = true;
    hall.say(node, Search{2, words("song")});
    REQUIRE(hall.host.last<Refused>(node)->reason == RefusalReason::busy);
    REQUIRE(hall.host.last<Refused>(node)->request == 2);
    REQUIRE_FALSE(hall.host.has_closed(node));
}

TEST_CASE("too many pings, and signing in and out again and again, end the link") {
    Hall hall;
    auto const pinger = hall.open(std::nullopt);
    for (std::uint64_t i = 0; i <= 100; ++i) hall.say(pinger, Ping{i});
    REQUIRE_FALSE(hall.refusal(pinger, RefusalReason::too_fast).empty());
    auto const waverer = hall.open(key(1));
    for (int i = 0; i <= 100 && !hall.host.has_closed(waverer); ++i) {
        hall.say(waverer, SignIn{});
        hall.say(waverer, SignOut{});
    }
    REQUIRE_FALSE(hall.refusal(waverer, RefusalReason::too_fast).empty());
}

TEST_CASE("a message that is none ends the link, or the second one if one is forgiven") {
    Hall strict;
    auto const node = strict.publisher(1);
    strict.sessions.arrived(node, WireError::bad_length, 10, strict.now);
    REQUIRE_FALSE(strict.refusal(node, RefusalReason::bad_message).empty());
    REQUIRE(strict.host.told_of<replica::SessionClosed>() == 1);

    ServerLimits limits;
    limits.bad_messages_max = 2;
    Hall patient{limits};
    auto const other = patient.publisher(1);
    patient.sessions.arrived(other, WireError::bad_length, 10, patient.now);
    REQUIRE_FALSE(patient.host.has_closed(other));
    patient.sessions.arrived(other, WireError::unknown_type, 10, patient.now);
    REQUIRE(patient.host.has_closed(other));
}

TEST_CASE("publishing before one is signed in, or before the welcome, is refused") {
    Hall hall;
    auto const stranger = hall.open(key(1));
    hall.say(stranger, Publish{change(1, 0)});
    REQUIRE_FALSE(hall.refusal(stranger, RefusalReason::not_signed_in).empty());
    auto const hasty = hall.open(key(2));
    hall.say(hasty, SignIn{});
    hall.say(hasty, Publish{change(1, 0)});
    REQUIRE_FALSE(hall.refusal(hasty, RefusalReason::bad_message).empty());
}

TEST_CASE("a change that the disk refuses sends its publisher elsewhere") {
    Hall hall;
    auto const node = hall.publisher(1);
    hall.say(node, Publish{change(1, 0)});
    hall.sessions.not_kept(key(1), "The disk is full.");
    REQUIRE_THAT(hall.refusal(node, RefusalReason::busy), Catch::Contains("The disk is full."));
    REQUIRE(hall.host.has_closed(node));
}

TEST_CASE("every refusal is counted by its reason") {
    Hall hall;
    hall.say(hall.open(std::nullopt), SignIn{});
    std::uint64_t all = 0;
    for (auto const& [name, value] : hall.sessions.counters()) {
        all += value;
        if (name == "refused_not_signed_in") REQUIRE(value == 1);
    }
    REQUIRE(all == 1);
}

}  // namespace session_limits_test
