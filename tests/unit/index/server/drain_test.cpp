#include "index/server/drain.hpp"

#include <catch2/catch.hpp>

namespace drain_test {
using namespace praline;
using namespace praline::index::server;
using namespace std::chrono_literals;

namespace {

struct Scene {
    void begin(Duration within = std::chrono::hours{1}) {
        drain.begin(
            within, [this] { ++done; }, owner);
    }
    void run() {
        io.restart();
        io.poll();
    }

    boost::asio::io_context io{1};
    std::shared_ptr<int> owner = std::make_shared<int>(0);
    bool searches_answered = true, nodes_gone = true;
    int done = 0;
    Drain drain{io, {[this] { return searches_answered; }, [this] { return nodes_gone; }}};
};

}  // namespace

TEST_CASE("a drain is done once, when the replica has left, searches are answered and nodes are gone") {
    Scene scene;
    scene.searches_answered = scene.nodes_gone = false;
    scene.begin();
    REQUIRE(scene.drain.under_way());
    scene.drain.replica_left();
    scene.run();
    REQUIRE(scene.done == 0);
    scene.nodes_gone = true;
    scene.drain.check();
    scene.run();
    REQUIRE(scene.done == 0);
    scene.searches_answered = true;
    scene.drain.check();
    REQUIRE(scene.done == 0);  // not from within
    scene.drain.check();
    scene.run();
    REQUIRE(scene.done == 1);
}

TEST_CASE("nodes that stay are waited for during the grace only") {
    Scene scene;
    scene.nodes_gone = false;
    scene.begin();
    scene.drain.replica_left();
    while (scene.done == 0) REQUIRE(scene.io.run_one() > 0);
    REQUIRE(scene.done == 1);
}

TEST_CASE("what takes too long is given up") {
    Scene scene;
    scene.searches_answered = false;
    scene.begin(Duration{0});
    while (scene.done == 0) REQUIRE(scene.io.run_one() > 0);
    REQUIRE(scene.done == 1);
}

TEST_CASE("a server that stops is not said to be drained") {
    Scene scene;
    scene.begin();
    scene.drain.replica_left();
    scene.drain.stop();
    scene.run();
    REQUIRE(scene.done == 0);
}

}  // namespace drain_test
