#include "tools/praline/data_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

namespace data_directory_test {
using namespace praline;

namespace {

struct Folder {
    std::string path =
        (std::filesystem::temp_directory_path() / ("praline-data-test-" + std::to_string(::getpid()))).string();
    Folder() { std::filesystem::remove_all(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a data directory belongs to one node at a time") {
    Folder folder;
    {
        auto const first = DataDirectory::open_for_node(folder.path);
        REQUIRE_THROWS_WITH(DataDirectory::open_for_node(folder.path), Catch::Contains("Another Praline node"));
        REQUIRE_THROWS_WITH(DataDirectory::open_for_index(folder.path),
                            Catch::Contains("A Praline index server or node is running"));
    }
    REQUIRE_NOTHROW(DataDirectory::open_for_node(folder.path));
}

TEST_CASE("token and servent GUID are kept, and the token is its owner's alone") {
    Folder folder;
    std::string token;
    Guid guid;
    {
        auto directory = DataDirectory::open_for_node(folder.path);
        token = directory.token();
        guid = directory.servent_guid();
    }
    REQUIRE(token.size() == 43);
    struct stat info {};
    REQUIRE(::stat((folder.path + "/api-token").c_str(), &info) == 0);
    REQUIRE((info.st_mode & 0777) == 0600);
    auto again = DataDirectory::open_for_node(folder.path);
    REQUIRE(again.token() == token);
    REQUIRE(again.servent_guid() == guid);
    REQUIRE(guid.bytes[8] == 0xFF);
}

TEST_CASE("a running node is found by its directory and not after it has ended") {
    Folder folder;
    REQUIRE_FALSE(find_running_node(folder.path));
    {
        auto directory = DataDirectory::open_for_node(folder.path);
        static_cast<void>(directory.token());
        REQUIRE(directory.announce_api("127.0.0.1:6380").empty());
        REQUIRE(find_running_node(folder.path)->address == "127.0.0.1:6380");
    }
    REQUIRE_FALSE(find_running_node(folder.path));
}

TEST_CASE("a token file that was damaged is replaced, not trusted") {
    Folder folder;
    auto directory = DataDirectory::open_for_node(folder.path);
    std::ofstream{folder.path + "/api-token"} << "short\n";
    REQUIRE(directory.token().size() == 43);
}

}  // namespace data_directory_test
