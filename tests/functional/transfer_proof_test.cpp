// Downloads that are checked by the hashes of a Metalink or a .torrent file, and have no hash of the network.
#include <catch2/catch.hpp>

#include "functional/download_world.hpp"
#include "functional/transfer_paced.hpp"
#include "transfer/content/file_proof.hpp"

using namespace praline;
using namespace praline::test;
using download::SourceInfo;

namespace {

enum class By { pieces, sha256, both };

std::shared_ptr<content::FileProof const> proof_of(std::string const& bytes, By by, std::size_t piece = 256 * 1024) {
    content::FileProof proof;
    proof.file_bytes = bytes.size();
    auto const view = as_view(bytes);
    if (by != By::sha256) {
        proof.piece_bytes = piece;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            content::Sha1Hasher hasher;
            hasher.update(view.subspan(at, std::min(piece, bytes.size() - at)));
            proof.pieces.push_back(hasher.finish());
        }
    }
    if (by != By::pieces) {
        content::Sha256Hasher hasher;
        hasher.update(view);
        proof.sha256 = hasher.finish();
    }
    return std::make_shared<content::FileProof const>(std::move(proof));
}

download::Request request_of(std::string const& bytes, By by, std::size_t piece = 256 * 1024) {
    download::Request request;
    request.name = "file.bin";
    request.proof = proof_of(bytes, by, piece);
    return request;
}

download::Source source_of(Door const& door, std::string const& path = "/file.bin") {
    download::Source source;
    source.url = "http://" + door.endpoint().text() + path;
    return source;
}

Door::Guest serving(std::string const& bytes) {
    return scripted([&bytes](std::string const& head) { return ranged_reply(head, bytes); });
}

SourceInfo info_of(download::DownloadInfo const& info, download::Source const& source) {
    for (auto const& one : info.source_infos)
        if (one.source.url == source.url) return one;
    FAIL("no source " << source.url);
    return {};
}

}  // namespace

TEST_CASE("a file comes by the hashes of its pieces alone, and a mirror that lies is named") {
    World world;
    world.open_manager();
    auto const bytes = noise(5 * mib + 77, 60);
    auto const lies = noise(5 * mib + 77, 61);
    auto const piece = GENERATE(std::size_t{64 * 1024}, std::size_t{100'000}, 2 * mib);
    Door good{world.io, serving(bytes)}, also_good{world.io, serving(bytes)}, liar{world.io, serving(lies)};
    auto const id =
        world.add(request_of(bytes, By::pieces, piece), {source_of(liar), source_of(good), source_of(also_good)});
    CHECK(world.completed_bytes(id) == bytes);
    auto const info = *world.manager->find(id);
    CHECK(info_of(info, source_of(liar)).phase == SourceInfo::Phase::dropped);
    CHECK(info_of(info, source_of(liar)).trouble.find("not of this file") != std::string::npos);
    CHECK(info_of(info, source_of(liar)).verified_bytes == 0);
    CHECK(info_of(info, source_of(good)).phase != SourceInfo::Phase::dropped);
    CHECK(info_of(info, source_of(good)).verified_bytes + info_of(info, source_of(also_good)).verified_bytes ==
          bytes.size());
}

TEST_CASE("a file comes by the SHA-256 of the whole alone, and a wrong whole is fetched again from others") {
    World world;
    world.open_manager();
    auto const bytes = noise(3 * mib, 62);
    auto const lies = noise(3 * mib, 63);
    Door good{world.io, serving(bytes)}, liar{world.io, serving(lies)};
    auto const id = world.add(request_of(bytes, By::sha256), {source_of(liar), source_of(good)});
    CHECK(world.completed_bytes(id) == bytes);
    auto const info = *world.manager->find(id);
    CHECK(info_of(info, source_of(liar)).phase == SourceInfo::Phase::dropped);
    CHECK(info_of(info, source_of(good)).phase != SourceInfo::Phase::dropped);
}

TEST_CASE("a mirror that has a file of another size is dropped, and the named size stays") {
    World world;
    world.open_manager();
    auto const bytes = noise(mib, 64);
    auto const longer = bytes + "more";
    Door good{world.io, serving(bytes)}, other{world.io, serving(longer)};
    auto const by = GENERATE(By::pieces, By::sha256, By::both);
    auto const id = world.add(request_of(bytes, by), {source_of(other), source_of(good)});
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->find(id)->size_bytes == bytes.size());
}

TEST_CASE("hashes that contradict each other end a download with a sentence") {
    World world;
    world.open_manager();
    auto const bytes = noise(mib, 65);
    auto wanted = request_of(bytes, By::both);
    auto proof = *wanted.proof;
    proof.sha256->at(0) ^= 1;
    wanted.proof = std::make_shared<content::FileProof const>(proof);
    Door good{world.io, serving(bytes)};
    auto const id = world.add(wanted, {source_of(good)});
    REQUIRE(world.reaches(id, State::failed));
    CHECK(world.manager->find(id)->reason.find("not of the same file") != std::string::npos);
}

TEST_CASE("a download with hashes of its pieces goes on after a restart, and is one however often it is asked for") {
    World world;
    world.options.limits.save_every = 5ms;
    world.open_manager();
    auto const bytes = noise(8 * mib, 66);
    PacedSource slow{world.io, bytes, {.bytes_per_second = 4.0 * mib, .has_tree = false}};
    download::Source source;
    source.url = "http://" + slow.endpoint().text() + "/file.bin";
    auto const id = world.add(request_of(bytes, By::pieces), {source});
    CHECK(world.add(request_of(bytes, By::pieces), {}) == id);
    CHECK(world.add(request_of(noise(mib, 67), By::pieces), {}) != id);
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->verified_bytes >= 3 * mib; }));
    CHECK(world.manager->pause(id));
    world.manager.reset();
    auto const sent = slow.sent_bytes();
    world.open_manager();
    CHECK(world.manager->find(id)->has_tree == false);  // what is on the disk is checked first
    CHECK(world.manager->resume(id));
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(slow.sent_bytes() - sent <= bytes.size() - 2 * mib);
}

TEST_CASE("an empty file needs nobody") {
    World world;
    world.open_manager();
    auto const id = world.add(request_of({}, By::pieces), {});
    CHECK(world.completed_bytes(id).empty());
}
