#include "webui/api/content_sender.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace praline::webui {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::milliseconds reader_check{
    500};  ///< between two looks whether a reader that waits is still there

/// A read under way; the source may answer after nobody waits any more.
struct Reading {
    explicit Reading(asio::any_io_executor const& executor) : timer{executor} {}
    asio::steady_timer timer;
    std::optional<Bytes> block;
};

/// So long a reader that sends nothing more is waited for: bytes that are there reach one that only says that it has asked
/// for all it wants, and one that is gone does not hold its place while the next ones are fetched.
constexpr std::chrono::milliseconds half_closed_time{1'000};

/// Whether the other side has closed its sending end, at least. Looked at, not waited for: it may have sent its next request
/// before.
bool has_closed_sending(asio::ip::tcp::socket& socket) {
    pollfd state{socket.native_handle(), POLLRDHUP, 0};
    return ::poll(&state, 1, 0) != 0;
}

/// Empty: there is nothing (in time).
asio::awaitable<Bytes> read_block(asio::ip::tcp::socket& socket, ContentSource& source, std::uint64_t at,
                                  std::size_t most, std::chrono::milliseconds within) {
    auto const reading = std::make_shared<Reading>(socket.get_executor());
    source.read(at, most, [reading](Bytes block) {
        reading->block = std::move(block);
        reading->timer.cancel();
    });
    auto end = std::chrono::steady_clock::now() + within;
    bool is_half_closed = false;
    while (!reading->block && socket.is_open()) {
        auto const time = std::chrono::steady_clock::now();
        if (time >= end) break;
        if (!is_half_closed && has_closed_sending(socket)) {
            is_half_closed = true;
            end = std::min(end, time + half_closed_time);
        }
        reading->timer.expires_at(std::min(end, time + reader_check));
        error_code ignored;
        co_await reading->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return std::move(reading->block).value_or(Bytes{});
}

/// Closes the socket of a reader that takes nothing.
class Patience {
public:
    explicit Patience(asio::ip::tcp::socket& socket) : socket_{socket}, timer_{socket.get_executor()} {}
    void allow(std::chrono::milliseconds time) {
        timer_.expires_after(time);
        timer_.async_wait([&socket = socket_, alive = std::weak_ptr{alive_}](error_code error) {
            if (error || alive.expired()) return;
            error_code ignored;
            socket.close(ignored);
        });
    }

private:
    asio::ip::tcp::socket& socket_;
    asio::steady_timer timer_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< a call may be on its way when this is over
};

std::string head_text(ApiResponse const& response, bool keep_alive) {
    std::string head =
        "HTTP/1.1 " + std::to_string(response.status) + (response.status == 206 ? " Partial Content\r\n" : " OK\r\n");
    for (auto const& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    head += "Content-Length: " + std::to_string(response.span.size()) + "\r\n";
    return head + (keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

}  // namespace

asio::awaitable<bool> send_content(asio::ip::tcp::socket& socket, ApiResponse response, bool keep_alive,
                                   ContentPace pace) {
    Patience patience{socket};
    error_code error;
    auto const head = head_text(response, keep_alive);
    patience.allow(pace.stalled_time);
    co_await asio::async_write(socket, asio::buffer(head), asio::redirect_error(asio::use_awaitable, error));
    for (auto at = response.span.begin; !error && at < response.span.end;) {
        auto const most = static_cast<std::size_t>(std::min<std::uint64_t>(pace.block_bytes, response.span.end - at));
        auto const block = co_await read_block(socket, *response.content, at, most, pace.read_time);
        if (block.empty() || !socket.is_open()) co_return false;
        patience.allow(pace.stalled_time);
        co_await asio::async_write(socket, asio::buffer(block), asio::redirect_error(asio::use_awaitable, error));
        at += block.size();
    }
    co_return !error;
}

}  // namespace praline::webui
