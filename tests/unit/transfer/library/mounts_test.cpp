#include "transfer/library/mounts.hpp"

#include <catch2/catch.hpp>

namespace mounts_test {
using namespace praline::library;

namespace {

constexpr char const* table =
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "40 22 8:17 / /media/my\\040disk rw - ext4 /dev/sdb1 rw\n"
    "nonsense\n"
    "41 22 0:33 /sub /srv/bind rw - ext4 /dev/sdc1 rw\n";

}  // namespace

TEST_CASE("the table of mounts is read, blanks in paths too") {
    auto const mounts = parse_mounts(table);
    REQUIRE(mounts.size() == 3);
    CHECK(mounts[0].point == "/");
    CHECK(mounts[1].point == "/media/my disk");
    CHECK(mounts[2].id == "41 0:33 /sub");
    CHECK(parse_mounts("").empty());
}

TEST_CASE("a folder's disks change when one is mounted or taken out at it, above it or in it, and not elsewhere") {
    auto const with = parse_mounts(table);
    auto const without =
        parse_mounts("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n41 22 0:33 /sub /srv/bind rw - ext4 /dev/sdc1 rw\n");
    CHECK(mounts_below("/media/my disk", with) != mounts_below("/media/my disk", without));
    CHECK(mounts_below("/media/my disk/music", with) != mounts_below("/media/my disk/music", without));
    CHECK(mounts_below("/media", with) != mounts_below("/media", without));
    CHECK(mounts_below("/srv", with) == mounts_below("/srv", without));
    CHECK(mounts_below("/media/my", with) == mounts_below("/media/my", without));
}

TEST_CASE("this machine has a table") { CHECK_FALSE(mounts_here().empty()); }

}  // namespace mounts_test
