// Partial files that are served, and alternate locations that are learnt and passed on, over real sockets.
#include "functional/download_world.hpp"
#include "transfer/content/alt_locations.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/thex.hpp"

namespace praline::test::transfer_parts_test {

namespace {

/// Serves files of a shelf of which it has only these parts, and remembers where else they are.
class PartShelf : public upload::SharedContent {
public:
    explicit PartShelf(Shelf& whole) : whole_{whole} {}
    std::optional<upload::ServedFile> by_sha1(Sha1 const& sha1) override { return partly(whole_.by_sha1(sha1)); }
    std::optional<upload::ServedFile> by_tiger_root(TigerHash const& root) override {
        return partly(whole_.by_tiger_root(root));
    }
    std::optional<upload::ServedFile> by_index(std::uint32_t) override { return std::nullopt; }
    std::optional<content::TreeLevel> tree(Sha1 const& sha1) override { return whole_.tree(sha1); }
    void report_changed(std::uint32_t index) override { whole_.report_changed(index); }
    content::AltLocations* locations() override { return &table; }

    std::optional<std::vector<upload::Span>> verified;
    content::AltLocations table;

private:
    std::optional<upload::ServedFile> partly(std::optional<upload::ServedFile> file) const {
        if (file) file->verified = verified;
        return file;
    }
    Shelf& whole_;
};

/// Serves what a node has of its downloads, as a node does.
class DownloadShelf : public upload::SharedContent {
public:
    explicit DownloadShelf(download::DownloadManager& downloads) : downloads_{downloads} {}
    std::optional<upload::ServedFile> by_sha1(Sha1 const& sha1) override { return served(downloads_.partial(sha1)); }
    std::optional<upload::ServedFile> by_tiger_root(TigerHash const& root) override {
        return served(downloads_.partial(root));
    }
    std::optional<upload::ServedFile> by_index(std::uint32_t) override { return std::nullopt; }
    std::optional<content::TreeLevel> tree(Sha1 const& sha1) override { return downloads_.partial_tree(sha1); }
    void report_changed(std::uint32_t) override { FAIL("a partial file was reported as changed"); }

private:
    static std::optional<upload::ServedFile> served(std::optional<download::Partial> const& partial) {
        if (!partial) return std::nullopt;
        upload::ServedFile file;
        file.name = partial->name;
        file.path = partial->path;
        file.root = partial->directory;
        file.size_bytes = partial->size_bytes;
        file.sha1 = partial->sha1;
        file.tiger_root = partial->tiger_root;
        file.verified.emplace();
        for (auto const& range : partial->verified) file.verified->push_back({range.begin, range.end});
        return file;
    }
    download::DownloadManager& downloads_;
};

/// A server of this content on a door of its own.
struct Outlet {
    Outlet(asio::io_context& io, upload::SharedContent& content)
        : server{io, content, upload::Limits{}, "Praline/test", Guid{}}, door{io, [this](Tcp::socket socket) {
                                                                                  server.serve(std::move(socket), {});
                                                                              }} {}
    upload::UploadServer server;
    Door door;
};

struct Server {
    asio::io_context io;
    Folder folder;
    Shelf shelf;
    PartShelf parts{shelf};
    upload::UploadServer server{io, parts, upload::Limits{}, "Praline/test", Guid{}};
    Door door{io, [this](Tcp::socket socket) { server.serve(std::move(socket), {}); }};
    std::string bytes;
    upload::ServedFile file;

    explicit Server(std::size_t size) : bytes{noise(size, 1)} {
        write_file(folder.path("file.bin"), bytes);
        file = shelf.add(folder.path("file.bin"), "file.bin");
    }
    /// Connections end, and what they hold goes with them.
    ~Server() {
        server.stop();
        io.restart();
        while (io.poll() != 0) {}
    }
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;
    std::string get(std::string const& fields = {}, std::string const& method = "GET",
                    std::string const& from = "127.0.0.1") {
        return talk(io, door.endpoint(),
                    method + " /uri-res/N2R?" + file.sha1.urn() + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n" +
                        fields + "\r\n",
                    *Address::parse(from));
    }
};

std::string body_of(std::string const& reply) { return reply.substr(reply.find("\r\n\r\n") + 4); }
std::string status_of(std::string const& reply) { return reply.substr(9, 3); }

}  // namespace

TEST_CASE("of a partial file verified ranges are sent, and every reply says which there are") {
    Server server{10'000};
    server.parts.verified = std::vector<upload::Span>{{1000, 3000}, {5000, 6000}};
    std::string const available = "bytes 1000-2999,5000-5999";

    auto const head = server.get({}, "HEAD");
    CHECK(status_of(head) == "200");
    CHECK(field_of(head, "Content-Length") == "10000");
    CHECK(field_of(head, "X-Available-Ranges") == available);
    CHECK(field_of(head, "X-Thex-URI").ends_with(server.file.tiger_root.base32()));
    CHECK(field_of(head, "Last-Modified").empty());

    auto const inside = server.get("Range: bytes=1500-1999\r\n");
    CHECK(status_of(inside) == "206");
    CHECK(field_of(inside, "Content-Range") == "bytes 1500-1999/10000");
    CHECK(field_of(inside, "X-Available-Ranges") == available);
    CHECK(body_of(inside) == server.bytes.substr(1500, 500));

    auto const over_the_end = server.get("Range: bytes=2000-5500\r\n");
    CHECK(field_of(over_the_end, "Content-Range") == "bytes 2000-2999/10000");
    CHECK(body_of(over_the_end) == server.bytes.substr(2000, 1000));

    for (auto const* range : {"Range: bytes=0-1500\r\n", "Range: bytes=3000-5500\r\n", "Range: bytes=9000-\r\n", ""}) {
        auto const refused = server.get(range);
        CHECK(status_of(refused) == "416");
        CHECK(field_of(refused, "Content-Range") == "bytes */10000");
        CHECK(field_of(refused, "X-Available-Ranges") == available);
    }
    CHECK(server.shelf.changed.empty());
}

TEST_CASE("a downloader fetches from a node that has only a part of the file, until that node gives it up") {
    World world;
    world.open();
    auto const bytes = noise(3 * mib, 1);
    auto const file = world.share(bytes, "file.bin");
    // The node in the middle can get the first two thirds, and no more.
    PartShelf first_part{world.shelf};
    first_part.verified = std::vector<upload::Span>{{0, 2 * mib}};
    Outlet source{world.io, first_part};
    auto options = world.options;
    options.directory = world.folder.path("finished-there");
    options.partial_directory = world.folder.path("partial-there");
    options.database = world.folder.path("there.db");
    download::DownloadManager middle{world.io, options};
    DownloadShelf shelf{middle};
    Outlet outlet{world.io, shelf};
    auto const head = [&] {
        return talk(world.io, outlet.door.endpoint(),
                    "HEAD /uri-res/N2R?" + file.sha1.urn() + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    };
    CHECK(status_of(head()) == "404");
    auto wanted = world.request(file);
    wanted.sources = {source_at(source.door.endpoint())};
    auto const there = middle.add(wanted).id;
    REQUIRE(run_until(world.io, [&] { return middle.find(there)->verified_bytes == 2 * mib; }));
    CHECK(field_of(head(), "X-Available-Ranges") == "bytes 0-" + std::to_string(2 * mib - 1));
    CHECK(middle.partial(file.tiger_root).has_value());
    CHECK(middle.partial_tree(file.sha1)->root() == file.tiger_root);

    auto const here = world.add(world.request(file, false), {source_at(outlet.door.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(here)->verified_bytes == 2 * mib; }));
    CHECK(world.state(here) != State::completed);
    // Its tree is one that a stranger paired with the SHA-1.
    CHECK_FALSE(world.manager->partial(file.sha1).has_value());
    CHECK_FALSE(world.manager->partial_tree(file.sha1).has_value());
    world.manager->add_source(here, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(here) == bytes);
    CHECK(status_of(head()) == "200");

    SECTION("a paused download is served on, a removed one is not") {
        REQUIRE(middle.pause(there));
        CHECK(status_of(head()) == "200");
        REQUIRE(middle.remove(there));
        CHECK(status_of(head()) == "404");
    }
    SECTION("a finished download is no partial file any more") {
        middle.add_source(there, source_at(world.door->endpoint()));
        REQUIRE(run_until(world.io, [&] { return middle.find(there)->state == State::completed; }));
        CHECK(status_of(head()) == "404");
        CHECK_FALSE(middle.partial(file.tiger_root).has_value());
    }
}

TEST_CASE("a partial file that is gone is answered with 503, and its library is not told") {
    Server server{10'000};
    server.parts.verified = std::vector<upload::Span>{{0, 10'000}};
    std::filesystem::remove(server.folder.path("file.bin"));
    auto const reply = server.get("Range: bytes=0-99\r\n");
    CHECK(status_of(reply) == "503");
    CHECK(field_of(reply, "X-Available-Ranges") == "bytes 0-9999");
    CHECK(server.shelf.changed.empty());
}

TEST_CASE("a downloader that announces itself is named to the next one, busy or not, and not to itself") {
    Server server{1000};
    CHECK(field_of(server.get("X-Alt: 127.0.1.1:7001\r\n", "GET", "127.0.1.1"), "X-Alt").empty());
    auto const next = server.get("X-Node: 127.0.2.1:7002\r\nX-Downloaded: 500\r\n", "HEAD", "127.0.2.1");
    CHECK(field_of(next, "X-Alt") == "127.0.1.1:7001");
    auto const third = server.get("Range: bytes=5000-\r\n", "GET", "127.0.3.1");
    CHECK(status_of(third) == "416");
    CHECK(field_of(third, "X-Alt").find("127.0.1.1:7001") != std::string::npos);
    CHECK(field_of(third, "X-Alt").find("127.0.2.1:7002") != std::string::npos);
    auto const again = server.get("X-Node: 127.0.2.1:7002\r\nX-Downloaded: 500\r\n", "HEAD", "127.0.2.1");
    CHECK(field_of(again, "X-Alt") == "127.0.1.1:7001");
}

TEST_CASE("strangers that one downloader names are not passed on, and of one stranger little is kept") {
    Server server{1000};
    std::string strangers = "X-Alt: ";
    for (int port = 1; port <= 1000; ++port) strangers += "127.9.9.9:" + std::to_string(port) + ",";
    for (int round = 0; round < 3; ++round) server.get(strangers + "\r\n", "HEAD", "127.0.1.1");
    CHECK(server.parts.table.size() == content::AltLocationLimits{}.hearsay_per_target_max);
    CHECK(field_of(server.get({}, "HEAD", "127.0.2.1"), "X-Alt").empty());
    // A network of others that say the same is believed; one address more of the first liar's network is not.
    server.get("X-Alt: 127.9.9.9:1\r\n", "HEAD", "127.0.1.2");
    server.get("X-Alt: 127.9.9.9:1\r\n", "HEAD", "127.0.2.1");
    CHECK(field_of(server.get({}, "HEAD", "127.0.4.1"), "X-Alt").empty());
    server.get("X-Alt: 127.9.9.9:1\r\n", "HEAD", "127.0.3.1");
    CHECK(field_of(server.get({}, "HEAD", "127.0.4.1"), "X-Alt") == "127.9.9.9:1");
}

TEST_CASE("ten thousand alternate locations in one head are refused by their length, as many as fit are cut to a few") {
    Server server{1000};
    auto const locations = [](std::uint32_t count) {
        std::string line = "X-Alt: ";
        for (std::uint32_t number = 0; number < count; ++number)
            line += Endpoint{0x7F100001 + number, 6346}.text() + ",";
        return line + "\r\n";
    };
    CHECK(status_of(server.get(locations(10'000))) == "413");
    CHECK(server.parts.table.size() == 0);
    auto const reply = server.get(locations(1500));
    CHECK(status_of(reply) == "200");
    CHECK(body_of(reply) == server.bytes);
    CHECK(server.parts.table.size() == content::locations_per_head_max);
}

}  // namespace praline::test::transfer_parts_test
