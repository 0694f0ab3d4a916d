#include "index/link/framed_link.hpp"

#include "index/wire/limits.hpp"
#include "unit/index/link/loopback.hpp"

namespace framed_link_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::link;
using namespace praline::index::link::loopback;

TEST_CASE("both sides of a link know the key that the other has proved") {
    Loopback net;
    auto const dialled = net.dial_with(key_number(2), net.key.public_key());
    REQUIRE(dialled.link);
    REQUIRE(dialled.problem.empty());
    REQUIRE(dialled.seen_key == net.key.public_key());
    REQUIRE(dialled.link->proof().key == net.key.public_key());
    REQUIRE(!dialled.link->proof().group);
    REQUIRE(dialled.link->remote() == net.listener.endpoint());
    run_until(net.io, [&] { return !net.arrived.empty(); });
    REQUIRE(net.arrived[0]->proof().key == key_number(2).public_key());
    REQUIRE(!net.arrived[0]->proof().group);
    REQUIRE(net.arrived[0]->remote().address == Address::v4(0x7F000001));
}

TEST_CASE("servers with one secret know each other as of one group") {
    auto const secret = GroupSecret::from_bytes(Bytes(32, std::byte{9}));
    boost::asio::io_context io;
    std::vector<FramedLinkPtr> arrived;
    LinkListener listener{
        io, {0x7F000001, 0}, secret.key(), {}, [&](FramedLinkPtr link) { arrived.push_back(std::move(link)); }};
    std::optional<Dialled> dialled;
    dial(io, listener.endpoint(), secret.key(), secret.key().public_key(), {},
         [&](Dialled result) { dialled = std::move(result); });
    run_until(io, [&] { return dialled && !arrived.empty(); });
    REQUIRE(dialled->link);
    REQUIRE(dialled->link->proof().group);
    REQUIRE(arrived[0]->proof().group);
}

TEST_CASE("a server that shows another key than the one expected is refused, and the sentence names both") {
    Loopback net;
    auto const expected = key_number(3).public_key();
    auto const dialled = net.dial_with(key_number(2), expected);
    REQUIRE(!dialled.link);
    REQUIRE(dialled.seen_key == net.key.public_key());
    REQUIRE(dialled.problem == net.listener.endpoint().text() +
                                   " is not the server that was expected: it showed the key " +
                                   net.key.public_key().hex() + ", not " + expected.hex() + ".");
}

TEST_CASE("a port where nobody listens gives a sentence") {
    Loopback net;
    auto const nowhere = net.listener.endpoint();
    net.listener.close();
    std::optional<Dialled> result;
    dial(net.io, nowhere, key_number(2), std::nullopt, {}, [&](Dialled dialled) { result = std::move(dialled); });
    run_until(net.io, [&] { return result.has_value(); });
    REQUIRE(!result->link);
    REQUIRE(result->problem == nowhere.text() + " cannot be reached: Connection refused.");
    REQUIRE(!result->seen_key);
}

TEST_CASE("an address that is taken gives a sentence") {
    Loopback net;
    auto const open_twice = [&] {
        LinkListener second{net.io, net.listener.endpoint(), net.key, {}, [](FramedLinkPtr) {}};
    };
    REQUIRE_THROWS_WITH(open_twice(), Catch::Contains(net.listener.endpoint().text()) && Catch::Contains("--listen"));
}

TEST_CASE("a thousand frames go both ways at once, in order and whole") {
    Loopback net;
    End here, there;
    net.join(here, there);
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < 1000; ++i) {
        auto const frame = frame_of(5 + i * 3, static_cast<unsigned char>(i));
        bytes += frame.size();
        here.link->send(frame);
        there.link->send(frame);
    }
    REQUIRE(here.link->queued_bytes() == bytes);
    run_until(net.io, [&] { return here.frames.size() == 1000 && there.frames.size() == 1000; });
    for (std::size_t i = 0; i < 1000; ++i) {
        Bytes const expected(1 + i * 3, static_cast<std::byte>(i));
        REQUIRE(here.frames[i] == expected);
        REQUIRE(there.frames[i] == expected);
    }
    run_until(net.io, [&] { return here.link->queued_bytes() == 0; });
    REQUIRE(here.link->bytes_out() == bytes);
    REQUIRE(there.link->bytes_in() == bytes);
    REQUIRE(here.closed.empty());
}

TEST_CASE("the longest frame there may be arrives") {
    Loopback net;
    End here, there;
    net.join(here, there);
    auto const longest = frame_of(frame_bytes_max + 4);
    here.link->send(longest);
    here.link->send(frame_of(5));
    run_until(net.io, [&] { return there.frames.size() == 2; });
    REQUIRE(there.frames[0].size() == frame_bytes_max);
    REQUIRE(there.frames[1].size() == 1);
}

TEST_CASE("a frame over the limit ends the link") {
    Loopback net;
    End here, there;
    net.join(here, there);
    here.link->send(frame_of(frame_bytes_max + 5));
    run_until(net.io, [&] { return !there.closed.empty() && !here.closed.empty(); });
    REQUIRE(there.closed == std::vector<std::string>{"The other side sent a frame over 524288 bytes."});
    REQUIRE(there.frames.empty());
    REQUIRE(here.closed.size() == 1);
}

TEST_CASE("an empty frame ends the link, and what came before it was delivered") {
    Loopback net;
    End here, there;
    net.join(here, there);
    here.link->send(frame_of(6));
    here.link->send(frame_of(4));
    run_until(net.io, [&] { return !there.closed.empty(); });
    REQUIRE(there.closed[0] == "The other side sent an empty frame.");
    REQUIRE(there.frames.size() == 1);
}

TEST_CASE("close sends what is queued first, and the other side is told") {
    Loopback net;
    End here, there;
    net.join(here, there);
    for (int i = 0; i < 100; ++i) here.link->send(frame_of(20'000));
    for (int i = 0; i < 20; ++i)
        there.link->send(frame_of(500'000));  // unread when the link closes: that must not reset it
    here.link->close();
    here.link.reset();
    run_until(net.io, [&] { return !there.closed.empty(); });
    REQUIRE(there.frames.size() == 100);
    REQUIRE(there.closed == std::vector<std::string>{"The other side closed the link."});
    REQUIRE(here.closed.empty());
    REQUIRE(here.frames.empty());
}

TEST_CASE("a link dropped without close is broken off, and calls nobody back") {
    Loopback net;
    End here, there;
    net.join(here, there);
    here.link.reset();
    run_until(net.io, [&] { return !there.closed.empty(); });
    REQUIRE(here.closed.empty());
    there.link->send(frame_of(5));  // does nothing
    REQUIRE(there.link->queued_bytes() == 0);
}

TEST_CASE("a link may be closed or dropped while it delivers a frame") {
    Loopback net;
    for (bool const drop : {false, true}) {
        int seen = 0;
        auto const token = std::make_shared<int>(0);  // gone when the callbacks are
        auto own = net.dial_with(key_number(4)).link;
        run_until(net.io, [&] { return !net.arrived.empty(); });
        own->start(
            [&seen, &own, token, drop](ByteView) {
                ++seen;
                if (drop)
                    own.reset();
                else
                    own->close();
            },
            [](std::string const&) { FAIL("called back after the end"); });
        net.arrived.back()->send(frame_of(5));
        net.arrived.back()->send(frame_of(5));
        run_until(net.io, [&] { return seen > 0 && token.use_count() == 1; });
        REQUIRE(seen == 1);
        net.arrived.clear();
    }
}

TEST_CASE("who does not read what it is sent loses the link when the queue is full") {
    LinkLimits limits;
    limits.queue_bytes_max = 3'000'000;
    Loopback net{limits};
    auto const slow = net.dial_with(key_number(2)).link;  // never started: reads nothing
    run_until(net.io, [&] { return !net.arrived.empty(); });
    End there;
    there.link = net.arrived[0];
    there.start();
    std::size_t sent = 0;
    while (there.closed.empty()) {
        there.link->send(frame_of(100'000));
        ++sent;
        REQUIRE(there.link->queued_bytes() <= limits.queue_bytes_max);
        net.io.restart();
        net.io.poll();
        REQUIRE(sent < 10'000);
    }
    REQUIRE(there.closed.size() == 1);
    REQUIRE_THAT(there.closed[0], Catch::StartsWith("The other side takes what it is sent too slowly: "));
    REQUIRE(sent >= 30);
}

TEST_CASE("a failure before start is told at start") {
    Loopback net;
    auto const dialled = net.dial_with(key_number(2));
    run_until(net.io, [&] { return !net.arrived.empty(); });
    End there;
    there.link = net.arrived[0];
    for (int i = 0; i < 2; ++i) there.link->send(Bytes(net.limits.queue_bytes_max, std::byte{1}));
    there.start();
    REQUIRE(there.closed.empty());
    run_until(net.io, [&] { return !there.closed.empty(); });
    REQUIRE_THAT(there.closed[0], Catch::Contains("too slowly"));
}

}  // namespace framed_link_test
