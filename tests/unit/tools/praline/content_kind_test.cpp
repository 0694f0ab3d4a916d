#include "tools/praline/content_kind.hpp"

#include <catch2/catch.hpp>

#include "tools/praline/print.hpp"

using namespace praline;

TEST_CASE("the kind of a file is told by its ending in any case") {
    REQUIRE(content_kind("a.MP3") == "audio");
    REQUIRE(content_kind("a.b.pdf") == "document");
    REQUIRE(content_kind("noending") == "other");
    REQUIRE(content_kind("trick. mp3 ogg") == "other");
    REQUIRE(content_kind("") == "other");
}

TEST_CASE("foreign text cannot steer a terminal") {
    REQUIRE(printable("a\x1b[2Jb\n") == "a?[2Jb?");
    REQUIRE(printable("\xff") == "?");
}

TEST_CASE("sizes and times read well") {
    REQUIRE(human_bytes(0) == "0 B");
    REQUIRE(human_bytes(1536) == "1.5 KiB");
    REQUIRE(human_seconds(59.6) == "60 s");
    REQUIRE(human_seconds(7260) == "2 h 1 min");
}
