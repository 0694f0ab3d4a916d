#pragma once

#include <chrono>
#include <cstddef>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "webui/api/api_request.hpp"

namespace praline::webui {

struct ContentPace {
    std::size_t block_bytes;                 ///< in memory at a time
    std::chrono::milliseconds read_time;     ///< until the next bytes of the file are there
    std::chrono::milliseconds stalled_time;  ///< no block taken by the reader
};

/// Sends the head of `response` and its span of `response.content`, a block at a time. False: the connection cannot go on,
/// as the reader has left or stalled, or the bytes cannot be had: then it is cut short, so that nobody takes what came
/// for a whole.
[[nodiscard]] boost::asio::awaitable<bool> send_content(boost::asio::ip::tcp::socket& socket, ApiResponse response,
                                                        bool keep_alive, ContentPace pace);

}  // namespace praline::webui
