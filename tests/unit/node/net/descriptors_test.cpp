#include "node/net/descriptors.hpp"

#include <sys/resource.h>

#include <catch2/catch.hpp>

namespace descriptors_test {
using namespace praline;

TEST_CASE("of few descriptors a third is kept from peers, of many a fixed number") {
    CHECK(net::descriptors_for_peers(256) == 171);
    CHECK(net::descriptors_for_peers(1024) == 896);
    CHECK(net::descriptors_for_peers(1'048'576) == 1'048'448);
    CHECK(net::descriptors_for_peers(0) == 0);
}

TEST_CASE("the soft limit is raised to the hard one, and what peers may have follows it") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit low = before;
    low.rlim_cur = 99;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
    CHECK(net::is_for_peers(65));
    CHECK_FALSE(net::is_for_peers(66));
    CHECK_FALSE(net::is_for_peers(-1));
    CHECK(net::raise_descriptor_limit() == before.rlim_max);
    if (before.rlim_max > 1000) CHECK(net::is_for_peers(66));
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}

}  // namespace descriptors_test
