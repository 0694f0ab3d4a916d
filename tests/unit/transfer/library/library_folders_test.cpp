#include "transfer/library/library.hpp"

#include <catch2/catch.hpp>

#include "host.hpp"
#include "node/base/text.hpp"
#include "transfer/library/file_store.hpp"

namespace library_folders_test {
using namespace praline;
using namespace praline::library;
using namespace praline::library::test;
namespace fs = std::filesystem;

TEST_CASE("a folder that the setting names no more is not shared at the next start, those that users added are") {
    World world;
    world.write("one.txt", "abc");
    fs::create_directories(world.base / "added");
    std::ofstream{world.base / "added/two.txt"} << "abcd";
    world.config_folders = {world.shared.string()};
    world.start();
    REQUIRE(world.settles_with(1));
    REQUIRE(world.library->add_folder((world.base / "added").string()).empty());
    REQUIRE(world.settles_with(2));
    CHECK(world.library->folders().at(0).from_config);
    CHECK_FALSE(world.library->folders().at(1).from_config);
    world.start();
    REQUIRE(world.settles_with(2));
    CHECK(world.library->progress().files_hashed == 0);
    world.config_folders.clear();
    world.start();
    REQUIRE(world.library->folders().size() == 1);
    REQUIRE(world.settles_with(1));
    CHECK(world.find("one").empty());
    world.config_folders = {world.shared.string() + "/"};
    world.start();
    REQUIRE(world.settles_with(2));
    CHECK(world.library->progress().files_hashed == 0);
}

TEST_CASE("the setting takes over a folder of an earlier version, and one of which it cannot tell who named it stays") {
    World world;
    world.write("one.txt", "abc");
    fs::create_directories(world.base / "other");
    {
        FileStore store{world.database()};
        store.put_folder({world.shared.string(), "shared"});
        store.put_folder({(world.base / "other").string(), "other"});
    }
    world.config_folders = {world.shared.string()};
    world.start();
    REQUIRE(world.library->folders().size() == 2);
    REQUIRE(world.settles_with(1));
    world.config_folders.clear();
    world.start();
    REQUIRE(world.library->folders().size() == 1);
    CHECK(world.library->folders()[0].path == (world.base / "other").string());
}

TEST_CASE("a folder that the setting names by a link, or that is not there now, is shared when it can be") {
    World world;
    world.write("one.txt", "abc");
    fs::create_symlink(world.shared, world.base / "link");
    world.config_folders = {(world.base / "link").string(), (world.base / "disk").string()};
    world.start();
    REQUIRE(world.library->folders().size() == 2);
    CHECK(world.library->folders()[0].path == world.shared.string());
    REQUIRE(world.host.run_until([&] { return !world.library->folders()[1].problem.empty(); }));
    fs::create_directories(world.base / "disk");
    std::ofstream{world.base / "disk/two.txt"} << "abcd";
    world.library->rescan();
    REQUIRE(world.settles_with(2));
    // The link leads nowhere while the disk is out: it is the same folder all the same.
    world.library.reset();
    fs::rename(world.shared, world.base / "away");
    world.start();
    CHECK(world.library->folders().size() == 2);
}

TEST_CASE("what its owner would not expect to be public is shared with a yes only, which is remembered") {
    World world;
    fs::create_directories(world.base / ".hidden/inner");
    std::ofstream{world.base / ".hidden/id_rsa"} << "key";
    std::ofstream{world.base / ".hidden/.more"} << "x";
    std::string const path = (world.base / ".hidden").string();
    Library& library = world.start();
    CHECK(library.needs_confirmation(path));
    CHECK_FALSE(library.needs_confirmation(world.shared.string()));
    CHECK(library.add_folder(path).find("hidden") != std::string::npos);
    CHECK(library.folders().empty());
    // By a link it is the same folder.
    fs::create_symlink(path, world.base / "innocent");
    CHECK_FALSE(library.add_folder((world.base / "innocent").string()).empty());
    CHECK_FALSE(library.add_folder("/proc", true).empty());
    CHECK_FALSE(library.add_folder("/", true).empty());
    CHECK_FALSE(library.add_folder((world.base / "data").string(), true).empty());

    std::optional<FolderPreview> look;
    REQUIRE(world.host.run_until([&] { return (look = library.preview(path).preview).has_value(); }));
    CHECK(look->verdict.kind == Verdict::Kind::needs_yes);
    CHECK(look->preview.files == 1);
    CHECK(look->preview.bytes == 3);
    CHECK(look->preview.names == std::vector<std::string>{"id_rsa"});
    REQUIRE(look->preview.warnings.size() == 1);
    CHECK(look->preview.warnings[0].find("keys") != std::string::npos);
    CHECK(look->preview.left_out.at(0).count == 1);
    CHECK_FALSE(look->shared);
    CHECK_FALSE(library.preview((world.base / "missing").string()).problem.empty());
    CHECK(library.preview("/proc").preview->verdict.kind == Verdict::Kind::refused);

    REQUIRE(library.add_folder(path, true).empty());
    REQUIRE(world.settles_with(1));
    world.start();
    REQUIRE(world.settles_with(1));
    REQUIRE(world.library->remove_folder(path).empty());
    REQUIRE(world.settles_with(0));
    CHECK_FALSE(world.library->add_folder(path).empty());
}

TEST_CASE("a setting that names such a folder is no yes: it is listed, says how to give one, and waits") {
    World world;
    fs::create_directories(world.base / ".hidden");
    std::ofstream{world.base / ".hidden/one.txt"} << "abc";
    std::string const path = (world.base / ".hidden").string();
    world.config_folders = {path};
    for (int round = 0; round < 2; ++round) {
        world.start();
        REQUIRE(world.library->folders().size() == 1);
        CHECK(world.library->folders()[0].needs_confirmation);
        CHECK(world.library->folders()[0].problem.find("praline share add") != std::string::npos);
        CHECK(world.library->progress().files_found == 0);
    }
    REQUIRE(world.library->add_folder(path, true).empty());
    CHECK_FALSE(world.library->folders()[0].needs_confirmation);
    REQUIRE(world.settles_with(1));
    world.start();
    REQUIRE(world.settles_with(1));
    CHECK(world.library->folders()[0].from_config);
    world.config_folders.clear();
    world.start();
    CHECK(world.library->folders().empty());
    world.config_folders = {path};
    world.start();
    CHECK(world.library->folders().at(0).needs_confirmation);
    REQUIRE(world.library->remove_folder(path).empty());
    CHECK(world.library->folders().empty());
}

TEST_CASE("a path that is not UTF-8 is told as text everywhere, and unshared by its bytes") {
    World world;
    std::string const path = (world.base / "Caf\xE9").string();
    fs::create_directories(path);
    Library& library = world.start();
    REQUIRE(library.add_folder(path).empty());
    REQUIRE(world.settles_with(0));
    CHECK(is_valid_utf8(library.add_folder(path)));
    fs::rename(path, world.base / "away");
    library.rescan();
    REQUIRE(world.host.run_until([&] { return !library.folders().at(0).problem.empty(); }));
    CHECK(is_valid_utf8(library.folders().at(0).problem));
    CHECK(library.folders().at(0).path == path);
    CHECK(library.remove_folder(path).empty());
    CHECK(is_valid_utf8(library.remove_folder(path)));
}

}  // namespace library_folders_test
