#include "index/server/replica_host.hpp"

#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"

namespace replica_host_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

namespace {

struct Scene {
    [[nodiscard]] replica::Started started(std::optional<Endpoint> join) const {
        return {Member{ServerId{1}, 1, Endpoint{0x7F000001, 4000}, 0}, {}, {}, join};
    }
    void sign_in(std::uint8_t number) {
        replica::SessionOpened opened;
        opened.publisher.id = key(number);
        host.push(opened);
    }
    template <class Action>
    [[nodiscard]] std::size_t count() const {
        std::size_t count = 0;
        for (auto const& action : actions) count += std::holds_alternative<Action>(action) ? 1 : 0;
        return count;
    }

    Instant now = at({});
    std::vector<replica::Action> actions;
    bool nested = true;
    replica::ReplicaOptions options;
    ReplicaHost host{options, Rng{5}, [this] { return now; },
                     [this](replica::Action& action, Instant) {
                         nested = nested && !host.settle();
                         actions.push_back(action);
                     }};
};

}  // namespace

TEST_CASE("a server that is alone lets a publisher sign in at once") {
    Scene scene;
    scene.host.push(scene.started({}));
    scene.sign_in(1);
    REQUIRE(scene.host.settle());
    REQUIRE(scene.count<replica::SessionReady>() == 1);
    REQUIRE(scene.nested);  // settle within an action did nothing
    REQUIRE(scene.host.has_room_for(key(2)));
}

TEST_CASE("a server that joins holds a publisher back until it has tried for long enough") {
    Scene scene;
    scene.host.push(scene.started(Endpoint{0x7F000001, 4001}));
    REQUIRE(scene.host.settle());
    REQUIRE(scene.count<replica::Connect>() == 1);
    scene.sign_in(1);
    REQUIRE(scene.host.settle());
    REQUIRE(scene.host.replica().publishers() == 0);
    scene.now += scene.options.ask_within;
    REQUIRE(scene.host.uptime() == scene.options.ask_within);
    scene.host.tick(scene.now);
    REQUIRE(scene.host.settle());
    REQUIRE(scene.host.replica().publishers() == 1);
}

TEST_CASE("after its end a server performs nothing") {
    Scene scene;
    scene.host.push(scene.started({}));
    scene.host.stop();
    REQUIRE_FALSE(scene.host.settle());
    REQUIRE(scene.actions.empty());
}

}  // namespace replica_host_test
