#include "index/client/server_connections.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

#include "index/wire/codec.hpp"
#include "unit/index/client/list_twin.hpp"
#include "unit/index/link/loopback.hpp"

namespace server_connections_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::link;
using loopback::run_until;
using praline::index::client::test::ScratchFolder;

namespace {

constexpr ConnectionId first{1};

/// A node's connections and one server with a key of its own.
struct Fixture {
    explicit Fixture(ScratchFolder const& folder, unsigned char server_key = 1) : server{{}, server_key} {
        connections = std::make_unique<ServerConnections>(
            server.io, folder.path(), [this](ClientEvent event) { fed.push_back(std::move(event)); });
        connections->start(owner);
    }
    template <class T>
    [[nodiscard]] std::vector<T> fed_of() const {
        std::vector<T> found;
        for (auto const& event : fed)
            if (auto const* const one = std::get_if<T>(&event)) found.push_back(*one);
        return found;
    }
    /// Opens the first connection; `there` is the server's end of it.
    void open(loopback::End& there) {
        connections->open({first, server.listener.endpoint()});
        run_until(server.io, [&] { return !fed_of<Opened>().empty() && !server.arrived.empty(); });
        there.link = server.arrived.back();
        there.start();
    }

    loopback::Loopback server;
    std::vector<ClientEvent> fed;
    std::shared_ptr<int> owner = std::make_shared<int>();
    std::unique_ptr<ServerConnections> connections;
};

}  // namespace

TEST_CASE("the first server shows the group's key, and messages go both ways") {
    ScratchFolder folder;
    Fixture here{folder};
    CHECK_FALSE(here.connections->group_key());
    loopback::End there;
    here.open(there);
    CHECK(here.connections->group_key() == loopback::key_number(1).public_key());
    CHECK(there.link->proof().key == here.connections->publisher());

    Search search;
    search.request = 7;
    here.connections->send({first, search});
    run_until(here.server.io, [&] { return !there.frames.empty(); });
    auto const sent = here.fed_of<SentBytes>();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].search == 7);
    CHECK(sent[0].bytes == encode(FromNode{search}).size());

    auto const pong = encode(ToNode{Pong{5, 0, {}}});
    there.link->send(pong);
    run_until(here.server.io, [&] { return !here.fed_of<FromServer>().empty(); });
    auto const arrived = here.fed_of<FromServer>();
    CHECK(arrived[0].connection == first);
    CHECK(arrived[0].bytes == pong.size());
    CHECK(std::get<Pong>(arrived[0].message).nonce == 5);
}

TEST_CASE("a connection that breaks, or brings what cannot be read, is fed as closed once") {
    ScratchFolder folder;
    Fixture here{folder};
    loopback::End there;
    here.open(there);
    bool const breaks = GENERATE(true, false);
    if (breaks)
        there.link->close();
    else
        there.link->send(loopback::frame_of(5, 0xEE));
    run_until(here.server.io, [&] { return !here.fed_of<Closed>().empty(); });
    CHECK(here.fed_of<Closed>()[0].connection == first);
    CHECK((here.fed_of<Closed>()[0].why.find("cannot be read") == std::string::npos) == breaks);
    auto const fed = here.fed.size();
    here.connections->close({first});
    here.connections->send({first, Ping{1}});
    CHECK(here.fed.size() == fed);
}

TEST_CASE("a connection that the core closes ends for the server, and nothing is fed") {
    ScratchFolder folder;
    Fixture here{folder};
    loopback::End there;
    here.open(there);
    here.connections->close({first});
    run_until(here.server.io, [&] { return !there.closed.empty(); });
    CHECK(here.fed.size() == 1);
}

TEST_CASE("one that is closed while it is being opened is never fed as open") {
    ScratchFolder folder;
    Fixture here{folder};
    here.connections->open({first, here.server.listener.endpoint()});
    here.connections->close({first});
    loopback::End there;
    run_until(here.server.io, [&] { return !here.server.arrived.empty(); });
    there.link = here.server.arrived.back();
    there.start();
    run_until(here.server.io, [&] { return !there.closed.empty(); });
    CHECK(here.fed.empty());
}

TEST_CASE("a server of another key than the kept one is refused") {
    ScratchFolder folder;
    {
        Fixture before{folder};
        loopback::End there;
        before.open(there);
    }
    Fixture here{folder, 2};
    REQUIRE(here.connections->group_key() == loopback::key_number(1).public_key());
    here.connections->open({first, here.server.listener.endpoint()});
    run_until(here.server.io, [&] { return !here.fed.empty(); });
    REQUIRE(here.fed_of<Closed>().size() == 1);
    CHECK(here.fed_of<Closed>()[0].why.find(folder.file("index.group")) != std::string::npos);
    CHECK(here.fed.size() == 1);
    CHECK(here.connections->trouble().empty());
}

TEST_CASE("a group's key that cannot be written down holds all the same, and is a trouble") {
    ScratchFolder folder;
    Fixture here{folder};
    std::filesystem::create_directory(folder.file("index.group"));  // where the file should be
    loopback::End there;
    here.open(there);
    CHECK(here.connections->group_key() == loopback::key_number(1).public_key());
    CHECK_FALSE(here.connections->trouble().empty());
}

}  // namespace server_connections_test
