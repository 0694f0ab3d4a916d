#include "tools/praline/config.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace praline;

namespace {

std::vector<ConfigProblem> read(std::string const& text, Config& config) {
    auto const file = (std::filesystem::temp_directory_path() / ("praline-config-test-" + std::to_string(::getpid()) + ".toml")).string();
    std::ofstream{file} << text;
    std::vector<std::string> found;
    auto const problems = read_config_file(file, config, found);
    std::filesystem::remove(file);
    return problems;
}

}  // namespace

TEST_CASE("every setting has a value that it accepts back") {
    for (auto const& key : config_keys()) {
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
        bool const setting = line.starts_with("# ") && line.find(" = ") != std::string::npos && std::isalpha(static_cast<unsigned char>(line[2])) != 0 &&
                             line.find(' ', 2) == line.find(" = ");
        uncommented += (setting ? line.substr(2) : "#") + '\n';
    }
    auto const problems = read(uncommented, config);
    for (auto const& problem : problems) UNSCOPED_INFO(problem.text());
    REQUIRE(problems.empty());
}

TEST_CASE("each problem of a config file is told with its line and column") {
    Config config;
    auto const problems = read("mode = \"boss\"\nupload_slots = 0\nnonsense = 1\napi = \"0.0.0.0:80\"\npeers = \"one\"\n", config);
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
    std::string text;
    for (auto const& key : config_keys())
        if (key.list) text += std::string{key.name} + " = [\"one:1\", \"two:2\"]\n";
    Config config;
    REQUIRE(read(text, config).empty());
    for (auto const& key : config_keys()) {
        INFO(key.name);
        if (key.list) REQUIRE(value_of(config, key.name) == "one:1,two:2");
    }
    REQUIRE(read("index = [\"no port\"]\n", config).size() == 1);
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
    CHECK(config.downloads_directory() == "/srv/praline/downloads");
    config.downloads = "/mnt/./done";
    CHECK(config.downloads_directory() == "/mnt/done");
    config.downloads = "done";
    CHECK(config.downloads_directory() == std::filesystem::current_path().string() + "/done");
}
