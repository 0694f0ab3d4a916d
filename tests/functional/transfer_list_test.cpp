#include <catch2/catch.hpp>

#include "functional/transfer_world.hpp"

namespace praline::test::transfer_list_test {

namespace {

using namespace std::chrono_literals;

/// A shelf that gives a list of so many parts, each of these bytes.
class ListedShelf final : public Shelf {
public:
    bool browsable = true;
    std::size_t parts = 3, part_bytes = 10'000;
    std::size_t forbidden_from = 1000;  ///< is no longer browsable when that part is asked for
    std::vector<std::string> asked;

    [[nodiscard]] bool is_browsable() const override { return browsable && asked.size() < forbidden_from; }
    upload::ListPart list_behind(std::string const& position, Guid const&) override {
        asked.push_back(position);
        auto const number = position.empty() ? 0 : std::stoul(position);
        if (number >= parts) return {};
        return {Bytes(part_bytes, static_cast<std::byte>('a' + number)), std::to_string(number + 1)};
    }
    [[nodiscard]] std::string whole() const {
        std::string text;
        for (std::size_t i = 0; i < parts; ++i) text += std::string(part_bytes, static_cast<char>('a' + i));
        return text;
    }
};

struct Browsed {
    boost::asio::io_context io;
    ListedShelf shelf;
    upload::Limits limits;
    std::unique_ptr<upload::UploadServer> server;
    std::unique_ptr<Door> door;

    void open() {
        server = std::make_unique<upload::UploadServer>(io, shelf, limits, "Praline/test", Guid{});
        door = std::make_unique<Door>(io, [this](Tcp::socket socket) { server->serve(std::move(socket), {}); });
    }
    std::string ask(std::string const& accept = "application/x-gnutella-packets", std::string const& method = "GET",
                    std::string const& version = "1.1") {
        return talk(io, door->endpoint(),
                    method + " / HTTP/" + version +
                        "\r\nHost: here\r\nConnection: close\r\nContent-Length: 0\r\nAccept: " + accept + "\r\n\r\n");
    }
    ~Browsed() {
        server.reset();
        door.reset();
        while (io.poll() != 0) {}
    }
};

std::string body_of(std::string const& reply) { return reply.substr(reply.find("\r\n\r\n") + 4); }
int status_of(std::string const& reply) { return std::stoi(reply.substr(9, 3)); }
/// Without the framing of chunks; empty: it is wrong or has no end.
std::string unchunked(std::string const& text) {
    std::string body;
    for (std::size_t at = 0;;) {
        auto const line_end = text.find("\r\n", at);
        if (line_end == std::string::npos) return {};
        auto const size = std::stoul(text.substr(at, line_end - at), nullptr, 16);
        if (size == 0) return line_end + 4 == text.size() ? body : std::string{};
        body += text.substr(line_end + 2, size);
        at = line_end + 4 + size;
    }
}

}  // namespace

TEST_CASE("a program that browses is sent the list, part after part, chunked or up to the end of the connection") {
    Browsed browsed;
    browsed.open();
    auto const reply = browsed.ask();
    CHECK(status_of(reply) == 200);
    CHECK(field_of(reply, "Content-Type") == "application/x-gnutella-packets");
    CHECK(field_of(reply, "Transfer-Encoding") == "chunked");
    CHECK(unchunked(body_of(reply)) == browsed.shelf.whole());
    CHECK(browsed.shelf.asked == std::vector<std::string>{"", "1", "2", "3"});
    // As LimeWire and Shareaza ask.
    CHECK(unchunked(body_of(browsed.ask("text/html, application/x-gnutella-packets"))) == browsed.shelf.whole());
    auto const old = browsed.ask("application/x-gnutella-packets", "GET", "1.0");
    CHECK(field_of(old, "Transfer-Encoding").empty());
    CHECK(field_of(old, "Connection") == "close");
    CHECK(body_of(old) == browsed.shelf.whole());
    auto const head = browsed.ask("application/x-gnutella-packets", "HEAD");
    CHECK(status_of(head) == 200);
    CHECK(body_of(head).empty());
    CHECK(browsed.server->bytes_sent() == 3 * browsed.shelf.whole().size());
}

TEST_CASE("a person's browser gets a few words, and an empty list is a list") {
    Browsed browsed;
    browsed.shelf.parts = 0;
    browsed.open();
    CHECK(field_of(browsed.ask("text/html,*/*"), "Content-Type") == "text/plain; charset=utf-8");
    CHECK(browsed.shelf.asked.empty());
    CHECK(body_of(browsed.ask()) == "0\r\n\r\n");
    browsed.shelf.browsable = false;
    CHECK(status_of(browsed.ask()) == 403);
    CHECK(status_of(browsed.ask("text/html, application/x-gnutella-packets")) == 200);
    CHECK(field_of(browsed.ask("text/html, application/x-gnutella-packets"), "Content-Type") ==
          "text/plain; charset=utf-8");
}

TEST_CASE("one address is given a few lists in an hour") {
    Browsed browsed;
    browsed.limits.lists.per_address_max = 2;
    browsed.open();
    CHECK(status_of(browsed.ask()) == 200);
    CHECK(status_of(browsed.ask("application/x-gnutella-packets", "HEAD")) == 200);
    CHECK(status_of(browsed.ask()) == 200);
    auto const refused = browsed.ask();
    CHECK(status_of(refused) == 429);
    CHECK(std::stoi(field_of(refused, "Retry-After")) > 3500);
    CHECK(body_of(refused).find("Ask again later") != std::string::npos);
}

TEST_CASE("a list takes an upload slot, and a peer that finds none is told to come back") {
    Browsed browsed;
    browsed.limits.slots = 1;
    browsed.limits.plain_wait = 0ms;
    browsed.shelf.parts = 1000;
    browsed.shelf.part_bytes = 100'000;
    browsed.open();
    Tcp::socket slow{browsed.io};
    slow.connect({boost::asio::ip::address_v4::loopback(), browsed.door->endpoint().port});
    std::string const request = "GET / HTTP/1.1\r\nHost: h\r\nAccept: application/x-gnutella-packets\r\n\r\n";
    slow.send(boost::asio::buffer(request));
    // It reads nothing: the list stops when the buffers are full, with most of it not even made.
    REQUIRE(run_until(browsed.io, [&] { return browsed.shelf.asked.size() > 3; }));
    REQUIRE(browsed.server->uploads().size() == 1);
    CHECK(browsed.server->uploads().front().name == "List of files");
    auto const refused = browsed.ask();
    CHECK(status_of(refused) == 503);
    CHECK(browsed.shelf.asked.size() < browsed.shelf.parts);
}

TEST_CASE("a list that is forbidden meanwhile breaks off, and is not taken for all there is") {
    Browsed browsed;
    browsed.shelf.forbidden_from = 2;
    browsed.open();
    auto const reply = browsed.ask();
    CHECK(status_of(reply) == 200);
    CHECK(unchunked(body_of(reply)).empty());
    CHECK(browsed.shelf.asked.size() == 2);
}

}  // namespace praline::test::transfer_list_test
