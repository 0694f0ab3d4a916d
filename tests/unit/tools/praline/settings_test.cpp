#include "tools/praline/settings.hpp"

#include <fstream>

#include <catch2/catch.hpp>

#include "tools/praline/settings_store.hpp"
#include "unit/tools/praline/scratch.hpp"

namespace settings_test {
using namespace praline;

namespace {

bool says(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("flags win over the page, the page over the config file, that over built-in values") {
    Scratch const scratch;
    std::ofstream{scratch.path() + "/praline.toml"} << "upload_slots = 2\nmax_leaves = 2\ncapacity = 2\n";
    Settings settings{scratch.path()};
    REQUIRE(settings.take_file(scratch.path() + "/praline.toml").empty());
    settings.take_stored({{"upload_slots", "3"}, {"max_leaves", "3"}});
    REQUIRE(settings.take_flag("upload_slots", {"4"}).empty());
    CHECK(settings.config().upload_slots == 4);
    CHECK(settings.config().max_leaves == 3);
    CHECK(settings.config().bandwidth.capacity == 2);
    CHECK(settings.config().max_ultrapeers == Config{}.max_ultrapeers);
    CHECK(settings.origin("upload_slots") == Origin::command_line);
    CHECK(settings.origin("max_leaves") == Origin::page);
    CHECK(settings.origin("capacity") == Origin::config_file);
    CHECK(settings.origin("max_ultrapeers") == Origin::built_in);
    CHECK(says(settings.origin_text("upload_slots"), "--upload-slots"));
    CHECK(says(settings.origin_text("max_leaves"), "praline config unset max_leaves"));
    CHECK(says(settings.origin_text("capacity"), "praline.toml"));
}

TEST_CASE("a stored value that is not allowed is left out, and said with what undoes it") {
    Settings settings{"/nowhere"};
    settings.take_stored({{"mode", "boss"},
                          {"upload_slots", "5"},
                          {"from_the_future", "x"},
                          {"peers", "no port"},
                          {"downloads", "~somebody/x"}});
    CHECK(settings.config().mode == overlay::Mode::automatic);
    CHECK(settings.origin("mode") == Origin::built_in);
    CHECK(settings.config().upload_slots == 5);
    for (auto const* key : {"mode", "from_the_future", "peers", "downloads"}) {
        INFO(key);
        CHECK(says(settings.problem(key), std::string{"`praline config unset "} + key + "`"));
        CHECK(settings.stored(key));
    }
    CHECK(says(settings.problem("mode"), "boss"));
    CHECK(settings.problem("upload_slots").empty());
    CHECK(settings.problems().size() == 4);
}

TEST_CASE("a stored value that is of no use here gives way to the next in line") {
    Scratch const scratch;
    std::ofstream{scratch.path() + "/praline.toml"} << "listen = \"127.0.0.1:2\"\n";
    Settings settings{scratch.path()};
    REQUIRE(settings.take_file(scratch.path() + "/praline.toml").empty());
    settings.take_stored({{"listen", "203.0.113.5:6346"}, {"api", "127.0.0.7:1"}});
    settings.leave_out("listen", "203.0.113.5 is no address of this machine.");
    settings.leave_out("api", "It is taken.");
    CHECK(settings.config().listen == "127.0.0.1:2");
    CHECK(settings.origin("listen") == Origin::config_file);
    CHECK(settings.config().api == Config{}.api);
    CHECK(says(settings.problem("listen"), "no address of this machine"));
    settings.leave_out("mode", "Nothing is stored for it.");
    CHECK(settings.problem("mode").empty());
    settings.unset("listen");
    CHECK(settings.problem("listen").empty());
    REQUIRE(settings.set("api", {"127.0.0.1:9"}).empty());
    CHECK(settings.problem("api").empty());
}

TEST_CASE("what is set while the node runs holds over its flag until it is undone") {
    Settings settings{"/nowhere"};
    REQUIRE(settings.take_flag("firewalled", {"on"}).empty());
    REQUIRE(settings.set("firewalled", {"off"}).empty());
    CHECK_FALSE(settings.config().firewalled);
    CHECK(settings.origin("firewalled") == Origin::page);
    CHECK_FALSE(settings.set("firewalled", {"perhaps"}).empty());
    CHECK_FALSE(settings.config().firewalled);
    settings.unset("firewalled");
    CHECK(settings.config().firewalled);
    CHECK(settings.origin("firewalled") == Origin::command_line);
}

TEST_CASE("what is stored is stored as a whole or not at all, and can be forgotten") {
    Scratch const scratch;
    SettingsStore store{scratch.file()};
    store.save({{"mode", "leaf"}, {"share", R"(["/a, b"])"}});
    store.save({{"mode", std::nullopt}, {"capacity", "7"}});
    CHECK(store.load() == std::map<std::string, std::string>{{"capacity", "7"}, {"share", R"(["/a, b"])"}});
    Settings settings{"/nowhere"};
    settings.take_stored(store.load());
    CHECK(settings.config().share == SettingValue{"/a, b"});
}

}  // namespace settings_test
