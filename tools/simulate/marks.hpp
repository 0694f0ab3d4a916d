#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tools/simulate/graph.hpp"

namespace praline::simulate {

/// A set of nodes that is emptied at once, however many it holds: 4 octets a node.
class Marks {
public:
    explicit Marks(Node nodes) : round_of_(nodes, 0) {}
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

private:
    std::vector<std::uint32_t> round_of_;
    std::uint32_t round_ = 1;
};

}  // namespace praline::simulate
