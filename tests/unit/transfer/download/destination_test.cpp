#include <catch2/catch.hpp>

#include "transfer/download/destination.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "transfer/download/limits.hpp"

namespace praline::download::destination_test {

TEST_CASE("a path of a folder is taken apart at either separator") {
    auto const path = relative_path("disc 1/sides\\a.flac");
    CHECK(path.problem.empty());
    CHECK(path.below == "disc 1/sides");
    CHECK(path.name == "a.flac");
    CHECK(relative_path("a.flac").below.empty());
}

TEST_CASE("a path that leads out of the folder is not taken") {
    for (std::string const bad : {"../a", "a/../../b", "a/..", "..", "/etc/passwd", "\\\\server\\a", "C:\\a", "c:/a",
                                  "a//b", "a/./b", "", "a/"})
        CHECK_FALSE(relative_path(bad).problem.empty());
    CHECK_FALSE(relative_path(std::string{"a\0b", 3}).problem.empty());
}

TEST_CASE("each part of a path is made a plain visible name") {
    CHECK(relative_path(".ssh/authorized_keys").below == "ssh");
    CHECK(relative_path("a/.bashrc").name == "bashrc");
    CHECK(relative_path("CON/nul.txt").below == "_CON");
    CHECK(relative_path("CON/nul.txt").name == "_nul.txt");
    CHECK(relative_path("... /x").below == "unnamed");
    CHECK(relative_path("a\nb/c\x1b[0m").below == "a_b");
}

TEST_CASE("a path has limits") {
    std::string deep = "f";
    for (std::size_t at = 1; at < path_depth_max; ++at) deep = "d/" + deep;
    CHECK(relative_path(deep).problem.empty());
    CHECK_FALSE(relative_path("d/" + deep).problem.empty());
    CHECK_FALSE(relative_path(std::string(path_bytes_max + 1, 'x')).problem.empty());
}

TEST_CASE("a file goes below its group, below the folder that was named or the usual one") {
    CHECK(directory_of({}, "/usual") == "/usual");
    CHECK(directory_of({"/own", {}, {}, {}, {}}, "/usual") == "/own");
    CHECK(directory_of({"/own", "g", "Album", "disc 1", {}}, "/usual") == "/own/Album/disc 1");
}

TEST_CASE("a folder is made with its parents, and one that is gone is not made unasked") {
    std::string pattern = (std::filesystem::temp_directory_path() / "praline-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    auto const folder = pattern + "/a/b";
    CHECK(try_folder(folder, false) == ENOENT);
    CHECK(try_folder(folder, true) == 0);
    CHECK(try_folder(folder, false) == 0);
    std::ofstream{pattern + "/file"} << "x";
    CHECK(try_folder(pattern + "/file", true) == ENOTDIR);
    CHECK(try_folder(pattern + "/file/below", true) == ENOTDIR);
    CHECK(folder_refusal(pattern + "/file", ENOTDIR).find("something else") != std::string::npos);
    std::filesystem::remove_all(pattern);
    CHECK(folder_sentence(folder, try_folder(folder, false)).find("is not there any more") != std::string::npos);
}

}  // namespace praline::download::destination_test
