#include "node/store/durable_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include <catch2/catch.hpp>

namespace durable_file_test {
using namespace praline::store;

namespace {

struct Folder {
    std::string path =
        (std::filesystem::temp_directory_path() / ("praline-durable-test-" + std::to_string(::getpid()))).string();
    Folder() {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a durable file replaces the one before and leaves nothing beside it") {
    Folder folder;
    std::string const file = folder.path + "/word";
    REQUIRE_FALSE(read_small_file(file));
    write_file_durably(file, "first\n", 0600);
    write_file_durably(file, "second\n", 0600);
    REQUIRE(read_small_file(file) == "second");
    struct stat info {};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    REQUIRE((info.st_mode & 0777) == 0600);
    REQUIRE_FALSE(std::filesystem::exists(file + ".new"));
}

TEST_CASE("a file that cannot be written is named") {
    REQUIRE_THROWS_WITH(write_file_durably("/nowhere/at/all", "x", 0600), Catch::Contains("/nowhere/at/all"));
}

TEST_CASE("a folder in the place of a file is named") {
    Folder folder;
    REQUIRE_THROWS_WITH(read_small_file(folder.path),
                        Catch::Contains(folder.path) && Catch::Contains("it is a folder"));
}

TEST_CASE("a lock is held by one until it is given back") {
    Folder folder;
    {
        auto first = FileLock::try_take(folder.path + "/lock");
        REQUIRE(first);
        REQUIRE_FALSE(FileLock::try_take(folder.path + "/lock"));
        FileLock const moved{std::move(*first)};
        REQUIRE_FALSE(first->held());
        REQUIRE_FALSE(FileLock::try_take(folder.path + "/lock"));
    }
    REQUIRE(FileLock::try_take(folder.path + "/lock"));
}

}  // namespace durable_file_test
