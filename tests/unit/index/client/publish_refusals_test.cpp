#include "index/client/publish_refusals.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <string>

namespace publish_refusals_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace std::chrono_literals;

/// The wait is jittered by at most a quarter either way.
void check_wait(PublishRefusals const& refusals, Instant now, Duration about) {
    CHECK(refusals.sign_in_at() >= now + about * 3 / 4);
    CHECK(refusals.sign_in_at() <= now + about * 5 / 4);
}

TEST_CASE("each refusal to publish in a row doubles the wait, up to a limit, and a long session forgets them") {
    Rng rng{1};
    Instant const now{1h};
    PublishRefusals refusals{2s};
    CHECK(refusals.sign_in_at() <= now);
    auto const refuse = [&](Duration session) {
        refusals.refused(RefusalReason::too_fast, "Slower.", session, now, rng);
    };
    refuse(0s);
    check_wait(refusals, now, 2s);
    for (int doublings = 0; doublings < 10; ++doublings) {
        refuse(1min);
        check_wait(refusals, now, 30s * (1 << std::min(doublings, 6)));
    }
    refuse(5min);
    check_wait(refusals, now, 2s);
}

TEST_CASE("the refusal is shown until the list is held by a server") {
    Rng rng{1};
    PublishRefusals refusals{2s};
    CHECK(refusals.problem().empty());
    refusals.refused(RefusalReason::too_fast, "Slower.", 0s, Instant{}, rng);
    CHECK(refusals.problem() == "The index does not take what this node shares: Slower.");
    refusals.signed_in();
    CHECK_FALSE(refusals.problem().empty());
    refusals.all_published();
    CHECK(refusals.problem().empty());
}

TEST_CASE("another node with the same key is named from the second refusal on, until a server lets us sign in") {
    Rng rng{1};
    PublishRefusals refusals{2s};
    refusals.refused(RefusalReason::signed_in_elsewhere, "Elsewhere.", 0s, Instant{}, rng);
    CHECK(refusals.problem().empty());  // it may have been this node itself
    refusals.refused(RefusalReason::signed_in_elsewhere, "Elsewhere.", 0s, Instant{}, rng);
    CHECK(refusals.problem().find("data directory") != std::string::npos);
    refusals.signed_in();
    CHECK(refusals.problem().empty());
}

}  // namespace publish_refusals_test
