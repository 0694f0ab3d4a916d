#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::world {

/// A set of nodes that is emptied at once, however many it holds: 4 bytes a node.
class NodeSet {
public:
    explicit NodeSet(Node nodes) : round_of_(nodes, 0) {}
    void clear() {
        if (++round_ != 0) return;
        std::fill(round_of_.begin(), round_of_.end(), 0);
        round_ = 1;
    }
    [[nodiscard]] bool has(Node node) const { return round_of_[node] == round_; }
    /// Whether it is new.
    bool add(Node node) {
        bool const fresh = round_of_[node] != round_;
        round_of_[node] = round_;
        return fresh;
    }
    void prefetch(Node node) const { __builtin_prefetch(round_of_.data() + node); }

private:
    std::vector<std::uint32_t> round_of_;
    std::uint32_t round_ = 1;
};

/// A set of nodes that fits the fastest memory: a bit a node. Emptying it costs a pass over them.
class NodeBits {
public:
    explicit NodeBits(Node nodes) : words_((std::size_t{nodes} + 63) / 64, 0) {}
    void clear() { std::fill(words_.begin(), words_.end(), 0); }
    /// Whether it is new.
    bool add(Node node) {
        std::uint64_t& word = words_[node / 64];
        std::uint64_t const bit = std::uint64_t{1} << (node % 64);
        bool const fresh = (word & bit) == 0;
        word |= bit;
        return fresh;
    }
    [[nodiscard]] bool has(Node node) const { return (words_[node / 64] >> (node % 64) & 1U) != 0; }
    /// How many are in both. @pre of the same graph.
    [[nodiscard]] std::uint64_t common(NodeBits const& other) const {
        std::uint64_t count = 0;
        for (std::size_t at = 0; at < words_.size(); ++at)
            count += static_cast<std::uint64_t>(std::popcount(words_[at] & other.words_[at]));
        return count;
    }
    [[nodiscard]] std::size_t bytes() const { return words_.capacity() * sizeof(std::uint64_t); }

private:
    std::vector<std::uint64_t> words_;
};

}  // namespace praline::simulate::world
