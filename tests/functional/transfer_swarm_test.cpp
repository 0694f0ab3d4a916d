// One file from many sources at once, of which some lie, stall, drip, die or have only a part.
#include <catch2/catch.hpp>

#include <iostream>

#include "functional/download_world.hpp"
#include "functional/transfer_paced.hpp"
#include "transfer/download/alternates.hpp"

using namespace praline;
using namespace praline::test;
using download::SourceInfo;

namespace {

/// All sources are at one address here.
void allow_many(download::Limits& limits) { limits.sources_per_address_max = 32; }

SourceInfo const& info_of(download::DownloadInfo const& download, PacedSource const& source) {
    auto const& all = download.source_infos;
    auto const at = std::find_if(all.begin(), all.end(),
                                 [&](SourceInfo const& one) { return one.source.endpoint == source.endpoint(); });
    REQUIRE(at != all.end());
    return *at;
}

bool is_called_a_liar(SourceInfo const& info) {
    return info.phase == SourceInfo::Phase::dropped && info.trouble.find("not of this file") != std::string::npos;
}

}  // namespace

TEST_CASE("a file comes whole from eight sources of which one only is as it should be") {
    World world;
    allow_many(world.options.limits);
    world.options.limits.unanswered_after = 2000ms;
    world.open_manager();
    std::size_t const size = 12 * mib;
    auto const bytes = noise(size, 30);
    auto const file = world.share(bytes, "file.bin");
    double const rate = 1.5 * mib;
    PacedSource good{world.io, bytes, {.bytes_per_second = rate}};
    PacedSource first_liar{world.io, bytes, {.bytes_per_second = rate, .lies = true}};
    PacedSource second_liar{world.io, bytes, {.bytes_per_second = rate, .lies = true}};
    PacedSource stalls{world.io, bytes, {.bytes_per_second = rate, .silent_after = mib / 2}};
    PacedSource drips{world.io, bytes, {.bytes_per_second = 1}};
    PacedSource dies{world.io, bytes, {.bytes_per_second = rate, .dies_after = mib}};
    PacedSource front{world.io, bytes, {.bytes_per_second = rate / 2, .parts = {{0, size * 6 / 10}}}};
    PacedSource back{world.io, bytes, {.bytes_per_second = rate / 2, .parts = {{size * 4 / 10, size}}}};
    std::vector<PacedSource const*> const all{&first_liar, &stalls, &drips, &dies, &front, &back, &second_liar, &good};
    std::vector<download::Source> sources;
    for (auto const* const one : all) sources.push_back(source_at(one->endpoint()));

    auto const began = std::chrono::steady_clock::now();
    auto const id = world.add(world.request(file), sources);
    CHECK(world.completed_bytes(id) == bytes);
    auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();

    auto const info = *world.manager->find(id);
    for (auto const* const one : all) {
        INFO(one->endpoint().text() << ": " << info_of(info, *one).trouble);
        bool const lies = one == &first_liar || one == &second_liar;
        CHECK(is_called_a_liar(info_of(info, *one)) == lies);
        // One that takes no connection any more may be given up, and is no liar for it.
        if (!lies && one != &dies) CHECK(info_of(info, *one).phase != SourceInfo::Phase::dropped);
    }
    CHECK(info_of(info, good).verified_bytes > 0);
    CHECK(info_of(info, front).verified_bytes > 0);
    CHECK(info_of(info, back).verified_bytes > 0);
    CHECK(info_of(info, first_liar).failed_bytes > 0);
    auto const honest = rate + 2 * (rate / 2);
    std::cout << "eight sources: " << took << " s; at the sum of the honest rates that last "
              << static_cast<double>(size) / honest << " s\n";
}

TEST_CASE("a download paused and resumed again and again loses nothing, and blames nobody for it") {
    World world;
    allow_many(world.options.limits);
    world.options.limits.save_every = 5ms;
    world.open_manager();
    auto const bytes = noise(8 * mib, 31);
    auto const file = world.share(bytes, "file.bin");
    bool const has_tree = GENERATE(true, false);
    PacedSource first{world.io, bytes, {.bytes_per_second = 3.0 * mib, .has_tree = has_tree}};
    PacedSource second{world.io, bytes, {.bytes_per_second = 2.0 * mib, .has_tree = has_tree}};
    auto const id = world.add(world.request(file, false), {source_at(first.endpoint()), source_at(second.endpoint())});
    for (std::uint64_t received = mib; received < 7 * mib; received += mib) {
        REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->received_bytes >= received; }));
        CHECK(world.manager->pause(id));
        // At once, and after a while.
        if (received % (2 * mib) == 0) REQUIRE(run_until(world.io, [&] { return world.io.poll() == 0; }));
        auto const at_rest = world.manager->find(id)->received_bytes;
        CHECK(world.state(id) == State::paused);
        CHECK(world.manager->resume(id));
        CHECK(world.manager->find(id)->received_bytes >= at_rest);
    }
    CHECK(world.completed_bytes(id) == bytes);
    auto const info = *world.manager->find(id);
    CHECK(info.source_infos.size() == 2);
    for (auto const& one : info.source_infos) CHECK(one.phase != SourceInfo::Phase::dropped);
    CHECK(world.manager->bytes_received() <= bytes.size() + mib);
}

TEST_CASE("a partial source is asked again for what it has got meanwhile") {
    World world;
    world.open_manager();
    auto const bytes = noise(2 * mib, 32);
    auto const file = world.share(bytes, "file.bin");
    PacedSource grows{world.io, bytes, {.bytes_per_second = 20.0 * mib, .parts = {{0, mib}}}};
    auto const id = world.add(world.request(file), {source_at(grows.endpoint())});
    REQUIRE(run_until(world.io, [&] {
        auto const info = *world.manager->find(id);
        return info.verified_bytes == mib && info.state == State::searching;
    }));
    CHECK(info_of(*world.manager->find(id), grows).trouble.find("no part of the file that is missing") !=
          std::string::npos);
    grows.has_whole();
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("who reads a file while it comes gets what is proved, and first what he asks for") {
    World world;
    world.open_manager();
    auto const bytes = noise(16 * mib, 33);
    auto const file = world.share(bytes, "film.webm");
    PacedSource source{world.io, bytes, {.bytes_per_second = 3.0 * mib}};
    auto const id = world.add(world.request(file), {source_at(source.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->verified_bytes > 0; }));
    auto const owner = std::make_shared<int>(0);
    auto const read = [&](std::uint64_t at, std::size_t most) {
        std::optional<std::string> got;
        world.manager->read(id, world.manager->find(id)->story, at, most, owner,
                            [&](Bytes part) { got = std::string{as_text(part)}; });
        REQUIRE(run_until(world.io, [&] { return got.has_value(); }));
        return *got;
    };
    auto const is_true = [&](std::uint64_t at, std::string const& part) {
        return !part.empty() && part == bytes.substr(at, part.size());
    };
    CHECK(is_true(0, read(0, 1000)));
    // The end is far: it comes before the middle does.
    auto const end = bytes.size() - 500;
    CHECK(is_true(end, read(end, 4000)));
    CHECK(world.manager->find(id)->verified_bytes < 14 * mib);
    CHECK(is_true(8 * mib + 5, read(8 * mib + 5, mib)));
    CHECK(read(bytes.size(), 1).empty());
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(source.sent_bytes() <= bytes.size() + 2 * mib);
    CHECK(read(0, 1).empty());
}

TEST_CASE("nothing is read of a download that is removed, or that no tree proves") {
    World world;
    world.open_manager();
    auto const bytes = noise(4 * mib, 34);
    auto const file = world.share(bytes, "film.webm");
    bool const has_tree = GENERATE(true, false);
    PacedSource source{world.io, bytes, {.bytes_per_second = 1.0 * mib, .silent_after = mib, .has_tree = has_tree}};
    auto const id = world.add(world.request(file, false), {source_at(source.endpoint())});
    REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->received_bytes > mib / 2; }));
    auto const owner = std::make_shared<int>(0);
    std::optional<Bytes> got, of_another;
    world.manager->read(id, 77, 0, 10, owner, [&](Bytes part) { of_another = std::move(part); });
    CHECK((of_another && of_another->empty()));
    world.manager->read(id, world.manager->find(id)->story, 3 * mib, 1000, owner,
                        [&](Bytes part) { got = std::move(part); });
    CHECK(got.has_value() == !has_tree);
    CHECK(world.manager->remove(id));
    REQUIRE(got);
    CHECK(got->empty());
}

TEST_CASE("places that a source names are asked too, and no address is knocked at more often than a few times for it") {
    content::AltLocations locations;
    World world;
    world.options.locations = &locations;
    world.open_manager();
    auto const bytes = noise(2 * mib, 35);
    auto const file = world.share(bytes, "file.bin");
    std::size_t knocks = 0;
    std::vector<std::unique_ptr<Door>> strangers;
    std::string named;
    for (int count = 0; count < 20; ++count) {
        strangers.push_back(std::make_unique<Door>(world.io, [&](Tcp::socket) { ++knocks; }));
        named += "," + strangers.back()->endpoint().text();
    }
    PacedSource whole{world.io, bytes, {}};
    Habits habits;
    habits.parts = {{0, mib}};
    SECTION("the other half is found by it") {
        habits.header = "X-Alt: " + whole.endpoint().text() + "\r\n";
        PacedSource part{world.io, bytes, habits};
        auto const id = world.add(world.request(file), {source_at(part.endpoint())});
        CHECK(world.completed_bytes(id) == bytes);
        CHECK(whole.sent_bytes() >= mib);
    }
    SECTION("strangers who never heard of it") {
        habits.header = "X-Alt: " + named.substr(1) + "\r\n";
        PacedSource part{world.io, bytes, habits};
        auto const id = world.add(world.request(file), {source_at(part.endpoint())});
        REQUIRE(run_until(world.io, [&] { return knocks > 0 && world.state(id) == State::searching; }));
        world.manager->add_source(id, source_at(whole.endpoint()));
        CHECK(world.completed_bytes(id) == bytes);
        auto const places =
            std::count_if(strangers.begin(), strangers.end(), [](auto const& one) { return one->guests() > 0; });
        CHECK(places <= static_cast<std::ptrdiff_t>(download::AlternateLimits{}.per_target_max));
    }
}
