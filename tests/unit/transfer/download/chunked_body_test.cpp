#include <catch2/catch.hpp>

#include <string>

#include "transfer/download/chunked_body.hpp"

namespace praline::download::chunked_body_test {

namespace {

using State = ChunkedBody::State;

State take_all(ChunkedBody& body, std::string const& text, std::size_t step) {
    auto const all = as_view(text);
    auto state = State::more;
    for (std::size_t at = 0; at < all.size() && state == State::more;) {
        std::size_t used = 0;
        state = body.take(all.subspan(at, std::min(step, all.size() - at)), used);
        at += used;
    }
    return state;
}

}  // namespace

TEST_CASE("chunks are put together, however they arrive") {
    std::string const sent = "5\r\nhello\r\nA;name=value\r\n, world ok\r\n0\r\nTrailer: x\r\n\r\n";
    for (std::size_t step = 1; step <= sent.size(); ++step) {
        ChunkedBody body{100};
        CHECK(take_all(body, sent, step) == State::done);
        CHECK(as_text(body.body()) == "hello, world ok");
    }
}

TEST_CASE("what follows the last chunk is left alone") {
    ChunkedBody body{100};
    std::string const sent = "1\r\nx\r\n0\r\n\r\nHTTP/1.1 200 OK";
    std::size_t used = 0;
    CHECK(body.take(as_view(sent), used) == State::done);
    CHECK(sent.substr(used) == "HTTP/1.1 200 OK");
}

TEST_CASE("bodies that are none, or too long, are broken") {
    for (std::string const sent :
         {"x\r\n", "\r\n", "-1\r\n", "5\r\nhelloX\r\n", "65\r\n", "FFFFFFFFFFFFFFFFF\r\n", "FFFFFFFFFFFFFFFF\r\n"}) {
        ChunkedBody body{100};
        CHECK(take_all(body, sent, 3) == State::broken);
    }
    ChunkedBody endless{100};
    CHECK(take_all(endless, "0\r\n" + std::string(100'000, 'a'), 4096) == State::broken);
    ChunkedBody cut{100};
    CHECK(take_all(cut, "5\r\nhel", 2) == State::more);
}

}  // namespace praline::download::chunked_body_test
