#pragma once

namespace praline {

/// Fetches the cache line at `at` ahead of its use. Not a plain __builtin_prefetch: the compiler takes a function that
/// does nothing else for one without effect, and leaves out the calls of it.
inline void prefetch_line(void const* at) noexcept {
    __builtin_prefetch(at);
    asm volatile("");
}

}  // namespace praline
