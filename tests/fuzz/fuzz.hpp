#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "node/base/bytes.hpp"

/// What every fuzz target offers: any bytes, no crash, bounded time and memory. Called by libFuzzer or driver.cpp.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace praline::fuzz {

inline ByteView view(std::uint8_t const* data, std::size_t size) { return std::as_bytes(std::span{data, size}); }

/// What must hold of every input; in any build.
inline void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace praline::fuzz
