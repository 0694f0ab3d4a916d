#include "transfer/content/tiger_tree.hpp"

#include <catch2/catch.hpp>

#include "samples.hpp"
#include "transfer/content/tiger_lanes.hpp"
#include "transfer/content/tiger_tables.hpp"

namespace tiger_tree_test {
using namespace praline;
using namespace praline::content;
using namespace praline::content::samples;

namespace {

TreeLevel level_of(ByteView data, std::uint64_t slice_bytes) {
    TigerTreeHasher hasher{slice_bytes};
    hasher.update(data);
    return hasher.finish();
}

/// The tree by its definition: every level built from the one below, one node at a time.
TigerHash slow_root(ByteView data) {
    std::vector<TigerHash> level;
    do {
        auto const leaf = data.first(std::min<std::size_t>(1024, data.size()));
        Bytes message{std::byte{0}};
        message.insert(message.end(), leaf.begin(), leaf.end());
        level.push_back(tiger(message));
        data = data.subspan(leaf.size());
    } while (!data.empty());
    while (level.size() > 1) {
        std::vector<TigerHash> above;
        for (std::size_t i = 0; i + 1 < level.size(); i += 2) above.push_back(tiger_inner(level[i], level[i + 1]));
        if (level.size() % 2 != 0) above.push_back(level.back());
        level = above;
    }
    return level.front();
}

}  // namespace

TEST_CASE("the generated tables begin with the words the authors published") {
    REQUIRE(tiger_tables[0][0] == 0x02AAB17CF7E90C5EULL);
    REQUIRE(tiger_tables[0][1] == 0xAC424B03E243A8ECULL);
}

TEST_CASE("Tiger of short messages agrees with librhash at every length") {
    REQUIRE(hex(tiger({})) == "3293ac630c13f0245f92bbb1766e16167a4e58492dde73f3");
    Bytes const data = random_bytes(300, 1);
    for (std::size_t size = 0; size <= data.size(); ++size) {
        ByteView const message{data.data(), size};
        REQUIRE(tiger(message) == by_rhash<TigerHash>(RHASH_TIGER, message));
    }
}

TEST_CASE("roots of known inputs are the published ones") {
    auto const root = [](ByteView data) { return level_of(data, 1024).root().base32(); };
    CHECK(root({}) == "LWPNACQDBZRYXW3VHJVCJ64QBZNGHOHHHZWCLNQ");
    CHECK(root(as_view("a")) == "CZQUWH3IYXBF5L3BGYUGZHASSMXU647IP2IKE4Y");
    CHECK(root(as_view("abc")) == "ASD4UJSEH5M47PDYB46KBTSQTSGDKLBHYXOMUIA");
    CHECK(root(as_view("hello world\n")) == "KND4PAISRXWKPFWNUC5NJDGCX2ON77YTRMEVWBQ");
    CHECK(root(letters(1024)) == "L66Q4YVNAFWVS23X2HJIRA5ZJ7WXR3F26RSASFA");
    CHECK(root(letters(1025)) == "PZMRYHGY6LTBEH63ZWAHDORHSYTLO4LEFUIKHWY");
    CHECK(root(letters(2049)) == "2IFFIJQ22FKZA3NCSVOQHPVJVNPJKTGDKOB3LTI");
    CHECK(root(letters(3072)) == "VUGTDEB5E3RVBHJWEPT2LY2O6XHZQFFRGDNZBSQ");
    CHECK(root(letters(5120)) == "Z65LU3NNBMMGLDBMFEG7S4FFTPUG55IXVNQN3GQ");
}

TEST_CASE("an unpaired node moves up unchanged through every level") {
    TreeLevel const leaves = level_of(letters(5120), 1024);
    TreeLevel const pairs = level_of(letters(5120), 2048);
    TreeLevel const fours = level_of(letters(5120), 4096);
    REQUIRE(leaves.nodes.size() == 5);
    CHECK(hex(leaves.nodes[0]) == "5fbd0e62ad016d596b77d1d28883b94fed78ecbaf4640914");
    REQUIRE(pairs.nodes.size() == 3);
    CHECK(pairs.nodes[0] == pairs.nodes[1]);
    CHECK(pairs.nodes[0].base32() == "FSINHKGFD6E3PHTXSA5EATMEO7IND3ATJDSH45A");
    CHECK(pairs.nodes[2].base32() == "L66Q4YVNAFWVS23X2HJIRA5ZJ7WXR3F26RSASFA");
    REQUIRE(fours.nodes.size() == 2);
    CHECK(fours.nodes[0].base32() == "NJB7U5LAJSP2CTI5RLL7T6IQOLO43AMIBJWJUAA");
    CHECK(fours.nodes[1] == pairs.nodes[2]);
    CHECK(tiger_inner(fours.nodes[0], fours.nodes[1]) == fours.root());
    CHECK(hex(level_of(letters(1), 1024).root()) == "2ef661ce4d28b0b94251deae541f6340c32097868ae9ff54");
    CHECK(hex(level_of(letters(1025), 1024).root()) == "7e591c1cd8f2e6121fdbcd8071ba279626b771642d10a3db");
}

TEST_CASE("roots agree with librhash round every edge of a leaf and at random sizes") {
    Bytes const data = random_bytes(3 * 1024 * 1024, 2);
    std::vector<std::size_t> sizes{0, 1, 1023, 1024, 1025};
    for (std::size_t size = 2047; size <= 5121; ++size) sizes.push_back(size);
    for (std::size_t leaves = 1; leaves <= 600; leaves += 7)
        for (std::size_t const by : {0U, 1U, 2U}) sizes.push_back(1024 * leaves + by - 1);
    Rng rng{3};
    for (int i = 0; i < 30; ++i) sizes.push_back(rng.below(data.size()));
    for (std::size_t const size : sizes) {
        ByteView const message{data.data(), size};
        REQUIRE(hash_slice(message) == root_by_rhash(message));
    }
}

TEST_CASE("any portions and any slice size lead to the same root") {
    Rng rng{4};
    Bytes const data = random_bytes(1'500'000, 5);
    for (int round = 0; round < 60; ++round) {
        std::size_t const size = rng.below(data.size());
        std::uint64_t const slice = 1024ULL << rng.below(13);
        std::size_t const portion_max = 1ULL << (1 + rng.below(20));
        TigerTreeHasher hasher{slice};
        for (ByteView rest{data.data(), size}; !rest.empty();) {
            auto const portion = rest.first(std::min<std::size_t>(rest.size(), rng.below(portion_max + 1)));
            hasher.update(portion);
            rest = rest.subspan(portion.size());
        }
        TreeLevel const level = hasher.finish();
        REQUIRE(level.file_bytes == size);
        REQUIRE(level.slice_count() == std::max<std::uint64_t>(1, (size + slice - 1) / slice));
        REQUIRE(level.root() == root_by_rhash({data.data(), size}));
        for (int probe = 0; probe < 3 && size != 0; ++probe) {
            std::size_t const at = rng.below(level.slice_count());
            ByteView const bytes = ByteView{data.data(), size}.subspan(at * slice);
            REQUIRE(hash_slice(bytes.first(std::min<std::size_t>(slice, bytes.size()))) == level.nodes[at]);
        }
    }
}

TEST_CASE("a hasher begins anew after finish") {
    TigerTreeHasher hasher{2048};
    hasher.update(letters(5120));
    TreeLevel const first = hasher.finish();
    hasher.update(letters(5120));
    REQUIRE(hasher.finish() == first);
    REQUIRE(hasher.finish().root() == slow_root({}));
}

TEST_CASE("the fast tree is the tree by its definition") {
    Bytes const data = random_bytes(300 * 1024 + 17, 6);
    REQUIRE(hash_slice(data) == slow_root(data));
}

TEST_CASE("every way to compute many hashes at once gives the same hashes") {
    constexpr std::size_t count = 48;
    Bytes const data = random_bytes(count * 1024, 7);
    REQUIRE(tiger_all_lanes().size() >= 2);
    for (auto const* lanes : tiger_all_lanes()) {
        INFO(lanes->name);
        REQUIRE(count % lanes->lanes == 0);
        std::vector<TigerHash> leaves(count), pairs(count);
        for (std::size_t i = 0; i < count; i += lanes->lanes) lanes->leaves(data.data() + 1024 * i, &leaves[i]);
        for (std::size_t i = 0; i < count; ++i)
            REQUIRE(leaves[i] == root_by_rhash(ByteView{data}.subspan(1024 * i, 1024)));
        leaves.resize(2 * count, leaves[3]);
        for (std::size_t i = 0; i < count; i += lanes->lanes) lanes->pairs(&leaves[2 * i], &pairs[i]);
        for (std::size_t i = 0; i < count; ++i) {
            Bytes message{std::byte{1}};
            for (auto const& node : {leaves[2 * i], leaves[2 * i + 1]})
                for (auto const byte : node.bytes) message.push_back(std::byte{byte});
            REQUIRE(pairs[i] == tiger(message));
        }
    }
}

TEST_CASE("whichever way is chosen, trees of any length are the same") {
    Bytes const data = random_bytes(70 * 1024 + 5, 8);
    std::string const before = tiger_best_lanes().name;
    for (auto const* lanes : tiger_all_lanes()) {
        INFO(lanes->name);
        REQUIRE(tiger_choose_lanes(lanes->name));
        REQUIRE(&tiger_best_lanes() == lanes);
        for (std::size_t const leaves : {1, 2, 3, 4, 5, 15, 16, 17, 18, 19, 20, 47, 49, 70}) {
            ByteView const part = ByteView{data}.first(leaves * 1024 + leaves % 2);
            REQUIRE(hash_slice(part) == slow_root(part));
        }
    }
    REQUIRE_FALSE(tiger_choose_lanes("no such way"));
    REQUIRE(tiger_choose_lanes(before));
}

TEST_CASE("the level kept grows with the file and never holds more than 2048 slices up to 8 TiB") {
    constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;
    CHECK(good_slice_bytes(0) == kib);
    CHECK(good_slice_bytes(1024) == kib);
    CHECK(good_slice_bytes(1025) == 2 * kib);
    CHECK(good_slice_bytes(256 * kib - 1) == 256 * kib);
    CHECK(good_slice_bytes(256 * kib) == 128 * kib);
    CHECK(good_slice_bytes(mib) == 128 * kib);
    CHECK(good_slice_bytes(64 * mib) == 128 * kib);
    CHECK(good_slice_bytes(gib) == 512 * kib);
    CHECK(good_slice_bytes(gib + 1) == mib);
    for (std::uint64_t size = 1; size <= 8 * 1024 * gib; size += size / 3 + 1) {
        std::uint64_t const slices = (size - 1) / good_slice_bytes(size) + 1;
        REQUIRE(slices <= 2048);
    }
}

}  // namespace tiger_tree_test
