#include "index/client/index_client.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

#include "index/link/framed_link.hpp"
#include "index/link/link_listener.hpp"
#include "index/wire/codec.hpp"
#include "unit/index/client/list_twin.hpp"
#include "unit/index/link/loopback.hpp"

namespace index_client_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::link;
using namespace praline::index::client::test;
using loopback::run_until;

namespace {

/// A server behind a real listener on loopback: keeps one list, answers every search with one row.
class ServerScript {
public:
    ServerScript(boost::asio::io_context& io, unsigned char key, std::uint64_t id)
        : id_{id},
          key_{loopback::key_number(key)},
          listener_{std::make_unique<LinkListener>(io, Endpoint{0x7F000001, 0}, key_, LinkLimits{},
                                                   [this](FramedLinkPtr link) { take(std::move(link)); })},
          endpoint_{listener_->endpoint()} {}

    void kill() {
        listener_.reset();
        for (auto const& link : links_) link->close();
        links_.clear();
    }
    [[nodiscard]] Endpoint endpoint() const { return endpoint_; }
    void say_to_all(Bytes const& frame) {
        for (auto const& link : links_) link->send(frame);
    }

    ListTwin list;
    std::optional<PublisherId> publisher;
    std::size_t changes = 0, searches = 0, links = 0;
    bool answers_searches = true;
    std::string agent;

private:
    void take(FramedLinkPtr link) {
        ++links;
        publisher = link->proof().key;
        auto* const at = link.get();
        link->start([this, at](ByteView frame) { receive(*at, frame); },
                    [this, at](std::string const&) {
                        std::erase_if(links_, [at](auto const& one) { return one.get() == at; });
                    });
        links_.push_back(std::move(link));
    }
    void receive(FramedLink& link, ByteView frame) {
        auto const message = decode_from_node(frame);
        REQUIRE(message.has_value());
        std::visit([&](auto const& one) { on(link, one); }, *message);
    }
    void on(FramedLink& link, SignIn const& message) {
        agent = message.agent;
        Welcome welcome;
        welcome.server = ServerId{id_};
        welcome.held = list.held;
        welcome.digest = list.digest();
        welcome.lease_ms = 60'000;
        link.send(encode(ToNode{welcome}));
    }
    void on(FramedLink& link, Publish const& message) {
        ++changes;
        if (!list.apply(message.change)) return link.send(encode(ToNode{Behind{list.held, list.digest()}}));
        link.send(encode(ToNode{Published{list.held, list.digest(), 1, 1}}));
    }
    void on(FramedLink& link, Search const& message) {
        ++searches;
        if (!answers_searches) return;
        Found found;
        found.request = message.request;
        found.answer.rows.push_back({entry_of(id_), 1, {}});
        link.send(encode(ToNode{found}));
    }
    void on(FramedLink& link, Ping const& message) { link.send(encode(ToNode{Pong{message.nonce, 0, {}}})); }
    void on(FramedLink&, SignOut const&) { FAIL("a node that stops keeps its list"); }

    std::uint64_t id_;
    Ed25519Key key_;
    std::unique_ptr<LinkListener> listener_;
    Endpoint endpoint_;
    std::vector<FramedLinkPtr> links_;
};

/// A node with its data directory, whose shared files the test sets.
class NodeScript {
public:
    NodeScript(boost::asio::io_context& io, std::string directory, std::vector<std::string> servers) {
        IndexClientOptions options;
        options.data_directory = std::move(directory);
        options.servers = std::move(servers);
        options.agent = "Praline/test\n";
        options.entries_per_slice = 10;
        client = std::make_unique<IndexClient>(io, options, host());
    }
    void share(Shared const& files) {
        shared.clear();
        for (auto const& [sha1, entry] : files) shared.push_back(entry);
        client->shared_changed();
    }

    std::vector<Entry> shared;
    std::map<std::uint32_t, SearchAnswered> answered;
    std::map<std::uint32_t, SearchFailed> failed;
    std::size_t states = 0;
    std::unique_ptr<IndexClient> client;

private:
    IndexClient::Host host() {
        return {[this](std::size_t from, std::size_t most) {
                    auto const end = std::min(shared.size(), from + most);
                    return std::vector<Entry>(shared.begin() + static_cast<std::ptrdiff_t>(std::min(from, end)),
                                              shared.begin() + static_cast<std::ptrdiff_t>(end));
                },
                [this](SearchAnswered const& one) { REQUIRE(answered.emplace(one.search, one).second); },
                [this](SearchFailed const& one) { REQUIRE(failed.emplace(one.search, one).second); },
                [this] { ++states; }};
    }
};

Query words(std::string text) {
    Query query;
    query.words = std::move(text);
    return query;
}

Shared files(std::uint64_t count) {
    Shared shared;
    for (std::uint64_t i = 0; i < count; ++i) shared[entry_of(i).sha1] = entry_of(i);
    return shared;
}

}  // namespace

TEST_CASE("over a real link a node signs in with its key, publishes what it shares and is answered") {
    ScratchFolder folder;
    boost::asio::io_context io;
    ServerScript server{io, 1, 11};
    NodeScript node{io, folder.path(), {server.endpoint().text()}};
    auto const shared = files(25);
    node.share(shared);
    run_until(io, [&] { return server.list.entries == shared; });
    REQUIRE(server.publisher == node.client->publisher());
    REQUIRE(server.agent == "Praline/test");
    REQUIRE(node.client->group_key() == loopback::key_number(1).public_key());
    auto const search = node.client->search(words("x"));
    run_until(io, [&] { return node.answered.contains(search); });
    auto const& answer = node.answered.at(search);
    REQUIRE(answer.answer.rows.size() == 1);
    REQUIRE(answer.server == ServerId{11});
    REQUIRE(answer.cost.messages == 2);
    REQUIRE(answer.cost.bytes ==
            encode(FromNode{Search{search, words("x")}}).size() + encode(ToNode{Found{search, answer.answer}}).size());
    run_until(io, [&] { return node.client->state().replicated == server.list.held; });
    REQUIRE(node.client->state().problem.empty());
    REQUIRE(node.states > 0);
}

TEST_CASE("what one pass over the shared files finds goes out in as few changes as can be, and all of it") {
    ScratchFolder folder;
    boost::asio::io_context io;
    ServerScript server{io, 1, 11};
    NodeScript node{io, folder.path(), {server.endpoint().text()}};
    run_until(io, [&] { return node.client->state().signed_in.has_value(); });
    for (std::size_t const count : {250, 2250}) {
        server.changes = 0;
        auto const shared = files(count);
        node.share(shared);
        run_until(io, [&] { return server.list.entries == shared; });
        REQUIRE(server.changes == count / 1000 + (count > 1000 ? 0 : 1));
    }
    node.share(files(1));
    run_until(io, [&] { return server.list.entries.size() == 1; });
    run_until(io, [&] { return node.client->state().replicated == server.list.held; });
}

TEST_CASE("after a restart a node goes on with its key and publishes only what changed") {
    ScratchFolder folder;
    boost::asio::io_context io;
    ServerScript server{io, 1, 11};
    std::optional<PublisherId> publisher;
    {
        NodeScript node{io, folder.path(), {server.endpoint().text()}};
        node.share(files(25));
        run_until(io, [&] { return server.list.entries.size() == 25; });
        publisher = node.client->publisher();
    }
    auto const before = server.list.held;
    NodeScript node{io, folder.path(), {}};  // the server is remembered
    node.share(files(26));
    run_until(io, [&] { return server.list.entries.size() == 26; });
    REQUIRE(server.publisher == publisher);
    REQUIRE(server.list.held == Version{before.era, before.number + 1});
}

TEST_CASE("when a server dies a search under way is answered by the other one") {
    ScratchFolder folder;
    boost::asio::io_context io;
    ServerScript first{io, 1, 11}, second{io, 1, 12};
    NodeScript node{io, folder.path(), {first.endpoint().text(), second.endpoint().text()}};
    run_until(io, [&] { return node.client->state().signed_in && node.client->state().stand_by; });
    auto& home = node.client->state().signed_in->endpoint == first.endpoint() ? first : second;
    auto& other = &home == &first ? second : first;
    home.answers_searches = false;
    auto const search = node.client->search(words("x"));
    run_until(io, [&] { return home.searches == 1; });
    home.kill();
    run_until(io, [&] { return node.answered.contains(search) || node.failed.contains(search); });
    REQUIRE(node.answered.contains(search));
    run_until(io, [&] { return node.client->state().signed_in.has_value(); });
    REQUIRE(node.client->state().signed_in->endpoint == other.endpoint());
}

TEST_CASE("a server of another key is refused with a sentence that names the file, until that is deleted") {
    ScratchFolder folder;
    boost::asio::io_context io;
    ServerScript right{io, 1, 11};
    {
        NodeScript node{io, folder.path(), {right.endpoint().text()}};
        run_until(io, [&] { return node.client->state().signed_in.has_value(); });
    }
    right.kill();
    ServerScript wrong{io, 2, 12};
    {
        NodeScript node{io, folder.path(), {wrong.endpoint().text()}};
        auto const search = node.client->search(words("x"));
        run_until(io, [&] { return node.failed.contains(search); });
        auto const sentence = "delete " + folder.file("index.group") + " and start the node again.";
        run_until(io, [&] { return node.client->state().problem.find(sentence) != std::string::npos; });
        REQUIRE(wrong.searches == 0);
        REQUIRE(node.client->group_key() == loopback::key_number(1).public_key());
    }
    std::filesystem::remove(folder.file("index.group"));
    NodeScript node{io, folder.path(), {wrong.endpoint().text()}};
    run_until(io, [&] { return node.client->state().signed_in.has_value(); });
}

TEST_CASE("a file that holds no key, and a server that is no address, are said at once") {
    ScratchFolder folder;
    boost::asio::io_context io;
    REQUIRE_THROWS_WITH((NodeScript{io, folder.path(), {"nonsense"}}), Catch::Contains("write HOST:PORT"));
    std::ofstream{folder.file("index.group")} << "hello\n";
    REQUIRE_THROWS_WITH((NodeScript{io, folder.path(), {}}), Catch::Contains("does not hold the key"));
}

TEST_CASE("a server given by name is looked up in the background") {
    ScratchFolder folder;
    boost::asio::io_context io;
    ServerScript server{io, 1, 11};
    NodeScript node{io, folder.path(), {"localhost:" + std::to_string(server.endpoint().port)}};
    auto const search = node.client->search(words("x"));
    run_until(io, [&] { return node.answered.contains(search); });
    REQUIRE(node.client->state().servers.at(0).configured);
}

TEST_CASE("a server that sends what cannot be read is left, with a sentence") {
    ScratchFolder folder;
    boost::asio::io_context io;
    ServerScript server{io, 1, 11};
    NodeScript node{io, folder.path(), {server.endpoint().text()}};
    run_until(io, [&] { return node.client->state().signed_in.has_value(); });
    server.say_to_all({std::byte{1}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0xEE}});
    run_until(io, [&] { return node.client->state().problem.find("cannot be read") != std::string::npos; });
    run_until(io, [&] { return node.client->state().signed_in.has_value(); });  // it is tried again
}

TEST_CASE("a search that no server takes fails from outside the call, and a dropped one is not told of") {
    ScratchFolder folder;
    boost::asio::io_context io;
    NodeScript node{io, folder.path(), {}};
    auto const dropped = node.client->search(words(std::string(1000, 'x')));
    auto const search = node.client->search(words(std::string(1000, 'x')));
    REQUIRE(node.failed.empty());
    node.client->drop_search(dropped);
    run_until(io, [&] { return node.failed.contains(search); });
    REQUIRE_FALSE(node.failed.contains(dropped));
}

}  // namespace index_client_test
