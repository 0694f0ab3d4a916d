#include "transfer/upload/file_headers.hpp"

#include <catch2/catch.hpp>

namespace praline::upload::file_headers_test {

TEST_CASE("a file's name is said, for old and new readers") {
    CHECK(content_disposition("a b.txt") == "attachment; filename=\"a b.txt\"");
    CHECK(content_disposition("Łódź.txt") ==
          "attachment; filename=\"__d_.txt\"; filename*=UTF-8''%C5%81%C3%B3d%C5%BA.txt");
    CHECK(content_disposition("folder/a.txt") == "attachment; filename=\"a.txt\"");
}

TEST_CASE("no name ends the quotes or the header") {
    CHECK(content_disposition("a\"; x=\"b") ==
          "attachment; filename=\"a_; x=_b\"; filename*=UTF-8''a%22%3B%20x%3D%22b");
    CHECK(content_disposition("50%41\\") == "attachment; filename=\"50_41_\"; filename*=UTF-8''50%2541%5C");
    CHECK(content_disposition("a\r\nX: b\x7F") == "attachment; filename=\"a__X: b_\"");
    CHECK(content_disposition("\xFF\xFE.txt") == "attachment; filename=\"__.txt\"");
    CHECK(content_disposition("") == "attachment");
    CHECK(content_disposition("a/") == "attachment");
}

TEST_CASE("the ending says the media type, and nothing that a browser would run") {
    CHECK(media_type_of("song.MP3") == "audio/mpeg");
    CHECK(media_type_of("a.tar.gz") == "application/gzip");
    CHECK(media_type_of("7z.7z") == "application/x-7z-compressed");
    CHECK(media_type_of("z.zip") == "application/zip");
    for (auto const name :
         {"", "none", "dot.", "page.html", "page.HTM", "picture.svg", "code.js", "feed.xml", "page.xhtml"})
        CHECK(media_type_of(name) == "application/octet-stream");
}

}  // namespace praline::upload::file_headers_test
