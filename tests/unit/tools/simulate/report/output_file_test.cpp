#include "tools/simulate/report/output_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "unit/support/folder.hpp"

namespace output_file_test {
using namespace praline::simulate;
using namespace praline::simulate::report;
namespace fs = std::filesystem;

namespace {

std::string text_of(std::string const& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a file is tried without a trace, and written as a whole") {
    praline::test::Folder const folder;
    OutputFile const file{folder.path("page.html")};
    CHECK(folder.files() == 0);
    file.write("first");
    CHECK(text_of(folder.path("page.html")) == "first");
    file.write("second");
    CHECK(text_of(folder.path("page.html")) == "second");
    CHECK(folder.files() == 1);
}

TEST_CASE("what is there stays as it is until it is replaced, permissions and links too") {
    praline::test::Folder const folder;
    std::ofstream{folder.path("old")} << "old";
    fs::permissions(folder.path("old"), fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("old", folder.path("link"));
    OutputFile const file{folder.path("link")};
    CHECK(text_of(folder.path("old")) == "old");
    file.write("new");
    CHECK(text_of(folder.path("old")) == "new");
    CHECK(fs::is_symlink(folder.path("link")));
    CHECK(fs::status(folder.path("old")).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(folder.files() == 2);
}

TEST_CASE("a file that cannot be written is refused before the run, with its name and the reason") {
    praline::test::Folder const folder;
    CHECK_THROWS_WITH(OutputFile{folder.path("no/such.html")},
                      Catch::Contains("no/such.html") && Catch::Contains("No such file"));
    CHECK_THROWS_WITH(OutputFile{folder.path("")}, Catch::Contains("Is a directory"));
    std::ofstream{folder.path("file")} << "x";
    CHECK_THROWS_WITH(OutputFile{folder.path("file/page.html")}, Catch::Contains("Not a directory"));
}

TEST_CASE("a folder that is gone in the end is a failure with a sentence") {
    praline::test::Folder const folder;
    fs::create_directory(folder.path("sub"));
    OutputFile const file{folder.path("sub/page.html")};
    fs::remove(folder.path("sub"));
    CHECK_THROWS_WITH(file.write("text"), Catch::Contains("sub/page.html"));
}

TEST_CASE("no path is no file, and a device is written to directly") {
    OutputFile{""}.write("nowhere");
    OutputFile{"/dev/null"}.write("gone");
    CHECK_THROWS_WITH(OutputFile{"/dev/full"}.write("text"), Catch::Contains("No space left"));
}

}  // namespace output_file_test
