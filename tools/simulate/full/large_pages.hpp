#pragma once

#include <cstddef>

namespace praline::simulate::full {

/// Asks the system to put what is allocated next into large pages: the nodes of a network lie all over memory, and with
/// small ones most looks at a node cost a walk through the page table besides. A hint: nothing but speed follows from it,
/// and nothing is taken before it is used. Memory that is freed stays with the process from then on.
/// @param bytes  that will be allocated in small pieces, in this thread.
/// @threads any.
void ask_for_large_pages(std::size_t bytes);

}  // namespace praline::simulate::full
