#include "tools/praline/setting_trial.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <tuple>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include "node/net/endpoints.hpp"
#include "tools/praline/load_settings.hpp"
#include "unit/tools/praline/scratch.hpp"

namespace setting_trial_test {
using namespace praline;

namespace {

bool says(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

struct Taken {
    boost::asio::io_context io{1};
    boost::asio::ip::tcp::acceptor acceptor{io};
    Taken() { REQUIRE_FALSE(net::listen_at(acceptor, {0x7F000001, 0})); }
    [[nodiscard]] Endpoint endpoint() const { return net::from_asio(acceptor.local_endpoint()); }
};

std::string tried(char const* key, std::string const& value, HeldByNode const& held = {}) {
    Config config;
    config.listen = "127.0.0.1:0";
    config.api = "127.0.0.1:0";
    REQUIRE(set_value(config, key, value).empty());
    return try_setting(config, key, held);
}

}  // namespace

TEST_CASE("an address that is not of this machine, or taken, is refused before it is kept") {
    CHECK(tried("listen", "127.0.0.1:0").empty());
    CHECK(says(tried("listen", "203.0.113.5:6346"), "203.0.113.5 is no address of this machine"));
    Taken const taken;
    for (auto const* key : {"listen", "api"}) {
        INFO(key);
        CHECK(says(tried(key, taken.endpoint().text()), "already listens at " + taken.endpoint().text()));
    }
}

TEST_CASE("the port that the node itself holds is no obstacle to its next start") {
    Taken const own;
    CHECK(tried("listen", own.endpoint().text(), {own.endpoint(), {}}).empty());
    CHECK(tried("listen", "0.0.0.0:" + std::to_string(own.endpoint().port), {own.endpoint(), {}}).empty());
    CHECK(tried("api", own.endpoint().text(), {{}, own.endpoint()}).empty());
    CHECK_FALSE(tried("listen", own.endpoint().text(), {{}, own.endpoint()}).empty());
}

TEST_CASE("both listeners at one port are refused") {
    Config config;
    config.listen = "0.0.0.0:7001";
    config.api = "127.0.0.1:7001";
    CHECK(says(try_setting(config, "api", {}), "7001"));
    CHECK(says(try_setting(config, "listen", {}), "7001"));
}

TEST_CASE("the folder for downloads is made and written to") {
    Scratch const scratch;
    auto const wanted = scratch.path() + "/new/one";
    CHECK(tried("downloads", wanted).empty());
    CHECK(std::filesystem::is_directory(wanted));
    CHECK(std::filesystem::is_empty(wanted));
    CHECK(tried("downloads", "").empty());
    CHECK(says(tried("downloads", "/proc/nowhere"), "/proc/nowhere cannot be created"));
    std::ofstream{scratch.path() + "/file"} << "x";
    CHECK(says(tried("downloads", scratch.path() + "/file"), "cannot be created"));
    CHECK(says(tried("downloads", scratch.path() + "/file/in"), "cannot be created"));
    CHECK(says(tried("downloads", "/proc/sys"), "cannot be written"));
    CHECK_FALSE(tried("downloads", "relative").empty());
}

TEST_CASE("shared folders have to be there") {
    Scratch const scratch;
    CHECK(tried("share", "[\"" + scratch.path() + "\"]").empty());
    CHECK(says(tried("share", "[\"" + scratch.path() + "/gone\"]"), "does not exist"));
    std::ofstream{scratch.path() + "/file"} << "x";
    CHECK(says(tried("share", "[\"" + scratch.path() + "\", \"" + scratch.path() + "/file\"]"), "is not a folder"));
    CHECK_FALSE(tried("share", "[\"relative\"]").empty());
}

TEST_CASE("what is never shared is refused before it is kept, and said when the config names it") {
    Scratch const scratch;
    std::filesystem::create_directories(scratch.path() + "/data/partial");
    std::filesystem::create_directory_symlink("/", scratch.path() + "/all");
    Config config;
    config.data_directory = scratch.path() + "/data";
    for (auto const& folder : {std::string{"/"}, std::string{"/proc"}, scratch.path() + "/all", config.data_directory,
                               config.data_directory + "/partial"}) {
        INFO(folder);
        config.share = {scratch.path(), folder};
        CHECK(says(try_setting(config, "share", {}), "shared"));
        CHECK(never_shared(config).size() == 1);
    }
    config.share = {scratch.path(), scratch.path() + "/gone"};
    CHECK(never_shared(config).empty());
}

TEST_CASE("a start goes on without what the page stored, and not without what the command line says") {
    Scratch const scratch;
    Taken const taken;
    auto const at_start = [&](std::map<std::string, std::string> const& stored,
                              std::map<std::string, std::string> const& flags) {
        Settings settings{scratch.path()};
        settings.take_stored(stored);
        for (auto const& [key, value] :
             std::map<std::string, std::string>{{"listen", "127.0.0.1:0"}, {"api", "127.0.0.1:0"}})
            if (!stored.contains(key) && !flags.contains(key)) REQUIRE(settings.take_flag(key, {value}).empty());
        for (auto const& [key, value] : flags) REQUIRE(settings.take_flag(key, {value}).empty());
        Config config;
        auto const problem = try_at_start(settings, config);
        return std::tuple{problem, config, settings.problems().size()};
    };
    for (auto const* key : {"listen", "api"}) {
        INFO(key);
        auto const [problem, config, left_out] = at_start({{key, taken.endpoint().text()}}, {});
        CHECK(problem.empty());
        CHECK(left_out == 1);
        auto const [refused, unused, none] = at_start({}, {{key, taken.endpoint().text()}});
        CHECK(says(refused, taken.endpoint().text()));
        CHECK(says(refused, std::string{"--"} + key));
        CHECK(none == 0);
    }
    auto const [problem, config, left_out] = at_start({{"downloads", "/proc/nope"}}, {});
    CHECK(problem.empty());
    CHECK(downloads_directory(config) == scratch.path() + "/downloads");
    CHECK(left_out == 1);
    auto const [refused, unused, none] = at_start({}, {{"downloads", "/proc/nope"}});
    CHECK(says(refused, "--downloads"));
    auto const [collision, both, gone] = at_start({{"listen", "127.0.0.1:7001"}}, {{"api", "127.0.0.1:7001"}});
    CHECK(gone == 1);
    CHECK(both.listen != "127.0.0.1:7001");
}

}  // namespace setting_trial_test
