#include <catch2/catch.hpp>

#include <unistd.h>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "functional/transfer_world.hpp"
#include "node/net/endpoints.hpp"
#include "transfer/content/thex.hpp"

namespace praline::test::transfer_upload_test {

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
    upload::ServedFile share(std::string const& bytes, std::string const& name) {
        write_file(folder.path(name), bytes);
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
/// A chunked body without its framing; empty when the framing is wrong or does not end.
std::string unchunked(std::string const& text) {
    std::string body;
    for (std::size_t at = 0;;) {
        auto const line_end = text.find("\r\n", at);
        if (line_end == std::string::npos) return {};
        auto const size = std::stoul(text.substr(at, line_end - at), nullptr, 16);
        if (text.substr(line_end + 2 + size, 2) != "\r\n") return {};
        if (size == 0) return line_end + 4 == text.size() ? body : std::string{};
        body += text.substr(line_end + 2, size);
        at = line_end + 4 + size;
    }
}

int status_of(std::string const& reply) { return std::stoi(reply.substr(9, 3)); }

}  // namespace

TEST_CASE("whole files, ranges and heads are served by URN and by index") {
    Uploads uploads;
    uploads.open();
    auto const bytes = noise(300'000, 1);
    auto const file = uploads.share(bytes, "a b.bin");
    auto const urn = "/uri-res/N2R?" + file.sha1.urn();
    auto const whole = uploads.get(urn);
    CHECK(status_of(whole) == 200);
    CHECK(body_of(whole) == bytes);
    CHECK(field_of(whole, "Server") == "Praline/test");
    CHECK(field_of(whole, "X-Gnutella-Content-URN") == file.sha1.urn());
    CHECK(field_of(whole, "X-Thex-URI") == "/uri-res/N2X?" + file.sha1.urn() + ";" + file.tiger_root.base32());
    auto const part = uploads.get(urn, "Range: bytes=1000-1999\r\n");
    CHECK(status_of(part) == 206);
    CHECK(field_of(part, "Content-Range") == "bytes 1000-1999/300000");
    CHECK(body_of(part) == bytes.substr(1000, 1000));
    CHECK(body_of(uploads.get(urn, "Range: bytes=-10\r\n")) == bytes.substr(bytes.size() - 10));
    CHECK(body_of(uploads.get(urn, "Range: bytes=299990-900000\r\n")) == bytes.substr(299'990));
    auto const head = uploads.get(urn, {}, "HEAD");
    CHECK(field_of(head, "Content-Length") == "300000");
    CHECK(body_of(head).empty());
    CHECK(body_of(uploads.get("/get/1/a%20b.bin")) == bytes);
    CHECK(body_of(uploads.get("/uri-res/N2R?urn:bitprint:" + file.sha1.base32() + "." + file.tiger_root.base32())) ==
          bytes);
    CHECK(body_of(uploads.get("/uri-res/N2R?" + Urn{{}, file.tiger_root}.text())) == bytes);
    CHECK(status_of(uploads.get("/uri-res/N2R?" + Urn{{}, TigerHash{}}.text())) == 404);
    CHECK(whole.find(uploads.folder.path()) == std::string::npos);
}

TEST_CASE("the tree that is served leads to the root") {
    Uploads uploads;
    uploads.open();
    auto const file = uploads.share(noise(3'000'000, 2), "tree.bin");
    auto const reply = uploads.get("/uri-res/N2X?" + file.sha1.urn());
    CHECK(status_of(reply) == 200);
    CHECK(field_of(reply, "Transfer-Encoding") == "chunked");
    CHECK(field_of(reply, "Content-Length").empty());
    auto const body = unchunked(body_of(reply));
    auto const tree = content::thex_decode(as_view(body), file.tiger_root, file.size_bytes);
    REQUIRE(tree.has_value());
    CHECK(tree->root() == file.tiger_root);
    // To programs that cannot read chunks it goes as it is, with its length.
    auto const old = uploads.ask("GET /uri-res/N2X?" + file.sha1.urn() + " HTTP/1.0\r\n\r\n");
    CHECK(field_of(old, "Content-Length") == std::to_string(body.size()));
    CHECK(body_of(old) == body);
    CHECK(body_of(uploads.get("/uri-res/N2X?" + file.sha1.urn(), "User-Agent: Praline/0.1\r\n")) == body);
    CHECK(body_of(uploads.get("/uri-res/N2X?" + Urn{{}, file.tiger_root}.text(), "User-Agent: Praline/0.1\r\n")) ==
          body);
    CHECK(status_of(uploads.get("/uri-res/N2X?" + Urn{{}, TigerHash{}}.text())) == 404);
    auto const head = uploads.get("/uri-res/N2X?" + file.sha1.urn(), {}, "HEAD");
    CHECK(field_of(head, "Content-Length") == std::to_string(body.size()));
    CHECK(body_of(head).empty());
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
    auto const beyond = uploads.get(urn, "Range: bytes=5-\r\n");
    CHECK(status_of(beyond) == 416);
    CHECK(field_of(beyond, "Content-Range") == "bytes */5");
    auto const refused = uploads.get(urn, "Content-Length: 3\r\n\r\nabc", "POST");
    CHECK(status_of(refused) == 405);
    CHECK(field_of(refused, "Allow") == "GET, HEAD, OPTIONS");
    CHECK(status_of(uploads.get(urn, {}, "BREW")) == 501);
    CHECK(status_of(uploads.get(urn, "Content-Length: 4\r\n")) == 400);
    CHECK(status_of(uploads.ask("GET " + urn + " HTTP/1.1\r\n\r\n")) == 400);
    CHECK(status_of(uploads.ask("GET " + urn + "\r\n\r\n")) == 501);
    CHECK(status_of(uploads.ask("GET / HTTP/1.1\r\n" + std::string(upload::request_bytes_max, 'x'))) == 413);
    CHECK(status_of(uploads.ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")) == 400);
    CHECK(status_of(uploads.get(urn, "X : y\r\n")) == 400);
    CHECK(status_of(uploads.get(urn, "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")) == 400);
    CHECK(body_of(uploads.ask("GET " + urn + " HTTP/1.0\r\n\r\n")) == "hello");
}

TEST_CASE("requests that other programs send are served") {
    Uploads uploads;
    uploads.open();
    auto const file = uploads.share("hello", "Łódź 1.txt");
    auto const urn = "/uri-res/N2R?" + file.sha1.urn();
    // As a firewalled program sends it: a header on two lines.
    auto const folded = uploads.get(urn,
                                    "X-FW-Node-Info: 00112233445566778899aabbccddeeff; "
                                    "6346:192.0.2.1;\r\n\t192.0.2.2:6346\r\nRange: bytes=0-0\r\n");
    CHECK(status_of(folded) == 206);
    CHECK(body_of(folded) == "h");
    CHECK(status_of(uploads.get(urn, "Cookie: " + std::string(5000, 'x') + "\r\n")) == 200);
    CHECK(body_of(uploads.get("http://somewhere" + urn)) == "hello");
    CHECK(body_of(uploads.get("/" + urn + "&more=this")) == "hello");
    CHECK(body_of(uploads.get("/get/1/Łódź 1.txt")) == "hello");
    CHECK(body_of(uploads.get("/get/1/%C5%81%C3%B3d%C5%BA+1.txt/")) == "hello");
    CHECK(body_of(uploads.ask("\r\n\r\nGET " + urn +
                              " HTTP/1.2\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n")) == "hello");
    auto const old =
        uploads.ask("GET " + urn + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET " + urn + " HTTP/1.0\r\n\r\n");
    CHECK(field_of(old, "Connection") == "Keep-Alive");
    CHECK(old.find("hello") != old.rfind("hello"));
}

TEST_CASE("ranges that mean nothing are ignored, and the first that exists is served") {
    Uploads uploads;
    uploads.open();
    auto const urn = "/uri-res/N2R?" + uploads.share("hello", "hello.txt").sha1.urn();
    for (std::string const range : {"items=0-1", "bytes=3-2", "bytes=abc", "bytes=", "nonsense"}) {
        auto const whole = uploads.get(urn, "Range: " + range + "\r\n");
        CHECK(status_of(whole) == 200);
        CHECK(body_of(whole) == "hello");
    }
    auto const second = uploads.get(urn, "Range: bytes=5-9,1-2\r\n");
    CHECK(status_of(second) == 206);
    CHECK(field_of(second, "Content-Range") == "bytes 1-2/5");
    CHECK(body_of(second) == "el");
    auto const head = uploads.get(urn, "Range: bytes=1-2\r\n", "HEAD");
    CHECK(status_of(head) == 200);
    CHECK(field_of(head, "Content-Length") == "5");
}

TEST_CASE("a peer that names its copy is sent what it lacks") {
    Uploads uploads;
    uploads.open();
    auto const file = uploads.share("hello", "hello.txt");
    auto const urn = "/uri-res/N2R?" + file.sha1.urn();
    auto const whole = uploads.get(urn);
    auto const etag = field_of(whole, "ETag");
    auto const date = field_of(whole, "Last-Modified");
    CHECK(etag == '"' + file.sha1.base32() + '"');
    CHECK(field_of(whole, "Content-Disposition") == "attachment; filename=\"hello.txt\"");
    CHECK(field_of(whole, "Content-Type") == "text/plain");
    auto const same = uploads.get(urn, "If-None-Match: " + etag + "\r\n");
    CHECK(status_of(same) == 304);
    CHECK(field_of(same, "ETag") == etag);
    CHECK(body_of(same).empty());
    CHECK(status_of(uploads.get(urn, "If-Modified-Since: " + date + "\r\n", "HEAD")) == 304);
    CHECK(status_of(uploads.get(urn, "If-Match: \"x\"\r\n")) == 412);
    CHECK(status_of(uploads.get(urn, "If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT\r\n")) == 412);
    CHECK(body_of(uploads.get(urn, "Range: bytes=1-\r\nIf-Range: " + etag + "\r\n")) == "ello");
    CHECK(body_of(uploads.get(urn, "Range: bytes=1-\r\nIf-Range: " + date + "\r\n")) == "ello");
    CHECK(body_of(uploads.get(urn, "Range: bytes=1-\r\nIf-Range: \"x\"\r\n")) == "hello");
    CHECK(body_of(uploads.get(urn, "Range: bytes=1-\r\nIf-Range: Mon, 01 Jan 2001 00:00:00 GMT\r\n")) == "hello");
}

TEST_CASE("a browser learns what this is, and nothing of what is shared") {
    Uploads uploads;
    uploads.open();
    static_cast<void>(uploads.share("hello", "secret.txt"));
    auto const page = uploads.get("/");
    CHECK(status_of(page) == 200);
    CHECK(body_of(page).find("This is a Praline node") == 0);
    CHECK(page.find("secret") == std::string::npos);
    CHECK(body_of(uploads.get("/", {}, "HEAD")).empty());
    auto const refused = uploads.get("/", "Accept: application/x-gnutella-packets\r\n");
    CHECK(status_of(refused) == 403);
    CHECK(body_of(refused).find("gives nobody a list") != std::string::npos);
    CHECK(status_of(uploads.get("/favicon.ico")) == 404);
    auto const options = uploads.get("*", {}, "OPTIONS");
    CHECK(status_of(options) == 200);
    CHECK(field_of(options, "Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("a connection serves one request after the other, also when they come at once") {
    Uploads uploads;
    uploads.open();
    auto const file = uploads.share("hello", "hello.txt");
    auto const one = "GET /uri-res/N2R?" + file.sha1.urn() + " HTTP/1.1\r\nHost: h\r\n";
    auto const reply = uploads.ask(one + "Range: bytes=0-0\r\n\r\n" + one + "Range: bytes=9-\r\n\r\n" + one +
                                   "Connection: close\r\n\r\n");
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
    CHECK(field_of(busy, "Content-Length") == "0");
    CHECK(body_of(busy).empty());
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
    auto const bytes = noise(64 << 20, 3);
    auto const file = uploads.share(bytes, "large.bin");
    Tcp::socket socket{uploads.io};
    auto const to = uploads.door->endpoint();
    socket.connect(net::to_asio(to));
    boost::asio::write(socket,
                       boost::asio::buffer("GET /uri-res/N2R?" + file.sha1.urn() + " HTTP/1.1\r\nHost: h\r\n\r\n"));
    // Nobody reads: the server stops when the buffers are full.
    REQUIRE(run_until(uploads.io, [&] { return uploads.server->bytes_sent() > 0; }));
    while (uploads.io.poll() != 0) {}
    CHECK(::truncate(file.path.c_str(), 32 << 20) == 0);
    std::string block(1 << 20, '\0');
    std::size_t total = 0;
    bool over = false;
    std::function<void()> read = [&] {
        socket.async_read_some(boost::asio::buffer(block),
                               [&](boost::system::error_code const& error, std::size_t count) {
                                   total += count;
                                   if (error)
                                       over = true;
                                   else
                                       read();
                               });
    };
    read();
    REQUIRE(run_until(uploads.io, [&] { return over; }));
    CHECK(total < bytes.size());
    CHECK(uploads.shelf.changed == std::vector<std::uint32_t>{file.index});
}

namespace {

/// A peer of its own address that asks and reads when it likes.
class Peer {
public:
    Peer(Uploads& uploads, std::uint32_t address) : socket_{uploads.io} {
        auto const to = uploads.door->endpoint();
        socket_.open(Tcp::v4());
        // Small, so that the server notices what is not read.
        socket_.set_option(boost::asio::socket_base::receive_buffer_size{16 * 1024});
        socket_.bind(Tcp::endpoint{boost::asio::ip::address_v4{address}, 0});
        socket_.connect(net::to_asio(to));
        socket_.non_blocking(true);
    }
    void ask(std::string const& target, std::string const& fields = {}) {
        boost::asio::write(socket_,
                           boost::asio::buffer("GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"));
    }
    /// What has come since the last time.
    std::string read() {
        std::string block(64 * 1024, '\0');
        boost::system::error_code error;
        auto const count = socket_.read_some(boost::asio::buffer(block), error);
        is_over_ = is_over_ || (error && error != boost::asio::error::would_block);
        return block.substr(0, count);
    }
    /// What the server says next, once it does.
    std::string answer(Uploads& uploads) {
        std::string all;
        REQUIRE(run_until(uploads.io, [&] {
            all += read();
            return !all.empty() || is_over_;
        }));
        return all;
    }
    bool is_over() {
        static_cast<void>(read());
        return is_over_;
    }

private:
    Tcp::socket socket_;
    bool is_over_ = false;
};

constexpr std::uint32_t here = 0x7F000001;

}  // namespace

TEST_CASE("connections that stay open after a short body do not keep others from the slots") {
    Uploads uploads;
    uploads.limits.slots = 8;
    uploads.limits.slot_grace = 50ms;
    uploads.limits.idle_time = 600s;  // or they would be free when the connections are ended
    uploads.open();
    auto const urn = "/uri-res/N2R?" + uploads.share("hello", "hello.txt").sha1.urn();
    std::vector<std::unique_ptr<Peer>> holders;
    for (std::uint32_t one = 0; one < 8; ++one) {
        // Two of an address: more would be over its share.
        holders.push_back(std::make_unique<Peer>(uploads, here + one / 2));
        holders.back()->ask(urn, "Range: bytes=0-0\r\n");
        CHECK(status_of(holders.back()->answer(uploads)) == 206);
    }
    REQUIRE(run_until(uploads.io, [&] { return uploads.server->uploads().empty(); }));
    CHECK(uploads.server->has_free_slot());
    Peer honest{uploads, here + 9};
    honest.ask(urn);
    CHECK(status_of(honest.answer(uploads)) == 200);
    for (auto& holder : holders) CHECK_FALSE(holder->is_over());
}

TEST_CASE("an address over its share is refused, another one is served, and the slots in use are shown") {
    Uploads uploads;
    uploads.limits.slots = 4;
    uploads.limits.slot_grace = 60s;
    uploads.limits.plain_wait = 0ms;
    uploads.open();
    auto const urn = "/uri-res/N2R?" + uploads.share(noise(64 << 20, 5), "large.bin").sha1.urn();
    Peer first{uploads, here}, second{uploads, here}, other{uploads, here + 1};
    first.ask(urn);
    CHECK(status_of(first.answer(uploads)) == 200);
    second.ask(urn);
    CHECK(status_of(second.answer(uploads)) == 503);
    other.ask(urn, "Range: bytes=0-0\r\n");
    CHECK(status_of(other.answer(uploads)) == 206);
    REQUIRE(run_until(uploads.io, [&] {
        auto const shown = uploads.server->uploads();
        return shown.size() == 2 && !shown[1].sending && shown[1].sent_bytes == 1;
    }));
    auto const first_shown = uploads.server->uploads().front();
    CHECK(first_shown.sending);
    CHECK(first_shown.name == "large.bin");
    CHECK(first_shown.range_bytes == 64 << 20);
}

TEST_CASE("a program that knows no queue waits for the slot that its other connection gives up") {
    Uploads uploads;
    uploads.limits.slots = 1;
    uploads.limits.plain_wait = 600s;
    uploads.limits.plain_ask_every = 10ms;
    uploads.open();
    auto const urn = "/uri-res/N2R?" + uploads.share(noise(64 << 20, 5), "large.bin").sha1.urn();
    auto first = std::make_unique<Peer>(uploads, here);
    first->ask(urn);
    CHECK(status_of(first->answer(uploads)) == 200);
    Peer second{uploads, here}, queued{uploads, here};
    second.ask(urn, "Range: bytes=0-0\r\n");
    queued.ask(urn, "X-Queue: 1.1\r\n");
    CHECK(status_of(queued.answer(uploads)) == 503);
    first.reset();
    CHECK(status_of(second.answer(uploads)) == 206);
}

TEST_CASE("a peer that takes next to nothing loses the slot when another one waits, and not before") {
    Uploads uploads;
    uploads.limits.slots = 1;
    uploads.limits.rate_check = 10ms;
    uploads.limits.rate_window = 100ms;
    uploads.limits.stalled_time = 600s;  // or it would lose the slot all the same
    uploads.open();
    auto const urn = "/uri-res/N2R?" + uploads.share(noise(64 << 20, 5), "large.bin").sha1.urn();
    Peer slow{uploads, here}, waiting{uploads, here + 1};
    slow.ask(urn);
    CHECK(status_of(slow.answer(uploads)) == 200);
    auto const since = std::chrono::steady_clock::now();
    REQUIRE(run_until(uploads.io, [&] { return std::chrono::steady_clock::now() - since > 500ms; }));
    REQUIRE(uploads.server->uploads().size() == 1);
    waiting.ask(urn, "X-Queue: 1.1\r\n");
    CHECK(status_of(waiting.answer(uploads)) == 503);
    REQUIRE(run_until(uploads.io, [&] { return uploads.server->uploads().empty(); }));
    REQUIRE(run_until(uploads.io, [&] { return slow.is_over(); }));
}

TEST_CASE("one address has only so many connections without a slot: its oldest ends") {
    Uploads uploads;
    uploads.limits.connections_per_ip_max = 2;
    uploads.open();
    Peer first{uploads, here}, second{uploads, here};
    REQUIRE(run_until(uploads.io, [&] { return uploads.door->guests() == 2; }));
    CHECK(status_of(uploads.get("/")) == 200);
    REQUIRE(run_until(uploads.io, [&] { return first.is_over(); }));
    CHECK_FALSE(second.is_over());
}

TEST_CASE("when there are too many connections, the address with most of them loses its oldest") {
    Uploads uploads;
    uploads.limits.connections_max = 3;
    uploads.open();
    Peer first{uploads, here}, second{uploads, here}, third{uploads, here + 1};
    REQUIRE(run_until(uploads.io, [&] { return uploads.door->guests() == 3; }));
    Peer honest{uploads, here + 2};
    honest.ask("/");
    CHECK(status_of(honest.answer(uploads)) == 200);
    REQUIRE(run_until(uploads.io, [&] { return first.is_over(); }));
    CHECK_FALSE(second.is_over());
    CHECK_FALSE(third.is_over());
}

}  // namespace praline::test::transfer_upload_test
