// What limits of bandwidth and of slots do to real transfers over loopback.
#include <chrono>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "functional/transfer_world.hpp"
#include "node/net/endpoints.hpp"

namespace praline::test::transfer_rates_test {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t mib = 1 << 20;

struct Uploads {
    boost::asio::io_context io;
    Folder folder;
    Shelf shelf;
    upload::UploadServer server{io, shelf, {}, "Praline/test", Guid{}};
    Door door{io, [this](Tcp::socket socket) { server.serve(std::move(socket), {}); }};

    upload::ServedFile share(std::string const& bytes) {
        write_file(folder.path("file.bin"), bytes);
        return shelf.add(folder.path("file.bin"), "file.bin");
    }
    std::string get(std::string const& target) {
        auto const reply = talk(io, door.endpoint(), request(target));
        return reply.substr(reply.find("\r\n\r\n") + 4);
    }
    /// Reads a whole reply; `done` gets its body.
    boost::asio::awaitable<void> fetch(std::string target, std::function<void(std::string)> done) {
        Tcp::socket socket{io};
        co_await socket.async_connect(net::to_asio(door.endpoint()), boost::asio::use_awaitable);
        auto const text = request(target);
        co_await boost::asio::async_write(socket, boost::asio::buffer(text), boost::asio::use_awaitable);
        std::string reply;
        boost::system::error_code error;
        co_await boost::asio::async_read(socket, boost::asio::dynamic_buffer(reply),
                                         boost::asio::redirect_error(boost::asio::use_awaitable, error));
        done(reply.substr(reply.find("\r\n\r\n") + 4));
    }
    static std::string request(std::string const& target) {
        return "GET " + target + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
    }
    ~Uploads() {
        server.stop();
        while (io.poll() != 0) {}
    }
};

std::string named(upload::ServedFile const& file) { return "/uri-res/N2R?" + file.sha1.urn(); }

}  // namespace

TEST_CASE("uploads together keep to their limit, and each of them comes to its end") {
    Uploads uploads;
    CHECK(uploads.server.set_rate(mib));
    CHECK_FALSE(uploads.server.set_rate(mib));
    auto const bytes = noise(mib, 5);
    auto const file = uploads.share(bytes);
    std::size_t ended = 0, whole = 0;
    auto const begin = std::chrono::steady_clock::now();
    for (unsigned peer = 0; peer < 3; ++peer) {
        auto const done = [&](std::string const& body) {
            ++ended;
            whole += body == bytes ? 1 : 0;
        };
        boost::asio::co_spawn(uploads.io, uploads.fetch(named(file), done), boost::asio::detached);
    }
    CHECK(run_until(uploads.io, [&] { return ended == 3; }));
    CHECK(whole == 3);
    // 3 MiB take 3 s, but for what may come at once.
    CHECK(std::chrono::steady_clock::now() - begin > 2500ms);
}

TEST_CASE("heads of replies keep to the limit of uploads too") {
    Uploads uploads;
    uploads.server.set_rate(16 * 1024);
    std::string requests;
    for (unsigned i = 0; i < 300; ++i)
        requests += "HEAD /uri-res/N2R?" + Sha1{}.urn() + " HTTP/1.1\r\nHost: here\r\n\r\n";
    auto const begin = std::chrono::steady_clock::now();
    auto const replies = talk(uploads.io, uploads.door.endpoint(), requests + Uploads::request("/"));
    CHECK(replies.size() > 300U * 100);
    // A second's bytes go at once, and the burst.
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    CHECK(static_cast<double>(replies.size()) < (seconds + 1.3) * 16 * 1024);
}

TEST_CASE("bodies of every size come whole behind their heads, with and without a limit") {
    Uploads uploads;
    auto const most = upload::small_body_bytes_max;
    for (auto const size : {std::size_t{1}, most - 1, most, most + 1, 3 * most}) {
        auto const bytes = noise(size, 8);
        auto const target = named(uploads.share(bytes));
        auto const before = uploads.server.bytes_sent();
        uploads.server.set_rate(0);
        CHECK(uploads.get(target) == bytes);
        uploads.server.set_rate(mib);
        CHECK(uploads.get(target) == bytes);
        CHECK(uploads.server.bytes_sent() == before + 2 * size);
    }
}

TEST_CASE("a queued peer that reads heads alone understands each reply on its connection") {
    // As gtk-gnutella does: it polls on the connection, and reads no body of a reply that lets it wait.
    Uploads uploads;
    uploads.server.set_slots(0);
    auto const target = named(uploads.share("hello"));
    auto const first = "GET " + target + " HTTP/1.1\r\nHost: here\r\nX-Queue: 1.1\r\n";
    auto const replies = talk(uploads.io, uploads.door.endpoint(),
                              first + "\r\n" + first + "\r\n" + first + "Connection: close\r\n\r\n");
    std::size_t heads = 0;
    for (std::size_t at = 0; at < replies.size(); ++heads) {
        REQUIRE(replies.substr(at).starts_with("HTTP/1.1 503 "));
        at = replies.find("\r\n\r\n", at) + 4;
    }
    CHECK(heads == 3);
}

TEST_CASE("a limit that is lifted lets go what waits, and trees keep to it too") {
    Uploads uploads;
    auto const bytes = noise(4 * mib, 6);
    auto const file = uploads.share(bytes);
    uploads.server.set_rate(1024);  // 4 MiB would take an hour
    boost::asio::steady_timer lift{uploads.io, 200ms};
    lift.async_wait([&](boost::system::error_code) { uploads.server.set_rate(0); });
    CHECK(uploads.get(named(file)) == bytes);
    CHECK(uploads.server.bytes_sent() == bytes.size());
    auto const tree = "/uri-res/N2X?" + file.sha1.urn();
    auto const whole = uploads.get(tree);
    uploads.server.set_rate(mib);
    CHECK(uploads.get(tree) == whole);
}

TEST_CASE("an upload that waits for its share ends with its connection") {
    Uploads uploads;
    auto const file = uploads.share(noise(mib, 6));
    uploads.server.set_rate(1024);
    Tcp::socket socket{uploads.io};
    socket.connect(net::to_asio(uploads.door.endpoint()));
    boost::asio::write(socket, boost::asio::buffer(Uploads::request(named(file))));
    CHECK(run_until(uploads.io, [&] {
        auto const all = uploads.server.uploads();
        return !all.empty() && all.front().sent_bytes > 0;
    }));
    uploads.server.stop();
    CHECK(run_until(uploads.io, [&] { return uploads.server.uploads().empty(); }));
}

TEST_CASE("downloads together keep to their limit, and a source that is not read from keeps its place") {
    Uploads uploads;
    auto const bytes = noise(3 * mib, 7);
    auto const file = uploads.share(bytes);
    download::Options options;
    options.directory = uploads.folder.path("done");
    options.partial_directory = uploads.folder.path("partial");
    options.database = uploads.folder.path("downloads.db");
    options.user_agent = "Praline/test";
    download::DownloadManager downloads{uploads.io, options};
    CHECK(downloads.set_rate(mib));
    CHECK_FALSE(downloads.set_rate(mib));
    download::Request request;
    request.urn.sha1 = file.sha1;
    request.name = file.name;
    request.sources.push_back(source_at(uploads.door.endpoint()));
    auto const begin = std::chrono::steady_clock::now();
    auto const added = downloads.add(request);
    CHECK(run_until(uploads.io, [&] {
        auto const info = downloads.find(added.id);
        return info && info->state == download::State::completed;
    }));
    CHECK(std::chrono::steady_clock::now() - begin > 2500ms);
    CHECK(read_file(downloads.find(added.id)->path) == bytes);
    downloads.stop();
}

}  // namespace praline::test::transfer_rates_test
