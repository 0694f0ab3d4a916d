#include "transfer/download/part_file.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <stdlib.h>
#include <sys/stat.h>

#include "unit/support/skip.hpp"

namespace praline::download::part_file_test {

namespace {

/// A folder of its own, gone when this ends.
class Folder {
public:
    explicit Folder(std::string const& below) : path_{below + "/part-file-XXXXXX"} {
        REQUIRE(::mkdtemp(path_.data()) != nullptr);
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string operator/(std::string const& name) const { return path_ + "/" + name; }
    [[nodiscard]] std::string const& path() const { return path_; }

private:
    std::string path_;
};

void write(std::string const& path, std::string const& text) { std::ofstream{path} << text; }

std::string text_of(std::string const& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

dev_t disk_of(std::string const& path) {
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_dev;
}

}  // namespace

TEST_CASE("a finished part gets its name, once, and never that of another file") {
    Folder const folder{"/tmp"};
    auto const part = folder / "a.part";
    write(part, "right");
    write(folder / "name.txt", "wrong");
    auto const first = place(part, folder.path(), "name.txt");
    CHECK(first.path == folder / "name (2).txt");
    CHECK(text_of(first.path) == "right");
    CHECK(place(part, folder.path(), "name.txt").path == first.path);
    CHECK(text_of(folder / "name.txt") == "wrong");
}

TEST_CASE("a part that was copied to another disk already is not copied there again") {
    Folder const folder{"/tmp"}, elsewhere{"/dev/shm"};
    if (disk_of(folder.path()) == disk_of(elsewhere.path())) return test::skip("/tmp and /dev/shm are one disk");
    auto const part = folder / "a.part";
    write(part, "right");
    write(elsewhere / "name.txt", "wrong");
    auto const first = place(part, elsewhere.path(), "name.txt");
    CHECK(first.path == elsewhere / "name (2).txt");
    CHECK(text_of(first.path) == "right");
    CHECK(place(part, elsewhere.path(), "name.txt").path == first.path);
    CHECK(text_of(elsewhere / "name.txt") == "wrong");
    CHECK_FALSE(std::filesystem::exists(elsewhere / "name (3).txt"));
}

}  // namespace praline::download::part_file_test
