#include "transfer/library/library.hpp"
#include "node/wire/media_types.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "host.hpp"
#include "node/base/text.hpp"
#include "transfer/library/file_store.hpp"
#include "unit/support/skip.hpp"

namespace library_test {
using namespace praline;
using namespace praline::library;
using namespace praline::library::test;
namespace fs = std::filesystem;

TEST_CASE("nothing is shared until a folder is named") {
    World world;
    world.write("a.txt", "abc");
    Library& library = world.start();
    REQUIRE(world.settles_with(0));
    CHECK(library.folders().empty());
    CHECK(world.find("a").empty());
    CHECK(library.page(0, 10, "").empty());
}

TEST_CASE("files of a named folder are found by words, SHA-1, Tiger root and index") {
    World world;
    world.write("sub/Moby Dick.txt", "abc");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    auto const found = world.find("dick mob");
    REQUIRE(found.size() == 1);
    SharedFile const& file = *found.front();
    CHECK(file.index != 0);
    CHECK(file.name == "Moby Dick.txt");
    CHECK(file.virtual_path == "shared/sub/Moby Dick.txt");
    CHECK(file.path == (world.shared / "sub/Moby Dick.txt").string());
    CHECK(file.size_bytes == 3);
    CHECK(file.sha1.base32() == "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
    CHECK(file.tiger_root.base32() == "ASD4UJSEH5M47PDYB46KBTSQTSGDKLBHYXOMUIA");
    CHECK(library.by_sha1(file.sha1) == found.front());
    CHECK(library.by_index(file.index) == found.front());
    CHECK(library.by_index(file.index + 1) == nullptr);
    CHECK(library.by_sha1(Sha1{}) == nullptr);
    CHECK(library.by_tiger_root(file.tiger_root) == found.front());
    CHECK(library.by_tiger_root(TigerHash{}) == nullptr);

    wire::Query query;
    query.text = "\\";
    CHECK(library.find(query, {10}).files.empty());
    query.urns.push_back(Urn{file.sha1, {}});
    query.urns.push_back(Urn{{}, file.tiger_root});
    CHECK(library.find(query, {10}).files.size() == 1);
    query.text = "moby";
    CHECK(library.find(query, {10}).files.size() == 1);
    CHECK(world.find("moby ahab").empty());

    CHECK(library.folders().at(0).files == 1);
    CHECK(library.folders().at(0).bytes == 3);
    CHECK(library.folders().at(0).virtual_name == "shared");
    CHECK(world.changes_told > 0);
}

TEST_CASE("a query for one kind of files is answered with those, whatever else has its words") {
    World world;
    for (auto const* name : {"song.mp3", "song.txt", "song.avi", "song"}) world.write(name, name);
    auto& library = world.start();
    library.add_folder(world.shared.string());
    REQUIRE(world.settles_with(4));
    wire::Query query;
    query.text = "song";
    CHECK(library.find(query, {10}).files.size() == 4);
    query.ggep = {{"M", {std::byte{wire::media_audio}}}};
    auto const songs = library.find(query, {10}).files;
    REQUIRE(songs.size() == 1);
    CHECK(songs[0]->name == "song.mp3");
    query.ggep = {{"M", {std::byte{wire::media_audio | wire::media_video}}}};
    CHECK(library.find(query, {10}).files.size() == 2);
}

TEST_CASE("changes, renames and deletions are followed while the node runs") {
    World world;
    world.write("one.txt", "abc");
    world.write("two.txt", "abcd");
    world.write("deep/three.txt", "abcde");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(3));
    REQUIRE(library.progress().watching);
    auto const old = world.find("one").at(0);

    world.write("one.txt", "changed");
    REQUIRE(world.host.run_until([&] {
        auto const now = world.find("one");
        return now.size() == 1 && now[0]->sha1 != old->sha1;
    }));
    CHECK(world.find("one")[0]->index != old->index);
    CHECK(library.by_index(old->index) == nullptr);
    CHECK(library.by_sha1(old->sha1) == nullptr);

    fs::rename(world.shared / "two.txt", world.shared / "second.txt");
    REQUIRE(world.host.run_until([&] { return world.find("second").size() == 1 && world.find("two").empty(); }));
    fs::rename(world.shared / "deep", world.shared / "deeper");
    REQUIRE(world.host.run_until([&] {
        auto const now = world.find("three");
        return now.size() == 1 && now[0]->virtual_path == "shared/deeper/three.txt";
    }));
    world.write("deeper/new/still/four.txt", "x");
    REQUIRE(world.host.run_until([&] { return world.find("four").size() == 1; }));
    fs::remove_all(world.shared / "deeper");
    REQUIRE(world.host.run_until([&] { return world.find("three").empty() && world.find("four").empty(); }));
    REQUIRE(world.settles_with(2));
}

TEST_CASE("after a restart folders are known and nothing unchanged is hashed again") {
    World world;
    world.write("one.txt", "abc");
    world.write("two.txt", "abcd");
    world.write("big.bin", std::string(700'000, 'b'));
    REQUIRE(world.start().add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(3));
    CHECK(world.library->progress().files_hashed == 3);
    auto const big = world.find("big").at(0);
    auto const tree = world.library->tree(big->sha1);

    world.library.reset();
    world.write("two.txt", "changed while away");
    fs::remove(world.shared / "one.txt");
    Library& library = world.start();
    REQUIRE(library.folders().size() == 1);
    REQUIRE(world.settles_with(2));
    CHECK(library.progress().files_hashed == 1);
    CHECK(world.find("one").empty());
    CHECK(world.find("big").at(0)->sha1 == big->sha1);
    REQUIRE(tree.has_value());
    CHECK(library.tree(big->sha1) == tree);
    world.library.reset();
    FileStore store{(world.base / "data" / "praline.db").string()};
    REQUIRE(store.file((world.shared / "one.txt").string()).has_value());
    CHECK(store.file((world.shared / "one.txt").string())->missing);
    CHECK(store.file((world.shared / "two.txt").string()).has_value());
}

TEST_CASE("the tree of a file leads to its root, of small and of large ones") {
    World world;
    world.write("small.txt", "abc");
    world.write("large.bin", std::string(3'000'000, 'l'));
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(2));
    for (auto const& file : library.page(0, 10, "")) {
        auto const tree = library.tree(file->sha1);
        REQUIRE(tree.has_value());
        CHECK(tree->root() == file->tiger_root);
        CHECK(tree->file_bytes == file->size_bytes);
        CHECK(tree->slice_bytes == content::good_slice_bytes(file->size_bytes));
    }
    CHECK_FALSE(library.tree(Sha1{}).has_value());
}

TEST_CASE("a folder no longer shared is gone at once, and its hashes are remembered for a while") {
    World world;
    world.write("one.txt", "abc");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    auto const file = world.find("one").at(0);
    REQUIRE(library.remove_folder(world.shared.string()).empty());
    CHECK(library.folders().empty());
    CHECK(world.find("one").empty());
    CHECK(library.by_sha1(file->sha1) == nullptr);
    CHECK(library.by_index(file->index) == nullptr);
    CHECK(library.page(0, 10, "").empty());
    CHECK_FALSE(library.remove_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(0));
    CHECK(library.after("", 10).empty());
    REQUIRE(world.start().folders().empty());
    REQUIRE(world.library->add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    CHECK(world.library->progress().files_hashed == 0);
    CHECK(world.find("one").at(0)->sha1 == file->sha1);
}

TEST_CASE("folders that cannot be shared are refused with a sentence") {
    World world;
    fs::create_directories(world.shared / "inner");
    world.write("file.txt", "x");
    Library& library = world.start();
    CHECK(library.add_folder("relative/path").find("full path") != std::string::npos);
    CHECK(library.add_folder("").find("full path") != std::string::npos);
    CHECK(library.add_folder((world.base / "missing").string()).find("No such file") != std::string::npos);
    CHECK(library.add_folder((world.shared / "file.txt").string()).find("not a folder") != std::string::npos);
    CHECK(library.add_folder("/").find("whole machine") != std::string::npos);
    CHECK(library.add_folder((world.base / "data").string()).find("own files") != std::string::npos);
    REQUIRE(library.add_folder(world.shared.string() + "/inner/..").empty());
    CHECK(library.folders().at(0).path == world.shared.string());
    CHECK(library.add_folder(world.shared.string()).find("shared already") != std::string::npos);
    CHECK(library.add_folder((world.shared / "inner").string()).find("part of") != std::string::npos);
    CHECK(library.add_folder(world.base.string()).find("contains") != std::string::npos);
    CHECK(library.folders().size() == 1);
}

TEST_CASE("hidden, empty and special files are left out, and links are not followed") {
    World world;
    world.write("good.txt", "good");
    world.write(".secret.txt", "hidden");
    world.write(".hidden/inside.txt", "hidden");
    world.write("empty.txt", "");
    fs::create_directories(world.base / "outside");
    std::ofstream{world.base / "outside" / "private.txt"} << "private";
    fs::create_symlink(world.base / "outside", world.shared / "link");
    fs::create_symlink(world.base / "outside" / "private.txt", world.shared / "private-link.txt");
    fs::create_symlink(world.shared, world.shared / "loop");
    REQUIRE(::mkfifo((world.shared / "pipe.txt").c_str(), 0600) == 0);
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    CHECK(library.page(0, 10, "").at(0)->name == "good.txt");
    REQUIRE(world.host.run_until([&] { return world.left_out(LeftOutReason::special) == 1; }));
    CHECK(world.left_out(LeftOutReason::hidden) == 2);
    CHECK(world.left_out(LeftOutReason::link) == 3);
    CHECK(world.left_out(LeftOutReason::empty) == 1);
    auto const groups = library.folders().at(0).left_out;
    CHECK(groups.at(0).names == std::vector<std::string>{".hidden", ".secret.txt"});
    fs::remove(world.shared / "link");
    REQUIRE(world.host.run_until([&] { return world.left_out(LeftOutReason::link) == 2; }));
}

TEST_CASE("a title that begins with an ellipsis is shared, in a folder that does too") {
    World world;
    world.write("...And Justice for All/...And Justice for All.mp3", "riff");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    CHECK(world.find("justice").size() == 1);
}

TEST_CASE("the node's own folder is never shared, even inside a shared one") {
    World world;
    world.write("good.txt", "good");
    std::ofstream{world.base / "data" / "key.pem"} << "secret";
    Library& library = world.start();
    REQUIRE(library.add_folder(world.base.string()).empty());
    REQUIRE(world.settles_with(1));
    CHECK(world.find("key").empty());
    CHECK(world.find("praline").empty());
    REQUIRE(world.host.run_until([&] { return world.left_out(LeftOutReason::own_data) == 1; }));
}

TEST_CASE("names that are not UTF-8 are shared under a clean name") {
    World world;
    world.write("bad\xFF\nname.txt", "abc");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    auto const file = world.find("name").at(0);
    CHECK(file->name == "bad__name.txt");
    CHECK(is_valid_utf8(file->virtual_path));
    CHECK(fs::exists(file->path));
    world.start();
    REQUIRE(world.settles_with(1));
    CHECK(world.library->progress().files_hashed == 0);
}

TEST_CASE("folders of one name get different virtual names") {
    World world;
    fs::create_directories(world.base / "a" / "music");
    fs::create_directories(world.base / "b" / "music");
    Library& library = world.start();
    REQUIRE(library.add_folder((world.base / "a" / "music").string()).empty());
    REQUIRE(library.add_folder((world.base / "b" / "music").string()).empty());
    CHECK(library.folders().at(0).virtual_name == "music");
    CHECK(library.folders().at(1).virtual_name == "music (2)");
}

TEST_CASE("an unreadable file is counted, not shared") {
    if (::geteuid() == 0) return praline::test::skip("root reads everything");
    World world;
    world.write("good.txt", "good");
    world.write("locked.txt", "locked");
    fs::permissions(world.shared / "locked.txt", fs::perms::none);
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    CHECK(library.progress().files_failed == 1);
    REQUIRE(world.host.run_until([&] { return world.left_out(LeftOutReason::unreadable) == 1; }));
}

TEST_CASE("a folder that goes away is a problem, and comes back without hashing") {
    World world;
    world.write("one.txt", "abc");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    fs::rename(world.shared, world.base / "elsewhere");
    library.rescan();
    REQUIRE(
        world.host.run_until([&] { return !library.folders().at(0).problem.empty() && world.find("one").empty(); }));
    CHECK(library.folders().at(0).problem.find("cannot be read") != std::string::npos);
    fs::rename(world.base / "elsewhere", world.shared);
    library.rescan();
    REQUIRE(
        world.host.run_until([&] { return library.folders().at(0).problem.empty() && !world.find("one").empty(); }));
    CHECK(library.progress().files_hashed == 1);
}

TEST_CASE("a file reported as changed is taken out and hashed anew") {
    World world;
    world.write("one.txt", "abc");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    auto const index = world.find("one").at(0)->index;
    library.report_changed(index);
    library.report_changed(index);
    CHECK(world.find("one").empty());
    REQUIRE(world.host.run_until([&] { return world.find("one").size() == 1; }));
    CHECK(world.find("one")[0]->index != index);
    REQUIRE(world.settles_with(1));
    CHECK(library.progress().files_hashed == 2);
}

TEST_CASE("no more files than allowed are taken, and the folder says so") {
    World world;
    world.files_max = 5;
    for (int i = 0; i < 9; ++i) world.write("file" + std::to_string(i) + ".txt", "x" + std::to_string(i));
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(5));
    REQUIRE(world.host.run_until([&] { return !library.folders().at(0).problem.empty(); }));
    REQUIRE(world.host.run_until([&] { return world.left_out(LeftOutReason::too_many) == 4; }));
}

TEST_CASE("pages come in order of virtual path, filtered by what they contain") {
    World world;
    for (char const* name : {"b.txt", "a.txt", "c/a.ogg", "d.txt"}) world.write(name, name);
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(4));
    auto const names = [&](std::size_t offset, std::size_t count, std::string const& filter) {
        std::vector<std::string> paths;
        for (auto const& file : library.page(offset, count, filter)) paths.push_back(file->virtual_path);
        return paths;
    };
    using Paths = std::vector<std::string>;
    CHECK(names(0, 10, "") == Paths{"shared/a.txt", "shared/b.txt", "shared/c/a.ogg", "shared/d.txt"});
    CHECK(names(1, 2, "") == Paths{"shared/b.txt", "shared/c/a.ogg"});
    CHECK(names(0, 10, "A.") == Paths{"shared/a.txt", "shared/c/a.ogg"});
    CHECK(names(0, 10, "c/") == Paths{"shared/c/a.ogg"});
    CHECK(names(0, 10, "ogg a") == Paths{"shared/c/a.ogg"});
    CHECK(names(0, 10, "shared").size() == 4);
    CHECK(names(0, 10, "e.txt").empty());
    CHECK(names(1, 10, "txt") == Paths{"shared/b.txt", "shared/d.txt"});
    CHECK(names(9, 10, "").empty());
}

TEST_CASE("searches are answered between the batches of a scan of twenty thousand files") {
    World world;
    constexpr int folders = 100, files = 200;
    for (int folder = 0; folder < folders; ++folder)
        for (int file = 0; file < files; ++file)
            world.write(std::to_string(folder) + "/needle " + std::to_string(folder * files + file) + ".txt",
                        std::to_string(folder * files + file));
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    std::size_t searches = 0, partial = 0, most_in_one_step = 0;
    std::uint64_t before = 0;
    REQUIRE(world.host.run_until([&] {
        ++searches;
        auto const found = world.find("needle").size();
        auto const ready = library.progress().files_ready;
        if (found > 0 && ready < folders * files) ++partial;
        most_in_one_step = std::max<std::size_t>(most_in_one_step, ready - before);
        before = ready;
        return ready == folders * files;
    }));
    CHECK(most_in_one_step <= 500);
    CHECK(partial >= 30);
    CHECK(searches > partial);
    CHECK(world.find("needle 19999").size() == 1);
}

TEST_CASE("a library that is closed in the middle of its work leaves nothing behind that runs") {
    World world;
    for (int i = 0; i < 300; ++i) world.write("f" + std::to_string(i), std::string(10'000, 'x') + std::to_string(i));
    for (int round = 0; round < 5; ++round) {
        Library& library = world.start();
        if (round == 0) REQUIRE(library.add_folder(world.shared.string()).empty());
        auto const enough = static_cast<std::uint64_t>(round) * 60;
        REQUIRE(world.host.run_until([&] { return library.progress().files_found >= enough; }));
        world.library.reset();
    }
    world.start();
    REQUIRE(world.settles_with(300));
}

TEST_CASE("a database that cannot be opened is a sentence") {
    Options options;
    options.database = "/nonexistent-folder/praline.db";
    options.post = [](std::function<void()> const&) {};
    REQUIRE_THROWS_AS(Library{options}, std::runtime_error);
}

}  // namespace library_test
