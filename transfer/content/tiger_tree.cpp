#include "transfer/content/tiger_tree.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "node/base/check.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/tiger_lanes.hpp"
#include "transfer/content/tiger_message.hpp"
#include "transfer/content/tiger_plain_lookup.hpp"
#include "transfer/content/tiger_rounds.hpp"

namespace praline::content {
namespace {

using State = TigerState<std::uint64_t, 1>;

void take_block(State& state, std::byte const* block) {
    TigerWords<std::uint64_t, 1> words;
    for (std::size_t i = 0; i < 8; ++i) words.x[i][0] = load_word(block + 8 * i);
    tiger_block(state, words, PlainLookup{});
}

/// Tiger of `prefix` (if any) and `data`.
TigerHash tiger_of(std::optional<std::byte> prefix, ByteView data) {
    State state = tiger_start<std::uint64_t, 1>();
    std::array<std::byte, tiger_block_bytes> block{};
    std::size_t filled = 0;
    std::uint64_t const bits = 8 * (data.size() + (prefix ? 1 : 0));
    if (prefix) block[filled++] = *prefix;
    while (filled + data.size() >= block.size()) {
        std::size_t const count = block.size() - filled;
        std::copy_n(data.begin(), count, block.begin() + static_cast<std::ptrdiff_t>(filled));
        take_block(state, block.data());
        data = data.subspan(count);
        filled = 0;
    }
    std::copy(data.begin(), data.end(), block.begin() + static_cast<std::ptrdiff_t>(filled));
    filled += data.size();
    block[filled++] = std::byte{tiger_padding};
    std::fill(block.begin() + static_cast<std::ptrdiff_t>(filled), block.end(), std::byte{0});
    if (filled > block.size() - 8) {
        take_block(state, block.data());
        block.fill(std::byte{0});
    }
    store_word(bits, block.data() + block.size() - 8);
    take_block(state, block.data());
    TigerHash hash;
    for (std::size_t i = 0; i < 3; ++i) store_word(state.h[i][0], hash.bytes.data() + 8 * i);
    return hash;
}

constexpr std::byte leaf_prefix{0x00};

}  // namespace

TigerHash tiger(ByteView data) { return tiger_of(std::nullopt, data); }

TigerHash tiger_inner(TigerHash const& left, TigerHash const& right) {
    std::array<TigerHash, 2> const nodes{left, right};
    TigerHash out;
    tiger_pairs(nodes.data(), 1, &out);
    return out;
}

TigerHash TreeLevel::root() const {
    if (nodes.empty()) return tiger_of(leaf_prefix, {});
    std::vector<TigerHash> level = nodes;
    while (level.size() > 1) {
        std::size_t const pairs = level.size() / 2;
        tiger_pairs(level.data(), pairs, level.data());
        if (level.size() % 2 != 0) level[pairs] = level.back();
        level.resize((level.size() + 1) / 2);
    }
    return level.front();
}

std::uint64_t good_slice_bytes(std::uint64_t file_bytes) {
    struct Step {
        std::uint64_t below;
        unsigned depth;
    };
    constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;
    constexpr std::array<Step, 11> steps{{{256 * kib, 0},
                                          {512 * kib, 1},
                                          {mib, 2},
                                          {2 * mib, 3},
                                          {4 * mib, 4},
                                          {8 * mib, 5},
                                          {16 * mib, 6},
                                          {32 * mib, 7},
                                          {64 * mib, 8},
                                          {256 * mib, 9},
                                          {gib, 10}}};
    unsigned depth = kept_depth_max;
    for (auto const& step : steps)
        if (file_bytes < step.below) {
            depth = step.depth;
            break;
        }
    std::uint64_t const leaves = file_bytes == 0 ? 1 : (file_bytes - 1) / leaf_bytes + 1;
    unsigned const full_depth = static_cast<unsigned>(std::bit_width(leaves - 1));
    return leaf_bytes << (full_depth - std::min(depth, full_depth));
}

TigerTreeHasher::TigerTreeHasher(std::uint64_t slice_bytes) : slice_bytes_{slice_bytes} {
    check(slice_bytes >= leaf_bytes && std::has_single_bit(slice_bytes));
    pending_.reserve(leaf_bytes);
    scratch_.resize(batch_leaves_max);
}

void TigerTreeHasher::update(ByteView data) {
    total_ += data.size();
    if (!pending_.empty()) {
        std::size_t const count = std::min<std::size_t>(leaf_bytes - pending_.size(), data.size());
        pending_.insert(pending_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(count));
        data = data.subspan(count);
        if (pending_.size() < leaf_bytes) return;
        hash_leaves(pending_);
        pending_.clear();
    }
    std::size_t const whole = data.size() / leaf_bytes * leaf_bytes;
    hash_leaves(data.first(whole));
    auto const rest = data.subspan(whole);
    pending_.insert(pending_.end(), rest.begin(), rest.end());
}

/// Takes as many leaves at once as make a whole subtree of the slice under way.
void TigerTreeHasher::hash_leaves(ByteView whole_leaves) {
    while (!whole_leaves.empty()) {
        std::uint64_t const there = whole_leaves.size() / leaf_bytes;
        std::uint64_t batch = std::bit_floor(std::min<std::uint64_t>(there, batch_leaves_max));
        batch = std::min(batch, slice_bytes_ / leaf_bytes);
        if (leaves_in_slice_ != 0) batch = std::min(batch, leaves_in_slice_ & (~leaves_in_slice_ + 1));
        tiger_leaves(whole_leaves.data(), batch, scratch_.data());
        for (std::uint64_t nodes = batch; nodes > 1; nodes /= 2)
            tiger_pairs(scratch_.data(), nodes / 2, scratch_.data());
        add_subtree(scratch_.front(), batch);
        whole_leaves = whole_leaves.subspan(batch * leaf_bytes);
    }
}

/// Like a binary counter: a subtree meets its twin of the same height and both become one of the next height.
void TigerTreeHasher::add_subtree(TigerHash node, std::uint64_t leaves) {
    std::size_t height = static_cast<std::size_t>(std::countr_zero(leaves));
    std::size_t const top = static_cast<std::size_t>(std::countr_zero(slice_bytes_ / leaf_bytes));
    leaves_in_slice_ += leaves;
    if (open_.size() <= top) open_.resize(top + 1);
    while (height < top && open_[height]) {
        node = tiger_inner(*open_[height], node);
        open_[height].reset();
        ++height;
    }
    if (height == top) {
        nodes_.push_back(node);
        leaves_in_slice_ = 0;
    } else {
        open_[height] = node;
    }
}

TreeLevel TigerTreeHasher::finish() {
    std::optional<TigerHash> last;
    if (!pending_.empty() || total_ == 0) last = tiger_of(leaf_prefix, pending_);
    if (last || leaves_in_slice_ != 0) {
        // What has no twin moves up unchanged.
        for (auto& subtree : open_) {
            if (!subtree) continue;
            last = last ? tiger_inner(*subtree, *last) : *subtree;
            subtree.reset();
        }
        nodes_.push_back(*last);
    }
    pending_.clear();
    leaves_in_slice_ = 0;
    return {std::exchange(total_, 0), slice_bytes_, std::exchange(nodes_, {})};
}

TigerHash hash_slice(ByteView slice) {
    TigerTreeHasher hasher{std::bit_ceil(std::max<std::uint64_t>(slice.size(), leaf_bytes))};
    hasher.update(slice);
    return hasher.finish().nodes.front();
}

}  // namespace praline::content
