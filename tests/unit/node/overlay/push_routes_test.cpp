#include "node/overlay/push_routes.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "node/base/rng.hpp"
#include "unit/node/overlay/virtual_network.hpp"

namespace push_routes_test {
using namespace praline;
using namespace praline::overlay;
using praline::overlay::test::servent_of;
using namespace std::chrono_literals;

namespace {

std::optional<PeerId> by(std::uint32_t link) { return PeerId{link}; }

}  // namespace

TEST_CASE("a path belongs to the link it was learned from until that link is gone or silent for too long") {
    Limits const limits;
    PushRoutes routes{limits, 1};
    Guid const servent = servent_of(1);
    REQUIRE(routes.learn(servent, PeerId{1}, Instant{}));
    REQUIRE_FALSE(routes.learn(servent, PeerId{2}, Instant{} + 1s));
    CHECK(bool{routes.path_to(servent, Instant{} + 1s) == by(1)});
    // The owner confirms it; half an hour counts from then.
    REQUIRE(routes.learn(servent, PeerId{1}, Instant{} + 1000s));
    REQUIRE_FALSE(routes.learn(servent, PeerId{2}, Instant{} + 2800s));
    REQUIRE(routes.learn(servent, PeerId{2}, Instant{} + 2801s));
    CHECK(bool{routes.path_to(servent, Instant{} + 2801s) == by(2)});
    routes.forget(PeerId{2});
    CHECK_FALSE(routes.path_to(servent, Instant{} + 2802s));
    REQUIRE(routes.learn(servent, PeerId{3}, Instant{} + 2802s));
    CHECK(bool{routes.path_to(servent, Instant{} + 2802s) == by(3)});
    CHECK(routes.size() == 1);
}

TEST_CASE("a link that names more servents than its share loses its own oldest, never another's") {
    Limits limits;
    limits.servents_max = 100;
    limits.servents_per_link_max = 40;
    PushRoutes routes{limits, 2};
    for (std::uint64_t i = 0; i < 20; ++i) REQUIRE(routes.learn(servent_of(i), PeerId{1}, Instant{}));
    for (std::uint64_t i = 100; i < 2100; ++i) REQUIRE(routes.learn(servent_of(i), PeerId{2}, Instant{}));
    CHECK(routes.size() == 60);
    for (std::uint64_t i = 0; i < 20; ++i) CHECK(bool{routes.path_to(servent_of(i), Instant{}) == by(1)});
    CHECK_FALSE(routes.path_to(servent_of(2059), Instant{}));
    CHECK(bool{routes.path_to(servent_of(2060), Instant{}) == by(2)});
    // A full table takes from the link with most.
    for (std::uint64_t i = 3000; i < 3040; ++i) REQUIRE(routes.learn(servent_of(i), PeerId{3}, Instant{}));
    for (std::uint64_t i = 4000; i < 4020; ++i) REQUIRE(routes.learn(servent_of(i), PeerId{4}, Instant{}));
    CHECK(routes.size() == 100);
    for (std::uint64_t i = 0; i < 20; ++i) CHECK(bool{routes.path_to(servent_of(i), Instant{}) == by(1)});
    for (std::uint64_t i = 4000; i < 4020; ++i) CHECK(bool{routes.path_to(servent_of(i), Instant{}) == by(4)});
}

TEST_CASE("paths at random agree with a slow twin") {
    Limits limits;
    limits.servents_max = 64;
    limits.servents_per_link_max = 24;
    PushRoutes routes{limits, 3};
    std::map<Guid, std::pair<PeerId, Instant>> twin;  // what must hold if it is there
    Rng rng{9};
    Instant now{};
    for (int step = 0; step < 20'000; ++step) {
        now += std::chrono::seconds{rng.below(20)};
        PeerId const link{1 + static_cast<std::uint32_t>(rng.below(6))};
        Guid const servent = servent_of(rng.below(150));
        if (rng.below(50) == 0) {
            routes.forget(link);
            std::erase_if(twin, [&](auto const& one) { return one.second.first == link; });
            continue;
        }
        auto const before = routes.path_to(servent, now);
        bool const learned = routes.learn(servent, link, now);
        REQUIRE(learned == (!before || *before == link));
        if (learned) twin[servent] = {link, now};
        auto const path = routes.path_to(servent, now);
        REQUIRE(path.has_value());
        REQUIRE(*path == twin.at(servent).first);
        REQUIRE(routes.size() <= 64);
    }
    for (auto const& [servent, way] : twin)
        if (auto const path = routes.path_to(servent, now)) REQUIRE(*path == way.first);
}

TEST_CASE("a push is new once") {
    Limits limits;
    limits.pushes_max = 4;
    PushRoutes routes{limits, 4};
    REQUIRE(routes.is_new(servent_of(1), Instant{}));
    REQUIRE_FALSE(routes.is_new(servent_of(1), Instant{} + 1s));
    REQUIRE(routes.is_new(servent_of(1), Instant{} + limits.pushes_for + 2s));
    for (std::uint64_t i = 2; i < 100; ++i) REQUIRE(routes.is_new(servent_of(i), Instant{} + 400s));
}

}  // namespace push_routes_test
