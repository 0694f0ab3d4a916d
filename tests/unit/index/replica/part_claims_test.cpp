#include <catch2/catch.hpp>

#include "index/replica/limits.hpp"
#include "unit/index/replica/parts.hpp"

namespace praline::index::replica::part_claims_test {
namespace {

using namespace std::chrono_literals;

PublisherId const id = publisher_id(1);

void grant(Parts& parts, std::uint64_t from, Version held, bool expect_ours) {
    Record record;
    record.version = held;
    REQUIRE(parts.claims.got(Parts::from(from), Grant{id, parts.claims.find(id)->claim, record}) == expect_ours);
}

}  // namespace

TEST_CASE("alone a claim is ours at once") {
    Parts parts;
    REQUIRE(parts.claims.open({publisher(1), {}}));
    REQUIRE(parts.claims.acquire(id));
    REQUIRE_FALSE(parts.claims.holds(id));
    REQUIRE_FALSE(parts.claims.settle(id));
    REQUIRE(parts.claims.holds(id));
    REQUIRE(parts.did<SessionReady>().size() == 1);
    REQUIRE(parts.records.at(id).signed_in);
    REQUIRE(parts.claims.close(id));
    REQUIRE_FALSE(parts.claims.close(id));
    REQUIRE_FALSE(parts.records.at(id).signed_in);
}

TEST_CASE("a claim is ours when all have granted it, each counted once") {
    Parts parts;
    parts.meet(1);
    parts.meet(2);
    parts.claims.open({publisher(1), {}});
    REQUIRE_FALSE(parts.claims.acquire(id));
    REQUIRE(parts.sent<Acquire>(1).size() == 1);
    grant(parts, 1, {}, false);
    grant(parts, 1, {}, false);
    grant(parts, 2, {}, true);
    REQUIRE_FALSE(parts.claims.next_deadline() == std::nullopt);
    REQUIRE_FALSE(parts.claims.settle(id));
    REQUIRE(parts.claims.next_deadline() == std::nullopt);
}

TEST_CASE("silence grants in time, and a comparison with the silent one is urgent") {
    Parts parts;
    parts.meet(1);
    parts.claims.open({publisher(1), {}});
    REQUIRE_FALSE(parts.claims.acquire(id));
    REQUIRE_FALSE(parts.claims.next_granted_by_silence());
    parts.now(1s);
    REQUIRE(parts.claims.next_granted_by_silence() == id);
    REQUIRE(parts.schedule.of(ServerId{1}).soon);
    REQUIRE_FALSE(parts.claims.settle(id));
    REQUIRE_FALSE(parts.claims.next_granted_by_silence());
}

TEST_CASE("a claim waits no longer for a server that is dead") {
    Parts parts;
    parts.meet(1);
    parts.claims.open({publisher(1), {}});
    REQUIRE_FALSE(parts.claims.acquire(id));
    REQUIRE(parts.claims.without(ServerId{2}).empty());
    REQUIRE(parts.claims.without(ServerId{1}) == std::vector{id});
}

TEST_CASE("a list that the publisher does not know of begins anew, one that it knows goes on") {
    for (bool const known : {false, true}) {
        Parts parts;
        parts.meet(1);
        parts.claims.open({publisher(1), known ? Version{0, 9} : Version{}});
        REQUIRE_FALSE(parts.claims.acquire(id));
        grant(parts, 1, {0, 9}, true);
        auto const floor = parts.claims.settle(id);
        REQUIRE(floor == (known ? std::nullopt : std::optional{Version{0, 9}}));
        REQUIRE(parts.did<SessionReady>().size() == (known ? 1U : 0U));
    }
}

TEST_CASE("a denial is answered with a higher claim, so often and no more") {
    Parts parts;
    parts.meet(1);
    parts.claims.open({publisher(1), {}});
    REQUIRE_FALSE(parts.claims.acquire(id));
    for (std::uint32_t i = 0; i < claim_tries_max; ++i) {
        REQUIRE(parts.claims.find(id) != nullptr);
        Claim const asked = parts.claims.find(id)->claim;
        REQUIRE_FALSE(parts.claims.got(Parts::from(1), Deny{id, asked, {asked.number + 5, ServerId{1}}}));
    }
    REQUIRE(parts.claims.find(id) == nullptr);
    REQUIRE(parts.did<SessionLost>().size() == 1);
    REQUIRE(parts.ctx.counters().claims_denied == claim_tries_max);
}

TEST_CASE("a higher claim of another server ends the session, a lower one is denied") {
    Parts parts;
    parts.meet(1);
    parts.claims.open({publisher(1), {}});
    REQUIRE_FALSE(parts.claims.acquire(id));
    parts.claims.got(Parts::from(1), Acquire{id, {1, ServerId{1}}});
    REQUIRE(parts.sent<Deny>(1).size() == 1);
    REQUIRE(parts.claims.find(id) != nullptr);
    parts.claims.got(Parts::from(1), Acquire{id, {2, ServerId{1}}});
    REQUIRE(parts.sent<Grant>(1).size() == 1);
    REQUIRE(parts.claims.find(id) == nullptr);
    REQUIRE(parts.ctx.counters().claims_lost == 1);
}

TEST_CASE("a server that is about to leave signs no publisher in") {
    Parts parts;
    parts.group.drain();
    REQUIRE_FALSE(parts.claims.open({publisher(1), {}}));
    REQUIRE(parts.did<SessionLost>().size() == 1);
}

}  // namespace praline::index::replica::part_claims_test
