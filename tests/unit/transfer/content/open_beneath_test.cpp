#include "transfer/content/open_beneath.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>

#include <fcntl.h>
#include <unistd.h>
#include <catch2/catch.hpp>

namespace open_beneath_test {
using namespace praline;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path base;
    Folder() {
        std::string name = (fs::temp_directory_path() / "praline-test-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        base = fs::canonical(name);
        fs::create_directories(base / "root/sub/deep");
        fs::create_directories(base / "outside");
        std::ofstream{base / "root/sub/deep/file"} << "inside";
        std::ofstream{base / "outside/file"} << "secret";
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(base, ignored);
    }
};

/// 0 when it could be opened, else the error.
int error_of(int handle) {
    int const error = errno;
    if (handle < 0) return error;
    ::close(handle);
    return 0;
}

int by_components(std::string const& root, std::string const& relative) {
    int const from = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    int const handle = content::open_by_components(from, relative, O_RDONLY);
    int const error = errno;
    ::close(from);
    errno = error;
    return handle;
}

int by_kernel(std::string const& root, std::string const& relative) {
    return content::open_shared(root, root + '/' + relative, O_RDONLY);
}

}  // namespace

TEST_CASE("what lies beneath a folder is opened, and no link is followed, wherever it is") {
    for (auto const& open : {std::function{by_kernel}, std::function{by_components}}) {
        Folder folder;
        std::string const root = (folder.base / "root").string();
        auto const error = [&](std::string const& relative) { return error_of(open(root, relative)); };
        CHECK(error("sub/deep/file") == 0);
        CHECK(error("sub//deep/./file") == 0);
        CHECK(error("sub/missing") == ENOENT);

        fs::create_symlink(folder.base / "outside/file", folder.base / "root/last");
        fs::create_symlink(folder.base / "outside", folder.base / "root/middle");
        fs::create_symlink("sub/deep/file", folder.base / "root/inner");
        CHECK(error("last") == ELOOP);
        CHECK(error("inner") == ELOOP);
        CHECK(error("middle/file") != 0);
        CHECK(error("../outside/file") != 0);
        CHECK(error("sub/../../outside/file") != 0);
        CHECK(error((folder.base / "outside/file").string()) != 0);
        CHECK(error("") != 0);

        // A folder that was looked at a moment ago is a link by now.
        fs::rename(folder.base / "root/sub", folder.base / "root/old");
        fs::create_symlink(folder.base / "outside", folder.base / "root/sub");
        CHECK(error("sub/file") != 0);
    }
}

TEST_CASE("a root that has become a link, or is reached through one, is refused") {
    Folder folder;
    auto const path = (folder.base / "root/sub/deep/file").string();
    CHECK(error_of(content::open_without_links(path, O_RDONLY)) == 0);
    CHECK(error_of(content::open_shared((folder.base / "root").string(), path, O_RDONLY)) == 0);
    CHECK(error_of(content::open_shared((folder.base / "outside").string(), path, O_RDONLY)) == EXDEV);
    CHECK(error_of(content::open_shared((folder.base / "roo").string(), path, O_RDONLY)) == EXDEV);
    fs::rename(folder.base / "root", folder.base / "moved");
    fs::create_directory_symlink(folder.base / "moved", folder.base / "root");
    CHECK(error_of(content::open_without_links(path, O_RDONLY)) != 0);
    CHECK(error_of(content::open_shared((folder.base / "root").string(), path, O_RDONLY)) != 0);
    CHECK(error_of(content::open_without_links("relative", O_RDONLY)) == EINVAL);
    CHECK(error_of(content::open_without_links("/", O_RDONLY | O_DIRECTORY)) == 0);
}

}  // namespace open_beneath_test
