#include <future>

#include <catch2/catch.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "functional/transfer_world.hpp"
#include "node/wire/codec.hpp"
#include "transfer/browse/host_browser.hpp"

namespace praline::test::transfer_browse_test {

namespace {

using namespace std::chrono_literals;

std::string message(std::string const& name) {
    wire::QueryHit hit;
    hit.endpoint = *Endpoint::parse("203.0.113.9:9");  // not where it is
    hit.vendor = "TEST";
    hit.servent.bytes[0] = 1;
    hit.records.resize(1);
    hit.records[0].name = name;
    return std::string{as_text(wire::encode_message(Guid{}, wire::Function::query_hit, Ttl{1}, Hops{0}, hit))};
}

std::string const ok = "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Type: application/x-gnutella-packets\r\n";

/// One browser, and what it tells.
struct World {
    boost::asio::io_context io;
    browse::Options options{"Praline/test", {}};
    std::unique_ptr<browse::HostBrowser> browser;
    std::vector<wire::QueryHit> hits;
    std::optional<std::string> ended;
    std::uint64_t bytes = 0;

    void open() {
        browse::Events events;
        events.came = [this](Guid const&, std::vector<wire::QueryHit> const& more, std::uint64_t count) {
            hits.insert(hits.end(), more.begin(), more.end());
            bytes += count;
        };
        events.ended = [this](Guid const&, std::string const& problem) { ended = problem; };
        browser = std::make_unique<browse::HostBrowser>(io, options, events);
    }
    static browse::Target target(Endpoint endpoint) {
        return {HostPort{endpoint.address.text(), endpoint.port, endpoint.address}};
    }
    /// How it ends.
    std::string browse(browse::Target target) {
        if (!browser) open();
        ended.reset();
        REQUIRE(browser->browse(Guid{}, std::move(target)));
        CHECK_FALSE(ended);
        REQUIRE(run_until(io, [&] { return ended.has_value(); }));
        return *ended;
    }
    /// The same of a host that answers so and hangs up.
    std::string browse(std::string const& answer) {
        Door door{io, [answer](Tcp::socket socket) {
                      auto const held = std::make_shared<Tcp::socket>(std::move(socket));
                      boost::system::error_code error;
                      boost::asio::write(*held, boost::asio::buffer(answer), error);
                      held->shutdown(Tcp::socket::shutdown_send, error);
                      // It takes the question in, or the answer would be lost with the connection.
                      auto const into = std::make_shared<std::string>(4096, '\0');
                      held->async_read_some(boost::asio::buffer(*into),
                                            [held, into](boost::system::error_code, std::size_t) {});
                  }};
        return browse(target(door.endpoint()));
    }
    ~World() {
        browser.reset();
        while (io.poll() != 0) {}
    }
};

}  // namespace

TEST_CASE("a host that is browsed is asked for packets, and its hits are its own whatever they claim") {
    World world;
    std::string asked;
    Door door{world.io, scripted([&](std::string const& head) {
                  asked = head;
                  auto const body = message("a.ogg") + message("b.ogg");
                  return ok + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
              })};
    CHECK(world.browse(World::target(door.endpoint())).empty());
    CHECK(asked.starts_with("GET / HTTP/1.1\r\n"));
    CHECK(field_of(asked, "Accept") == "application/x-gnutella-packets");
    REQUIRE(world.hits.size() == 2);
    CHECK(world.hits[0].endpoint == door.endpoint());
    CHECK(world.hits[1].records[0].name == "b.ogg");
    CHECK(world.bytes > 200);
}

TEST_CASE("hosts that refuse, talk nonsense or break off end a browse with a sentence, and keep what came before") {
    World world;
    CHECK(world.browse("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
              .find(" gives no list of its files, which its user") != std::string::npos);
    CHECK(world.browse("").ends_with(" ended the connection without an answer. Try again later."));
    CHECK(world.browse(noise(50'000, 1)).ends_with(" does not answer as a server of files. Check the port."));
    CHECK(world.browse(ok + "\r\n" + noise(50'000, 2))
              .ends_with(" sends something that is no list of files. Check the port."));
    CHECK(world.hits.empty());
    CHECK(world.browse(ok + "\r\n" + message("a.ogg") + "half")
              .ends_with(" in the middle of a result. Try again later."));
    CHECK(world.hits.size() == 1);
    Endpoint closed;
    {
        closed = Door{world.io, [](Tcp::socket) {}}.endpoint();
    }
    CHECK(world.browse(World::target(closed))
              .ends_with(" cannot be reached. Check address and port, or try again later."));
}

TEST_CASE("a host is found by its name, and a name without an address is said") {
    World world;
    world.options.resolve = [](std::string const& host) -> net::NameLookup::Found {
        if (host == "here.example") return {{*Address::parse("127.0.0.1")}, {}};
        return {{}, "nobody knows it"};
    };
    std::string asked;
    Door door{world.io, scripted([&](std::string const& head) {
                  asked = head;
                  return ok + "Content-Length: 0\r\n\r\n";
              })};
    CHECK(world.browse({HostPort{"here.example", door.endpoint().port, {}}}).empty());
    CHECK(field_of(asked, "Host") == "here.example:" + std::to_string(door.endpoint().port));
    CHECK(world.browse({HostPort{"gone.example", 6346, {}}}) ==
          "gone.example:6346 has a name that cannot be looked up: nobody knows it. Check it, or write the address.");
}

TEST_CASE("a browse is stopped, and its browser ends, while a name is looked up") {
    World world;
    std::promise<void> over;
    world.options.resolve = [until = over.get_future().share()](std::string const&) -> net::NameLookup::Found {
        until.wait();
        return {{}, "too late"};
    };
    world.open();
    Guid one, two;
    one.bytes[0] = 1;
    two.bytes[0] = 2;
    REQUIRE(world.browser->browse(one, {HostPort{"slow.example", 6346, {}}}));
    REQUIRE(world.browser->browse(two, {HostPort{"slow.example", 6346, {}}}));
    while (world.io.poll() != 0) {}
    world.browser->stop(one);
    while (world.io.poll() != 0) {}
    world.browser.reset();
    while (world.io.poll() != 0) {}
    over.set_value();
    CHECK_FALSE(world.ended);
}

TEST_CASE("a list without end, a silent host and one that stops end at the limits") {
    World world;
    world.options.limits.list.bytes_max = 100'000;
    world.options.limits.reply_time = world.options.limits.stalled_time = 100ms;
    std::string endless = ok + "\r\n";
    while (endless.size() < 200'000) endless += message("again.ogg");
    CHECK(world.browse(endless).ends_with(" sends more than a list may have, and is read no further."));
    std::vector<std::shared_ptr<Tcp::socket>> held;
    std::string said;
    Door door{world.io, [&](Tcp::socket socket) {
                  held.push_back(std::make_shared<Tcp::socket>(std::move(socket)));
                  boost::asio::write(*held.back(), boost::asio::buffer(said));
              }};
    CHECK(world.browse(World::target(door.endpoint()))
              .ends_with(" does not answer. Check the port, or try again later."));
    said = ok + "\r\n" + message("a.ogg");
    CHECK(
        world.browse(World::target(door.endpoint())).ends_with(" stopped in the middle of its list. Try again later."));
}

TEST_CASE("a host that others cannot connect to is asked to call, and asked over its call") {
    World world;
    auto const list = message("far.ogg");
    Door hosts{world.io, scripted([&](std::string const&) {
                   return ok + "Content-Length: " + std::to_string(list.size()) + "\r\n\r\n" + list;
               })};
    Guid servent;
    servent.bytes[5] = 5;
    std::size_t calls = 0;
    bool answers = true;
    world.options.call = [&](Guid const& asked, std::uint32_t index, browse::Called const& called) {
        ++calls;
        CHECK(asked == servent);
        CHECK(index == 3);
        if (!answers) return called(std::nullopt, {});
        Tcp::socket socket{world.io};
        socket.connect({boost::asio::ip::address_v4::loopback(), hosts.endpoint().port});
        called(std::move(socket), {});
    };
    browse::Target const target{*HostPort::parse("127.0.0.1:1"), servent, 3, true};
    answers = false;
    CHECK(world.browse(target).ends_with(" did not connect when it was asked to. Try again later."));
    answers = true;
    CHECK(world.browse(target).empty());
    CHECK(calls == 2);
    REQUIRE(world.hits.size() == 1);
    CHECK(world.hits[0].servent == servent);
    CHECK(world.hits[0].push_needed);
    CHECK(world.hits[0].endpoint == *Endpoint::parse("127.0.0.1:1"));
}

TEST_CASE("so many hosts are browsed at once, this node itself is none of them, and what is stopped says no more") {
    World world;
    world.options.limits.hosts_max = 1;
    std::vector<std::shared_ptr<Tcp::socket>> held;
    Door door{world.io, [&](Tcp::socket socket) { held.push_back(std::make_shared<Tcp::socket>(std::move(socket))); }};
    world.options.is_own = [](Endpoint const& endpoint) { return endpoint.port == 1; };
    world.open();
    Guid one, two;
    one.bytes[0] = 1;
    two.bytes[0] = 2;
    REQUIRE(world.browser->browse(one, World::target(door.endpoint())));
    CHECK_FALSE(world.browser->browse(two, World::target(door.endpoint())));
    REQUIRE(run_until(world.io, [&] { return !held.empty(); }));
    world.browser->stop(one);
    CHECK(world.browse({*HostPort::parse("127.0.0.1:1")}).find("is this node itself") != std::string::npos);
}

}  // namespace praline::test::transfer_browse_test
