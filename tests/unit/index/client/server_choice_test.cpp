#include <catch2/catch.hpp>

#include "index/client/client_limits.hpp"
#include "unit/index/client/core_parts.hpp"

namespace server_choice_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::client::test;
using namespace std::chrono_literals;

namespace {

/// A look at the distances, now that one is due.
bool compare(CoreParts& parts) {
    parts.now += 13s;
    return parts.choice.compare(parts.now, parts.out);
}

}  // namespace

TEST_CASE("the nearest server becomes the primary, the next one its stand-by, and the rest is closed") {
    CoreParts parts;
    parts.choice.start(parts.now);
    auto const far = parts.connect(1, 90ms);
    auto const near = parts.connect(2, 10ms);
    auto const middle = parts.connect(3, 40ms);
    parts.choice.choose(parts.now, parts.out);
    REQUIRE(parts.choice.primary() == near);
    REQUIRE(parts.choice.standby() == middle);
    REQUIRE(parts.lost == std::vector{far});
    REQUIRE(parts.choice.fail_overs() == 0);
}

TEST_CASE("when the primary is lost the stand-by takes its place at once") {
    CoreParts parts;
    parts.choice.start(parts.now);
    auto const first = parts.connect(1, 10ms);
    auto const second = parts.connect(2, 20ms);
    parts.choice.choose(parts.now, parts.out);
    parts.links.closed(Closed{first, "It broke."}, parts.now, parts.out);
    REQUIRE(parts.lost_primary);
    REQUIRE_FALSE(parts.choice.primary());
    parts.choice.choose(parts.now, parts.out);
    REQUIRE(parts.choice.primary() == second);
    REQUIRE(parts.choice.fail_overs() == 1);
}

TEST_CASE("to sign in anew is no fail-over") {
    CoreParts parts;
    parts.choice.start(parts.now);
    auto const first = parts.connect(1, 10ms);
    parts.connect(2, 20ms);
    parts.choice.choose(parts.now, parts.out);
    parts.choice.reconnect(parts.now, parts.out);
    REQUIRE(parts.lost == std::vector{first});
    parts.choice.choose(parts.now, parts.out);
    REQUIRE(parts.choice.primary());
    REQUIRE(parts.choice.fail_overs() == 0);
}

TEST_CASE("a server under two addresses is no stand-by of itself") {
    CoreParts parts;
    parts.choice.start(parts.now);
    parts.connect(1, 10ms);
    auto const second = parts.connect(2, 20ms);
    parts.choice.choose(parts.now, parts.out);
    (void)parts.servers.identify(address(1), ServerId{5});
    (void)parts.servers.identify(address(2), ServerId{5});
    parts.choice.primary_identified(ServerId{6}, parts.now, parts.out);
    REQUIRE(parts.choice.standby() == second);
    parts.choice.primary_identified(ServerId{5}, parts.now, parts.out);
    REQUIRE_FALSE(parts.choice.standby());
    REQUIRE(parts.lost == std::vector{second});
}

TEST_CASE("a stand-by that is nearer three times in a row becomes the primary") {
    CoreParts parts;
    parts.choice.start(parts.now);
    auto const first = parts.connect(1, 50ms);
    auto const second = parts.connect(2, 60ms);
    parts.choice.choose(parts.now, parts.out);
    REQUIRE(parts.choice.primary() == first);
    parts.now += 5s;
    for (int i = 0; i < 40; ++i) parts.servers.measured(address(2), 1ms, 0, parts.now);
    REQUIRE_FALSE(compare(parts));
    REQUIRE_FALSE(compare(parts));
    REQUIRE(compare(parts));
    REQUIRE(parts.choice.primary() == second);
    REQUIRE_FALSE(parts.lost_primary);
    REQUIRE(parts.lost == std::vector{first});
}

TEST_CASE("a server that leaves is used on while there is no other") {
    CoreParts parts;
    parts.choice.start(parts.now);
    auto const only = parts.connect(1, 10ms);
    parts.choice.choose(parts.now, parts.out);
    parts.choice.server_leaves(*parts.links.find(only), parts.now, parts.out);
    REQUIRE(parts.choice.primary() == only);
    auto const other = parts.connect(2, 10ms);
    parts.choice.choose(parts.now, parts.out);
    REQUIRE(parts.choice.primary() == other);
    REQUIRE(parts.lost == std::vector{only});
}

TEST_CASE("without a server three are tried at once, and one more beside a primary") {
    CoreParts parts;
    parts.choice.start(parts.now);
    for (std::uint8_t number = 1; number <= 6; ++number)
        (void)parts.servers.add({address(number), ServerId{}, 0, std::nullopt, true});
    parts.choice.open_links(std::nullopt, parts.now, parts.out);
    REQUIRE(parts.did<Open>().size() == ClientLimits::candidates_max);
    parts.choice.open_links(std::nullopt, parts.now, parts.out);
    REQUIRE(parts.did<Open>().size() == ClientLimits::candidates_max);

    CoreParts settled;
    settled.connect(1, 10ms);
    settled.choice.choose(settled.now, settled.out);
    (void)settled.servers.add({address(2), ServerId{}, 0, std::nullopt, true});
    (void)settled.servers.add({address(3), ServerId{}, 0, std::nullopt, true});
    settled.out.clear();
    settled.choice.open_links(std::nullopt, settled.now, settled.out);
    REQUIRE(settled.did<Open>().size() == 1);
}

}  // namespace server_choice_test
