#include "node/log/log.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

#include <catch2/catch.hpp>

namespace log_test {
using namespace praline;

/// What `act` writes to standard error.
template <class Act>
std::string written_by(Act act) {
    std::string path = "/tmp/praline-log-test-XXXXXX";
    int const file = mkstemp(path.data());
    REQUIRE(file >= 0);
    int const before = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    act();
    std::fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    close(file);
    std::ifstream stream{path};
    std::string text{std::istreambuf_iterator<char>{stream}, {}};
    unlink(path.c_str());
    return text;
}

TEST_CASE("a line says when and how grave, and levels below the chosen one are left out") {
    auto const text = written_by([] {
        log::begin("log_test", log::Level::info);
        log::debug("not {}", "seen");
        log::warn("{} has {} files", "peer", 3);
        log::set_level(log::Level::error);
        log::info("not seen either");
        log::write(log::Level::error, "as it is: {}");
    });
    CHECK(text.find("seen") == std::string::npos);
    CHECK(text.find("warning peer has 3 files\n") != std::string::npos);
    CHECK(text.find("error as it is: {}\n") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    log::set_level(log::Level::info);
}

TEST_CASE("levels have the names of the settings") {
    CHECK(log::level_of("trace") == log::Level::trace);
    CHECK(log::level_of("error") == log::Level::error);
    CHECK(log::level_of("loud") == log::Level::info);
}

}  // namespace log_test
