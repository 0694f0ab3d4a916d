#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "transfer/swarm/byte_range.hpp"

namespace praline::swarm {

/// A set of bytes of a file, kept as the fewest ranges that cover it.   @threads one at a time: pure.
class RangeSet {
public:
    RangeSet() = default;
    /// @pre the range is not empty
    explicit RangeSet(ByteRange range) { add(range); }

    /// An empty range changes nothing, here and below.
    void add(ByteRange range);
    void remove(ByteRange range);
    void clear() { ranges_.clear(); }

    [[nodiscard]] bool empty() const { return ranges_.empty(); }
    /// Of ranges, not of bytes.
    [[nodiscard]] std::size_t size() const { return ranges_.size(); }
    /// All of `range` is in it.
    [[nodiscard]] bool contains(ByteRange range) const;
    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] std::uint64_t bytes_in(ByteRange within) const;
    /// The first stretch of it inside `within`.
    [[nodiscard]] std::optional<ByteRange> first_in(ByteRange within) const;
    /// The first stretch of `within` that is not in it.
    [[nodiscard]] std::optional<ByteRange> first_gap(ByteRange within) const;
    /// In order.
    [[nodiscard]] std::vector<ByteRange> ranges() const;

private:
    std::map<std::uint64_t, std::uint64_t> ranges_;  // begin, end; disjoint, never touching
};

}  // namespace praline::swarm
