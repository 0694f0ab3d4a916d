#include <catch2/catch.hpp>

#include <boost/asio/io_context.hpp>

#include "index/server/node_links.hpp"
#include "index/server/server_links.hpp"
#include "index/wire/codec.hpp"
#include "unit/index/server/fake_host.hpp"

namespace server_links_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;

namespace {

struct FakeLink : link::FramedLink {
    void start(std::function<void(ByteView)> on_frame, std::function<void(std::string const&)> on_closed) override {
        frame = std::move(on_frame);
        broken = std::move(on_closed);
    }
    void send(Bytes bytes) override { sent.push_back(std::move(bytes)); }
    void close() override { closed = true; }
    [[nodiscard]] std::size_t queued_bytes() const override { return 0; }
    [[nodiscard]] std::uint64_t bytes_in() const override { return 0; }
    [[nodiscard]] std::uint64_t bytes_out() const override { return 0; }
    [[nodiscard]] Endpoint remote() const override { return {0x7F000001, 5000}; }
    [[nodiscard]] link::Proof const& proof() const override { return shown; }

    link::Proof shown;
    std::function<void(ByteView)> frame;
    std::function<void(std::string const&)> broken;
    std::vector<Bytes> sent;
    bool closed = false;
};

struct Scene {
    [[nodiscard]] std::shared_ptr<FakeLink> node() {
        auto made = std::make_shared<FakeLink>();
        node_links.welcome(made);
        return made;
    }
    [[nodiscard]] std::shared_ptr<FakeLink> server() {
        auto made = std::make_shared<FakeLink>();
        server_links.welcome(made, false);
        return made;
    }
    void run() {
        io.restart();
        io.poll();
    }
    Scene() {
        node_links.start(owner);
        server_links.start(owner);
    }

    boost::asio::io_context io{1};
    std::shared_ptr<int> owner = std::make_shared<int>(0);
    std::vector<SessionId> opened, arrived, closed;
    std::vector<replica::Event> events;
    std::size_t settled = 0;
    link::Ed25519Key key = link::GroupSecret::from_bytes(Bytes(32, std::byte{7})).key();
    NodeLinks node_links{
        io,
        {[this](SessionId id, auto const&, Endpoint) { opened.push_back(id); },
         [this](SessionId id, ByteView) { arrived.push_back(id); }, [this](SessionId id) { closed.push_back(id); }}};
    ServerLinks server_links{
        io, key, {}, [this](replica::Event event) { events.push_back(std::move(event)); }, [this] { ++settled; }};
};

}  // namespace

TEST_CASE("a node's connection is told of once when it opens, for each frame, and once when it breaks") {
    Scene scene;
    auto const link = scene.node();
    auto const id = scene.opened.at(0);
    link->frame({});
    REQUIRE(scene.arrived == std::vector{id});
    scene.node_links.send(id, Pong{});
    REQUIRE(link->sent.size() == 1);
    REQUIRE(scene.node_links.bytes_sent() == link->sent[0].size());
    link->broken("It broke.");
    REQUIRE(scene.closed.empty());  // not from within
    scene.run();
    REQUIRE(scene.closed == std::vector{id});
    scene.node_links.send(id, Pong{});
    REQUIRE(link->sent.size() == 1);
}

TEST_CASE("a connection that is closed here, or outlives its owner, is silent") {
    Scene scene;
    auto const first = scene.node();
    scene.node_links.close(scene.opened.at(0));
    first->frame({});
    first->broken("It broke.");
    scene.run();
    REQUIRE(first->closed);
    auto const second = scene.node();
    scene.owner.reset();
    second->frame({});
    second->broken("It broke.");
    scene.run();
    REQUIRE(scene.arrived.empty());
    REQUIRE(scene.closed.empty());
}

TEST_CASE("a server's messages come as events, and one that is not understood ends the link") {
    Scene scene;
    auto const link = scene.server();
    auto const id = std::get<replica::LinkUp>(scene.events.at(0)).link;
    replica::Send const message{id, {}, Heartbeat{}};
    scene.server_links.on(message);
    REQUIRE(link->sent.size() == 1);
    link->frame(ByteView{link->sent[0]}.subspan(4));  // without its length
    REQUIRE(std::get<replica::MessageArrived>(scene.events.at(1)).link == id);
    REQUIRE(scene.settled == 1);
    Bytes const nonsense(3, std::byte{0xFF});
    link->frame(nonsense);
    REQUIRE(std::get<replica::LinkDown>(scene.events.at(2)).link == id);
    REQUIRE(scene.server_links.bad_frames() == 1);
    REQUIRE(scene.server_links.empty());
    REQUIRE(scene.server_links.last_refusal().find("does not understand") != std::string::npos);
    scene.run();
    REQUIRE(link->closed);
    scene.server_links.members_changed({});
    REQUIRE(scene.server_links.last_refusal().empty());
}

TEST_CASE("a link that the replica closes says why, and after the end nothing is reported") {
    Scene scene;
    auto const first = scene.server();
    scene.server_links.on(
        replica::CloseLink{std::get<replica::LinkUp>(scene.events.at(0)).link, "It is of no use.", false});
    scene.run();
    REQUIRE(first->closed);
    REQUIRE(scene.server_links.last_refusal().find("It is of no use.") != std::string::npos);
    auto const second = scene.server();
    scene.events.clear();
    scene.server_links.stop();
    second->broken("It broke.");
    scene.run();
    REQUIRE(second->closed);
    REQUIRE(scene.events.empty());
}

}  // namespace server_links_test
