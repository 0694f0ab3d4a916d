#pragma once

#include <chrono>
#include <cstddef>

/// What it may cost to browse a host, and how long that may take.
namespace praline::browse {

/// Of a list of files.
struct ListLimits {
    std::size_t bytes_max = 32 * 1024 * 1024;  ///< as it is sent, without the framing of chunks
    std::size_t messages_max = 100'000;
    std::size_t files_max = 100'000;  ///< as many as a search has rows
};

struct Limits {
    ListLimits list;
    std::size_t hosts_max = 8;  ///< browsed at the same time
    std::chrono::milliseconds connect_time{20'000};
    std::chrono::milliseconds reply_time{60'000};    ///< for the first byte
    std::chrono::milliseconds stalled_time{30'000};  ///< no byte of the list
    std::chrono::minutes whole_time{10};             ///< for all of it, once the host is connected to
};

/// Read from the socket at once.
constexpr std::size_t block_bytes = 16 * 1024;

}  // namespace praline::browse
