#include "transfer/library/previewer.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "host.hpp"
#include "transfer/library/limits.hpp"

namespace preview_test {
using namespace praline::library;
using praline::library::test::World;
namespace fs = std::filesystem;

TEST_CASE("a preview counts what would be shared, names the first files, and says what is left out") {
    World world;
    for (std::size_t i = 0; i < preview_names_max + 10; ++i) world.write("many/" + std::to_string(i) + ".txt", "12345");
    world.write("mail/inbox", "x");
    world.write("bad\xFF.kdbx", "x");
    world.write(".hidden", "x");
    fs::create_symlink("/etc", world.shared / "link");
    fs::create_directories(world.shared / "data");
    std::ofstream{world.shared / "data/praline.db"} << "own";
    std::atomic<bool> cancelled = false;
    auto const look = look_at_folder(world.shared.string(), (world.shared / "data").string(), cancelled);
    CHECK(look.files == preview_names_max + 12);
    CHECK(look.bytes == (preview_names_max + 10) * 5 + 2);
    CHECK(look.complete);
    CHECK(look.names.size() == preview_names_max);
    REQUIRE(look.warnings.size() == 2);
    CHECK(look.warnings[0] == "1 file looks like mail, such as mail/inbox.");
    CHECK(look.warnings[1] == "1 file looks like passwords, such as bad_.kdbx.");
    REQUIRE(look.left_out.size() == 3);
    CHECK(look.left_out[0].reason == LeftOutReason::hidden);
    CHECK(look.left_out[1].reason == LeftOutReason::link);
    CHECK(look.left_out[2].reason == LeftOutReason::own_data);
    cancelled = true;
    CHECK_FALSE(look_at_folder(world.shared.string(), {}, cancelled).complete);
}

TEST_CASE("what nobody wants to be public is told by its name") {
    CHECK(delicate_kind("sub/ID_RSA.pub") == "keys or certificates");
    CHECK(delicate_kind("server.key") == "keys or certificates");
    CHECK(delicate_kind("a/Maildir/cur/1") == "mail");
    CHECK(delicate_kind("shadow") == "passwords");
    for (char const* name : {"song.mp3", "keyboard.txt", "shadow of the day.mp3", "email.txt", ".key", ""})
        CHECK(delicate_kind(name).empty());
}

TEST_CASE("previews are made on another thread, one after the other, and no more are kept than there is room for") {
    World world;
    Previewer previewer{(world.base / "data").string()};
    for (std::size_t i = 0; i < 2 * previews_max; ++i) {
        auto const path = world.shared / std::to_string(i);
        fs::create_directories(path);
        std::ofstream{path / "one.txt"} << "x";
        std::optional<Preview> look;
        REQUIRE(world.host.run_until([&] { return (look = previewer.ask(path.string())).has_value(); }));
        CHECK(look->files == 1);
        CHECK(look->path == path.string());
    }
    for (std::size_t i = 0; i < 2 * previews_max; ++i)
        (void)previewer.ask((world.shared / ("never " + std::to_string(i))).string());
}

}  // namespace preview_test
