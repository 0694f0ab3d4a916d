#include "tools/praline/config_file.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>

#include "node/log/log.hpp"
#include "tools/praline/paths.hpp"
#include "tools/usage/closest.hpp"

namespace config_test {
using namespace praline;

namespace {

std::vector<ConfigProblem> read(std::string const& text, Config& config) {
    auto const file =
        (std::filesystem::temp_directory_path() / ("praline-config-test-" + std::to_string(::getpid()) + ".toml"))
            .string();
    std::ofstream{file} << text;
    auto const found = read_config_file(file);
    std::filesystem::remove(file);
    for (auto const& [key, value] : found.values) REQUIRE(set_values(config, key, value).empty());
    return found.problems;
}

SettingRow const& key(char const* name) { return *find_setting(name); }

}  // namespace

TEST_CASE("every setting has a value that it accepts back") {
    for (auto const& key : setting_rows()) {
        Config config;
        INFO(key.name);
        REQUIRE(set_value(config, key.name, value_of(Config{}, key.name)).empty());
        REQUIRE(value_of(config, key.name) == value_of(Config{}, key.name));
    }
}

TEST_CASE("the template is a config file without problems, commented or not") {
    Config config;
    REQUIRE(read(config_template(), config).empty());
    std::string uncommented;
    std::istringstream lines{config_template()};
    for (std::string line; std::getline(lines, line);) {
        bool const setting = line.starts_with("# ") && line.find(" = ") != std::string::npos &&
                             std::isalpha(static_cast<unsigned char>(line[2])) != 0 &&
                             line.find(' ', 2) == line.find(" = ");
        uncommented += (setting ? line.substr(2) : "#") + '\n';
    }
    auto const problems = read(uncommented, config);
    for (auto const& problem : problems) UNSCOPED_INFO(problem.text());
    REQUIRE(problems.empty());
}

TEST_CASE("each problem of a config file is told with its line and column") {
    Config config;
    auto const problems =
        read("mode = \"boss\"\nupload_slots = 0\nnonsense = 1\napi = \"0.0.0.0:80\"\npeers = \"one\"\n", config);
    REQUIRE(problems.size() == 5);
    for (unsigned i = 0; i < 5; ++i) {
        REQUIRE(problems[i].line == i + 1);
        REQUIRE(problems[i].column == 1);
    }
    REQUIRE(problems[0].sentence.find("auto, leaf, ultrapeer") != std::string::npos);
    REQUIRE(problems[2].sentence.find("nonsense") != std::string::npos);
    REQUIRE(problems[3].sentence.find("loopback") != std::string::npos);
}

TEST_CASE("every list of a config file is read") {
    auto const items = [](SettingRow const& row) {
        return row.name == "bandwidth_schedule" ? SettingValue{"sat upload=0", "daily 22:00-06:00 upload=1 MiB/s"}
                                                : SettingValue{"one:1", "two:2"};
    };
    std::string text;
    for (auto const& key : setting_rows())
        if (key.list) text += key.name + " = [\"" + items(key)[0] + "\", \"" + items(key)[1] + "\"]\n";
    Config config;
    REQUIRE(read(text, config).empty());
    for (auto const& key : setting_rows()) {
        INFO(key.name);
        if (key.list) REQUIRE(key.get(config) == items(key));
    }
    REQUIRE(read("index = [\"no port\"]\n", config).size() == 1);
}

TEST_CASE("limits of bandwidth are rates, and rules that change them are refused with their place") {
    Config config;
    CHECK(value_of(config, "upload_limit") == "unlimited");
    CHECK(set_value(config, "upload_limit", "1.5 MiB/s").empty());
    CHECK(set_value(config, "download_limit", "10 Mbit/s").empty());
    CHECK(set_value(config, "overlay_limit", "0").empty());
    CHECK(config.bandwidth.limits == Rates{1'572'864, 1'250'000, 0});
    CHECK(value_of(config, "upload_limit") == "1536 KiB/s");
    CHECK(set_value(config, "upload_limit", "200") ==
          "upload_limit: \"200\" is no rate: write a number and a unit, such as 200 KiB/s, 1.5 MiB/s or 10 Mbit/s; or "
          "unlimited.");
    CHECK(set_value(config, "upload_limit", "1 B/s").find("1 KiB/s") != std::string::npos);
    CHECK(set_value(config, "overlay_limit", "15 KiB/s").find("16 KiB/s") != std::string::npos);
    CHECK(value_of(config, "upload_limit") == "1536 KiB/s");

    CHECK(set_values(config, "bandwidth_schedule", {"sat sun upload=0", "mon upload=2 MiB/s"}).empty());
    CHECK(config.bandwidth.schedule.size() == 2);
    CHECK(set_values(config, "bandwidth_schedule", {"sat upload=0", "mon 8 upload=0"}) ==
          "bandwidth_schedule, rule 2, column 5: \"8\" is no time: write HH:MM-HH:MM, such as 08:00-18:00 or "
          "22:00-06:00.");
    CHECK(config.bandwidth.schedule.size() == 2);
    CHECK_FALSE(set_values(config, "bandwidth_schedule", SettingValue(101, "upload=0")).empty());
    CHECK(set_value(config, "bandwidth_schedule", "mon-fri 08:00-18:00 upload=200 KiB/s\nsat upload=0").empty());
    CHECK(config.bandwidth.schedule.size() == 2);
}

TEST_CASE("a comma in a path belongs to the path") {
    namespace fs = std::filesystem;
    auto const root = fs::temp_directory_path() / ("praline-config-test-" + std::to_string(::getpid()));
    for (auto const* name : {"Public, drafts", "Public", "Music"}) fs::create_directories(root / name);
    auto const path = [&](char const* name) { return (root / name).string(); };
    Config config;
    REQUIRE(read("share = [\"" + path("Public, drafts") + "\"]\n", config).empty());
    CHECK(config.share == SettingValue{path("Public, drafts")});

    auto const shared = [&](std::string const& text) {
        Config read_back;
        REQUIRE(set_value(read_back, "share", text).empty());
        return read_back.share;
    };
    CHECK(shared(path("Public, drafts")) == SettingValue{path("Public, drafts")});
    CHECK(shared(path("gone, drafts")) ==
          SettingValue{path("gone, drafts")});  // whoever named one folder gets no other
    CHECK(shared(path("Public") + "," + path("Music")) ==
          SettingValue{path("Public"), path("Music")});  // as the page once wrote it
    CHECK(shared(path("Public, drafts") + "\n" + path("Music")) == SettingValue{path("Public, drafts"), path("Music")});
    CHECK(shared("[\"" + path("Public, drafts") + "\", \"" + path("Music") + "\"]") ==
          SettingValue{path("Public, drafts"), path("Music")});
    CHECK(shared("").empty());
    fs::remove_all(root);
}

TEST_CASE("a list is what was written, whatever its items hold") {
    for (auto const* name : {"peers", "index", "udp_host_caches", "gwebcaches", "share"}) {
        SettingValue const value{"one:1", "two:2", "three, four\"\\:3"};
        INFO(name);
        auto const read = value_from_text(key(name), text_of_value(key(name), value));
        CHECK(read.problem.empty());
        CHECK(read.value == value);
    }
    SettingValue const latin{"/music/caf\xE9, old"};
    CHECK(value_from_text(key("share"), text_of_value(key("share"), latin)).value == latin);
    CHECK(value_from_text(key("peers"), "a:1, b:2").value == SettingValue{"a:1", "b:2"});
    CHECK(value_from_text(key("peers"), "a:1\r\n\r\nb:2\n").value == SettingValue{"a:1", "b:2"});
    CHECK(value_from_text(key("gwebcaches"), "http://a/?x=1,2, http://b/").value ==
          SettingValue{"http://a/?x=1,2", "http://b/"});
    CHECK_FALSE(value_from_text(key("peers"), "[1, 2]").problem.empty());
    CHECK_FALSE(value_from_text(key("peers"), "[\"a:1\"").problem.empty());
}

TEST_CASE("servers are named by host and port") {
    for (auto const* name : {"peers", "index"}) {
        Config config;
        INFO(name);
        CHECK(set_value(config, name, "node.example.org:6346,192.0.2.1:1").empty());
        for (auto const* bad : {"nohost", "nohost:", ":6346", "host:0", "host:70000", "http://host:80/", "a b:1"}) {
            INFO(bad);
            CHECK_FALSE(set_value(config, name, bad).empty());
        }
    }
}

TEST_CASE("~ in a path is the home folder, and nobody else's") {
    Config config;
    auto const* const before = std::getenv("HOME");
    std::string const kept = before == nullptr ? "" : before;
    ::setenv("HOME", "/home/somebody", 1);
    CHECK(read("share = [\"~/Music\", \"~\", \"/x/~\"]\ndownloads = \"~/Done\"\n", config).empty());
    CHECK(config.share == SettingValue{"/home/somebody/Music", "/home/somebody", "/x/~"});
    CHECK(config.downloads == "/home/somebody/Done");
    CHECK(absolute_path("~/a/../b/") == "/home/somebody/b");
    CHECK(expand_home("./~a").path == "./~a");
    auto const refused = set_value(config, "downloads", "~other/x");
    CHECK(refused.find("~other/x") != std::string::npos);
    CHECK_FALSE(set_value(config, "share", "~other").empty());
    CHECK(config.downloads == "/home/somebody/Done");
    if (before != nullptr)
        ::setenv("HOME", kept.c_str(), 1);
    else
        ::unsetenv("HOME");
}

TEST_CASE("what takes effect at once is taken over by a running node, and nothing else") {
    Config running, wanted;
    for (auto const& [name, text] : std::map<std::string, std::string>{{"upload_slots", "3"},
                                                                       {"hit_cache", "off"},
                                                                       {"firewalled", "on"},
                                                                       {"share_partial_files", "off"},
                                                                       {"strategy", "random-walk"},
                                                                       {"log_level", "error"},
                                                                       {"mode", "leaf"},
                                                                       {"capacity", "9"}})
        REQUIRE(set_value(wanted, name, text).empty());
    take_live_settings(running, wanted);
    CHECK(running.upload_slots == 3);
    CHECK_FALSE(running.hit_cache);
    CHECK(running.firewalled);
    CHECK_FALSE(running.share_partial_files);
    CHECK(running.strategy == search::strategy::Kind::random_walk);
    CHECK(running.log_level == log::Level::error);
    CHECK(running.mode == overlay::Mode::automatic);
    CHECK(running.bandwidth.capacity == 0);
}

TEST_CASE("a value that is not allowed changes nothing") {
    for (auto const& row : setting_rows()) {
        Config config;
        INFO(row.name);
        CHECK_FALSE(row.set(config, row.list ? SettingValue{std::string{"a\0b", 3}} : SettingValue{}).empty());
        CHECK(row.get(config) == row.get(Config{}));
    }
}

TEST_CASE("who mistypes a setting is told which one was meant") {
    Config config;
    CHECK(set_value(config, "uplaod_slots", "3").find("upload_slots") != std::string::npos);
    CHECK(set_value(config, "colour", "red").find("Did you mean") == std::string::npos);
}

TEST_CASE("a word is taken for the one it is nearest to, if it is near at all") {
    std::vector<std::string> const words{"search", "searches", "share", "status", "index"};
    CHECK(usage::closest_word("serch", words) == "search");
    CHECK(usage::closest_word("shaer", words) == "share");
    CHECK(usage::closest_word("statsu", words) == "status");
    CHECK_FALSE(usage::closest_word("download", words));
    CHECK_FALSE(usage::closest_word("", words));
    CHECK_FALSE(usage::closest_word("x", words));
    CHECK_FALSE(usage::closest_word(std::string(100'000, 's'), words));
}

TEST_CASE("a file that is no TOML is one problem with a place") {
    Config config;
    auto const problems = read("mode = \"leaf\nlisten", config);
    REQUIRE(problems.size() == 1);
    REQUIRE(problems[0].line == 1);
}

TEST_CASE("the API is for loopback addresses alone") {
    Config config;
    REQUIRE(set_value(config, "api", "127.0.0.2:0").empty());
    for (auto const* bad : {"192.0.2.1:80", "0.0.0.0:80", "::1:80", "localhost:80", "127.0.0.1", "127.0.0.1:99999"}) {
        INFO(bad);
        REQUIRE_FALSE(set_value(config, "api", bad).empty());
    }
}

TEST_CASE("where downloads go is told as an absolute path, whatever it was called in the config") {
    Config config;
    config.data_directory = "/srv/praline";
    CHECK(downloads_directory(config) == "/srv/praline/downloads");
    config.downloads = "/mnt/./done";
    CHECK(downloads_directory(config) == "/mnt/done");
    config.downloads = "done";
    CHECK(downloads_directory(config) == std::filesystem::current_path().string() + "/done");
}

}  // namespace config_test
