#include "index/server/join_check.hpp"

#include <catch2/catch.hpp>

#include "unit/index/server/scripted_node.hpp"

namespace join_check_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

namespace {

JoinAnswer ask(World& world, ServerOptions const& options) {
    std::optional<JoinAnswer> answer;
    ask_to_join(world.io, options, [&](JoinAnswer told) { answer = std::move(told); });
    world.until([&] { return answer.has_value(); }, "an answer of the group");
    return *answer;
}

/// A server, and another that has not started and would join it.
struct Meeting {
    World world;
    TestFolder folder, other;
    IndexServer server{world.io, world.options(folder.path)};
    ServerOptions options = joining();

private:
    ServerOptions joining() {
        auto joining = world.options(other.path);
        joining.join = server.endpoint();
        return joining;
    }
};

std::size_t reached(IndexServer& server) {
    auto const status = server.status();
    return static_cast<std::size_t>(std::count_if(status.members.begin(), status.members.end(),
                                                  [](replica::MemberView const& one) { return one.direct; }));
}

}  // namespace

TEST_CASE("a group takes in who has its secret and its times, and asking leaves no trace") {
    Meeting meeting;
    auto const answer = ask(meeting.world, meeting.options);
    REQUIRE_FALSE(answer.refused);
    REQUIRE(answer.sentence.empty());
    REQUIRE(meeting.server.status().members.empty());
}

TEST_CASE("who runs with other times is refused before it starts, and the group says so too") {
    Meeting meeting;
    meeting.options.replica.heartbeat_every = 250ms;
    auto const answer = ask(meeting.world, meeting.options);
    REQUIRE(answer.refused);
    REQUIRE_THAT(answer.sentence, Catch::Contains(meeting.server.endpoint().text()));
    REQUIRE_THAT(
        answer.sentence,
        Catch::Contains(
            "with --beat 0.5 --suspect-after 4 --lease 60, this one with --beat 0.25 --suspect-after 4 --lease 60."));
    meeting.world.until([&] { return !meeting.server.status().problem.empty(); }, "the group's server to say it too");
    REQUIRE_THAT(
        meeting.server.status().problem,
        Catch::Contains(
            "with --beat 0.25 --suspect-after 4 --lease 60, this one with --beat 0.5 --suspect-after 4 --lease 60."));
    REQUIRE(meeting.server.status().members.empty());
}

TEST_CASE("who has another secret is refused before it starts, and who reaches nobody is not") {
    Meeting meeting;
    meeting.options.secret = link::GroupSecret::from_bytes(Bytes(32, std::byte{8}));
    auto const foreign = ask(meeting.world, meeting.options);
    REQUIRE(foreign.refused);
    REQUIRE_THAT(foreign.sentence, Catch::Contains("belongs to another group"));
    meeting.options.join = Endpoint{0x7F000001, 1};
    auto const away = ask(meeting.world, meeting.options);
    REQUIRE_FALSE(away.refused);
    REQUIRE_THAT(away.sentence, Catch::Contains("cannot be reached"));
}

TEST_CASE("somebody who does not greet, or not in our words, is not waited for") {
    World world;
    TestFolder other;
    auto options = world.options(other.path);
    options.links.handshake_ms_max = 100;
    std::vector<link::FramedLinkPtr> links;
    Bytes says;
    link::LinkListener listener{world.io, Endpoint{0x7F000001, 0}, world.secret.key(), link::LinkLimits{},
                                [&](link::FramedLinkPtr link) {
                                    link->start([](ByteView) {}, [](std::string const&) {});
                                    if (!says.empty()) link->send(says);
                                    links.push_back(std::move(link));
                                }};
    options.join = listener.endpoint();
    auto const silent = ask(world, options);
    REQUIRE_FALSE(silent.refused);
    REQUIRE_THAT(silent.sentence, Catch::Contains("does not say who it is"));
    says = encode(Envelope{}, Leave{});
    REQUIRE_THAT(ask(world, options).sentence, Catch::Contains("does not understand"));
    says = encode(Envelope{}, Hello{1, Member{}, false, {}});
    auto const old = ask(world, options);
    REQUIRE(old.refused);
    REQUIRE_THAT(old.sentence, Catch::Contains("speaks protocol 1, this one 2. Run the same version"));
    for (auto const& link : links) link->close();
}

TEST_CASE("a server that comes back to its group with other times stays outside and says why, and the group goes on") {
    World world;
    TestFolder folder, second_folder, third_folder;
    auto options = world.options(folder.path);
    options.replica.heartbeat_every = 50ms;
    options.replica.repair_every = 100ms;
    options.replica.reconnect_every = 50ms;
    IndexServer first{world.io, options};
    options.join = first.endpoint();
    options.data_directory = second_folder.path;
    IndexServer second{world.io, options};
    options.data_directory = third_folder.path;
    {
        IndexServer third{world.io, options};
        world.until([&] { return reached(first) == 2 && reached(second) == 2 && reached(third) == 2; },
                    "a whole group");
        options.listen = third.endpoint();
    }
    options.join.reset();
    options.replica.suspect_after_heartbeats = 9;
    IndexServer third{world.io, options};
    world.until([&] { return !third.status().problem.empty(); }, "the one that came back to have a problem");
    REQUIRE_THAT(
        third.status().problem,
        Catch::Contains(
            "with --beat 0.05 --suspect-after 4 --lease 60, this one with --beat 0.05 --suspect-after 9 --lease 60."));
    REQUIRE(reached(third) == 0);
    ScriptedNode node{world, first.endpoint(), 1};
    node.sign_in();
    node.say(Publish{Change{{}, {1, 1}, true, {}, {file(1, "Blue Moon.ogg")}}});
    REQUIRE(node.next<Published>().replicas == 2);
    REQUIRE(reached(first) == 1);
    REQUIRE(reached(second) == 1);
    // Whoever of them dialled while it was away says until the next try that it cannot be reached.
    world.until([&] { return first.status().problem.empty() && second.status().problem.empty(); },
                "the others to be well");
}

}  // namespace join_check_test
