#include "node/wire/zlib_stream.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "unit/node/wire/vectors.hpp"

namespace zlib_stream_test {
using namespace praline;
using namespace praline::wire;

namespace {

/// Half text, half noise: compresses, but not to nothing.
Bytes sample(Rng& rng, std::size_t count) {
    auto bytes = random_bytes(rng, count);
    for (std::size_t i = 0; i < count; i += 2) bytes[i] = std::byte{'a'};
    return bytes;
}

/// Everything that comes out, at most `out_max` bytes a call and `piece` bytes in.
Result<Bytes> drain(Inflater& inflater, ByteView in, std::size_t piece, std::size_t out_max) {
    Bytes out;
    while (!in.empty() || inflater.pending()) {
        auto const before = out.size();
        auto const taken = inflater.inflate(in.first(std::min(piece, in.size())), out_max, out);
        if (!taken) return taken.error();
        REQUIRE(out.size() - before <= out_max);
        REQUIRE((*taken > 0 || out.size() > before || !inflater.pending()));
        in = in.subspan(*taken);
    }
    return out;
}

}  // namespace

TEST_CASE("what is flushed can be read at once") {
    Rng rng{1};
    Deflater deflater;
    Inflater inflater;
    for (std::size_t const size : {1, 23, 100, 1000, 4096, 70000, 0, 5}) {
        auto const plain = sample(rng, size);
        Bytes packed;
        deflater.deflate(plain, Flush::yes, packed);
        REQUIRE(drain(inflater, packed, packed.size(), 1000000).value() == plain);
    }
}

TEST_CASE("what is not flushed comes with the next flush") {
    Rng rng{2};
    Deflater deflater;
    Inflater inflater;
    Bytes packed, plain;
    for (int i = 0; i < 100; ++i) {
        auto const piece = sample(rng, 50);
        plain.insert(plain.end(), piece.begin(), piece.end());
        deflater.deflate(piece, Flush::no, packed);
    }
    deflater.deflate({}, Flush::yes, packed);
    REQUIRE(packed.size() < plain.size());
    REQUIRE(drain(inflater, packed, packed.size(), 1000000).value() == plain);
}

TEST_CASE("pieces and output limits of any size give the same bytes") {
    Rng rng{3};
    Deflater deflater;
    Bytes packed;
    auto const plain = sample(rng, 20000);
    deflater.deflate(plain, Flush::yes, packed);
    for (std::size_t const piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, packed.size()})
        for (std::size_t const out_max : {std::size_t{1}, std::size_t{13}, std::size_t{4096}, std::size_t{50000}}) {
            Inflater inflater;
            REQUIRE(drain(inflater, packed, piece, out_max).value() == plain);
        }
}

TEST_CASE("a bomb grows no further than its reader allows") {
    auto const bomb = deflate_all(Bytes(10'000'000, std::byte{0}));
    REQUIRE(bomb.size() < 20000);
    Inflater inflater;
    Bytes out;
    auto const taken = inflater.inflate(bomb, 65536, out);
    REQUIRE(taken.has_value());
    REQUIRE(*taken < bomb.size());
    REQUIRE(out.size() == 65536);
    REQUIRE(inflater.pending());
    REQUIRE(inflate_all(bomb, 65536).error() == WireError::limit_exceeded);
}

TEST_CASE("the end of a stream and garbage end a link, and stay an error") {
    Bytes out;
    Inflater ended;
    REQUIRE(ended.inflate(deflate_all(Bytes(10)), 100, out).error() == WireError::truncated);
    REQUIRE(ended.inflate({}, 100, out).error() == WireError::truncated);
    Inflater garbage;
    REQUIRE(garbage.inflate(hex("00112233"), 100, out).error() == WireError::bad_value);
    REQUIRE(garbage.inflate(hex("78da"), 100, out).error() == WireError::bad_value);
}

TEST_CASE("a stream damaged anywhere gives an error or other bytes, never more than allowed") {
    Rng rng{4};
    Deflater deflater;
    Bytes packed;
    deflater.deflate(sample(rng, 2000), Flush::yes, packed);
    for (int i = 0; i < 500; ++i) {
        auto damaged = packed;
        damaged[rng.below(damaged.size())] = static_cast<std::byte>(rng.below(256));
        Inflater inflater;
        static_cast<void>(drain(inflater, damaged, 1 + rng.below(300), 1 + rng.below(3000)));
    }
}

TEST_CASE("whole streams come back, and are refused without their end") {
    Rng rng{6};
    for (std::size_t const size : {0, 1, 1000, 70000}) {
        auto const plain = sample(rng, size);
        auto const packed = deflate_all(plain);
        REQUIRE(inflate_all(packed, size).value() == plain);
        REQUIRE(inflate_all(ByteView{packed}.first(packed.size() - 1), size).error() == WireError::truncated);
        if (size > 0) REQUIRE(inflate_all(packed, size - 1).error() == WireError::limit_exceeded);
    }
}

TEST_CASE("a link's compression is small") {
    Rng rng{7};
    Deflater deflater;
    Inflater ours, largest;
    Bytes packed, out;
    auto const plain = sample(rng, 100000);
    deflater.deflate(plain, Flush::yes, packed);
    REQUIRE(drain(ours, packed, 4096, 4096).value() == plain);
    static_cast<void>(drain(largest, deflate_all(plain), 4096, 4096));
    INFO("deflater " << deflater.memory_bytes() << ", inflater " << ours.memory_bytes() << ", of a 32 KiB window "
                     << largest.memory_bytes());
    REQUIRE(deflater.memory_bytes() < 16384);
    REQUIRE(ours.memory_bytes() < 10000);
    REQUIRE(largest.memory_bytes() < 45000);
}

TEST_CASE("streams move") {
    Deflater first;
    Bytes packed, out;
    first.deflate(bytes_of("one"), Flush::yes, packed);
    Deflater second{std::move(first)};
    second.deflate(bytes_of("two"), Flush::yes, packed);
    Inflater reader;
    auto const half = packed.size() / 2;
    REQUIRE(reader.inflate(ByteView{packed}.first(half), 100, out).value() == half);
    Inflater other;
    other = std::move(reader);
    REQUIRE(other.inflate(ByteView{packed}.subspan(half), 100, out).has_value());
    REQUIRE(out == bytes_of("onetwo"));
}

}  // namespace zlib_stream_test
