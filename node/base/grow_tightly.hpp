#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace praline {

/// Makes room for one more, and little beyond it: an eighth, at least two. For lists that seldom grow, where a vector's
/// doubling would cost more memory than it saves time, because a million nodes of a simulation have them.
/// @threads any, one at a time.
template <class T>
void grow_tightly(std::vector<T>& list) {
    if (list.size() == list.capacity()) list.reserve(list.size() + std::max<std::size_t>(2, list.size() / 8));
}

}  // namespace praline
