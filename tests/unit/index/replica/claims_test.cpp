#include <catch2/catch.hpp>

#include "unit/index/replica/host.hpp"

namespace claims_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;
using namespace std::chrono_literals;

TEST_CASE("alone a server needs nobody's consent") {
    Host host;
    host.start();
    host.sign_in(1);
    REQUIRE(host.did<SessionReady>().size() == 1);
    REQUIRE(host.core.believes_claim(publisher_id(1)));
}

TEST_CASE("a claim is held when everybody has granted it, not before") {
    Host host;
    host.start();
    host.meet(60);
    host.meet(70);
    host.sign_in(1, {60});
    REQUIRE(host.did<SessionReady>().empty());
    REQUIRE_FALSE(host.core.believes_claim(publisher_id(1)));
    host.say(70, Grant{publisher_id(1), host.sent<Acquire>(70).at(0).claim, {}});
    REQUIRE(host.did<SessionReady>().size() == 1);
    REQUIRE(host.core.believes_claim(publisher_id(1)));
}

TEST_CASE("silence is consent in time") {
    Host host;
    host.start();
    host.meet(60);
    host.sign_in(1);
    host.pass(900ms);
    REQUIRE(host.did<SessionReady>().empty());
    host.pass(200ms);
    REQUIRE(host.did<SessionReady>().size() == 1);
}

TEST_CASE("a grant of another claim or from a stranger does not count") {
    Host host;
    host.start();
    host.meet(60);
    host.meet(70);
    host.sign_in(1, {60, 60});
    host.say(70, Grant{publisher_id(1), {99, ServerId{50}}, {}});
    REQUIRE(host.did<SessionReady>().empty());
}

TEST_CASE("who is denied asks again higher, a bounded number of times") {
    Host host;
    host.start();
    host.meet(60);
    host.sign_in(1);
    for (int tries = 0; tries < 50 && !host.sent<Acquire>(60).empty(); ++tries) {
        Claim const asked = host.sent<Acquire>(60).back().claim;
        host.forget();
        host.say(60, Deny{publisher_id(1), asked, {asked.number + 10, ServerId{60}}});
        if (!host.sent<Acquire>(60).empty())
            REQUIRE(host.sent<Acquire>(60).at(0).claim > Claim{asked.number + 10, ServerId{60}});
    }
    REQUIRE(host.did<SessionLost>().size() == 1);
    REQUIRE(host.core.counters().claims_denied == 8);
}

TEST_CASE("the higher claim is granted and ends the session here; the lower one is denied") {
    Host host;
    host.start();
    host.meet(60);
    host.sign_in(1, {60});
    host.forget();
    host.say(60, Acquire{publisher_id(1), {1, ServerId{60}}});
    REQUIRE(host.sent<Grant>(60).size() == 1);
    REQUIRE(host.did<SessionLost>().size() == 1);
    REQUIRE_FALSE(host.core.believes_claim(publisher_id(1)));
    host.meet(40);
    host.say(40, Acquire{publisher_id(1), {1, ServerId{40}}});
    REQUIRE(host.sent<Deny>(40).at(0).higher == Claim{1, ServerId{60}});
}

TEST_CASE("nobody claims for another, and no claim is so high that none could follow") {
    Host host;
    host.start();
    host.meet(60);
    host.say(60, Acquire{publisher_id(1), {5, ServerId{70}}});
    host.say(60, Acquire{publisher_id(1), {UINT64_MAX, ServerId{60}}});
    REQUIRE(host.sent<Grant>(60).empty());
    REQUIRE(host.core.counters().refused_messages == 2);
}

TEST_CASE("a list that its publisher does not remember is taken away before it begins anew") {
    Host host;
    host.start();
    host.meet(60);
    host.feed(SessionOpened{publisher(1), {0, 0}});
    Grant grant{publisher_id(1), host.sent<Acquire>(60).at(0).claim, record_of_one_file(1, {})};
    grant.held.version = {3, 7};
    host.say(60, grant);
    REQUIRE(host.did<SessionReady>().at(0).record.version == Version{4, 0});
    REQUIRE(host.sent<Write>(60).at(0).change.to == Version{4, 0});
    REQUIRE(host.sent<Write>(60).at(0).change.reset);
}

TEST_CASE("a publisher that is further than this server goes on from where this server is") {
    Host host;
    host.start();
    host.meet(60);
    host.feed(SessionOpened{publisher(1), {3, 7}});
    Grant grant{publisher_id(1), host.sent<Acquire>(60).at(0).claim, record_of_one_file(1, {})};
    grant.held.version = {3, 7};
    host.say(60, grant);
    REQUIRE(host.did<SessionReady>().at(0).record.version == Version{});
    REQUIRE(host.sent<Write>(60).empty());
}

TEST_CASE("after a fail-over the publisher hears at how many servers its list is already") {
    Host host;
    host.start({}, {record_of_one_file(1, {1, ServerId{60}})});
    host.meet(60);
    host.meet(70);
    host.feed(SessionOpened{publisher(1), {0, 1}});
    Claim const claim = host.sent<Acquire>(60).at(0).claim;
    host.say(60, Grant{publisher_id(1), claim, record_of_one_file(1, {1, ServerId{60}})});
    host.say(70, Grant{publisher_id(1), claim, {}});
    REQUIRE(host.did<Replicated>().at(0).version == Version{0, 1});
    REQUIRE(host.did<Replicated>().at(0).replicas == 2);
    REQUIRE(host.did<Replicated>().at(0).members == 3);
}

TEST_CASE("with no room for another publisher a session is refused, and others' claims are granted unrecorded") {
    ReplicaOptions options;
    options.publishers_max = 1;
    Host host{50, options};
    host.start();
    host.meet(60);
    host.sign_in(1, {60});
    host.sign_in(2, {60});
    REQUIRE(host.did<ChangeRefused>().at(0).too_many);
    host.say(60, Acquire{publisher_id(3), {1, ServerId{60}}});
    REQUIRE(host.sent<Grant>(60).size() == 1);
    REQUIRE(host.core.publishers() == 1);
}

}  // namespace claims_test
