#include <catch2/catch.hpp>

#include <chrono>

#include "index/client/client_limits.hpp"
#include "index/client/server_session.hpp"

namespace server_session_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace std::chrono_literals;
using Stage = ServerSession::Stage;

namespace {

constexpr ConnectionId primary{3};

struct Signed {
    Signed() {
        SignIn sign_in;
        sign_in.version = {1, 4};
        session.start(sign_in);
    }
    [[nodiscard]] Welcome welcome(Version held) const {
        Welcome message;
        message.held = held;
        message.lease_ms = 3000;
        return message;
    }
    void sign_in() {
        session.sign_in(primary, now, out);
        REQUIRE(session.welcomed(welcome({1, 4}), now));
    }

    ClientOptions options;
    Rng rng{3};
    ServerSession session{options, rng};
    Instant now{100s};
    ClientActions out;
};

}  // namespace

TEST_CASE("a session signs in once, with the version of the list as it is then") {
    Signed scene;
    scene.session.list_changed({1, 9});
    scene.session.sign_in(primary, scene.now, scene.out);
    scene.session.sign_in(primary, scene.now, scene.out);
    REQUIRE(scene.out.size() == 1);
    auto const& said = std::get<ToServer>(scene.out.at(0));
    REQUIRE(said.connection == primary);
    REQUIRE(std::get<SignIn>(said.message).version == Version{1, 9});
    REQUIRE(scene.session.stage() == Stage::asked);
    REQUIRE(scene.session.welcomed(scene.welcome({1, 4}), scene.now));
    REQUIRE(scene.session.stage() == Stage::signed_in);
    REQUIRE(scene.session.held() == Version{1, 4});
    REQUIRE(scene.session.ping_every() == Duration{1s});  // a third of the lease
}

TEST_CASE("a server that does not welcome in time is stuck") {
    Signed scene;
    scene.session.sign_in(primary, scene.now, scene.out);
    REQUIRE(scene.session.stuck(scene.now).empty());
    Deadline next{scene.now};
    scene.session.deadlines(true, next);
    REQUIRE(next.at() == scene.now + ClientLimits::welcome_within);
    REQUIRE_FALSE(scene.session.stuck(*next.at()).empty());
    scene.session.end();
    REQUIRE(scene.session.stuck(*next.at()).empty());
}

TEST_CASE("a change is read and published after signing in, and counts as replicated when all servers hold it") {
    Signed scene;
    scene.session.publish(scene.now, scene.out);
    REQUIRE(scene.out.empty());
    scene.sign_in();
    scene.out.clear();
    scene.session.list_changed({1, 5});
    scene.session.publish(scene.now, scene.out);
    REQUIRE(std::get<ReadChange>(scene.out.at(0)).held == Version{1, 4});
    Change change;
    change.from = {1, 4};
    change.to = {1, 5};
    scene.out.clear();
    scene.session.change_read({change, {7, 7}}, primary, scene.now, scene.out);
    REQUIRE(std::holds_alternative<Publish>(std::get<ToServer>(scene.out.at(0)).message));
    REQUIRE(scene.session.published(Published{{1, 5}, {7, 7}, 1, 2}, scene.now));
    REQUIRE(scene.session.held() == Version{1, 5});
    REQUIRE(scene.session.replicated() == Version{});
    REQUIRE(scene.session.published(Published{{1, 5}, {7, 7}, 2, 2}, scene.now));
    REQUIRE(scene.session.replicated() == Version{1, 5});
}

TEST_CASE("whether a push is needed is said anew only by who is signed in, and only when it changes") {
    Signed scene;
    REQUIRE_FALSE(scene.session.set_push_needed(true));
    scene.sign_in();
    REQUIRE(std::get<SignIn>(std::get<ToServer>(scene.out.at(0)).message).push_needed);
    REQUIRE_FALSE(scene.session.set_push_needed(true));
    REQUIRE(scene.session.set_push_needed(false));
}

TEST_CASE("after a refusal signing in waits, and the user hears why") {
    Signed scene;
    scene.sign_in();
    scene.session.refused(RefusalReason::bad_entry, "A name is too long.", scene.now);
    scene.session.end();
    scene.out.clear();
    scene.session.sign_in(primary, scene.now, scene.out);
    REQUIRE(scene.out.empty());
    REQUIRE(scene.session.problem().find("A name is too long.") != std::string::npos);
    scene.session.sign_in(primary, scene.now + 5s, scene.out);
    REQUIRE(scene.out.size() == 1);
}

}  // namespace server_session_test
