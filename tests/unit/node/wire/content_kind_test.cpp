#include "node/wire/content_kind.hpp"

#include <catch2/catch.hpp>

namespace content_kind_test {
using namespace praline::wire;

TEST_CASE("the kind of a file is told by its ending in any case") {
    CHECK(content_kind("a.MP3") == ContentKind::audio);
    CHECK(content_kind("a.b.pdf") == ContentKind::document);
    CHECK(content_kind("noending") == ContentKind::other);
    CHECK(content_kind("trick. mp3 ogg") == ContentKind::other);
    CHECK(content_kind("") == ContentKind::other);
}

TEST_CASE("kinds and their names belong together, and stand in the order of their names") {
    std::string_view last;
    for (std::size_t i = 0; i < content_kinds; ++i) {
        auto const kind = static_cast<ContentKind>(i);
        CHECK(bool{content_kind_named(name_of(kind)) == kind});
        CHECK(last < name_of(kind));
        last = name_of(kind);
    }
    CHECK_FALSE(content_kind_named("Audio"));
}

}  // namespace content_kind_test
