#include "functional/download_world.hpp"

namespace praline::test::transfer_test {

TEST_CASE("files of every size arrive byte by byte, checked by their trees") {
    World world;
    world.open();
    auto const size =
        GENERATE(as<std::size_t>{}, 0, 1, 1023, 1024, 1025, 256 * 1024, 256 * 1024 + 1, 3 * mib + 17, 40 * mib);
    auto const bytes = noise(size, size);
    auto const file = world.share(bytes, "file.bin");
    auto const id = world.add(world.request(file), {source_at(world.door->endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
    auto const info = *world.manager->find(id);
    CHECK(info.path == world.folder.path("finished/file.bin"));
    CHECK(info.verified_bytes == size);
    CHECK_FALSE(std::filesystem::exists(world.folder.path("partial/" + id + ".part")));
    if (size > 300 * 1024) CHECK(info.slice_bytes < size);
}

TEST_CASE("a SHA-1 alone is enough: size and tree are learned from the source") {
    World world;
    world.open();
    auto const bytes = noise(5 * mib, 3);
    auto const file = world.share(bytes, "file.bin");
    auto wanted = world.request(file, false);
    wanted.size_bytes.reset();
    auto const id = world.add(wanted, {source_at(world.door->endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->find(id)->slice_bytes == content::good_slice_bytes(5 * mib));
}

TEST_CASE("an index and a source are enough, and the SHA-1 is learned") {
    World world;
    world.open();
    auto const bytes = noise(700'000, 4);
    auto const file = world.share(bytes, "odd name %41 & more.bin");
    auto source = source_at(world.door->endpoint());
    source.index = file.index;
    source.name = file.name;
    download::Request wanted;
    wanted.name = file.name;
    auto const id = world.add(wanted, {source});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->find(id)->urn.sha1 == file.sha1);
}

TEST_CASE("a download goes on in another life of the node without fetching verified bytes again") {
    World world;
    auto const bytes = noise(64 * mib, 5);
    auto const file = world.share(bytes, "file.bin");
    world.options.limits.request_bytes_max = 4 * mib;
    world.open();
    auto const id = world.add(world.request(file), {source_at(world.door->endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->verified_bytes >= 20 * mib; }));
    auto const before = world.manager->find(id)->verified_bytes;
    world.manager.reset();
    REQUIRE(before < bytes.size());
    world.open_manager();
    REQUIRE(world.manager->find(id));
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->bytes_received() <= bytes.size() - before + 300 * 1024);
}

TEST_CASE("bytes that were spoiled on disk between two lives are not believed") {
    World world;
    auto const bytes = noise(64 * mib, 6);
    auto const file = world.share(bytes, "file.bin");
    world.options.limits.request_bytes_max = 4 * mib;
    world.open();
    auto const id = world.add(world.request(file), {source_at(world.door->endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->verified_bytes >= 8 * mib; }));
    world.manager.reset();
    auto const part = world.folder.path("partial/" + id + ".part");
    auto spoiled = read_file(part);
    spoiled[5 * mib] = static_cast<char>(spoiled[5 * mib] ^ 1);
    write_file(part, spoiled);
    world.open_manager();
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("one corrupt slice of a lying source is found out, and it alone is fetched again from another") {
    World world;
    world.open();
    auto const bytes = noise(8 * mib, 7);
    auto const file = world.share(bytes, "file.bin");
    auto lie = bytes;
    lie[3 * mib + 5] = static_cast<char>(lie[3 * mib + 5] ^ 0x20);
    write_file(world.folder.path("lie.bin"), lie);
    LyingShelf lying{world.shelf, world.folder.path("lie.bin")};
    upload::UploadServer liar{world.io, lying, {}, "liar", Guid{}};
    Door liars_door{world.io, [&](Tcp::socket socket) { liar.serve(std::move(socket), {}); }};
    // The root is not given with the request: only the tree, and in the end the SHA-1, can tell.
    bool const with_root = GENERATE(true, false);
    auto const id = world.add(world.request(file, with_root), {source_at(liars_door.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->sources.empty(); }));
    // What else it has sent is still being checked.
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->verified_bytes >= 3 * mib; }));
    auto const info = *world.manager->find(id);
    CHECK(info.state != State::completed);
    CHECK(info.verified_bytes < bytes.size());
    CHECK_FALSE(info.verified.at(static_cast<std::size_t>((3 * mib + 5) / info.slice_bytes)));
    auto const missing = bytes.size() - info.verified_bytes;
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
    // What was right of the liar is kept: the honest one sends the rest, and its tree.
    CHECK(world.server->bytes_sent() <= missing + 64 * 1024);
    liar.stop();
}

TEST_CASE("without a tree the whole is compared with its SHA-1, and a liar is dropped") {
    World world;
    world.shelf.has_trees = false;
    world.open();
    auto const bytes = noise(2 * mib, 8);
    auto const file = world.share(bytes, "file.bin");
    auto lie = bytes;
    lie.back() = static_cast<char>(lie.back() ^ 1);
    Door liar{world.io, scripted([&](std::string const& head) { return ranged_reply(head, lie); })};
    auto const id = world.add(world.request(file, false), {source_at(liar.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->sources.empty(); }));
    CHECK(world.state(id) != State::completed);
    CHECK(world.manager->find(id)->verified_bytes == 0);
    CHECK_FALSE(std::filesystem::exists(world.folder.path("finished/file.bin")));
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("sources that answer badly cost a download nothing but time") {
    std::vector<Endpoint> refused;  // outlives the world that tells of it
    World world;
    world.open();
    auto const bytes = noise(600'000, 9);
    auto const file = world.share(bytes, "file.bin");
    Script script;
    bool says_no = false;
    std::string trouble;  // as it is said of the stranger, where it is sure to be asked for the file
    Door third{world.io, scripted([&](auto const& head) { return ranged_reply(head, bytes); })};
    auto const after_head = [&](std::string const& reply) {
        return
            [&bytes, reply](auto const& head) { return head.starts_with("HEAD") ? ranged_reply(head, bytes) : reply; };
    };
    SECTION("compressed, though nobody asked for it") {
        trouble = "encodes what it sends";
        script = after_head(
            "HTTP/1.1 206 OK\r\nContent-Encoding: gzip\r\nContent-Range: bytes 0-599999/600000\r\n"
            "Content-Length: 600000\r\n\r\n" +
            bytes);
    }
    SECTION("chunks without end") {
        trouble = "encodes what it sends";
        script = after_head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000000\r\n" + noise(mib, 3));
    }
    SECTION("a body without an end") {
        trouble = "does not say how much it sends";
        script = after_head("HTTP/1.1 200 OK\r\nServer: s\r\n\r\n" + noise(mib, 4));
    }
    SECTION("a redirection to somebody else") {
        trouble = "answers 302";
        script = after_head("HTTP/1.1 302 Found\r\nLocation: http://" + third.endpoint().text() +
                            "/file.bin\r\nContent-Length: 0\r\n\r\n");
    }
    SECTION("a range larger than was asked for") {
        trouble = "sends bytes that were not asked for";
        script = after_head(
            "HTTP/1.1 206 OK\r\nContent-Range: bytes 0-599999/600000\r\nContent-Length: 600000\r\n\r\n" + bytes);
    }
    SECTION("a file of another size") {
        script = [&](auto const& head) { return ranged_reply(head, bytes + "x"); };
    }
    SECTION("another URN") {
        script = [&](auto const&) { return whole_reply(bytes, "X-Gnutella-Content-URN: " + Sha1{}.urn() + "\r\n"); };
    }
    SECTION("garbage") {
        script = [&](auto const&) { return noise(100'000, 1); };
    }
    SECTION("a head without end") {
        script = [&](auto const&) { return "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'); };
    }
    SECTION("a huge length") {
        script = [&](auto const&) {
            return std::string{"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n"};
        };
    }
    SECTION("hanging up at once") {
        script = [&](auto const&) { return std::string{}; };
    }
    SECTION("bytes that were not asked for") {
        script = [&](auto const& head) {
            if (head.starts_with("HEAD")) return ranged_reply(head, bytes);
            return "HTTP/1.1 206 OK\r\nServer: s\r\nContent-Range: bytes 5-599999/600000\r\n\r\n" + bytes.substr(5);
        };
    }
    SECTION("more bytes than it promised") {
        script = [&](auto const& head) { return ranged_reply(head, bytes) + "and more"; };
    }
    SECTION("half of the file, then nothing") {
        script = [&](auto const& head) {
            auto reply = ranged_reply(head, bytes);
            return head.starts_with("HEAD") ? reply : reply.substr(0, 300'000);
        };
    }
    SECTION("404") {
        says_no = true;
        script = [&](auto const&) { return std::string{"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"}; };
    }
    SECTION("a tree that is none") {
        script = [&](auto const& head) {
            if (head.find("N2X") != std::string::npos) return whole_reply(noise(5'000, 2));
            if (head.starts_with("HEAD"))
                return "HTTP/1.1 200 OK\r\nServer: s\r\nX-Thex-URI: /uri-res/N2X?x;\r\nContent-Length: 600000\r\n\r\n" +
                       std::string{};
            return ranged_reply(head, bytes);
        };
    }
    world.options.limits.stalled_time = 300ms;
    world.options.limits.reply_time = 300ms;
    world.options.on_refused = [&](download::Source const& source) { refused.push_back(source.endpoint); };
    world.manager.reset();
    world.open_manager();
    Door stranger{world.io, scripted(script)};
    auto const id = world.add(world.request(file), {source_at(stranger.endpoint())});
    auto const said_of_stranger = [&] {
        auto const info = *world.manager->find(id);
        for (auto const& one : info.source_infos)
            if (one.source.endpoint == stranger.endpoint()) return one.trouble;
        return std::string{};
    };
    REQUIRE(
        run_until(world.io, [&] { return trouble.empty() ? stranger.guests() > 0 : said_of_stranger() == trouble; }));
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(third.guests() == 0);
    // Whoever knows hits of it hears of it, and of no other.
    for (Endpoint const& one : refused) CHECK(one == stranger.endpoint());
    if (says_no) CHECK_FALSE(refused.empty());
}

TEST_CASE("a busy source is asked again when it said") {
    World world;
    world.open();
    auto const bytes = noise(100'000, 10);
    auto const file = world.share(bytes, "file.bin");
    int asked = 0;
    std::string ticket;
    Door busy{world.io, scripted([&](std::string const& head) {
                  if (head.starts_with("HEAD") || ++asked > 3) {
                      ticket = field_of(head, "X-Queued");
                      return ranged_reply(head, bytes);
                  }
                  return std::string{
                      "HTTP/1.1 503 Busy\r\nServer: s\r\nRetry-After: 1\r\n"
                      "X-Queued: ID=abc; position=1; length=1; ETA=1; lifetime=60\r\nContent-Length: 0\r\n\r\n"};
              })};
    auto const id = world.add(world.request(file), {source_at(busy.endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(asked == 4);
    CHECK(ticket == "ID=abc");
}

TEST_CASE("a full disk holds a download up and loses nothing") {
    World world;
    auto const bytes = noise(12 * mib, 11);
    auto const file = world.share(bytes, "file.bin");
    auto const room = std::make_shared<std::atomic<std::int64_t>>(5 * static_cast<std::int64_t>(mib));
    world.options.disk_fault = [room](std::uint64_t size) {
        return (*room -= static_cast<std::int64_t>(size)) < 0 ? ENOSPC : 0;
    };
    world.open();
    auto const id = world.add(world.request(file), {source_at(world.door->endpoint())});
    REQUIRE(world.reaches(id, State::waiting));
    CHECK(world.manager->find(id)->reason.find("full") != std::string::npos);
    auto const before = world.manager->find(id)->verified_bytes;
    CHECK(before > 0);
    *room = 1'000'000'000;
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("names from the network stay in the folder and replace nothing") {
    World world;
    world.open();
    auto const bytes = noise(1000, 12);
    auto const file = world.share(bytes, "file.bin");
    std::filesystem::create_directories(world.folder.path("finished"));
    write_file(world.folder.path("finished/passwd"), "mine");
    auto wanted = world.request(file);
    wanted.name = "../../etc/\x01../passwd";
    auto const id = world.add(wanted, {source_at(world.door->endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->find(id)->path == world.folder.path("finished/passwd (2)"));
    CHECK(read_file(world.folder.path("finished/passwd")) == "mine");
}

TEST_CASE("the same content asked for twice is one download") {
    World world;
    world.open();
    auto const file = world.share(noise(1000, 13), "file.bin");
    auto const id = world.add(world.request(file), {});
    CHECK(world.add(world.request(file, false), {source_at(world.door->endpoint())}) == id);
    CHECK(world.reaches(id, State::completed));
    CHECK(world.manager->list().size() == 1);
    CHECK(world.manager->id_of(Urn{file.sha1, std::nullopt}) == id);
}

TEST_CASE("a paused download stands still over a restart, and a removed one leaves nothing") {
    World world;
    world.options.limits.request_bytes_max = mib;
    world.open();
    auto const bytes = noise(32 * mib, 14);
    auto const file = world.share(bytes, "file.bin");
    auto const id = world.add(world.request(file), {source_at(world.door->endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->verified_bytes > 2 * mib; }));
    CHECK(world.manager->pause(id));
    world.manager.reset();
    world.open_manager();
    CHECK(world.state(id) == State::paused);
    SECTION("resumed, it finishes") {
        CHECK(world.manager->resume(id));
        CHECK(world.completed_bytes(id) == bytes);
    }
    SECTION("removed, its file is gone") {
        CHECK(world.manager->remove(id));
        CHECK_FALSE(world.manager->find(id));
        CHECK_FALSE(std::filesystem::exists(world.folder.path("partial/" + id + ".part")));
        world.manager.reset();
        world.open_manager();
        CHECK(world.manager->list().empty());
    }
}

TEST_CASE("a download without sources asks for some") {
    World world;
    int asked = 0;
    world.options.find_sources = [&](std::string const&, Urn const&, std::string const&) { ++asked; };
    world.open();
    auto const bytes = noise(1000, 15);
    auto const file = world.share(bytes, "file.bin");
    auto const id = world.add(world.request(file), {});
    REQUIRE(run_until(world.io, [&] { return asked >= 2; }));
    CHECK(world.state(id) == State::searching);
    world.manager->add_source(id, source_at(world.door->endpoint()));
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("a file asked for by its hash alone is called what its first source calls it") {
    World world;
    world.open();
    auto const file = world.share(noise(1000, 16), "file.bin");
    auto wanted = world.request(file);
    wanted.name.clear();
    auto const id = world.add(wanted, {});
    auto first = source_at(world.door->endpoint());
    first.name = "../first name.bin";
    world.manager->add_source(id, first);
    auto second = first;
    second.endpoint.port = static_cast<std::uint16_t>(second.endpoint.port + 1);
    second.name = "second.bin";
    world.manager->add_source(id, second);
    REQUIRE(world.reaches(id, State::completed));
    CHECK(world.manager->find(id)->path == world.folder.path("finished/first name.bin"));
}

TEST_CASE("a firewalled source is asked to call, and its call is a connection like any other") {
    World world;
    world.open_server();
    auto const bytes = noise(900'000, 16);
    auto const file = world.share(bytes, "file.bin");
    upload::UploadServer firewalled{
        world.io, world.shelf, {}, "Praline/test", Guid::from_hex("0102030405060708090a0b0c0d0e0f10").value()};
    Door callers{world.io, [&](Tcp::socket socket) { world.manager->accept_giv(std::move(socket), {}); }};
    world.options.request_push = [&](Guid const& asked, std::uint32_t index) {
        CHECK(asked.hex() == "0102030405060708090a0b0c0d0e0f10");
        firewalled.give(callers.endpoint(), index);
        return true;
    };
    world.open_manager();
    auto source = source_at(Endpoint{0x7F000001, 1});
    source.servent = Guid::from_hex("0102030405060708090a0b0c0d0e0f10").value();
    source.index = file.index;
    source.push_needed = true;
    auto const id = world.add(world.request(file), {source});
    CHECK(world.completed_bytes(id) == bytes);
    // Somebody who calls without being asked is not served.
    CHECK(talk(world.io, callers.endpoint(), "GIV 1:0102030405060708090a0b0c0d0e0f11/file\n\n").empty());
    world.manager.reset();
    firewalled.stop();
}

TEST_CASE("a firewalled source that there is no way to ask is not waited for, and the reason is said") {
    World world;
    auto const file = world.share(noise(1000, 17), "file.bin");
    world.options.request_push = [](Guid const&, std::uint32_t) { return false; };
    world.open_manager();
    auto source = source_at(Endpoint{0x7F000001, 1});
    source.servent = Guid::from_hex("0102030405060708090a0b0c0d0e0f10").value();
    source.push_needed = true;
    auto const id = world.add(world.request(file), {source});
    auto const said = [&] {
        return world.manager->find(id)->reason.find("there is no way to ask it to call") != std::string::npos;
    };
    CHECK(run_until(world.io, said));
}

}  // namespace praline::test::transfer_test
