// Which of many downloads comes next, where files go, and folders as one download.
#include <algorithm>

#include "functional/download_world.hpp"

namespace praline::test {

namespace {

using download::Move;
using download::Priority;

/// Takes connections and says nothing, so that a download holds its slot.
Door::Guest silent(std::vector<Tcp::socket>& guests) {
    return [&guests](Tcp::socket socket) { guests.push_back(std::move(socket)); };
}

download::Request unknown_file(std::uint8_t number, std::optional<Priority> priority = {}) {
    download::Request wanted;
    wanted.urn.sha1 = Sha1{};
    wanted.urn.sha1->bytes[0] = number;
    wanted.name = "file " + std::to_string(number);
    wanted.priority = priority;
    return wanted;
}

std::vector<std::string> names(World const& world) {
    std::vector<std::string> all;
    for (auto const& info : world.manager->list()) all.push_back(info.name);
    return all;
}

}  // namespace

TEST_CASE("the next download is the one of highest priority, then the one that was asked for first") {
    World world;
    std::vector<Tcp::socket> guests;
    world.options.limits.active_max = 1;
    world.open();
    Door const hole{world.io, silent(guests)};
    std::vector<std::string> ids;
    auto const ask = [&](std::uint8_t number, Priority priority) {
        ids.push_back(world.add(unknown_file(number, priority), {source_at(hole.endpoint())}));
    };
    ask(1, Priority::normal);
    REQUIRE(run_until(world.io, [&] { return guests.size() == 1; }));
    ask(2, Priority::low);
    ask(3, Priority::normal);
    ask(4, Priority::normal);
    ask(5, Priority::high);
    REQUIRE(run_until(world.io, [&] { return world.manager->find(ids[4])->place == 1U; }));
    std::vector<std::string> begun;
    while (!world.manager->list().empty()) {
        std::string active;
        REQUIRE(run_until(world.io, [&] {
            auto const now = world.manager->list();
            auto const at =
                std::find_if(now.begin(), now.end(), [](auto const& one) { return one.state == State::connecting; });
            if (at != now.end()) active = at->id;
            return at != now.end();
        }));
        begun.push_back(world.manager->find(active)->name);
        if (begun.size() == 1) {
            CHECK(world.manager->find(ids[4])->place == 1U);
            CHECK(world.manager->find(ids[4])->reason == "It is the next to begin.");
            CHECK(world.manager->find(ids[1])->place == 4U);
            CHECK(world.manager->find(ids[1])->reason == "3 downloads come first.");
        }
        CHECK(world.manager->active() == 1);
        REQUIRE(world.manager->remove(active));
    }
    CHECK(begun == std::vector<std::string>{"file 1", "file 5", "file 3", "file 4", "file 2"});
}

TEST_CASE("a restart keeps order, priority and folder") {
    World world;
    world.options.limits.active_max = 1;
    world.open();
    std::vector<std::string> ids;
    for (std::uint8_t number = 1; number <= 5; ++number) ids.push_back(world.add(unknown_file(number), {}));
    CHECK(world.manager->move(ids[4], Move::first).empty());
    CHECK(world.manager->move(ids[0], Move::last).empty());
    CHECK(world.manager->move(ids[3], Move::earlier).empty());
    CHECK(world.manager->set_priority(ids[2], Priority::high));
    CHECK(world.change(ids[1], {{}, {}, world.folder.path("own")}).empty());
    std::vector<std::string> const wanted{"file 3", "file 5", "file 2", "file 4", "file 1"};
    CHECK(names(world) == wanted);
    world.manager.reset();
    world.open_manager();
    CHECK(names(world) == wanted);
    CHECK(world.manager->find(ids[1])->directory == world.folder.path("own"));
    CHECK(world.manager->find(ids[2])->rank.priority == Priority::high);
    world.add(unknown_file(6), {});
    CHECK(names(world).back() == "file 6");
}

TEST_CASE("a download goes to the folder that was named, and waits while that is gone") {
    World world;
    world.open();
    auto const bytes = noise(100'000, 3);
    auto const file = world.share(bytes, "file.bin");
    auto wanted = world.request(file);
    write_file(world.folder.path("no folder"), "a file");
    wanted.folder = world.folder.path("no folder/below");
    wanted.sources = {source_at(world.door->endpoint())};
    CHECK(world.settled([&] { return world.manager->add(wanted); }).problem.find("something else has its name") !=
          std::string::npos);

    auto const own = world.folder.path("own");
    wanted.folder = own;
    wanted.sources.clear();
    auto const id = world.settled([&] { return world.manager->add(wanted); }).id;
    REQUIRE(world.reaches(id, State::searching));
    write_file(own + "/file.bin", "of another one");
    std::filesystem::rename(own, own + " away");
    world.manager->add_source(id, source_at(world.door->endpoint()));
    REQUIRE(world.reaches(id, State::waiting));
    CHECK(world.manager->find(id)->reason.find(own + " is not there any more") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(own));
    std::filesystem::rename(own + " away", own);
    CHECK(world.completed_bytes(id) == bytes);
    CHECK(world.manager->find(id)->path == own + "/file (2).bin");
    CHECK(read_file(own + "/file.bin") == "of another one");
}

TEST_CASE("a finished file whose place is taken by something else waits and says so") {
    World world;
    world.open();
    auto const bytes = noise(100'000, 3);
    download::DownloadList list;
    list.group = "Album";
    auto& file = list.files.emplace_back(world.request(world.share(bytes, "file.bin")));
    file.path = "disc 1/file.bin";
    file.sources = {source_at(world.door->endpoint())};
    auto const in_its_way = world.folder.path("finished/Album");
    std::filesystem::create_directories(world.folder.path("finished"));
    write_file(in_its_way, "a file");
    auto const id = world.add_list(list).files.front().id;
    REQUIRE(world.reaches(id, State::waiting));
    CHECK(world.manager->find(id)->reason.find("something else has its name") != std::string::npos);
    CHECK(read_file(in_its_way) == "a file");
    std::filesystem::remove(in_its_way);
    CHECK(world.completed_bytes(id) == bytes);
}

TEST_CASE("a folder is one download whose files keep their places in it") {
    World world;
    world.open();
    auto const one = noise(50'000, 1), other = noise(60'000, 2);
    download::DownloadList list;
    list.group = "../An album";
    for (auto const& [path, bytes] :
         {std::pair{"disc 1/a.flac", one}, {"disc 2/a.flac", other}, {"disc 2/same.flac", one}, {".hidden", other}}) {
        auto& file = list.files.emplace_back(world.request(world.share(bytes, std::to_string(list.files.size()))));
        file.path = path;
        file.sources = {source_at(world.door->endpoint())};
    }
    auto const added = world.add_list(list);
    REQUIRE(added.problem.empty());
    REQUIRE(added.files.size() == 4);
    for (auto const& file : added.files) REQUIRE(world.reaches(file.id, State::completed));
    auto const folder = world.folder.path("finished/An album/");
    CHECK(read_file(folder + "disc 1/a.flac") == one);
    CHECK(read_file(folder + "disc 2/a.flac") == other);
    CHECK(read_file(folder + "disc 2/same.flac") == one);
    CHECK(read_file(folder + "hidden") == other);
    // The same folder again is the one that is there.
    CHECK(world.add_list(list).group == added.group);
    CHECK(world.manager->list().size() == 4);
    // What was deleted of it is fetched again.
    REQUIRE(std::filesystem::remove(folder + "disc 1/a.flac"));
    auto const again = world.add_list(list);
    CHECK(again.group == added.group);
    CHECK(world.manager->list().size() == 4);
    REQUIRE(world.reaches(again.files[0].id, State::completed));
    CHECK(read_file(folder + "disc 1/a.flac") == one);
    // With one file more it is still one.
    auto& more = list.files.emplace_back(world.request(world.share(noise(70'000, 3), "more")));
    more.path = "disc 2/more.flac";
    CHECK(world.add_list(list).group == added.group);
    CHECK(world.manager->list().size() == 5);
    for (auto const& info : world.manager->list()) CHECK(info.group == added.group);
    CHECK(world.manager->remove(added.group));
    CHECK(world.manager->list().empty());
}

TEST_CASE("a folder is paused, resumed and moved as one, and refused as a whole") {
    World world;
    world.open();
    download::DownloadList list;
    list.group = "Folder";
    list.priority = Priority::low;
    for (std::uint8_t number = 1; number <= 3; ++number) {
        list.files.push_back(unknown_file(number));
        list.files.back().path = "part " + std::to_string(number);
    }
    auto bad = list;
    bad.files[1].path = "a/../../../etc/passwd";
    CHECK(world.add_list(bad).problem.find("etc/passwd") != std::string::npos);
    auto twice = list;
    twice.files[1].path = twice.files[0].path + "/below";
    CHECK(world.add_list(twice).problem.find("file and the folder") != std::string::npos);
    CHECK(world.manager->list().empty());

    world.add(unknown_file(9, Priority::low), {});
    auto const group = world.add_list(list).group;
    CHECK(world.manager->pause(group));
    for (auto const& info : world.manager->list()) CHECK((info.state == State::paused) == (info.group == group));
    CHECK(world.manager->move(group, Move::first).empty());
    CHECK(names(world) == std::vector<std::string>{"part 1", "part 2", "part 3", "file 9"});
    CHECK_FALSE(world.manager->move(group, Move::later).empty());
    // What cannot be done wholly changes nothing, and makes no folder.
    auto const elsewhere = world.folder.path("elsewhere");
    CHECK_FALSE(world.change(group, {Priority::high, Move::later, elsewhere}).empty());
    write_file(world.folder.path("file"), "a file");
    CHECK_FALSE(world.change(group, {Priority::high, Move::first, world.folder.path("file")}).empty());
    CHECK_FALSE(std::filesystem::exists(elsewhere));
    for (auto const& info : world.manager->list()) {
        CHECK(info.rank.priority == Priority::low);
        CHECK(info.directory.find("elsewhere") == std::string::npos);
    }
    CHECK(world.manager->resume(group));
    CHECK(world.manager->list().front().state != State::paused);
}

TEST_CASE("a download that is removed midway takes nobody with it, and its partial file is gone") {
    World world;
    world.open();
    auto const file = world.share(noise(12 * mib, 4), "file.bin");
    for (int round = 0; round < 40; ++round) {
        auto const id = world.add(world.request(file), {source_at(world.door->endpoint())});
        auto const enough = static_cast<std::uint64_t>(round % 10) * mib;
        REQUIRE(run_until(world.io, [&] { return world.manager->find(id)->received_bytes > enough; }));
        if (world.state(id) == State::completed) continue;
        REQUIRE(world.manager->remove(id));
        REQUIRE(run_until(world.io, [&] { return std::filesystem::is_empty(world.folder.path("partial")); }));
    }
}

TEST_CASE("a reader of changes gets what is different, and what is gone") {
    World world;
    world.options.limits.save_every = 1h;
    world.open();
    std::vector<std::string> ids;
    for (std::uint8_t number = 1; number <= 20; ++number) ids.push_back(world.add(unknown_file(number), {}));
    auto const all = world.manager->changes(0);
    CHECK(all.is_all);
    CHECK(all.downloads.size() == 20);
    CHECK(world.manager->changes(all.revision).downloads.empty());
    world.manager->pause(ids[3]);
    world.manager->remove(ids[5]);
    auto const later = world.manager->changes(all.revision);
    CHECK_FALSE(later.is_all);
    REQUIRE(later.downloads.size() == 1);
    CHECK(later.downloads[0].id == ids[3]);
    CHECK(later.removed == std::vector<std::string>{ids[5]});
}

}  // namespace praline::test
