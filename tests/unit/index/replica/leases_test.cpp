#include <catch2/catch.hpp>

#include "index/replica/limits.hpp"
#include "unit/index/replica/host.hpp"

namespace leases_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;
using namespace std::chrono_literals;

namespace {

constexpr Claim theirs{1, ServerId{60}};

/// 50, which has been given one publisher's list by 60, its owner.
Host with_list_of_60() {
    Host host;
    host.start();
    host.meet(60);
    host.meet(70);
    host.say(60, Write{1, publisher(1), theirs, change({}, {0, 1}, 1)});
    host.forget();
    return host;
}

}  // namespace

TEST_CASE("a list lives while its owner is heard, and is hidden when that server has been silent for a lease") {
    Host host = with_list_of_60();
    host.pass(5min, {60, 70});
    REQUIRE(host.core.find(publisher_id(1)) != nullptr);
    host.pass(59s, {70});
    REQUIRE(host.did<Hide>().empty());
    host.pass(2s, {70});
    REQUIRE(host.did<Hide>().at(0).version == Version{0, 1});
    REQUIRE_FALSE(host.did<Hide>().at(0).forget);
    REQUIRE(host.core.find(publisher_id(1)) == nullptr);
    REQUIRE(host.core.publishers() == 0);
}

TEST_CASE("an owner that was started again does not renew what it owned before") {
    Host host = with_list_of_60();
    host.meet(60, 2);
    for (int heartbeats = 0; heartbeats < 130; ++heartbeats) {
        host.pass(500ms, {70});
        host.say(60, Heartbeat{2, 0, 0}, 2);
    }
    REQUIRE(host.did<Hide>().size() == 1);
}

TEST_CASE("a hidden list keeps its version: what is older is not shown again, and it is forgotten in the end") {
    Host host = with_list_of_60();
    host.say(60, Write{2, publisher(1), theirs, change({0, 1}, {0, 2}, 2)});
    host.pass(61s, {70});
    REQUIRE(host.did<Hide>().size() == 1);
    host.forget();
    host.say(70, Records{1, {}, true, {{record_of_one_file(1, theirs), 60'000}}});
    host.say(70, Write{1, publisher(1), {2, ServerId{70}}, change({}, {0, 1}, 1)});
    REQUIRE(host.sent<CopyAsk>(70).empty());
    REQUIRE(host.core.find(publisher_id(1)) == nullptr);
    host.pass(241s, {70});
    REQUIRE(host.did<Hide>().at(0).forget);
}

TEST_CASE("a change to a hidden list is not applied to nothing: the whole list is copied from its new owner") {
    Host host = with_list_of_60();
    host.pass(61s, {70});
    host.forget();
    host.say(70, Write{1, publisher(1), {2, ServerId{70}}, change({0, 1}, {0, 2}, 2)});
    REQUIRE(host.sent<WriteAck>(70).at(0).outcome == WriteOutcome::behind);
    REQUIRE(host.sent<CopyAsk>(70).size() == 1);
    REQUIRE(host.did<Apply>().empty());
}

TEST_CASE("a list whose publisher is gone for a lease is taken away everywhere; one that said goodbye, at once") {
    Host host;
    host.start();
    host.meet(60);
    for (std::uint8_t const number : {std::uint8_t{1}, std::uint8_t{2}}) {
        host.sign_in(number, {60});
        host.feed(PublishWanted{publisher_id(number), change({}, {0, 1}, 1)});
    }
    host.forget();
    host.feed(SessionEnded{publisher_id(1)});
    REQUIRE(host.sent<Write>(60).at(0).change.to == Version{1, 0});
    REQUIRE(host.core.find(publisher_id(1))->entries == 0);
    host.feed(SessionClosed{publisher_id(2)});
    host.pass(59s, {60});
    REQUIRE(host.sent<Write>(60).size() == 1);
    host.pass(2s, {60});
    REQUIRE(host.sent<Write>(60).size() == 2);
    REQUIRE(host.sent<Write>(60).at(1).publisher.id == publisher_id(2));
}

TEST_CASE("a publisher that comes back within its lease keeps its list") {
    Host host;
    host.start();
    host.meet(60);
    host.sign_in(1, {60});
    host.feed(PublishWanted{publisher_id(1), change({}, {0, 1}, 1)});
    host.feed(SessionClosed{publisher_id(1)});
    host.pass(50s, {60});
    host.forget();
    host.sign_in(1, {60});
    host.pass(50s, {60});
    REQUIRE(host.core.find(publisher_id(1))->version == Version{0, 1});
    REQUIRE(host.did<SessionReady>().at(0).record.entries == 1);
}

TEST_CASE("a server that is cut off hides what it owned, and takes it away everywhere when others still show it") {
    Host host;
    host.start();
    host.meet(60);
    host.sign_in(1, {60});
    host.feed(PublishWanted{publisher_id(1), change({}, {0, 1}, 1)});
    Claim const claim = host.core.find(publisher_id(1))->claim;
    host.feed(SessionClosed{publisher_id(1)});
    host.forget();
    host.pass(61s);
    REQUIRE(host.did<Hide>().size() == 1);
    REQUIRE(host.did<Apply>().empty());
    host.meet(60);
    host.say(60, Records{1, {}, true, {{record_of_one_file(1, claim), 60'000}}});
    REQUIRE(host.sent<Write>(60).at(0).change.to == Version{1, 0});
}

TEST_CASE("a list that was taken away is remembered for four leases, and compared for three of them") {
    Host host = with_list_of_60();
    host.say(60, Write{2, publisher(1), theirs, Change{{0, 1}, {1, 0}, true, {}, {}}});
    host.pass(179s, {60, 70});
    REQUIRE(host.core.publishers() == 1);
    host.pass(2s, {60, 70});
    REQUIRE(host.core.publishers() == 0);
    REQUIRE(host.core.find(publisher_id(1)) != nullptr);
    host.forget();
    host.say(70, Records{1, {}, true, {{record_of_one_file(1, theirs), 60'000}}});
    REQUIRE(host.sent<CopyAsk>(70).empty());
    REQUIRE(host.sent<Records>(70).at(0).records.at(0).record.version == Version{1, 0});
    host.pass(60s, {60, 70});
    REQUIRE(host.did<Hide>().at(0).forget);
    REQUIRE(host.core.find(publisher_id(1)) == nullptr);
}

TEST_CASE("what was restored from disk goes with a lease unless its owner has it too") {
    for (bool const owner_has_it : {false, true}) {
        Host host;
        Record const record = record_of_one_file(1, theirs);
        host.start({}, {record}, {member(60)});
        host.meet(60);
        if (owner_has_it) host.say(60, Records{1, {}, true, {{record, 60'000}}});
        host.pass(61s, {60});
        REQUIRE((host.core.find(publisher_id(1)) != nullptr) == owner_has_it);
    }
}

TEST_CASE("a server that was suspended does not believe that all the others were silent") {
    Host host = with_list_of_60();
    host.pass(5s, {60, 70});
    host.now += 10min;
    host.feed(Tick{});
    REQUIRE_FALSE(host.core.members(host.now).at(0).suspected);
    host.pass(30s, {60, 70});
    REQUIRE(host.did<Hide>().empty());
    REQUIRE(host.did<CloseLink>().empty());
}

TEST_CASE("more leases than end in one tick do not keep a host busy that has just woken up") {
    Host host;
    host.start();
    host.meet(60);
    for (std::size_t number = 0; number < expiries_each_tick_max + 10; ++number) {
        PublisherId id;
        id.bytes[0] = static_cast<std::uint8_t>(number);
        id.bytes[1] = static_cast<std::uint8_t>(number >> 8);
        host.say(60, Acquire{id, {1, ServerId{60}}});
    }
    host.pass(ReplicaOptions{}.tombstone, {60});
    REQUIRE(*host.core.next_deadline() == host.now);  // some are left
    host.now += 1h;
    host.feed(Tick{});
    REQUIRE(*host.core.next_deadline() > host.now);
}

TEST_CASE("an owner has as much time to be heard again after a sleep as it had before") {
    Host host = with_list_of_60();
    host.now += 10min;
    host.feed(Tick{});
    host.pass(50s, {70});
    REQUIRE(host.did<Hide>().empty());
    host.pass(11s, {70});
    REQUIRE(host.did<Hide>().size() == 1);
}

TEST_CASE("what the catalogue answers late does not bring back what was hidden meanwhile") {
    Host host = with_list_of_60();
    host.disk_answers = false;
    host.say(60, Write{2, publisher(1), theirs, change({0, 1}, {0, 2}, 2)});
    host.pass(61s, {70});
    REQUIRE(host.did<Hide>().size() == 1);
    Record late = record_of_one_file(1, theirs);
    late.version = {0, 2};
    host.feed(Applied{host.did<Apply>().at(0).ticket, late, true, false});
    REQUIRE(host.core.find(publisher_id(1)) == nullptr);
    REQUIRE(host.core.publishers() == 0);
}

TEST_CASE("a list that was hidden when a server ended is hidden when it starts again") {
    Record hidden = record_of_one_file(1, theirs);
    hidden.digest = {};
    hidden.entries = 0;
    Host host;
    host.start({}, {hidden}, {member(60)});
    host.meet(60);
    REQUIRE(host.core.find(publisher_id(1)) == nullptr);
    host.say(60, Write{1, publisher(1), theirs, change({0, 1}, {0, 2}, 2)});
    REQUIRE(host.sent<WriteAck>(60).at(0).outcome == WriteOutcome::behind);
}

TEST_CASE("what a server owned before it was suspended is not taken away before it has heard who claims it now") {
    Host host;
    host.start();
    host.meet(60);
    host.sign_in(1, {60});
    host.feed(PublishWanted{publisher_id(1), change({}, {0, 1}, 1)});
    host.feed(SessionClosed{publisher_id(1)});
    host.pass(30s, {60});
    host.forget();
    host.now += 10min;
    host.feed(Tick{});
    host.pass(3s, {60});
    REQUIRE(host.did<Apply>().empty());
    Record moved = record_of_one_file(1, {9, ServerId{60}});
    host.say(60, Records{1, {}, true, {{moved, 60'000}}});
    host.pass(10min, {60});
    REQUIRE(host.did<Apply>().empty());
    REQUIRE(host.core.find(publisher_id(1))->claim.owner == ServerId{60});
}

TEST_CASE("what was restored from disk is not given to others as alive") {
    Host host;
    host.start({}, {record_of_one_file(1, theirs)});
    host.meet(70);
    host.forget();
    host.say(70, Digests{42, {DigestNode{0, 0, 1, 5, 5}}});
    REQUIRE(host.sent<Records>(70).at(0).records.at(0).lease_left_ms == 0);
}

}  // namespace leases_test
