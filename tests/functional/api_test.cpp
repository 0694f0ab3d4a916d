// The API server over real sockets on loopback: what only the shell can get wrong.
#include <array>
#include <chrono>
#include <memory>
#include <vector>

#include <boost/asio.hpp>
#include <catch2/catch.hpp>

#include "unit/webui/api/fake_node.hpp"
#include "webui/api/api_server.hpp"

namespace praline::webui::api_test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

/// A server on a free port; the loop is turned by whoever waits for something, so that all is one thread.
struct House {
    asio::io_context io;
    FakeNode node;
    std::unique_ptr<ApiServer> server;

    explicit House(ApiLimits limits = {}, std::size_t connections_max = 64) {
        ApiOptions options;
        options.listen = Endpoint{0x7F000001, 0};
        options.token = test_token;
        options.limits = limits;
        options.connections_max = connections_max;
        server = std::make_unique<ApiServer>(io, node.control(), options);
    }
    ~House() {
        server->stop();
        io.poll();
    }
};

struct Caller {
    House& house;
    tcp::socket socket;
    std::string heard;
    bool ended = false;
    std::array<char, 4096> block{};

    explicit Caller(House& to) : house{to}, socket{to.io} {
        socket.connect({asio::ip::address_v4::loopback(), to.server->endpoint().port});
        listen();
    }
    ~Caller() {
        boost::system::error_code ignored;
        socket.close(ignored);
        house.io.poll();
    }
    void listen() {
        socket.async_read_some(asio::buffer(block), [this](boost::system::error_code trouble, std::size_t count) {
            heard.append(block.data(), count);
            if (trouble == asio::error::operation_aborted) return;
            if (trouble)
                ended = true;
            else
                listen();
        });
    }
    void say(std::string const& text) {
        boost::system::error_code ignored;
        asio::write(socket, asio::buffer(text), ignored);
    }
    template <class Until>
    bool wait(Until until) {
        auto const give_up = std::chrono::steady_clock::now() + 10s;
        while (!until() && std::chrono::steady_clock::now() < give_up) house.io.run_one_for(100ms);
        return until();
    }
    bool hears(std::string const& text) {
        return wait([&] { return heard.find(text) != std::string::npos; });
    }
    bool sees_end() {
        return wait([&] { return ended; });
    }
    [[nodiscard]] std::string request(std::string const& line, std::string const& more = {}) const {
        return line + " HTTP/1.1\r\nHost: " + house.server->endpoint().text() + "\r\nAuthorization: Bearer " +
               test_token + "\r\n" + more + "\r\n";
    }
    [[nodiscard]] std::string bare(std::string const& line, std::string const& more = {}) const {
        return line + " HTTP/1.1\r\nHost: " + house.server->endpoint().text() + "\r\n" + more + "\r\n";
    }
    void follow(std::string const& more = {}) { say(request("GET /api/v1/events", more)); }
};

TEST_CASE("the server refuses an address that is not loopback, and one that is taken") {
    House house;
    ApiOptions options;
    options.listen = Endpoint{0, 0};
    REQUIRE_THROWS_AS(ApiServer(house.io, house.node.control(), options), std::runtime_error);
    options.listen = house.server->endpoint();
    REQUIRE_THROWS_AS(ApiServer(house.io, house.node.control(), options), std::runtime_error);
}

TEST_CASE("when a token is revoked its event streams and connections are closed, and no others") {
    House house;
    auto const make = [&](std::string const& name) {
        Caller maker{house};
        auto const body = R"({"name":")" + name + R"("})";
        maker.say(maker.request("POST /api/v1/tokens", "Content-Length: " + std::to_string(body.size()) + "\r\n") +
                  body);
        REQUIRE(maker.hears("\"token\":\""));
        auto const at = maker.heard.find("\"token\":\"") + 9;
        return "Authorization: Bearer " + maker.heard.substr(at, maker.heard.find('"', at) - at) + "\r\n";
    };
    auto const one = make("one"), two = make("two");
    Caller stream{house}, idle{house}, other{house}, owner{house};
    stream.say(stream.bare("GET /api/v1/events", one));
    idle.say(idle.bare("GET /api/v1/status", one));
    other.say(other.bare("GET /api/v1/events", two));
    REQUIRE(stream.hears(": welcome"));
    REQUIRE(idle.hears("\"queries_in\":7"));
    REQUIRE(other.hears(": welcome"));
    owner.say(owner.request("DELETE /api/v1/tokens/one"));
    REQUIRE(owner.hears("\"done\":true"));
    REQUIRE(stream.sees_end());
    REQUIRE(idle.sees_end());
    REQUIRE_FALSE(other.ended);
    house.server->notify({"peers", ""});
    REQUIRE(other.hears("\"topic\":\"peers\""));
    owner.say(owner.request("GET /api/v1/peers"));
    REQUIRE(owner.hears("\"peers\":["));
}

TEST_CASE("two requests on one connection are both answered") {
    House house;
    Caller caller{house};
    caller.say(caller.request("GET /api/v1/status") + caller.request("GET /api/v1/peers"));
    REQUIRE(caller.hears("\"queries_in\":7"));
    REQUIRE(caller.hears("\"peers\":["));
}

TEST_CASE("a page of results that takes long to sort is answered when it is ready, and others are answered meanwhile") {
    House house;
    house.node.sorting = 200;
    Caller patient{house}, quick{house};
    patient.say(patient.request("GET /api/v1/searches/1/results?sort=name"));
    REQUIRE(patient.wait([&] { return house.node.sorting < 200; }));
    quick.say(quick.request("GET /api/v1/status"));
    REQUIRE(quick.hears("\"queries_in\":7"));
    REQUIRE(house.node.sorting > 0);
    REQUIRE(patient.heard.empty());
    REQUIRE(patient.hears("\"matching\":2"));
}

TEST_CASE("a request that is never ready is given up with a sentence") {
    ApiLimits limits;
    limits.turns_max = 50;
    House house{limits};
    house.node.sorting = SIZE_MAX;
    Caller caller{house};
    caller.say(caller.request("GET /api/v1/searches/1/results?sort=name"));
    REQUIRE(caller.hears("503 Service Unavailable"));
    REQUIRE(SIZE_MAX - house.node.sorting == 50);
}

TEST_CASE("a request whose work is done elsewhere is answered when that is done") {
    House house;
    house.node.looking = 3;
    Caller patient{house};
    patient.say(patient.request("GET /api/v1/library/preview?path=%2Fx"));
    REQUIRE(patient.hears("one.txt"));
    REQUIRE(house.node.looking == 0);
}

TEST_CASE("garbage is answered with a sentence and the end") {
    House house;
    Caller caller{house};
    caller.say("\x16\x03\x01 nonsense\r\n\r\n");
    REQUIRE(caller.hears("400 Bad Request"));
    REQUIRE(caller.sees_end());
}

TEST_CASE("a header and a body over their limits are refused") {
    House house;
    Caller header{house};
    header.say("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x'));
    REQUIRE(header.hears("HTTP/1.1 431"));
    REQUIRE(header.sees_end());
    Caller body{house};
    body.say(body.request("POST /api/v1/searches", "Content-Length: 65537\r\n"));
    REQUIRE(body.hears("HTTP/1.1 413"));
    REQUIRE(body.sees_end());
}

TEST_CASE("a header that never ends costs its time and no more") {
    ApiLimits limits;
    limits.unproven_time = 50ms;
    House house{limits};
    Caller caller{house};
    caller.say("GET / HT");
    REQUIRE(caller.sees_end());
    REQUIRE(caller.heard.empty());
    Caller silent{house};
    REQUIRE(silent.sees_end());
}

TEST_CASE("a caller that has proved itself may be idle for longer than one that has not") {
    ApiLimits limits;
    limits.unproven_time = 200ms;
    limits.idle_time = 10min;
    House house{limits};
    Caller proven{house}, unproven{house};
    proven.say(proven.request("GET /api/v1/peers"));
    REQUIRE(proven.hears("\"peers\":["));
    unproven.say(unproven.bare("GET /favicon.svg"));
    REQUIRE(unproven.hears("HTTP/1.1"));
    REQUIRE(unproven.sees_end());
    REQUIRE_FALSE(proven.ended);
    proven.say(proven.request("GET /api/v1/status"));
    REQUIRE(proven.hears("\"queries_in\":7"));
}

TEST_CASE("connections that say nothing are evicted for those that ask, the oldest first") {
    House house{{}, 8};
    std::vector<std::unique_ptr<Caller>> silent;
    for (int i = 0; i < 8; ++i) silent.emplace_back(std::make_unique<Caller>(house));
    Caller follower{house};
    follower.follow();
    REQUIRE(follower.hears("welcome"));
    REQUIRE(silent.front()->sees_end());
    Caller asking{house};
    asking.say(asking.request("GET /api/v1/peers"));
    REQUIRE(asking.hears("\"peers\":["));
    REQUIRE(silent.at(1)->sees_end());
    for (int i = 0; i < 40; ++i) silent.emplace_back(std::make_unique<Caller>(house));
    REQUIRE(silent.at(silent.size() - 9)->sees_end());
    house.server->notify({"search", "1"});
    REQUIRE(follower.hears("event: change"));  // a stream of a caller that has proved itself is never evicted
    Caller last{house};
    last.say(last.request("GET /api/v1/peers"));
    REQUIRE(last.hears("\"peers\":["));
}

TEST_CASE("when every place is an event stream a newcomer is closed at once") {
    House house{{}, 1};
    Caller first{house};
    first.follow();
    REQUIRE(first.hears("welcome"));
    Caller second{house};
    REQUIRE(second.sees_end());
    REQUIRE_FALSE(first.ended);
}

TEST_CASE("HEAD sends the header of GET, its length among it, and no body") {
    House house;
    Caller caller{house};
    caller.say(caller.request("HEAD /api/v1/peers") + caller.request("HEAD /api/v1/events"));
    REQUIRE(caller.hears("text/event-stream"));
    REQUIRE(caller.sees_end());
    REQUIRE(caller.heard.find("Content-Length: 0") == std::string::npos);
    REQUIRE(caller.heard.find("Content-Length: ") != std::string::npos);
    REQUIRE(caller.heard.find("peers\":[") == std::string::npos);
    REQUIRE(caller.heard.find("welcome") == std::string::npos);
    Caller again{house};
    again.say(again.request("HEAD /api/v1/peers") + again.request("GET /api/v1/peers"));
    REQUIRE(again.hears("\"peers\":["));  // the connection goes on after a HEAD
}

TEST_CASE("a transfer coding that is not understood is refused, and the connection closed") {
    House house;
    for (auto const* coding :
         {"xchunked", "identity", "gzip, chunked", "chunked, chunked", "chunked\r\nTransfer-Encoding: chunked"}) {
        Caller caller{house};
        caller.say(caller.request("POST /api/v1/searches", std::string{"Transfer-Encoding: "} + coding + "\r\n") +
                   caller.request("GET /api/v1/status"));
        REQUIRE(caller.sees_end());
        CAPTURE(coding, caller.heard);
        REQUIRE((caller.heard.starts_with("HTTP/1.1 501") || caller.heard.starts_with("HTTP/1.1 400")));
        REQUIRE(caller.heard.find("queries_in") == std::string::npos);
    }
    REQUIRE(house.node.asked.empty());
}

TEST_CASE("trailer fields of a body are no header fields") {
    House house;
    Caller caller{house};
    caller.say(caller.request("POST /api/v1/searches", "Transfer-Encoding: Chunked\r\nTrailer: Host\r\n") +
               "c\r\n{\"text\":\"x\"}\r\n0\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n");
    REQUIRE(caller.hears("HTTP/1.1 201"));
    Caller thief{house};
    thief.say(thief.bare("POST /api/v1/searches", "Transfer-Encoding: chunked\r\n") +
              "c\r\n{\"text\":\"x\"}\r\n0\r\nAuthorization: Bearer " + test_token + "\r\n\r\n");
    REQUIRE(thief.hears("HTTP/1.1 401"));
}

TEST_CASE("the answer to a wrong guess is held back, and a right caller is answered meanwhile") {
    House house;
    auto const guess = [&](Caller& caller) {
        caller.say(caller.bare("GET /api/v1/status", "Authorization: Bearer wrong\r\n"));
    };
    std::vector<std::unique_ptr<Caller>> guessing;
    for (std::size_t i = 0; i <= wrong_guesses_free; ++i)
        guess(*guessing.emplace_back(std::make_unique<Caller>(house)));
    for (std::size_t i = 0; i < wrong_guesses_free; ++i) REQUIRE(guessing.at(i)->hears("HTTP/1.1 401"));
    Caller right{house};
    right.say(right.request("GET /api/v1/peers"));
    REQUIRE(right.hears("\"peers\":["));
    REQUIRE(guessing.back()->sees_end());  // held, answered, closed
    REQUIRE(guessing.back()->heard.starts_with("HTTP/1.1 401"));
}

TEST_CASE("a wrong token counts once, also where a longer body is taken from a caller who is known") {
    House house;
    Caller caller{house};
    std::size_t answers = 0;
    for (std::size_t i = 0; i < wrong_guesses_free; ++i) {
        caller.heard.clear();
        caller.say(caller.bare("POST /api/v1/downloads/batch", "Authorization: Bearer wrong\r\nContent-Length: 2\r\n") +
                   "{}");
        // One that is held back is the last of its connection.
        if (!caller.hears("}") || !caller.heard.starts_with("HTTP/1.1 401") ||
            caller.heard.find("Connection: close") != std::string::npos)
            break;
        ++answers;
    }
    CHECK(answers == wrong_guesses_free);
}

TEST_CASE("an event stream tells changes, beats, and is resumed where it broke") {
    ApiLimits limits;
    limits.heartbeat_time = 20ms;
    limits.join_time = 5ms;
    House house{limits};
    std::string last;
    {
        Caller caller{house};
        caller.follow();
        REQUIRE(caller.hears("text/event-stream"));
        REQUIRE(caller.hears(": still here"));
        house.server->notify({"search", "1"});
        REQUIRE(caller.hears("event: change\ndata: {\"topic\":\"search\",\"id\":\"1\"}"));
        auto const end = caller.heard.rfind("\nevent: change");
        auto const begin = caller.heard.rfind("id: ", end) + 4;
        last = caller.heard.substr(begin, end - begin);
        house.server->notify({"downloads", "7"});
        REQUIRE(caller.hears("downloads"));
    }
    Caller again{house};
    again.follow("Last-Event-ID: " + last + "\r\n");
    REQUIRE(again.hears("downloads"));
    REQUIRE(again.heard.find("search") == std::string::npos);
    Caller stranger{house};
    stranger.follow("Last-Event-ID: 1\r\n");
    REQUIRE(stranger.hears("event: reset"));
}

TEST_CASE("only so many event streams are open, and a slow reader is cut") {
    ApiLimits limits;
    limits.event_streams_max = 1;
    limits.stream_queue_bytes_max = 2048;
    House house{limits};
    Caller first{house};
    first.follow();
    REQUIRE(first.hears("welcome"));
    Caller second{house};
    second.follow();
    REQUIRE(second.hears("HTTP/1.1 429"));
    house.server->notify({"search", std::string(4096, 'x')});
    REQUIRE(first.sees_end());
}

TEST_CASE("a file is sent in blocks, and the connection goes on behind it") {
    ApiLimits limits;
    limits.content_block_bytes = 1000;
    House house{limits};
    for (char digit = '0'; digit <= '9'; ++digit) house.node.file_bytes += std::string(10'000, digit);
    Caller caller{house};
    caller.say(caller.request("GET /api/v1/library/1/content", "Range: bytes=5-\r\n") +
               caller.request("HEAD /api/v1/library/1/content") + caller.request("GET /api/v1/status"));
    REQUIRE(caller.hears("\"queries_in\":7"));
    auto const& heard = caller.heard;
    REQUIRE(heard.starts_with("HTTP/1.1 206 Partial Content\r\n"));
    REQUIRE(heard.find("\r\nContent-Length: 100005\r\n") != std::string::npos);
    auto const body = heard.find("\r\n\r\n") + 4;
    REQUIRE(heard.substr(body, 100'005) == house.node.file_bytes.substr(5));
    auto const head = heard.substr(body + 100'005);
    REQUIRE(head.starts_with("HTTP/1.1 200 OK\r\n"));
    REQUIRE(head.find("\r\nContent-Length: 100010\r\n") != std::string::npos);
    REQUIRE(head.substr(head.find("\r\n\r\n") + 4).starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("a body whose bytes cannot be had any more is cut short") {
    House house;
    house.node.file_bytes = std::string(1'000'000, 'x');
    house.node.file_gone_from = 500'000;
    Caller caller{house};
    caller.say(caller.request("GET /api/v1/library/1/content"));
    REQUIRE(caller.sees_end());
    REQUIRE(caller.heard.find("Content-Length: 1000000\r\n") != std::string::npos);
    REQUIRE(caller.heard.size() < 1'000'000);
}

TEST_CASE("a file that has not changed is not sent again") {
    House house;
    Caller caller{house};
    caller.say(caller.request("GET /api/v1/library/1/content", "If-None-Match: \"FAKE\"\r\n") +
               caller.request("GET /api/v1/status"));
    REQUIRE(caller.hears("\"queries_in\":7"));
    REQUIRE(caller.heard.starts_with("HTTP/1.1 304 "));
}

TEST_CASE("only so many files are sent at once, and a reader that takes nothing is cut") {
    ApiLimits limits;
    limits.contents_max = 1;
    limits.content_stalled_time = 500ms;
    House house{limits};
    house.node.file_bytes = std::string(64'000'000, 'x');
    asio::io_context apart;  // nobody reads what comes here
    tcp::socket idle{apart};
    idle.connect({asio::ip::address_v4::loopback(), house.server->endpoint().port});
    Caller second{house};
    asio::write(idle, asio::buffer(second.request("GET /api/v1/library/1/content")));
    REQUIRE(second.wait([&] { return !house.node.asked.empty(); }));
    second.say(second.request("GET /api/v1/library/1/content"));
    REQUIRE(second.hears("HTTP/1.1 429"));
    second.heard.clear();
    house.node.file_bytes = "short";
    REQUIRE(second.wait([&] {
        if (second.heard.find("200 OK") != std::string::npos) return true;
        second.say(second.request("GET /api/v1/library/1/content"));
        return false;
    }));
}

TEST_CASE("a reader that closes its sending side behind the request gets the whole file") {
    House house;
    house.node.file_bytes = std::string(3'000'000, 'x');
    house.node.read_later = [&house](std::function<void()> act) { asio::post(house.io, std::move(act)); };
    Caller caller{house};
    caller.say(caller.request("GET /api/v1/library/1/content"));
    caller.socket.shutdown(tcp::socket::shutdown_send);
    REQUIRE(caller.sees_end());
    REQUIRE(caller.heard.substr(caller.heard.find("\r\n\r\n") + 4) == house.node.file_bytes);
}

TEST_CASE("a reader that leaves while it waits for bytes makes room for another") {
    ApiLimits limits;
    limits.contents_max = 1;
    House house{limits};
    house.node.file_bytes = std::string(10'000'000, 'x');
    house.node.file_late_from = 1;
    asio::io_context apart;
    tcp::socket leaving{apart};
    leaving.connect({asio::ip::address_v4::loopback(), house.server->endpoint().port});
    Caller second{house};
    // What it says meanwhile is no reason to end.
    asio::write(leaving, asio::buffer(second.request("GET /api/v1/library/1/content")));
    REQUIRE(second.wait([&] { return leaving.available() > 0 && house.node.asked.size() == 1; }));
    asio::write(leaving, asio::buffer(second.request("GET /api/v1/status")));
    second.say(second.request("GET /api/v1/library/1/content"));
    REQUIRE(second.hears("HTTP/1.1 429"));
    leaving.close();
    house.node.file_late_from = UINT64_MAX;
    house.node.file_bytes = "short";
    second.heard.clear();
    REQUIRE(second.wait([&] {
        if (second.heard.find("200 OK") != std::string::npos) return true;
        second.say(second.request("GET /api/v1/library/1/content"));
        return false;
    }));
}

}  // namespace
}  // namespace praline::webui::api_test
