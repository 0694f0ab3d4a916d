#include "tools/simulate/full/large_pages.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace praline::simulate::full {
namespace {

constexpr std::size_t page = std::size_t{2} << 20, piece = 8 * page;
constexpr std::size_t worth_it = 4 * page, most = std::size_t{64} << 30;

struct Free {
    void operator()(void* block) const { std::free(block); }
};

}  // namespace

void ask_for_large_pages(std::size_t bytes) {
    if (bytes < worth_it) return;
    // From the heap, not each from the system; and the heap keeps what it gets back.
    ::mallopt(M_MMAP_THRESHOLD, static_cast<int>(2 * piece - 1));
    ::mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
    // What is taken here and given back at the end is what small pieces come from next.
    std::vector<std::unique_ptr<void, Free>> pieces;
    for (std::size_t taken = 0; taken < std::min(bytes, most); taken += piece) {
        pieces.emplace_back(std::malloc(piece));
        if (!pieces.back()) return;
        auto const begin = reinterpret_cast<std::uintptr_t>(pieces.back().get());
        std::uintptr_t const first = (begin + page - 1) / page * page, last = (begin + piece) / page * page;
        if (first < last) (void)::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
    }
}

}  // namespace praline::simulate::full
