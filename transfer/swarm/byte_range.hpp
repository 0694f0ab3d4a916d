#pragma once

#include <cstdint>

namespace praline::swarm {

/// Half open.
struct ByteRange {
    std::uint64_t begin = 0, end = 0;
    [[nodiscard]] std::uint64_t size() const { return end - begin; }
    friend bool operator==(ByteRange const&, ByteRange const&) = default;
};

}  // namespace praline::swarm
