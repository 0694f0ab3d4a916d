#include <catch2/catch.hpp>

#include "index/replica/leases.hpp"
#include "index/replica/lost_servers.hpp"
#include "unit/index/replica/host.hpp"

namespace praline::index::replica::part_leases_test {
namespace {

using namespace std::chrono_literals;

Owner const owner{ServerId{7}, 1};

}  // namespace

TEST_CASE("a lease that ends at a time is found when that time has come, the earliest first") {
    Leases leases;
    Lease one, two;
    leases.set_expiry(publisher_id(1), one, at(20s));
    leases.set_expiry(publisher_id(2), two, at(10s));
    REQUIRE(leases.next_expiry() == at(10s));
    REQUIRE_FALSE(leases.expired(at(9s)));
    REQUIRE(leases.expired(at(10s)) == publisher_id(2));
    leases.set_expiry(publisher_id(2), two, {});
    REQUIRE_FALSE(leases.expired(at(10s)));
    REQUIRE(leases.left(one, at(5s), 60s) == 15s);
    REQUIRE(leases.left(two, at(5s), 60s) == 60s);
}

TEST_CASE("the life of an owner renews all leases that it owns") {
    Leases leases;
    Lease one, two;
    leases.set_owner(publisher_id(1), one, owner, at(0s));
    leases.set_owner(publisher_id(2), two, owner,
                     at(50s));  // the owner has something already: what it was heard at stays
    REQUIRE(leases.of_silent_owners(at(59s), 60s, 9).empty());
    REQUIRE(leases.of_silent_owners(at(60s), 60s, 9).size() == 2);
    REQUIRE(leases.of_silent_owners(at(60s), 60s, 1).size() == 1);
    leases.renew(owner, at(30s));
    REQUIRE(leases.of_silent_owners(at(60s), 60s, 9).empty());
    REQUIRE(leases.left(one, at(60s), 60s) == 30s);
    leases.resumed(10s);
    REQUIRE(leases.left(one, at(60s), 60s) == 40s);
    leases.clear_owner(publisher_id(1), one);
    leases.clear_owner(publisher_id(2), two);
    REQUIRE(leases.of_silent_owners(at(1h), 60s, 9).empty());
}

TEST_CASE("what earlier incarnations of a server own is known") {
    Leases leases;
    Lease old, current, other;
    leases.set_owner(publisher_id(1), old, {ServerId{7}, 1}, at(0s));
    leases.set_owner(publisher_id(2), current, {ServerId{7}, 2}, at(0s));
    leases.set_owner(publisher_id(3), other, {ServerId{6}, 1}, at(0s));
    REQUIRE(leases.owned_before({ServerId{7}, 2}) == std::vector{publisher_id(1)});
}

TEST_CASE("a lost server is dialled now and then, and all others at once when one is back") {
    Actions out;
    Context ctx{ReplicaOptions{}, Rng{1}};
    LostServers lost{ctx};
    ctx.begin(at(0s), out);
    lost.add(ServerId{1}, member(1).endpoint);
    lost.add(ServerId{2}, member(2).endpoint);
    lost.seek(true);
    REQUIRE(out.empty());
    lost.found(member(1));
    REQUIRE(lost.size() == 1);
    lost.seek(false);
    REQUIRE(out.empty());
    lost.seek(true);
    REQUIRE(out.size() == 1);
    REQUIRE(std::get<Connect>(out.front()).endpoint == member(2).endpoint);
    ctx.begin(at(0s) + ReplicaOptions{}.rejoin_partition_for, out);
    lost.seek(false);
    REQUIRE(lost.size() == 0);
}

TEST_CASE("a lost server that is back at its address under another id is not looked for any more") {
    Actions out;
    Context ctx{ReplicaOptions{}, Rng{1}};
    LostServers lost{ctx};
    ctx.begin(at(0s), out);
    lost.add(ServerId{1}, member(2).endpoint);
    lost.found(member(2));
    REQUIRE(lost.size() == 0);
}

}  // namespace praline::index::replica::part_leases_test
