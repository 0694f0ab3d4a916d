#include "node/base/path_text.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"

namespace path_text_test {
using namespace praline;

TEST_CASE("a path that is UTF-8 is its own text") {
    for (char const* path : {"/music/Café", "/a b/50% off", "/", "relative", "/new\nline"}) {
        CHECK(path_text(path) == path);
        CHECK(path_from_text(path) == path);
    }
}

TEST_CASE("a path of any bytes survives as text and leads back") {
    std::string const path = "/music/Caf\xE9 100%/\xFF\xFE/x";
    std::string const text = path_text(path);
    CHECK(text == "file:///music/Caf%E9%20100%25/%FF%FE/x");
    CHECK(is_valid_utf8(text));
    CHECK(path_from_text(text) == path);
    for (int byte = 1; byte < 256; ++byte) {
        std::string const one = "/x" + std::string(1, static_cast<char>(byte)) + "y";
        CHECK(is_valid_utf8(path_text(one)));
        CHECK(path_from_text(path_text(one)) == one);
    }
}

TEST_CASE("what is no file URL is a path") {
    CHECK(path_from_text("file:///a%2") == "file:///a%2");
    CHECK(path_from_text("file://host/a") == "file://host/a");
    CHECK(path_from_text("file:a") == "file:a");
}

TEST_CASE("any bytes can be shown") {
    CHECK(readable_text("plain Café") == "plain Café");
    CHECK(readable_text("bad \xE9 \xFF.") == "bad \xEF\xBF\xBD \xEF\xBF\xBD.");
    CHECK(readable_text("cut \xE2\x82") == "cut \xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(readable_text("/a/\xE9") == "file:///a/%E9");
}

}  // namespace path_text_test
