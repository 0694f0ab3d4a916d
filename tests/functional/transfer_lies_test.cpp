// Sources that lie about a file, keep a download to themselves, or do not answer: none of them makes a wrong file
// "completed", and none keeps a download from an honest source that is known.
#include <algorithm>

#include "functional/download_world.hpp"
#include "transfer/content/thex.hpp"

namespace praline::test::transfer_lies_test {

namespace {

/// A server that says that its file has the SHA-1 asked for, offers the tree of another file, and sends that file.
struct Liar {
    Liar(asio::io_context& io, Sha1 const& sha1, std::string sent_bytes)
        : bytes{std::move(sent_bytes)}, urn{sha1.urn()}, door{io, scripted([this](std::string const& head) {
                                                                  return answer(head);
                                                              })} {
        content::TigerTreeHasher hasher{content::good_slice_bytes(bytes.size())};
        hasher.update(as_view(bytes));
        tree = hasher.finish();
    }
    std::string answer(std::string const& head) {
        ++requests;
        if (head.find("N2X") != std::string::npos) {
            auto const body = content::thex_encode(tree);
            return whole_reply(std::string{as_text(body)});
        }
        if (busy && head.starts_with("GET"))
            return "HTTP/1.1 503 Busy\r\nServer: s\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
        auto reply = ranged_reply(head, bytes);
        reply.insert(reply.find("\r\n") + 2, "X-Gnutella-Content-URN: " + urn + "\r\nX-Thex-URI: /uri-res/N2X?" + urn +
                                                 ";" + tree.root().base32() + "\r\n");
        return reply;
    }
    std::string bytes, urn;
    content::TreeLevel tree;
    bool busy = false;
    int requests = 0;
    Door door;
};

/// Accepts, and then does as it likes.
struct Silent {
    explicit Silent(asio::io_context& io)
        : door{io, [this](Tcp::socket socket) { held.push_back(std::make_shared<Tcp::socket>(std::move(socket))); }} {}
    std::vector<std::shared_ptr<Tcp::socket>> held;
    Door door;
};

void hurry(download::Limits& limits) {
    limits.hurried_connect_time = limits.scout_patience = 200ms;
    limits.stalled_after = limits.unanswered_after = limits.slow_window = 200ms;
}

}  // namespace

TEST_CASE("a download that names a SHA-1 never ends with another one, whatever root a stranger pairs with it") {
    World world;
    world.open();
    auto const size = GENERATE(std::size_t{100'000}, 3 * mib);
    auto const bytes = noise(size, 1), fake = noise(size, 2);
    auto const file = world.share(bytes, "file.bin");
    Liar liar{world.io, file.sha1, fake};
    auto from_hit = source_at(liar.door.endpoint());
    from_hit.tiger_root = liar.tree.root();
    from_hit.sha1 = file.sha1;
    from_hit.from_hit = true;
    auto const id = world.add(world.request(file, false), {from_hit});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->sources.empty(); }));
    CHECK(world.state(id) != State::completed);
    CHECK_FALSE(std::filesystem::exists(world.folder.path("finished/file.bin")));
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->find(id)->urn.sha1 == file.sha1);
}

TEST_CASE("a SHA-1 and a root of two files fail with a sentence, whichever of the two files comes") {
    World world;
    world.open();
    auto const size = GENERATE(std::size_t{100'000}, 3 * mib);
    auto const bytes = noise(size, 3), fake = noise(size, 4);
    auto const file = world.share(bytes, "file.bin");
    Liar other{world.io, file.sha1, fake};
    auto wanted = world.request(file, false);
    wanted.urn.tiger_root = other.tree.root();
    bool const honest = GENERATE(true, false);
    auto const id = world.add(wanted, {source_at(honest ? world.door->endpoint() : other.door.endpoint())});
    REQUIRE(world.reaches(id, State::failed));
    CHECK(world.manager->find(id)->reason.find("not of the same file") != std::string::npos);
}

TEST_CASE("a false tree, followed by nothing or by half a file, does not keep a download from an honest source") {
    World world;
    world.open();
    auto const bytes = noise(3 * mib, 5), fake = noise(3 * mib, 6);
    auto const file = world.share(bytes, "file.bin");
    Liar liar{world.io, file.sha1, fake};
    SECTION("it is busy for ever after its tree") { liar.busy = true; }
    SECTION("it sends the file of its tree") {}
    auto const id =
        world.add(world.request(file, false), {source_at(liar.door.endpoint()), source_at(world.door->endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(liar.requests < 20);
}

TEST_CASE("a false size, in a hit, in a link or from a source, does not keep a download from an honest source") {
    World world;
    world.open();
    auto const bytes = noise(600'000, 7);
    auto const file = world.share(bytes, "file.bin");
    auto wanted = world.request(file, false);
    std::uint64_t const said =
        GENERATE(std::uint64_t{0}, std::uint64_t{599'999}, std::uint64_t{600'001}, (std::uint64_t{1} << 44) - 1);
    Door liar{world.io, scripted([&](std::string const& head) {
                  auto const reply =
                      "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: " + std::to_string(said) + "\r\n\r\n";
                  return head.starts_with("HEAD")
                             ? reply
                             : reply + noise(static_cast<std::size_t>(std::min<std::uint64_t>(said, 1000)), 8);
              })};
    std::vector<download::Source> sources;
    SECTION("a source says it first") {
        wanted.size_bytes.reset();
        sources = {source_at(liar.endpoint()), source_at(world.door->endpoint())};
    }
    SECTION("the link says it") {
        wanted.size_bytes = said;
        sources = {source_at(world.door->endpoint())};
    }
    SECTION("the hit of an honest source says it") {
        wanted.size_bytes = said;
        sources = {source_at(world.door->endpoint())};
        sources.front().size_bytes = said;
    }
    world.options.limits.stalled_time = 300ms;
    world.manager.reset();
    world.open_manager();
    auto const id = world.add(wanted, sources);
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->find(id)->size_bytes == bytes.size());
    CHECK(liar.guests() < 20);
}

TEST_CASE("an empty file is a file: its SHA-1 is checked, and a false size of 0 asks nobody in a loop") {
    World world;
    world.options.limits = {};
    world.open();
    auto const file = world.share("", "empty.txt");
    auto const id = world.add(world.request(file, GENERATE(true, false)), {source_at(world.door->endpoint())});
    CHECK(world.completed_bytes(id).empty());
    Door liar{world.io, scripted([](std::string const&) {
                  return std::string{"HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\n\r\n"};
              })};
    download::Request wanted;
    wanted.urn.sha1 = Sha1{};
    if (GENERATE(true, false)) wanted.size_bytes = 0;
    wanted.name = "not empty.txt";
    auto const lied = world.add(wanted, {source_at(liar.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(lied)->sources.empty(); }));
    CHECK(liar.guests() == 1);
    CHECK(world.state(lied) != State::completed);
}

TEST_CASE("bytes of a liar and of honest servers without trees make a wrong whole once, and only the liar is dropped") {
    World world;
    world.shelf.has_trees = false;
    hurry(world.options.limits);
    world.open();
    auto const bytes = noise(2 * mib, 9), fake = noise(2 * mib, 10);
    auto const file = world.share(bytes, "file.bin");
    int asked = 0;
    Door liar{world.io, scripted([&](std::string const& head) {
                  auto reply = ranged_reply(head, fake);
                  return head.starts_with("HEAD") || ++asked > 1 ? reply : reply.substr(0, mib);
              })};
    std::vector<Endpoint> blamed;
    world.options.on_refused = [&](download::Source const& source) { blamed.push_back(source.endpoint); };
    world.manager.reset();
    world.open_manager();
    auto const id =
        world.add(world.request(file, false), {source_at(liar.endpoint()), source_at(world.door->endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
    for (auto const& one : blamed) CHECK(one == liar.endpoint());
}

TEST_CASE("of four sources without a tree the one that lies is found by halves and named, and nobody else") {
    World world;
    world.shelf.has_trees = false;
    hurry(world.options.limits);
    world.options.limits.request_bytes_max = 128 * 1024;  // each gets some of it
    world.options.limits.first_request_bytes = 128 * 1024;
    std::vector<Endpoint> blamed;
    world.options.on_refused = [&](download::Source const& source) { blamed.push_back(source.endpoint); };
    world.open();
    auto const bytes = noise(2 * mib, 9), fake = noise(2 * mib, 10);
    auto const file = world.share(bytes, "file.bin");
    std::vector<std::unique_ptr<Door>> doors;
    std::vector<download::Source> sources;
    for (int i = 0; i < 4; ++i) {
        doors.push_back(std::make_unique<Door>(
            world.io, scripted([&, i](std::string const& head) { return ranged_reply(head, i == 2 ? fake : bytes); })));
        sources.push_back(source_at(doors.back()->endpoint()));
    }
    auto const id = world.add(world.request(file, false), sources);
    CHECK(world.completed_bytes(id) == bytes);
    for (auto const& one : blamed) CHECK(one == doors[2]->endpoint());
    CHECK_FALSE(blamed.empty());
}

TEST_CASE("a silent or dripping source loses its turn to one that waits, also when that one comes later") {
    World world;
    hurry(world.options.limits);
    world.open();
    auto const bytes = noise(600'000, 11);
    auto const file = world.share(bytes, "file.bin");
    Silent silent{world.io};
    // Sends a header that promises the file, and one byte of it.
    Door dripping{world.io, scripted([&](std::string const& head) {
                      return ranged_reply(head, bytes).substr(0, ranged_reply("HEAD", bytes).size() + 40);
                  })};
    auto const slow = GENERATE(true, false) ? silent.door.endpoint() : dripping.endpoint();
    bool const later = GENERATE(true, false);
    auto const id = world.add(world.request(file), {source_at(slow)});
    if (later) REQUIRE(run_until(world.io, [&] { return silent.door.guests() + dripping.guests() > 0; }));
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("a source that answers every request with one byte has to wait, and an honest one is asked") {
    World world;
    world.open();
    auto const content = noise(600'000, 14);
    auto const file = world.share(content, "file.bin");
    int requests = 0;
    Door crumbs{world.io, scripted([&](std::string const& head) {
                    ++requests;
                    if (head.starts_with("HEAD")) return ranged_reply(head, content);
                    auto const begin = head.find("bytes=") + 6;
                    auto const first = head.substr(begin, head.find('-', begin) - begin);
                    return ranged_reply("GET / HTTP/1.1\r\nRange: bytes=" + first + "-" + first + "\r\n\r\n", content);
                })};
    auto const id = world.add(world.request(file), {source_at(crumbs.endpoint())});
    REQUIRE(run_until(world.io,
                      [&] { return world.manager->find(id)->reason.find("only a few bytes") != std::string::npos; }));
    CHECK(requests <= 1 + static_cast<int>(world.options.limits.crumbs_max));
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == content);
    CHECK(requests <= 2 * (1 + static_cast<int>(world.options.limits.crumbs_max)));
}

TEST_CASE("a lie survives no restart: what strangers said is a claim in the next life too") {
    World world;
    world.open();
    auto const bytes = noise(3 * mib, 12), fake = noise(3 * mib, 13);
    auto const file = world.share(bytes, "file.bin");
    Liar liar{world.io, file.sha1, fake};
    world.options.limits.request_bytes_max = mib;
    world.manager.reset();
    world.open_manager();
    auto const id = world.add(world.request(file, false), {source_at(liar.door.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->verified_bytes > 0; }));
    world.manager.reset();
    world.open_manager();
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("a source that had not the file is asked at once when the user names it again") {
    World world;
    auto const bytes = noise(1000, 14);
    auto const file = world.share(bytes, "file.bin");
    bool shared = false;
    Door door{world.io, scripted([&](std::string const& head) {
                  return shared ? ranged_reply(head, bytes)
                                : std::string{"HTTP/1.1 404 No\r\nServer: s\r\nContent-Length: 0\r\n\r\n"};
              })};
    world.open_manager();
    auto const id = world.add(world.request(file), {source_at(door.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.state(id) == State::searching; }));
    CHECK(door.guests() == 1);
    CHECK(world.manager->find(id)->next_try_seconds.value_or(0) > 0);
    CHECK(world.manager->find(id)->reason.find("does not share it") != std::string::npos);
    shared = true;
    CHECK(world.add(world.request(file), {source_at(door.endpoint())}) == id);
    CHECK(world.completed_bytes(id) == bytes);
}

}  // namespace praline::test::transfer_lies_test
