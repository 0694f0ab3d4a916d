#include "index/server/replica_host.hpp"

#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"
#include "unit/node/net/run_until.hpp"

namespace replica_host_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

namespace {

struct Scene {
    explicit Scene(Duration ask_within = 1h) { options.ask_within = ask_within; }

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

    boost::asio::io_context io;
    std::vector<replica::Action> actions;
    std::function<void()> also = [] {};
    int settled = 0;
    replica::ReplicaOptions options;
    ReplicaHost host{io,
                     options,
                     Rng{5},
                     {[this](replica::Action& action) {
                          actions.push_back(action);
                          also();
                      },
                      [this] { ++settled; }}};
};

}  // namespace

TEST_CASE("a server that is alone lets a publisher sign in at once") {
    Scene scene;
    scene.host.push(scene.started({}));
    scene.sign_in(1);
    CHECK(scene.actions.empty());
    scene.host.settle();
    CHECK(scene.count<replica::SessionReady>() == 1);
    CHECK(scene.settled == 1);
    CHECK(scene.host.has_room_for(key(2)));
}

TEST_CASE("what is pushed while an action is performed comes after all actions of its event") {
    Scene scene;
    scene.host.push(scene.started({}));
    scene.sign_in(1);
    bool pushed = false, within = false;
    scene.also = [&] {
        CHECK_FALSE(within);
        within = true;
        if (!std::exchange(pushed, true)) scene.sign_in(2);
        scene.host.settle();
        within = false;
    };
    scene.host.settle();
    CHECK(scene.count<replica::SessionReady>() == 2);
    CHECK(scene.settled == 1);
}

TEST_CASE("a server that joins holds a publisher back while it may reach another server") {
    Scene scene;
    scene.host.push(scene.started(Endpoint{0x7F000001, 4001}));
    scene.host.settle();
    CHECK(scene.count<replica::Connect>() == 1);
    scene.sign_in(1);
    scene.host.settle();
    CHECK(scene.host.replica().publishers() == 0);
}

TEST_CASE("a server that joins lets a publisher in when it has tried for long enough") {
    Scene scene{1ms};
    scene.host.push(scene.started(Endpoint{0x7F000001, 4001}));
    scene.host.settle();
    scene.sign_in(1);
    run_until(scene.io, [&] {
        scene.host.settle();
        return scene.host.replica().publishers() == 1;
    });
}

TEST_CASE("after its end a server performs nothing, and is not woken") {
    Scene scene;
    scene.host.push(scene.started(Endpoint{0x7F000001, 4001}));
    bool const before = GENERATE(true, false);
    if (!before) scene.host.settle();
    auto const performed = scene.actions.size();
    auto const settled = scene.settled;
    scene.host.stop();
    scene.sign_in(1);
    scene.host.settle();
    scene.io.run();
    CHECK(scene.actions.size() == performed);
    CHECK(scene.settled == settled);
}

}  // namespace replica_host_test
