#include "index/replica/digest_tree.hpp"

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"

namespace digest_tree_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;

namespace {

Record random_record(Rng& rng) {
    Record record;
    for (auto& byte : record.publisher.id.bytes) byte = static_cast<std::uint8_t>(rng.next());
    if (rng.below(2) == 0)
        record.publisher.id.bytes[0] = record.publisher.id.bytes[1] = record.publisher.id.bytes[2] = 7;
    record.version.number = 1 + rng.below(1000);
    record.claim = {1 + rng.below(5), ServerId{1 + rng.below(5)}};
    return record;
}

}  // namespace

TEST_CASE("the sums of a node are those of its children, at every depth") {
    Rng rng{1};
    DigestTree tree;
    for (int i = 0; i < 500; ++i) tree.put(random_record(rng));
    for (std::uint8_t depth = 0; depth < digest_depth_max; ++depth) {
        std::uint32_t const prefix = DigestTree::prefix_of(tree.within({}, 300).back(), depth);
        DigestNode const node = tree.node(depth, prefix);
        std::vector<DigestNode> children;
        tree.children(depth, prefix, children);
        REQUIRE(children.size() == digest_children);
        DigestNode sum{depth, prefix, 0, 0, 0};
        for (DigestNode const& child : children) {
            sum.publishers += child.publishers;
            sum.low += child.low;
            sum.high += child.high;
        }
        REQUIRE(sum == node);
        REQUIRE(tree.within(DigestTree::range_below(depth, prefix), 1000).size() == node.publishers);
    }
}

TEST_CASE("two trees are equal when they hold the same, whatever the order and what was there between") {
    Rng rng{2};
    std::vector<Record> records;
    for (int i = 0; i < 200; ++i) records.push_back(random_record(rng));
    DigestTree one, other;
    for (Record const& record : records) one.put(record);
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
        Record earlier = *record;
        ++earlier.version.era;
        other.put(earlier);
        other.put(*record);
    }
    Record const passing = random_record(rng);
    other.put(passing);
    REQUIRE(other.node(0, 0) != one.node(0, 0));
    other.erase(passing.publisher.id);
    other.erase(passing.publisher.id);
    REQUIRE(other.node(0, 0) == one.node(0, 0));
}

TEST_CASE("version, content and claim each change the sums") {
    Rng rng{3};
    Record const record = random_record(rng);
    DigestTree tree;
    tree.put(record);
    DigestNode const before = tree.node(0, 0);
    auto const differs = [&](auto alter) {
        Record other = record;
        alter(other);
        DigestTree second;
        second.put(other);
        return second.node(0, 0) != before;
    };
    REQUIRE(differs([](Record& r) { ++r.version.number; }));
    REQUIRE(differs([](Record& r) { ++r.version.era; }));
    REQUIRE(differs([](Record& r) { ++r.digest.low; }));
    REQUIRE(differs([](Record& r) { ++r.digest.high; }));
    REQUIRE(differs([](Record& r) { ++r.claim.number; }));
    REQUIRE(differs([](Record& r) { r.claim.owner = ServerId{77}; }));
}

TEST_CASE("publishers are listed in order of their ids, both ends included, and no more of them than are wanted") {
    DigestTree tree;
    std::vector<PublisherId> ids;
    for (std::uint8_t number = 10; number < 20; ++number) {
        Record record;
        record.publisher.id.bytes[31] = number;
        ids.push_back(record.publisher.id);
        tree.put(record);
    }
    REQUIRE(tree.within({}, 100) == ids);
    REQUIRE(tree.within({ids[2], ids[4]}, 100) == std::vector<PublisherId>{ids[2], ids[3], ids[4]});
    REQUIRE(tree.within({ids[2], ids[4]}, 2) == std::vector<PublisherId>{ids[2], ids[3]});
    REQUIRE(tree.within({ids[4], ids[2]}, 100).empty());
    REQUIRE(tree.within({DigestTree::after(ids[8]), KeyRange::end}, 100) == std::vector<PublisherId>{ids[9]});
    PublisherId carry, next;
    carry.bytes[31] = carry.bytes[30] = 0xFF;
    next.bytes[29] = 1;
    REQUIRE(DigestTree::after(carry) == next);
}

TEST_CASE("the range below a node goes from its prefix with zeros to its prefix with ones") {
    KeyRange const range = DigestTree::range_below(3, 0xABC);
    REQUIRE(range.first.hex() == "abc" + std::string(61, '0'));
    REQUIRE(range.last.hex() == "abc" + std::string(61, 'f'));
    REQUIRE(DigestTree::range_below(0, 0) == KeyRange{});
    REQUIRE(DigestTree::range_below(8, 0x12345678).last.hex() == "12345678" + std::string(56, 'f'));
}

TEST_CASE("a node that cannot be is told from one that can") {
    REQUIRE(DigestTree::is_node(0, 0));
    REQUIRE_FALSE(DigestTree::is_node(0, 1));
    REQUIRE(DigestTree::is_node(3, 0xFFF));
    REQUIRE_FALSE(DigestTree::is_node(3, 0x1000));
    REQUIRE(DigestTree::is_node(8, 0xFFFFFFFF));
    REQUIRE_FALSE(DigestTree::is_node(9, 0));
}

}  // namespace digest_tree_test
