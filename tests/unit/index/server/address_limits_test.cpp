#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"

namespace address_limits_test {

/// What nodes of one address may do together, however many connections and keys they have.
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t crowded = 0x0A000001, quiet = 0x0A000002;

Search search(std::uint32_t request) {
    Search message;
    message.request = request;
    message.query.words = "song";
    return message;
}

Change adding(std::uint64_t from, std::size_t count) {
    Change made{{1, from}, {1, from + 1}, false, {}, {}};
    for (std::size_t i = 0; i < count; ++i) {
        auto entry = change(1, from).add.front();
        entry.sha1.bytes[1] = static_cast<std::uint8_t>(i);
        entry.sha1.bytes[2] = static_cast<std::uint8_t>(i >> 8);
        made.add.push_back(entry);
    }
    return made;
}

std::vector<PublisherId> published(FakeHost const& host) {
    std::vector<PublisherId> whose;
    for (auto const& event : host.told)
        if (auto const* const wanted = std::get_if<replica::PublishWanted>(&event)) whose.push_back(wanted->publisher);
    return whose;
}

}  // namespace

TEST_CASE("many links of one address search no faster than one address may, and other addresses are not concerned") {
    ServerLimits limits;
    limits.searches_per_second = 5;
    limits.searches_of_address_per_second = 10;
    limits.searches_refused_max = 3;
    SessionsFixture fixture{limits};
    std::vector<SessionId> links;
    for (int i = 0; i < 20; ++i) links.push_back(fixture.open(std::nullopt, crowded));
    for (std::uint32_t round = 1; round <= 20; ++round)
        for (auto const link : links) fixture.say(link, search(round));
    REQUIRE(fixture.host.searched.size() == 10 * burst_seconds);
    REQUIRE_THAT(fixture.refusal(links.back(), RefusalReason::too_fast), Catch::Contains("10.0.0.1"));
    REQUIRE(fixture.host.closed.empty());  // each by itself was slow enough
    auto const honest = fixture.open(std::nullopt, quiet);
    fixture.say(honest, search(1));
    REQUIRE(fixture.host.searched.size() == 10 * burst_seconds + 1);
    // Going and coming back does not help.
    for (auto const link : links) fixture.sessions.closed(link);
    auto const again = fixture.open(std::nullopt, crowded);
    fixture.say(again, search(1));
    REQUIRE_FALSE(fixture.refusal(again, RefusalReason::too_fast).empty());
    fixture.now += 1s;
    fixture.say(again, search(2));
    REQUIRE(fixture.host.searched.size() == 10 * burst_seconds + 2);
}

TEST_CASE("changes of one address are under way in turn, so many at once") {
    ServerLimits limits;
    limits.changes_of_address_max = 2;
    SessionsFixture fixture{limits};
    for (std::uint8_t node = 1; node <= 3; ++node) fixture.publisher(node, crowded);
    for (std::uint8_t node = 1; node <= 3; ++node)
        for (std::uint64_t i = 0; i < 3; ++i) fixture.say(SessionId{node}, Publish{change(1, i)});
    REQUIRE(published(fixture.host) == std::vector{key(1), key(1)});
    auto const elsewhere = fixture.publisher(9, quiet);
    fixture.say(elsewhere, Publish{change(1, 0)});
    REQUIRE(published(fixture.host).back() == key(9));
    fixture.sessions.on(replica::Replicated{key(1), {1, 1}, {}, 1, 1}, fixture.now);
    fixture.sessions.on(replica::Replicated{key(1), {1, 2}, {}, 1, 1}, fixture.now);
    REQUIRE(published(fixture.host) ==
            std::vector{key(1), key(1), key(9), key(1), key(2)});  // the first waited first, then the second
    // One that goes, with changes under way, leaves its places to the others.
    fixture.sessions.closed(SessionId{2});
    fixture.now += 1s;
    fixture.sessions.tick(fixture.now);
    REQUIRE(published(fixture.host).size() == 6);
    for (int i = 0; i < 10; ++i)
        for (std::uint8_t node = 1; node <= 3; ++node)
            fixture.sessions.on(replica::Replicated{key(node), {1, 3}, {}, 1, 1}, fixture.now);
    REQUIRE(published(fixture.host).size() ==
            3 + 1 + 3 + 1);  // all of the first, one of the second, all of the third, the one elsewhere
}

TEST_CASE("nodes of one address together list so many files, whichever key each has") {
    ServerLimits limits;
    limits.address_entries_max = 1000;
    SessionsFixture fixture{limits};
    auto const first = fixture.publisher(1, crowded);
    fixture.say(first, Publish{adding(0, 600)});
    REQUIRE_FALSE(fixture.host.has_closed(first));
    auto const second = fixture.publisher(2, crowded);
    fixture.say(second, Publish{adding(0, 600)});  // the first one's are on their way still
    REQUIRE_THAT(fixture.refusal(second, RefusalReason::too_many_entries),
                 Catch::Contains("10.0.0.1") && Catch::Contains("1000"));
    REQUIRE(fixture.host.has_closed(second));
    // On disk they count once, and stay when the node has gone.
    fixture.host.listed.note(key(1), Address::v4(crowded), 600);
    fixture.sessions.kept(key(1), {1, 1});
    auto const third = fixture.publisher(3, crowded);
    fixture.say(third, Publish{adding(0, 400)});
    REQUIRE_FALSE(fixture.host.has_closed(third));
    fixture.sessions.closed(first);
    auto const fourth = fixture.publisher(4, crowded);
    fixture.say(fourth, Publish{adding(0, 1)});
    REQUIRE(fixture.host.has_closed(fourth));
    auto const elsewhere = fixture.publisher(5, quiet);
    fixture.say(elsewhere, Publish{adding(0, 1000)});
    REQUIRE_FALSE(fixture.host.has_closed(elsewhere));
}

TEST_CASE("a full list may be replaced, shortened and begun anew") {
    ServerLimits limits;
    limits.address_entries_max = 1000;
    SessionsFixture fixture{limits};
    fixture.host.listed.note(key(1), Address::v4(crowded), 1000);
    auto const node = fixture.publisher(1, crowded);
    auto swap = adding(0, 1);
    swap.remove.push_back(swap.add.front().sha1);
    swap.remove.front().bytes[5] = 1;
    fixture.say(node, Publish{swap});
    REQUIRE_FALSE(fixture.host.has_closed(node));
    auto anew = adding(1, 900);
    anew.to = {2, 1};
    anew.reset = true;
    fixture.say(node, Publish{anew});
    REQUIRE_FALSE(fixture.host.has_closed(node));
    auto more = adding(0, 100);
    more.from = {2, 1}, more.to = {2, 2};
    fixture.say(node, Publish{more});
    REQUIRE_FALSE(fixture.host.has_closed(node));
    more = adding(1, 1);
    more.from = {2, 2}, more.to = {2, 3};
    fixture.say(node, Publish{more});
    REQUIRE_FALSE(fixture.refusal(node, RefusalReason::too_many_entries).empty());
}

TEST_CASE("the group's list and the server's disk have a limit, and the refusal says which") {
    ServerLimits limits;
    limits.entries_max = 100;
    limits.disk_bytes_max = 1 << 20;
    SessionsFixture fixture{limits};
    fixture.host.listed.note(key(9), Address::v4(quiet), 95);
    auto const first = fixture.publisher(1);
    fixture.say(first, Publish{adding(0, 6)});
    REQUIRE_THAT(fixture.refusal(first, RefusalReason::too_many_entries), Catch::Contains("100 files"));
    auto const second = fixture.publisher(2);
    fixture.say(second, Publish{adding(0, 4)});
    REQUIRE_FALSE(fixture.host.has_closed(second));
    fixture.host.disk_used = (1 << 20) + 1;
    fixture.say(second, Publish{change(1, 1)});
    REQUIRE_THAT(fixture.refusal(second, RefusalReason::too_many_entries), Catch::Contains("1 MiB of disk"));
}

}  // namespace address_limits_test
