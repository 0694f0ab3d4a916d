#pragma once

#include <cstdint>

namespace praline::upload {

/// A range of a file that exists: half open.
struct Span {
    std::uint64_t begin = 0, end = 0;
    [[nodiscard]] std::uint64_t size() const { return end - begin; }
    friend bool operator==(Span const&, Span const&) = default;
};

}  // namespace praline::upload
