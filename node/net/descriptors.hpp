#pragma once

#include <cstddef>

/// File descriptors: every connection, file and database takes one, and a process has a limited number.
namespace praline::net {

/// Raises the number that this process may have open from the usual soft limit to the hard one. @returns what it is now.
std::size_t raise_descriptor_limit();

/// How many of `limit` connections with peers may take. The rest is kept for the page, the command line, databases and
/// shared files, so that strangers cannot keep the user from the node.
[[nodiscard]] constexpr std::size_t descriptors_for_peers(std::size_t limit) {
    constexpr std::size_t kept_max = 128;  // twice what the API takes at most
    return limit - (limit / 3 < kept_max ? limit / 3 : kept_max);
}

/// Whether a peer may have the descriptor that was just given out: they are given out lowest first, so its number says
/// how many are taken.
[[nodiscard]] bool is_for_peers(int descriptor);

}  // namespace praline::net
