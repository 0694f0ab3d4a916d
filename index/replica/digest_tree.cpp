#include "index/replica/digest_tree.hpp"

#include "node/base/check.hpp"

namespace praline::index::replica {
namespace {

/// With a million publishers some 250 are below one of the deepest kept nodes, which is quick to add up; a level more
/// would make an empty tree sixteen times as large.
constexpr std::uint8_t kept_depth = 3;
constexpr std::size_t kept_nodes = 1 + 16 + 256 + 4096;
constexpr std::size_t level_start[] = {0, 1, 17, 273};

class Mix {
public:
    explicit Mix(std::uint64_t start) : state_{start} {}
    void number(std::uint64_t value) {
        state_ ^= value;
        state_ = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9ULL;
        state_ = (state_ ^ (state_ >> 27)) * 0x94D049BB133111EBULL;
        state_ ^= state_ >> 31;
        state_ += 0x9E3779B97F4A7C15ULL;
    }
    [[nodiscard]] std::uint64_t value() const { return state_; }

private:
    std::uint64_t state_;
};

std::uint64_t mixed(Record const& record, std::uint64_t start) {
    Mix mix{start};
    for (std::size_t i = 0; i < PublisherId::size_bytes; i += 8) {
        std::uint64_t word = 0;
        for (std::size_t j = 0; j < 8; ++j) word = word << 8 | record.publisher.id.bytes[i + j];
        mix.number(word);
    }
    mix.number(record.version.era);
    mix.number(record.version.number);
    mix.number(record.digest.low);
    mix.number(record.digest.high);
    mix.number(record.claim.number);
    mix.number(record.claim.owner.value());
    return mix.value();
}

}  // namespace

DigestTree::DigestTree() : kept_(kept_nodes) {}

DigestTree::Sums DigestTree::sums_of(Record const& record) {
    return {mixed(record, 0x243F6A8885A308D3ULL), mixed(record, 0x13198A2E03707344ULL)};
}

bool DigestTree::is_node(std::uint8_t depth, std::uint32_t prefix) {
    return depth <= digest_depth_max && (std::uint64_t{prefix} >> (4 * depth)) == 0;
}

std::uint32_t DigestTree::prefix_of(PublisherId const& publisher, std::uint8_t depth) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) bits = bits << 8 | publisher.bytes[i];
    return depth == 0 ? 0 : bits >> (32 - 4 * depth);
}

KeyRange DigestTree::range_below(std::uint8_t depth, std::uint32_t prefix) {
    KeyRange range;
    std::uint64_t const first = depth == 0 ? 0 : std::uint64_t{prefix} << (32 - 4 * depth);
    std::uint64_t const last = first | ((std::uint64_t{1} << (32 - 4 * depth)) - 1);
    for (std::size_t i = 0; i < 4; ++i) {
        range.first.bytes[i] = static_cast<std::uint8_t>(first >> (24 - 8 * i));
        range.last.bytes[i] = static_cast<std::uint8_t>(last >> (24 - 8 * i));
    }
    return range;
}

PublisherId DigestTree::after(PublisherId id) {
    check(id != KeyRange::end);
    for (auto byte = id.bytes.rbegin(); ++*byte == 0; ++byte) {}
    return id;
}

void DigestTree::put(Record const& record) {
    PublisherId const& id = record.publisher.id;
    auto const [leaf, fresh] = leaves_.try_emplace(id);
    if (!fresh) count(id, leaf->second, false);
    leaf->second = sums_of(record);
    count(id, leaf->second, true);
}

void DigestTree::erase(PublisherId const& publisher) {
    auto const leaf = leaves_.find(publisher);
    if (leaf == leaves_.end()) return;
    count(publisher, leaf->second, false);
    leaves_.erase(leaf);
}

void DigestTree::count(PublisherId const& publisher, Sums const& sums, bool add) {
    for (std::uint8_t depth = 0; depth <= kept_depth; ++depth) {
        Node& node = kept_[level_start[depth] + prefix_of(publisher, depth)];
        node.sums.low = add ? node.sums.low + sums.low : node.sums.low - sums.low;
        node.sums.high = add ? node.sums.high + sums.high : node.sums.high - sums.high;
        node.publishers = add ? node.publishers + 1 : node.publishers - 1;
    }
}

DigestNode DigestTree::node(std::uint8_t depth, std::uint32_t prefix) const {
    check(is_node(depth, prefix));
    DigestNode result{depth, prefix, 0, 0, 0};
    if (depth <= kept_depth) {
        Node const& kept = kept_[level_start[depth] + prefix];
        result.publishers = kept.publishers;
        result.low = kept.sums.low;
        result.high = kept.sums.high;
        return result;
    }
    for (auto leaf = leaves_.lower_bound(range_below(depth, prefix).first);
         leaf != leaves_.end() && prefix_of(leaf->first, depth) == prefix; ++leaf) {
        ++result.publishers;
        result.low += leaf->second.low;
        result.high += leaf->second.high;
    }
    return result;
}

void DigestTree::children(std::uint8_t depth, std::uint32_t prefix, std::vector<DigestNode>& out) const {
    check(depth < digest_depth_max);
    for (std::uint32_t digit = 0; digit < digest_children; ++digit)
        out.push_back(node(static_cast<std::uint8_t>(depth + 1), prefix << 4 | digit));
}

std::vector<PublisherId> DigestTree::within(KeyRange const& range, std::size_t count_max) const {
    std::vector<PublisherId> result;
    for (auto leaf = leaves_.lower_bound(range.first);
         leaf != leaves_.end() && result.size() < count_max && leaf->first <= range.last; ++leaf)
        result.push_back(leaf->first);
    return result;
}

}  // namespace praline::index::replica
