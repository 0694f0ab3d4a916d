// Servers as other programs are: queues, connections that end without a word, trees in pieces, parts of a file; and what a
// download says of itself while it waits.
#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "functional/download_world.hpp"
#include "transfer/content/thex.hpp"

namespace praline::test::transfer_foreign_test {

TEST_CASE("a place in a queue is kept on its connection and asked for in time") {
    World world;
    auto const bytes = noise(100'000, 1);
    auto const file = world.share(bytes, "file.bin");
    int asked = 0;
    Door queue{world.io, scripted([&](std::string const& head) {
                   if (head.starts_with("HEAD") || ++asked > 3) return ranged_reply(head, bytes);
                   return "HTTP/1.1 503 Busy\r\nServer: LimeWire\r\nX-Queue: position=" + std::to_string(4 - asked) +
                          ", pollMin=0, pollMax=60\r\nContent-Length: 4\r\n\r\nwait";
               })};
    world.open_manager();
    auto const id = world.add(world.request(file), {source_at(queue.endpoint())});
    REQUIRE(run_until(
        world.io, [&] { return world.manager->find(id)->reason.find("place 3 of its queue") != std::string::npos; }));
    CHECK(world.state(id) == State::searching);
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(asked == 4);
    // Closing the connection would have given the place up.
    CHECK(queue.guests() == 1);
}

TEST_CASE("a place in a queue that hangs on a ticket is shown, and kept by the ticket") {
    World world;
    auto const bytes = noise(100'000, 1);
    auto const file = world.share(bytes, "file.bin");
    int asked = 0;
    std::string again;
    Door queue{world.io, scripted([&](std::string const& head) {
                   if (head.starts_with("HEAD") || ++asked > 1) {
                       if (!head.starts_with("HEAD")) again = head;
                       return ranged_reply(head, bytes);
                   }
                   return std::string{
                       "HTTP/1.1 503 Queued\r\nServer: gtk-gnutella\r\nRetry-After: 1\r\nX-Queued: ID=a1b2; "
                       "position=3; lifetime=85; length=5; ETA=25\r\nContent-Length: 0\r\n\r\n"};
               })};
    world.open_manager();
    auto const id = world.add(world.request(file), {source_at(queue.endpoint())});
    REQUIRE(run_until(
        world.io, [&] { return world.manager->find(id)->reason.find("place 3 of its queue") != std::string::npos; }));
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(again.find("X-Queued: ID=a1b2\r\n") != std::string::npos);
}

TEST_CASE("a place in a queue does not keep a download from a source that is free") {
    World world;
    world.open();
    auto const bytes = noise(100'000, 2);
    auto const file = world.share(bytes, "file.bin");
    Door queue{world.io, scripted([&](std::string const& head) {
                   if (head.starts_with("HEAD")) return ranged_reply(head, bytes);
                   return std::string{
                       "HTTP/1.1 503 Busy\r\nServer: s\r\nX-Queue: position=1, pollMin=45, "
                       "pollMax=120\r\nContent-Length: 0\r\n\r\n"};
               })};
    auto const id = world.add(world.request(file), {source_at(queue.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->reason.find("queue") != std::string::npos; }));
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("a server that closes after HEAD, or does not know it, is downloaded from") {
    World world;
    auto const bytes = noise(600'000, 3);
    auto const file = world.share(bytes, "file.bin");
    auto wanted = world.request(file, false);
    wanted.size_bytes.reset();
    Script script;
    std::shared_ptr<Tcp::socket> last;
    SECTION("it answers and closes") {
        Door closing{world.io, [&](Tcp::socket socket) {
                         auto const held = std::make_shared<Tcp::socket>(std::move(socket));
                         auto const text = std::make_shared<std::string>();
                         asio::async_read_until(*held, asio::dynamic_buffer(*text), "\r\n\r\n",
                                                [held, text, &bytes](auto const& error, std::size_t) {
                                                    if (error) return;
                                                    auto const reply =
                                                        std::make_shared<std::string>(ranged_reply(*text, bytes));
                                                    asio::async_write(*held, asio::buffer(*reply),
                                                                      [held, reply](auto const&, std::size_t) {});
                                                });
                     }};
        world.open_manager();
        auto const id = world.add(wanted, {source_at(closing.endpoint())});
        CHECK(world.completed_bytes(id) == bytes);
        CHECK(closing.guests() == 3);  // for the HEAD and for each of two ranges
        return;
    }
    SECTION("501") {
        script = [&](auto const& head) {
            return head.starts_with("HEAD") ? "HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n"
                                            : ranged_reply(head, bytes);
        };
    }
    SECTION("nothing") {
        script = [&](auto const& head) { return head.starts_with("HEAD") ? std::string{} : ranged_reply(head, bytes); };
    }
    if (!script) return;
    Door door{world.io, scripted(script)};
    world.open_manager();
    auto const id = world.add(wanted, {source_at(door.endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("a tree is read in chunks") {
    World world;
    auto const bytes = noise(3 * mib, 4);
    auto const file = world.share(bytes, "file.bin");
    content::TigerTreeHasher hasher{content::good_slice_bytes(bytes.size())};
    hasher.update(as_view(bytes));
    auto const tree = hasher.finish();
    auto const body = content::thex_encode(tree);
    Door door{world.io, scripted([&](std::string const& head) {
                  if (head.find("N2X") != std::string::npos) {
                      std::string reply = "HTTP/1.1 200 OK\r\nServer: s\r\nTransfer-Encoding: chunked\r\n\r\n";
                      for (std::size_t at = 0; at < body.size(); at += 100) {
                          auto const piece =
                              as_text(ByteView{body}.subspan(at, std::min<std::size_t>(100, body.size() - at)));
                          char size[8];
                          std::snprintf(size, sizeof size, "%zX\r\n", piece.size());
                          reply += size + std::string{piece} + "\r\n";
                      }
                      return reply + "0\r\n\r\n";
                  }
                  auto reply = ranged_reply(head, bytes);
                  reply.insert(reply.find("\r\n") + 2, "X-Thex-URI: /uri-res/N2X?x;" + tree.root().base32() + "\r\n");
                  return reply;
              })};
    world.open_manager();
    auto const id = world.add(world.request(file, false), {source_at(door.endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->find(id)->urn.tiger_root == file.tiger_root);
}

TEST_CASE("a server of a part of the file is asked for that part, and another for the rest") {
    World world;
    world.open();
    auto const bytes = noise(2 * mib, 5);
    auto const file = world.share(bytes, "file.bin");
    std::uint64_t const from = mib, to = mib + 400'000;
    bool sent = false;
    Door partial{world.io, scripted([&](std::string const& head) {
                     auto const available =
                         "X-Available-Ranges: bytes " + std::to_string(from) + "-" + std::to_string(to - 1) + "\r\n";
                     auto const range = field_of(head, "Range");
                     auto const first = range.empty() ? 0 : std::stoull(range.substr(6));
                     if (!range.empty() && (first < from || first >= to))
                         return "HTTP/1.1 416 Requested range not available yet\r\nServer: s\r\n" + available +
                                "Content-Length: 0\r\n\r\n";
                     sent = sent || !range.empty();
                     auto reply = ranged_reply(head, bytes);
                     reply.insert(reply.find("\r\n") + 2, available);
                     return reply;
                 })};
    auto const id = world.add(world.request(file), {source_at(partial.endpoint())});
    REQUIRE(run_until(world.io, [&] { return sent && world.state(id) == State::searching; }));
    CHECK(world.manager->find(id)->reason.find("no part of the file that is missing") != std::string::npos);
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("a download to which nothing comes says so, since when and from whom") {
    World world;
    world.options.limits.shown_stalled_after = 50ms;
    auto const bytes = noise(600'000, 6);
    auto const file = world.share(bytes, "file.bin");
    Door stops{world.io, scripted([&](std::string const& head) {
                   auto const reply = ranged_reply(head, bytes);
                   return head.starts_with("HEAD") ? reply : reply.substr(0, 300'000);
               })};
    world.open_manager();
    auto const id = world.add(world.request(file), {source_at(stops.endpoint())});
    REQUIRE(world.reaches(id, State::stalled));
    auto const info = *world.manager->find(id);
    CHECK(info.stalled_seconds);
    CHECK(info.bytes_per_second == 0);
    CHECK(info.reason.find(stops.endpoint().text() + " has sent nothing for") != std::string::npos);
}

TEST_CASE("a finished file waits for its folder, which is named, and is not fetched again") {
    World world;
    world.open();
    auto const bytes = noise(600'000, 9);
    auto const file = world.share(bytes, "file.bin");
    std::filesystem::remove(world.folder.path("finished"));
    write_file(world.folder.path("finished"), "a file where the folder was");
    auto const id = world.add(world.request(file), {source_at(world.door->endpoint())});
    REQUIRE(world.reaches(id, State::waiting));
    CHECK(world.manager->find(id)->reason.find(world.folder.path("finished")) != std::string::npos);
    CHECK(world.manager->find(id)->reason.find("partial") == std::string::npos);
    std::filesystem::remove(world.folder.path("finished"));
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->bytes_received() <= bytes.size() + 64 * 1024);
}

TEST_CASE("an error inside the node ends one download with a reason, and the others go on") {
    World world;
    world.options.limits.active_max = 1;
    world.options.request_push = [](Guid const&, std::uint32_t) -> bool { throw std::runtime_error{"no route table"}; };
    world.open();
    auto const bytes = noise(1000, 7);
    auto const file = world.share(bytes, "file.bin");
    auto source = source_at(Endpoint{0x7F000001, 1});
    source.servent = Guid::from_hex("0102030405060708090a0b0c0d0e0f10").value();
    source.push_needed = true;
    download::Request wanted;
    wanted.urn.sha1 = Sha1{};
    wanted.name = "broken.bin";
    auto const broken = world.add(wanted, {source});
    REQUIRE(world.reaches(broken, State::failed));
    CHECK(world.manager->find(broken)->reason.find("no route table") != std::string::npos);
    auto const id = world.add(world.request(file), {source_at(world.door->endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("partial files of no download are named, and deleted only when they are told to be") {
    World world;
    std::filesystem::create_directories(world.folder.path("partial"));
    write_file(world.folder.path("partial/abcdefghjkmn.part"), "half of something");
    write_file(world.folder.path("partial/notes.txt"), "mine");
    world.open();
    auto const file = world.share(noise(1000, 8), "file.bin");
    auto const id = world.add(world.request(file), {});
    write_file(world.folder.path("partial/" + id + ".part"), "x");
    auto const orphans = world.manager->orphans();
    REQUIRE(orphans.size() == 1);
    CHECK(orphans.front().name == "abcdefghjkmn.part");
    CHECK(orphans.front().size_bytes == 17);
    CHECK(world.manager->remove_orphan(id + ".part").find("No partial file") != std::string::npos);
    CHECK(world.manager->remove_orphan("../state.db").find("No partial file") != std::string::npos);
    CHECK(world.manager->remove_orphan("abcdefghjkmn.part").empty());
    CHECK(world.manager->orphans().empty());
    CHECK(std::filesystem::exists(world.folder.path("partial/notes.txt")));
}

}  // namespace praline::test::transfer_foreign_test
