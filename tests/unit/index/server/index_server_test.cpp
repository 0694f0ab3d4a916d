#include "index/server/index_server.hpp"

#include <catch2/catch.hpp>

#include "node/net/endpoints.hpp"
#include "unit/index/server/scripted_node.hpp"

namespace index_server_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

TEST_CASE("a node signs in, publishes, and another finds its file at the address that was seen") {
    World world;
    TestFolder folder;
    IndexServer server{world.io, world.options(folder.path)};
    ScriptedNode publisher{world, server.endpoint(), 1, world.secret.key().public_key()};
    auto const welcome = publisher.sign_in();
    REQUIRE(welcome.held == Version{});
    REQUIRE(welcome.members.size() == 1);
    publisher.say(Publish{Change{{}, {1, 1}, true, {}, {file(1, "Blue Moon.ogg"), file(2, "Red Sun.ogg")}}});
    auto const published = publisher.next<Published>();
    REQUIRE(published.version == Version{1, 1});
    REQUIRE(published.replicas == 1);
    SetDigest digest;
    digest.add(file(1, "Blue Moon.ogg"));
    digest.add(file(2, "Red Sun.ogg"));
    REQUIRE(published.digest == digest);

    ScriptedNode asker{world, server.endpoint(), 2};
    auto const answer = asker.search("moon");
    REQUIRE(answer.rows.size() == 1);
    REQUIRE(answer.rows[0].entry == file(1, "Blue Moon.ogg"));
    REQUIRE(answer.rows[0].sources.at(0).transfer == Endpoint{0x7F000001, 6346});
    REQUIRE(answer.rows[0].sources.at(0).id == publisher.id());

    auto const status = server.status();
    REQUIRE(status.sessions == 2);
    REQUIRE(status.publishers_here == 1);
    REQUIRE(status.searches.count == 1);
    REQUIRE(status.writes.count == 1);
    REQUIRE(status.answers_alone);
    REQUIRE(status.problem.empty());
}

TEST_CASE("a change that does not continue what is held is answered with what is held") {
    World world;
    TestFolder folder;
    IndexServer server{world.io, world.options(folder.path)};
    ScriptedNode node{world, server.endpoint(), 1};
    node.sign_in();
    node.say(Publish{Change{{1, 5}, {1, 6}, false, {}, {file(1, "a.ogg")}}});
    REQUIRE(node.next<Behind>().held == Version{});
}

TEST_CASE("the catalogue, the id and the publishers outlive the server") {
    World world;
    TestFolder folder;
    ServerId id;
    {
        IndexServer server{world.io, world.options(folder.path)};
        ScriptedNode node{world, server.endpoint(), 1};
        node.sign_in();
        node.say(Publish{Change{{}, {1, 1}, true, {}, {file(1, "Blue Moon.ogg")}}});
        node.next<Published>();
        id = server.status().self.id;
    }
    IndexServer server{world.io, world.options(folder.path)};
    REQUIRE(server.status().self.id == id);
    ScriptedNode asker{world, server.endpoint(), 2};
    REQUIRE(asker.search("blue").rows.size() == 1);
    ScriptedNode node{world, server.endpoint(), 1};
    REQUIRE(node.sign_in().held == Version{1, 1});
}

TEST_CASE("one folder is used by one server at a time, and an address too") {
    World world;
    TestFolder folder, other;
    IndexServer server{world.io, world.options(folder.path)};
    REQUIRE_THROWS_WITH(IndexServer(world.io, world.options(folder.path)),
                        Catch::Contains("Another index server uses the folder"));
    auto options = world.options(other.path);
    options.listen = server.endpoint();
    REQUIRE_THROWS_AS(IndexServer(world.io, options), std::runtime_error);
}

TEST_CASE("a list that is signed out is found no more") {
    World world;
    TestFolder folder;
    IndexServer server{world.io, world.options(folder.path)};
    ScriptedNode node{world, server.endpoint(), 1};
    node.sign_in();
    node.say(Publish{Change{{}, {1, 1}, true, {}, {file(1, "Blue Moon.ogg")}}});
    node.next<Published>();
    REQUIRE(node.search("moon").rows.size() == 1);
    node.say(SignOut{});
    world.until([&] { return node.search("moon").rows.empty(); }, "the list to be gone");
    REQUIRE(node.sign_in().held > Version{1, 1});
}

TEST_CASE("bytes that are no message end the link with a sentence") {
    World world;
    TestFolder folder;
    IndexServer server{world.io, world.options(folder.path)};
    ScriptedNode node{world, server.endpoint(), 1};
    Bytes frame(8, std::byte{0});
    frame[0] = std::byte{4};
    node.say_bytes(frame);
    REQUIRE(node.next<Refused>().reason == RefusalReason::bad_message);
    world.until([&] { return node.closed.has_value(); }, "the link to be closed");
    REQUIRE(server.status().sessions == 0);
}

TEST_CASE("a publisher may not list more than its share") {
    World world;
    TestFolder folder;
    auto options = world.options(folder.path);
    options.limits.publisher_entries_max = 2;
    IndexServer server{world.io, options};
    ScriptedNode node{world, server.endpoint(), 1};
    REQUIRE(node.sign_in().entries_max == 2);
    node.say(Publish{Change{{}, {1, 1}, true, {}, {file(1, "a.ogg"), file(2, "b.ogg"), file(3, "c.ogg")}}});
    auto const refused = node.next<Refused>();
    REQUIRE(refused.reason == RefusalReason::too_many_entries);
    REQUIRE_THAT(refused.sentence, Catch::Contains("may list 2 files"));
}

TEST_CASE("one key signed in twice: the first is told, the second publishes") {
    World world;
    TestFolder folder;
    IndexServer server{world.io, world.options(folder.path)};
    ScriptedNode first{world, server.endpoint(), 1};
    first.sign_in();
    ScriptedNode second{world, server.endpoint(), 1};
    second.sign_in();
    REQUIRE(first.next<Refused>().reason == RefusalReason::signed_in_elsewhere);
    second.say(Publish{Change{{}, {1, 1}, true, {}, {file(1, "a.ogg")}}});
    REQUIRE(second.next<Published>().version == Version{1, 1});
}

TEST_CASE("draining tells the nodes and ends when they have gone") {
    World world;
    TestFolder folder;
    IndexServer server{world.io, world.options(folder.path)};
    ScriptedNode node{world, server.endpoint(), 1};
    node.sign_in();
    bool drained = false;
    server.drain([&] { drained = true; });
    node.next<Leaving>();
    REQUIRE(server.status().draining);
    REQUIRE_FALSE(drained);
    node.leave();
    world.until([&] { return drained; }, "the server to be drained");
    server.stop();
}

TEST_CASE("a second server joins with the group's secret, and both come to hold the same") {
    World world;
    TestFolder folder, other;
    auto options = world.options(folder.path);
    options.replica.heartbeat_every = 50ms;
    options.replica.repair_every = 100ms;
    IndexServer first{world.io, options};
    ScriptedNode node{world, first.endpoint(), 1};
    node.sign_in();
    node.say(Publish{Change{{}, {1, 1}, true, {}, {file(1, "Blue Moon.ogg")}}});
    node.next<Published>();
    options.data_directory = other.path;
    options.join = first.endpoint();
    IndexServer second{world.io, options};
    ScriptedNode asker{world, second.endpoint(), 2};
    REQUIRE(asker.search("moon").rows.size() == 1);
    world.until(
        [&] {
            return second.status().answers_alone && second.status().digest == first.status().digest &&
                   second.status().publishers == 1;
        },
        "the second server to hold what the first holds");
    node.say(Publish{Change{{1, 1}, {1, 2}, false, {}, {file(2, "Red Sun.ogg")}}});
    auto const published = node.next<Published>();
    REQUIRE(published.members == 2);
    REQUIRE(published.replicas == 2);
    REQUIRE(asker.search("sun").rows.size() == 1);
}

TEST_CASE("a server that has just been started does not take a publisher that others know for a new one") {
    World world;
    TestFolder folder, other;
    IndexServer first{world.io, world.options(folder.path)};
    ScriptedNode node{world, first.endpoint(), 1};
    node.sign_in();
    node.say(Publish{Change{{}, {1, 1}, true, {}, {file(1, "Blue Moon.ogg")}}});
    node.next<Published>();
    auto options = world.options(other.path);
    options.join = first.endpoint();
    IndexServer second{world.io, options};
    ScriptedNode again{world, second.endpoint(), 1};
    SignIn sign_in;
    sign_in.version = {1, 1};
    again.say(sign_in);
    REQUIRE(again.next<Welcome>().members.size() == 2);
    REQUIRE(node.next<Refused>().reason == RefusalReason::signed_in_elsewhere);
}

TEST_CASE("a server that reaches nobody keeps nobody waiting for long") {
    World world;
    TestFolder folder;
    auto options = world.options(folder.path);
    options.join = Endpoint{0x7F000001, 1};
    options.replica.ask_within = 200ms;
    IndexServer server{world.io, options};
    ScriptedNode node{world, server.endpoint(), 1};
    REQUIRE(node.search("moon").partial);
    REQUIRE(node.sign_in().members.size() == 1);
    REQUIRE_THAT(server.status().problem, Catch::Contains("cannot be reached"));
}

TEST_CASE("a server with another secret does not come in, and says why") {
    World world;
    TestFolder folder, other;
    IndexServer server{world.io, world.options(folder.path)};
    auto options = world.options(other.path);
    options.secret = link::GroupSecret::from_bytes(Bytes(32, std::byte{8}));
    options.join = server.endpoint();
    IndexServer outsider{world.io, options};
    world.until([&] { return !outsider.status().problem.empty(); }, "the outsider to have a problem");
    REQUIRE_THAT(outsider.status().problem, Catch::Contains("another group"));
    REQUIRE(server.status().members.size() == outsider.status().members.size());
    ScriptedNode node{world, outsider.endpoint(), 1};
    REQUIRE(node.sign_in().members.size() == 1);
}

TEST_CASE("a server that was forgotten is looked for without a complaint, and taken in when it is back") {
    World world;
    TestFolder folder, other, empty;
    auto options = world.options(folder.path);
    options.replica.heartbeat_every = 20ms;
    options.replica.forget_after = 400ms;
    options.replica.rejoin_partition_every = 50ms;
    IndexServer first{world.io, options};
    auto const members = [&] { return first.status().members.size(); };
    options.join = first.endpoint();
    options.data_directory = other.path;
    {
        IndexServer second{world.io, options};
        world.until([&] { return members() == 1; }, "a group of two");
        options.listen = second.endpoint();
    }
    world.until([&] { return members() == 0; }, "the other to be forgotten");
    {
        using boost::asio::ip::tcp;
        int calls = 0;
        tcp::acceptor acceptor{world.io, net::to_asio(options.listen)};
        std::function<void()> accept = [&] {
            acceptor.async_accept([&](boost::system::error_code error, tcp::socket) {
                if (error) return;
                ++calls;
                accept();
            });
        };
        accept();
        world.until([&] { return calls == 5; }, "five tries to reach it");
        CHECK(first.status().problem.empty());
        acceptor.close();
        world.io.poll();
    }
    // It knows nobody: only the first can begin.
    options.join.reset();
    options.data_directory = empty.path;
    IndexServer again{world.io, options};
    world.until([&] { return members() == 1; }, "the group of two again");
}

}  // namespace index_server_test
