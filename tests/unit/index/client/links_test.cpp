#include <catch2/catch.hpp>

#include "index/client/client_limits.hpp"
#include "unit/index/client/core_parts.hpp"

namespace links_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::client::test;
using namespace std::chrono_literals;

TEST_CASE("a link is opened once, measured by its pong, and named in why it ended") {
    CoreParts parts;
    (void)parts.servers.add({address(1), ServerId{}, 0, std::nullopt, true});
    parts.links.open(address(1), false, parts.now, parts.out);
    auto const id = parts.did<Open>().at(0).connection;
    REQUIRE(parts.links.any_being_opened());
    REQUIRE(parts.links.heard_from(id) == nullptr);
    REQUIRE(parts.links.opened(id, parts.now));
    REQUIRE_FALSE(parts.links.opened(id, parts.now));

    parts.links.ping(id, 1s, parts.now, parts.out);
    auto const nonce = std::get<Ping>(parts.did<ToServer>().at(0).message).nonce;
    auto* const link = parts.links.heard_from(id);
    parts.links.pong(*link, Pong{nonce + 1, 0, {}}, parts.now + 20ms);
    REQUIRE_FALSE(link->measured);
    parts.links.pong(*link, Pong{nonce, 0, {}}, parts.now + 20ms);
    REQUIRE(link->measured);
    REQUIRE(parts.servers.find(address(1))->known.round_trip == Duration{20ms});

    parts.links.closed(Closed{id, "It broke."}, parts.now, parts.out);
    REQUIRE(parts.links.last_trouble() == address(1).text() + ": It broke.");
    REQUIRE(parts.lost == std::vector{id});
    REQUIRE(parts.did<Close>().empty());  // the host knows
}

TEST_CASE("a link that answers no ping, or does not open, is closed in time") {
    CoreParts parts;
    auto const silent = parts.connect(1, 20ms);
    parts.links.open(address(2), false, parts.now, parts.out);
    auto const opening = parts.links.all().back().id;
    parts.now += 3s;
    parts.links.ping(std::nullopt, 1s, parts.now, parts.out);
    parts.links.close_silent(parts.now, parts.out);
    REQUIRE(parts.lost.empty());
    Deadline next{parts.now};
    parts.links.deadlines(next);
    REQUIRE(next.at() <= parts.now + parts.options.silent_after);
    parts.now += parts.options.silent_after;
    parts.links.close_silent(parts.now, parts.out);
    REQUIRE(parts.lost == std::vector{silent});
    parts.now += ClientLimits::open_within;
    parts.links.close_silent(parts.now, parts.out);
    REQUIRE(parts.lost == std::vector{silent, opening});
    REQUIRE(parts.did<Close>().size() == 2);
}

TEST_CASE("what ends without blame is no trouble to report") {
    CoreParts parts;
    auto const id = parts.connect(1, 20ms);
    parts.links.close(id, "Not needed.", Blame::none, parts.now, parts.out);
    REQUIRE(parts.links.last_trouble().empty());
    parts.links.close(id, "Again.", Blame::failed, parts.now, parts.out);  // it is gone
    REQUIRE(parts.did<Close>().size() == 1);
    REQUIRE(parts.links.last_trouble().empty());
}

}  // namespace links_test
