#include "transfer/content/thex.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "transfer/content/dime.hpp"
#include "transfer/content/limits.hpp"

namespace thex_test {
using namespace praline;
using namespace praline::content;
using namespace praline::content::samples;

namespace {

TreeLevel level_of(ByteView data, std::uint64_t slice_bytes) {
    TigerTreeHasher hasher{slice_bytes};
    hasher.update(data);
    return hasher.finish();
}

DimeRecord record(DimeType kind, std::string type, std::string id, ByteView data) {
    return {kind, std::move(type), std::move(id), Bytes(data.begin(), data.end())};
}

/// A body as another program might write it.
Bytes foreign_body(std::string const& xml, std::string const& id, ByteView nodes) {
    return dime_encode({record(DimeType::media, "text/xml", "", as_view(xml)),
                        record(DimeType::uri, "http://open-content.net/spec/thex/breadthfirst", id, nodes)});
}

std::string foreign_xml(std::string const& size, std::string const& segment = "1024") {
    return "<hashtree><file segmentsize='" + segment + "' size='" + size +
           "'/><digest algorithm='http://www.open-content.net/spec/digest/tiger' outputsize='24'/>"
           "<serializedtree uri = 'x' depth='9' type='http://open-content.net/spec/thex/breadthfirst'/></hashtree>";
}

}  // namespace

TEST_CASE("the serialised tree of the test vectors is root, leaf, leaf") {
    TreeLevel const level = level_of(letters(1025), 1024);
    REQUIRE(to_hex(thex_nodes(level)) ==
            "7e591c1cd8f2e6121fdbcd8071ba279626b771642d10a3db"
            "5fbd0e62ad016d596b77d1d28883b94fed78ecbaf4640914"
            "2ef661ce4d28b0b94251deae541f6340c32097868ae9ff54");
    REQUIRE(thex_id(level.root()) == "uuid:1c1c597e-f2d8-12e6-db1f-ba7180cd9627");
}

TEST_CASE("DIME records have the bytes of the test vectors") {
    auto const xml = dime_encode({record(DimeType::media, "text/xml", "", as_view("<x/>")), DimeRecord{}});
    REQUIRE(to_hex(ByteView{xml}.first(24)) == "0c1000000000000800000004746578742f786d6c3c782f3e");
    TreeLevel const level = level_of(letters(1025), 1024);
    auto const body = foreign_body("<x/>", "uuid:00112233-4455-6677-8899-aabbccddeeff", thex_nodes(level));
    REQUIRE(body.size() == 24 + 176);
    REQUIRE(to_hex(ByteView{body}.subspan(24, 12)) == "0a2000000029002e00000048");
}

TEST_CASE("every level of every tree comes back as it was") {
    Bytes const data = random_bytes(70'000, 1);
    for (std::size_t const size : {0U, 1U, 1024U, 1025U, 5120U, 65'536U, 65'537U, 70'000U})
        for (std::uint64_t slice = 1024; slice <= 131'072; slice *= 2) {
            TreeLevel level = level_of({data.data(), size}, slice);
            auto const back = thex_decode(thex_encode(level), level.root(), size);
            REQUIRE(back.has_value());
            REQUIRE(back->nodes == level.nodes);
            REQUIRE(back->file_bytes == size);
            // A level of one node is the root, however large its slice was said to be.
            if (level.nodes.size() > 1) REQUIRE(back->slice_bytes == slice);
        }
}

TEST_CASE("the tree of another program is accepted whatever depth it names") {
    TreeLevel const level = level_of(letters(5120), 2048);
    auto const back = thex_decode(foreign_body(foreign_xml("5120"), "x", thex_nodes(level)), level.root(), 5120);
    REQUIRE(back.has_value());
    REQUIRE(*back == level);
}

TEST_CASE("a tree is believed only when it leads to the trusted root") {
    TreeLevel level = level_of(random_bytes(5120, 9), 1024);
    TigerHash const root = level.root();
    CHECK(thex_decode(thex_encode(level), tiger(as_view("another")), 5120).error() == WireError::bad_value);
    CHECK(thex_decode(thex_encode(level), root, 5119).error() == WireError::bad_value);
    std::swap(level.nodes[0], level.nodes[4]);
    CHECK(thex_decode(thex_encode(level), root, 5120).error() == WireError::bad_value);
}

TEST_CASE("a tree with too few or too many nodes is refused") {
    TreeLevel const level = level_of(letters(5120), 1024);
    Bytes nodes = thex_nodes(level);
    auto const decode = [&] { return thex_decode(foreign_body(foreign_xml("5120"), "x", nodes), level.root(), 5120); };
    REQUIRE(decode().has_value());
    nodes.resize(nodes.size() - 24);
    CHECK(decode().error() == WireError::bad_length);
    nodes.resize(nodes.size() + 48);
    CHECK(decode().error() == WireError::bad_length);
    nodes.resize(nodes.size() - 25);
    CHECK(decode().error() == WireError::bad_length);
    nodes.clear();
    CHECK(decode().error() == WireError::bad_length);
}

TEST_CASE("trees of other kinds, sizes and ids are refused") {
    TreeLevel const level = level_of(letters(1025), 1024);
    auto const nodes = thex_nodes(level);
    auto const decode = [&](std::string const& xml, std::string const& id) {
        return thex_decode(foreign_body(xml, id, nodes), level.root(), 1025);
    };
    REQUIRE(decode(foreign_xml("1025"), "x").has_value());
    CHECK(decode(foreign_xml("1025", "512"), "x").error() == WireError::unknown_type);
    CHECK(decode(foreign_xml("1026"), "x").error() == WireError::bad_value);
    CHECK(decode(foreign_xml("1025"), "y").error() == WireError::bad_value);
    CHECK(decode("<hashtree", "x").error() == WireError::unknown_type);
    CHECK(decode("", "x").error() == WireError::unknown_type);
    CHECK(decode(std::string(thex_xml_bytes_max + 1, ' '), "x").error() == WireError::limit_exceeded);
    CHECK(thex_decode(Bytes(thex_bytes_max + 1), level.root(), 1025).error() == WireError::limit_exceeded);
}

TEST_CASE("every prefix and every flipped byte of a tree gives an answer, and never another tree") {
    TreeLevel const level = level_of(letters(5000), 1024);
    Bytes const body = thex_encode(level);
    for (std::size_t size = 0; size < body.size(); ++size)
        REQUIRE(thex_decode({body.data(), size}, level.root(), 5000).has_error());
    for (std::size_t at = 0; at < body.size(); ++at) {
        Bytes bent = body;
        bent[at] ^= std::byte{0x41};
        auto const back = thex_decode(bent, level.root(), 5000);
        if (back) REQUIRE(*back == level);
    }
}

TEST_CASE("too many DIME records, and records in pieces, are refused") {
    CHECK(dime_decode(dime_encode(std::vector<DimeRecord>(dime_records_max))).has_value());
    CHECK(dime_decode(dime_encode(std::vector<DimeRecord>(dime_records_max + 1))).error() == WireError::limit_exceeded);
    Bytes body = dime_encode(std::vector<DimeRecord>(1));
    body[0] |= std::byte{1};
    CHECK(dime_decode(body).error() == WireError::unknown_type);
}

}  // namespace thex_test
