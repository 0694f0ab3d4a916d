#include <catch2/catch.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

#include "functional/transfer_world.hpp"
#include "transfer/content/thex.hpp"

namespace praline::test {

namespace {

using namespace std::chrono_literals;

struct Uploads {
    boost::asio::io_context io;
    Folder folder;
    Shelf shelf;
    upload::Limits limits;
    std::unique_ptr<upload::UploadServer> server;
    std::unique_ptr<Door> door;

    void open() {
        server = std::make_unique<upload::UploadServer>(io, shelf, limits, "Praline/test", Guid{});
        door = std::make_unique<Door>(io, [this](Tcp::socket socket) { server->serve(std::move(socket), {}); });
    }
    upload::ServedFile share(std::string const& octets, std::string const& name) {
        write_file(folder.path(name), octets);
        return shelf.add(folder.path(name), name);
    }
    std::string ask(std::string const& lines) { return talk(io, door->endpoint(), lines); }
    std::string get(std::string const& target, std::string const& fields = {}, std::string const& method = "GET") {
        return ask(method + " " + target + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" + fields + "\r\n");
    }
    ~Uploads() {
        server.reset();
        door.reset();
        while (io.poll() != 0) {}
    }
};

std::string body_of(std::string const& reply) { return reply.substr(reply.find("\r\n\r\n") + 4); }
int status_of(std::string const& reply) { return std::stoi(reply.substr(9, 3)); }

}  // namespace

TEST_CASE("whole files, ranges and heads are served by URN and by index") {
    Uploads uploads;
    uploads.open();
    auto const octets = noise(300'000, 1);
    auto const file = uploads.share(octets, "a b.bin");
    auto const urn = "/uri-res/N2R?" + file.sha1.urn();
    auto const whole = uploads.get(urn);
    CHECK(status_of(whole) == 200);
    CHECK(body_of(whole) == octets);
    CHECK(field_of(whole, "Server") == "Praline/test");
    CHECK(field_of(whole, "X-Gnutella-Content-URN") == file.sha1.urn());
    CHECK(field_of(whole, "X-Thex-URI") == "/uri-res/N2X?" + file.sha1.urn() + ";" + file.tiger_root.base32());
    auto const part = uploads.get(urn, "Range: bytes=1000-1999\r\n");
    CHECK(status_of(part) == 206);
    CHECK(field_of(part, "Content-Range") == "bytes 1000-1999/300000");
    CHECK(body_of(part) == octets.substr(1000, 1000));
    CHECK(body_of(uploads.get(urn, "Range: bytes=-10\r\n")) == octets.substr(octets.size() - 10));
    CHECK(body_of(uploads.get(urn, "Range: bytes=299990-900000\r\n")) == octets.substr(299'990));
    auto const head = uploads.get(urn, {}, "HEAD");
    CHECK(field_of(head, "Content-Length") == "300000");
    CHECK(body_of(head).empty());
    CHECK(body_of(uploads.get("/get/1/a%20b.bin")) == octets);
    CHECK(body_of(uploads.get("/uri-res/N2R?urn:bitprint:" + file.sha1.base32() + "." + file.tiger_root.base32())) == octets);
    CHECK(whole.find(uploads.folder.path()) == std::string::npos);
}

TEST_CASE("the tree that is served leads to the root") {
    Uploads uploads;
    uploads.open();
    auto const file = uploads.share(noise(3'000'000, 2), "tree.bin");
    auto const reply = uploads.get("/uri-res/N2X?" + file.sha1.urn());
    CHECK(status_of(reply) == 200);
    auto const body = body_of(reply);
    auto const tree = content::thex_decode(as_view(body), file.tiger_root, file.size_bytes);
    REQUIRE(tree.has_value());
    CHECK(tree->root() == file.tiger_root);
}

TEST_CASE("requests that cannot be served get the refusal they deserve") {
    Uploads uploads;
    uploads.open();
    auto const file = uploads.share("hello", "hello.txt");
    auto const urn = "/uri-res/N2R?" + file.sha1.urn();
    CHECK(status_of(uploads.get("/uri-res/N2R?" + Sha1{}.urn())) == 404);
    CHECK(status_of(uploads.get("/uri-res/N2X?" + Sha1{}.urn())) == 404);
    CHECK(status_of(uploads.get("/get/1/other.txt")) == 404);
    CHECK(status_of(uploads.get("/get/9/hello.txt")) == 404);
    CHECK(status_of(uploads.get("/etc/passwd")) == 404);
    CHECK(status_of(uploads.get("/get/1/..%2f..%2fetc%2fpasswd")) == 404);
    CHECK(status_of(uploads.get("/uri-res/N2R?urn:sha1:short")) == 400);
    CHECK(status_of(uploads.get(urn, "Range: bytes=5-4\r\n")) == 400);
    auto const beyond = uploads.get(urn, "Range: bytes=5-\r\n");
    CHECK(status_of(beyond) == 416);
    CHECK(field_of(beyond, "Content-Range") == "bytes */5");
    CHECK(status_of(uploads.get(urn, {}, "POST")) == 501);
    CHECK(status_of(uploads.get(urn, "Content-Length: 4\r\n")) == 400);
    CHECK(status_of(uploads.ask("GET " + urn + " HTTP/1.1\r\n\r\n")) == 400);
    CHECK(status_of(uploads.ask("GET " + urn + "\r\n\r\n")) == 501);
    CHECK(status_of(uploads.get(urn, "X: " + std::string(2000, 'x') + "\r\n")) == 413);
    CHECK(status_of(uploads.ask("GET / HTTP/1.1\r\n" + std::string(20'000, 'x'))) == 413);
    CHECK(body_of(uploads.ask("GET " + urn + " HTTP/1.0\r\n\r\n")) == "hello");
}

TEST_CASE("a connection serves one request after the other, also when they come at once") {
    Uploads uploads;
    uploads.open();
    auto const file = uploads.share("hello", "hello.txt");
    auto const one = "GET /uri-res/N2R?" + file.sha1.urn() + " HTTP/1.1\r\nHost: h\r\n";
    auto const reply = uploads.ask(one + "Range: bytes=0-0\r\n\r\n" + one + "Range: bytes=9-\r\n\r\n" + one + "Connection: close\r\n\r\n");
    CHECK(status_of(reply) == 206);
    CHECK(reply.find("HTTP/1.1 416") != std::string::npos);
    CHECK(reply.ends_with("hello"));
    CHECK(uploads.door->guests() == 1);
}

TEST_CASE("a request that trickles in, and a connection without one, are ended") {
    Uploads uploads;
    uploads.limits.header_time = 50ms;
    uploads.limits.idle_time = 50ms;
    uploads.open();
    CHECK(uploads.ask("GET /uri-res").empty());
    CHECK(uploads.ask("").empty());
}

TEST_CASE("over the slots peers are told to wait and keep their place") {
    Uploads uploads;
    uploads.limits.slots = 0;
    uploads.open();
    auto const file = uploads.share("hello", "hello.txt");
    auto const urn = "/uri-res/N2R?" + file.sha1.urn();
    auto const busy = uploads.get(urn, "X-Queue: 1.1\r\n");
    CHECK(status_of(busy) == 503);
    CHECK(field_of(busy, "Retry-After") == "10");
    auto const place = field_of(busy, "X-Queued");
    CHECK(place.find("position=1") != std::string::npos);
    auto const again = uploads.get(urn, "X-Queue: 1.1\r\nX-Queued: " + place.substr(0, place.find(';')) + "\r\n");
    CHECK(field_of(again, "X-Queued") == place);
    CHECK_FALSE(uploads.server->has_free_slot());
    CHECK(status_of(uploads.get(urn, {}, "HEAD")) == 200);
    uploads.server->set_slots(1);
    CHECK(status_of(uploads.get(urn, "X-Queued: " + place.substr(0, place.find(';')) + "\r\n")) == 200);
}

TEST_CASE("a file that differs from what was hashed is not served but reported") {
    Uploads uploads;
    uploads.open();
    auto const file = uploads.share("hello", "hello.txt");
    auto const urn = "/uri-res/N2R?" + file.sha1.urn();
    SECTION("longer") { write_file(file.path, "hello and more"); }
    SECTION("gone") { std::filesystem::remove(file.path); }
    SECTION("a folder") {
        std::filesystem::remove(file.path);
        std::filesystem::create_directory(file.path);
    }
    CHECK(status_of(uploads.get(urn)) == 503);
    CHECK(uploads.shelf.changed == std::vector<std::uint32_t>{file.index});
}

TEST_CASE("a file that changes while it is served ends the connection inside the body") {
    Uploads uploads;
    uploads.open();
    auto const octets = noise(64 << 20, 3);
    auto const file = uploads.share(octets, "large.bin");
    Tcp::socket socket{uploads.io};
    auto const to = uploads.door->endpoint();
    socket.connect(Tcp::endpoint{boost::asio::ip::address_v4{to.address}, to.port});
    boost::asio::write(socket, boost::asio::buffer("GET /uri-res/N2R?" + file.sha1.urn() + " HTTP/1.1\r\nHost: h\r\n\r\n"));
    // Nobody reads: the server stops when the buffers are full.
    REQUIRE(run_until(uploads.io, [&] { return uploads.server->bytes_sent() > 0; }));
    while (uploads.io.poll() != 0) {}
    CHECK(::truncate(file.path.c_str(), 32 << 20) == 0);
    std::string block(1 << 20, '\0');
    std::size_t total = 0;
    bool over = false;
    std::function<void()> read = [&] {
        socket.async_read_some(boost::asio::buffer(block), [&](boost::system::error_code const& error, std::size_t count) {
            total += count;
            if (error) over = true;
            else read();
        });
    };
    read();
    REQUIRE(run_until(uploads.io, [&] { return over; }));
    CHECK(total < octets.size());
    CHECK(uploads.shelf.changed == std::vector<std::uint32_t>{file.index});
}

TEST_CASE("one address has only so many connections") {
    Uploads uploads;
    uploads.limits.connections_per_ip_max = 2;
    uploads.open();
    auto const to = uploads.door->endpoint();
    std::vector<Tcp::socket> held;
    for (int i = 0; i < 2; ++i) {
        held.emplace_back(uploads.io);
        held.back().connect(Tcp::endpoint{boost::asio::ip::address_v4{to.address}, to.port});
    }
    REQUIRE(run_until(uploads.io, [&] { return uploads.door->guests() == 2; }));
    CHECK(uploads.get("/").empty());
}

}  // namespace praline::test
