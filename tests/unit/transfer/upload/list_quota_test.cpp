#include "transfer/upload/list_quota.hpp"

#include <catch2/catch.hpp>

namespace praline::upload::list_quota_test {

using namespace std::chrono_literals;

namespace {

AddressPrefix from(std::uint32_t host) { return AddressPrefix{Address::v4(0x0A000000U + host)}; }

}  // namespace

TEST_CASE("an address has a few lists in an hour, and learns when it may have the next") {
    ListQuota quota{{2, 100, std::chrono::minutes{60}}};
    CHECK_FALSE(quota.wait_for(from(1), Instant{0s}));
    quota.given(from(1), Instant{0s});
    CHECK_FALSE(quota.wait_for(from(1), Instant{60s}));
    quota.given(from(1), Instant{60s});
    CHECK(quota.wait_for(from(1), Instant{600s}) == 3000s);
    CHECK_FALSE(quota.wait_for(from(2), Instant{600s}));
    CHECK_FALSE(quota.wait_for(from(1), Instant{3600s}));
}

TEST_CASE("all addresses together have a bounded number of lists, and no more are remembered") {
    ListQuota quota{{2, 3, std::chrono::minutes{60}}};
    for (std::uint32_t host = 1; host <= 3; ++host) {
        auto const at = Instant{std::chrono::seconds{host}};
        CHECK_FALSE(quota.wait_for(from(host), at));
        quota.given(from(host), at);
    }
    CHECK(quota.wait_for(from(4), Instant{101s}) == 3500s);
    CHECK_FALSE(quota.wait_for(from(4), Instant{3601s}));
}

}  // namespace praline::upload::list_quota_test
