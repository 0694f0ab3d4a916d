#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/base/bytes.hpp"
#include "node/base/ids.hpp"

namespace praline::download {

/// Servents that were asked to connect to this node, as they cannot be reached from outside, and the connections they make.
/// @source node/wire/protocol/transfer.md   @threads the node's; lives as long as its coroutines
class Calls {
public:
    using Socket = boost::asio::ip::tcp::socket;
    /// Asks a servent to call. False: there is no way to ask it.
    using Ask = std::function<bool(Guid const& servent, std::uint32_t index)>;
    struct Times {
        std::chrono::milliseconds push;  ///< for the answer to a Push
        std::chrono::milliseconds giv;   ///< for the line that says who calls
    };

    /// One that is waited for.
    class Wait {
    public:
        explicit Wait(boost::asio::io_context& io) : timer_{io}, socket_{io} {}
        [[nodiscard]] bool was_asked() const { return was_asked_; }
        [[nodiscard]] bool has_called() const { return has_called_; }
        /// Nobody wants the call any more.
        void cancel() { timer_.cancel(); }
        /// @pre has_called(); once
        [[nodiscard]] Socket take_socket() { return std::move(socket_); }
        /// What was read behind the GIV.   @pre as take_socket
        [[nodiscard]] Bytes take_read() { return std::move(read_); }

    private:
        friend class Calls;
        boost::asio::steady_timer timer_;
        Socket socket_;
        Bytes read_;
        bool was_asked_ = false, has_called_ = false;
    };

    /// @param ask        empty: nobody can be asked
    /// @param givs_max   connections that say GIV and are not matched yet
    Calls(boost::asio::io_context& io, Ask ask, Times times, std::size_t givs_max);

    [[nodiscard]] bool can_ask() const { return ask_ != nullptr; }
    /// Asks, and waits until the servent has called, the time is over, or somebody cancels the wait.
    [[nodiscard]] boost::asio::awaitable<void> wait_for(std::shared_ptr<Wait> wait, Guid servent, std::uint32_t index);
    /// A connection that began with "GIV " goes to whoever waits for this servent; otherwise it is closed.
    [[nodiscard]] boost::asio::awaitable<void> take(Socket socket, Bytes read);
    /// Nobody waits any more, and no call is taken.
    void stop();

private:
    using Waits = std::multimap<Guid, std::shared_ptr<Wait>>;
    class Place;
    void give(Guid const& servent, Socket socket, Bytes behind);

    boost::asio::io_context& io_;
    Ask ask_;
    Times times_;
    std::size_t givs_max_;
    Waits waits_;
    std::size_t givs_ = 0;
    bool is_stopped_ = false;
};

}  // namespace praline::download
