#include "index/link/send_buffer.hpp"

#include <catch2/catch.hpp>

namespace praline::index::link::send_buffer_test {

TEST_CASE("what is added while something is being written goes out after it, together") {
    SendBuffer buffer;
    CHECK(buffer.next().empty());
    buffer.add(Bytes(10, std::byte{1}));
    CHECK(buffer.next().size() == 10);
    buffer.add(Bytes(5, std::byte{2}));
    buffer.add(Bytes(6, std::byte{3}));
    buffer.written(4);
    CHECK(buffer.next().size() == 6);
    CHECK(buffer.waiting_bytes() == 17);
    buffer.written(6);
    auto const rest = buffer.next();
    REQUIRE(rest.size() == 11);
    CHECK(rest.front() == std::byte{2});
    CHECK(rest.back() == std::byte{3});
    buffer.written(11);
    CHECK(buffer.next().empty());
    CHECK(buffer.waiting_bytes() == 0);
    CHECK(buffer.bytes_added() == 21);
}

}  // namespace praline::index::link::send_buffer_test
