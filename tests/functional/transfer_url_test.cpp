// URLs as sources: web servers that know no Gnutella, beside peers and alone.
#include <future>
#include <vector>

#include <catch2/catch.hpp>

#include "functional/download_world.hpp"
#include "functional/transfer_paced.hpp"

using namespace praline;
using namespace praline::test;
using download::SourceInfo;

namespace {

download::Source source_of(std::string url) {
    download::Source source;
    source.url = std::move(url);
    return source;
}

std::string url_at(Door const& door, std::string const& path) { return "http://" + door.endpoint().text() + path; }

SourceInfo info_of(download::DownloadInfo const& info, std::string const& place) {
    for (auto const& one : info.source_infos)
        if (one.source.place() == place) return one;
    FAIL("no source " << place);
    return {};
}

bool asks_for(std::string const& head, std::string const& target) {
    return head.find(" " + target + " HTTP/1.1\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a file comes from a URL and from peers, and each is shown with what it sent") {
    World world;
    world.options.limits.sources_per_address_max = 32;
    world.open_manager();
    auto const bytes = noise(6 * mib, 50);
    auto const file = world.share(bytes, "file.bin");
    PacedSource peer{world.io, bytes, {.bytes_per_second = 3.0 * mib}};
    std::vector<std::string> heads;
    Door door{world.io, scripted([&](std::string const& head) {
                  heads.push_back(head);
                  return ranged_reply(head, bytes);
              })};
    auto const url = url_at(door, "/uri-res/file.bin?x=1");
    auto const id = world.add(world.request(file), {source_at(peer.endpoint()), source_of(url)});
    CHECK(world.completed_bytes(id) == bytes);
    auto const info = *world.manager->find(id);
    CHECK(info_of(info, url).verified_bytes > 0);
    CHECK(info_of(info, peer.endpoint().text()).verified_bytes > 0);
    REQUIRE(!heads.empty());
    for (auto const& head : heads) {
        CHECK(asks_for(head, "/uri-res/file.bin?x=1"));
        CHECK(field_of(head, "Host") == door.endpoint().text());
        // Nothing of the network goes to a web server.
        CHECK(head.find("X-") == std::string::npos);
    }
}

TEST_CASE("a URL alone gives a file by its SHA-1, by the name of its host") {
    World world;
    world.open_manager();
    auto const bytes = noise(2 * mib, 51);
    auto const file = world.share(bytes, "file.bin");
    std::string host;
    Door door{world.io, scripted([&](std::string const& head) {
                  host = field_of(head, "Host");
                  return ranged_reply(head, bytes);
              })};
    auto const name = "localhost:" + std::to_string(door.endpoint().port);
    auto const id = world.add(world.request(file, false), {source_of("http://" + name + "/file.bin")});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(host == name);
}

TEST_CASE("a URL that has another file is dropped by its name, and an honest peer is not") {
    World world;
    world.options.limits.sources_per_address_max = 32;
    world.open_manager();
    auto const bytes = noise(4 * mib, 52);
    auto const lies = noise(4 * mib, 53);
    auto const file = world.share(bytes, "file.bin");
    PacedSource peer{world.io, bytes, {.bytes_per_second = 2.0 * mib}};
    Door door{world.io, scripted([&](std::string const& head) { return ranged_reply(head, lies); })};
    auto const url = url_at(door, "/file.bin");
    auto const id = world.add(world.request(file), {source_at(peer.endpoint()), source_of(url)});
    CHECK(world.completed_bytes(id) == bytes);
    auto const info = *world.manager->find(id);
    CHECK(info_of(info, url).phase == SourceInfo::Phase::dropped);
    CHECK(info_of(info, url).trouble.find("not of this file") != std::string::npos);
    CHECK(info_of(info, peer.endpoint().text()).phase != SourceInfo::Phase::dropped);
}

TEST_CASE("redirects of a URL are followed to the end, and not for ever") {
    World world;
    world.open_manager();
    auto const bytes = noise(mib, 54);
    auto const file = world.share(bytes, "file.bin");
    Door last{world.io, scripted([&](std::string const& head) {
                  return asks_for(head, "/there/file.bin") ? ranged_reply(head, bytes) : std::string{};
              })};
    Door first{world.io, scripted([&](std::string const& head) {
                   auto const to = asks_for(head, "/old") ? std::string{"new"} : url_at(last, "/there/file.bin");
                   return "HTTP/1.1 302 Found\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n";
               })};
    auto const id = world.add(world.request(file, false), {source_of(url_at(first, "/old"))});
    CHECK(world.completed_bytes(id) == bytes);

    auto const other = world.share(noise(mib, 55), "other.bin");
    std::size_t asked = 0;
    Door round{world.io, scripted([&](std::string const&) {
                   ++asked;
                   return std::string{"HTTP/1.1 301 Moved\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"};
               })};
    world.options.limits.retry_min = 60'000ms;
    world.manager.reset();
    world.open_manager();
    auto const url = url_at(round, "/start");
    auto const endless = world.add(world.request(other, false), {source_of(url)});
    REQUIRE(
        run_until(world.io, [&] { return info_of(*world.manager->find(endless), url).next_try_seconds.has_value(); }));
    CHECK(info_of(*world.manager->find(endless), url).trouble == "redirects more than 5 times");
    CHECK(asked == 6);
}

TEST_CASE("an https server that does not shake hands is given up, and another source is read meanwhile") {
    World world;
    world.options.limits.sources_per_address_max = 32;
    world.options.limits.retry_min = 60'000ms;
    world.options.limits.handshake_time = 100ms;
    world.open_manager();
    auto const bytes = noise(mib, 58);
    auto const file = world.share(bytes, "file.bin");
    std::vector<Tcp::socket> guests;
    Door silent{world.io, [&](Tcp::socket socket) { guests.push_back(std::move(socket)); }};
    Door good{world.io, scripted([&](std::string const& head) { return ranged_reply(head, bytes); })};
    auto const url = "https://" + silent.endpoint().text() + "/file.bin";
    auto const id = world.add(world.request(file, false), {source_of(url)});
    REQUIRE(run_until(world.io, [&] { return !info_of(*world.manager->find(id), url).trouble.empty(); }));
    CHECK(info_of(*world.manager->find(id), url).trouble.find("takes too long") != std::string::npos);
    world.manager->add_source(id, source_of(url_at(good, "/file.bin")));
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("a name that nobody looks up holds back no other source, and a removed download waits for none") {
    World world;
    // The thread of the dead name goes on when the test is over, and ends when this does.
    std::promise<void> over;
    world.options.resolve = [is_over = over.get_future().share()](std::string const& host) -> net::NameLookup::Found {
        if (host == "dead.example") is_over.wait();
        return {{Address::v4(0x7F000001)}, {}};
    };
    world.open_manager();
    auto const bytes = noise(mib, 59);
    auto const file = world.share(bytes, "file.bin");
    auto const other = world.share(noise(mib, 60), "other.bin");
    Door door{world.io, scripted([&](std::string const& head) { return ranged_reply(head, bytes); })};
    auto const port = ":" + std::to_string(door.endpoint().port);
    auto const waiting =
        world.add(world.request(other, false), {source_of("http://dead.example" + port + "/other.bin")});
    auto const id = world.add(world.request(file, false), {source_of("http://alive.example" + port + "/file.bin")});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.state(waiting) == State::connecting);
    CHECK(world.manager->remove(waiting));
    CHECK(run_until(world.io, [&] { return !world.manager->exists(waiting); }));
    over.set_value();
}

TEST_CASE("URLs are sources again after a restart") {
    World world;
    world.open_manager();
    auto const bytes = noise(mib, 56);
    auto const file = world.share(bytes, "file.bin");
    Door door{world.io, scripted([&](std::string const& head) { return ranged_reply(head, bytes); })};
    std::vector<download::Source> sources;
    for (int number = 0; number < 8; ++number)
        sources.push_back(source_of(url_at(door, "/mirror/" + std::to_string(number))));
    auto const id = world.add(world.request(file, false), sources);
    CHECK(world.manager->pause(id));
    world.manager.reset();
    world.open_manager();
    CHECK(world.manager->find(id)->sources.size() == 8);
    CHECK(world.manager->resume(id));
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("what a peer names never becomes a URL of ours") {
    World world;
    content::AltLocations locations;
    world.options.locations = &locations;
    world.open_manager();
    auto const bytes = noise(mib, 57);
    auto const file = world.share(bytes, "file.bin");
    Door named{world.io, scripted([&](std::string const&) { return std::string{}; })};
    Door peer{world.io, scripted([&](std::string const& head) {
                  auto reply = ranged_reply(head, bytes);
                  return reply.insert(reply.find("\r\n") + 2, "X-Alt: " + url_at(named, "/secret") +
                                                                  "\r\nLocation: " + url_at(named, "/secret") + "\r\n");
              })};
    auto const id = world.add(world.request(file, false), {source_at(peer.endpoint())});
    CHECK(world.completed_bytes(id) == bytes);
    auto const info = *world.manager->find(id);
    for (auto const& one : info.source_infos) CHECK(one.source.url.empty());
    CHECK(named.guests() == 0);
}
