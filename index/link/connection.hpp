#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "index/link/framed_link.hpp"
#include "index/link/send_buffer.hpp"
#include "node/net/stream.hpp"

/// What a FramedLink is made of. Inside index/link only.
namespace praline::index::link {

/// Kept by its own reads and writes until the socket is closed. @threads the io_context's one.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    /// @param place  given back when the socket is closed: the listener counts the links of an address by it.
    Connection(net::Stream stream, Endpoint remote, Proof proof, LinkLimits const& limits, std::shared_ptr<void> place);

    void start(std::function<void(ByteView)> on_frame, std::function<void(std::string const&)> on_closed);
    void send(Bytes const& frame);
    /// Sends what is queued, waits until the other side has closed too, at most for `close_ms_max`.
    void close();
    /// At once; what is queued is lost.
    void abandon();

    [[nodiscard]] std::size_t queued_bytes() const { return out_.waiting_bytes(); }
    [[nodiscard]] std::uint64_t bytes_in() const { return bytes_in_; }
    [[nodiscard]] std::uint64_t bytes_out() const { return out_.bytes_added(); }
    [[nodiscard]] Endpoint remote() const { return remote_; }
    [[nodiscard]] Proof const& proof() const { return proof_; }

private:
    enum class State { open, closing, closed };
    using Error = boost::system::error_code;

    void read();
    void on_read(Error error, std::size_t bytes);
    void deliver();
    void make_room_to_read();
    void flush_soon();
    void flush();
    void write();
    void on_write(Error error, std::size_t bytes);
    void fail(std::string sentence);
    void report_soon();
    void forget_callbacks();
    void close_socket();

    net::Stream stream_;
    Endpoint remote_;
    Proof proof_;
    LinkLimits limits_;
    std::shared_ptr<void> place_;
    boost::asio::steady_timer deadline_;
    State state_ = State::open;
    std::function<void(ByteView)> on_frame_;
    std::function<void(std::string const&)> on_closed_;
    std::string problem_;      ///< why it failed, until that is told
    bool silent_ = false;      ///< the owner has closed it: nothing is called back
    bool delivering_ = false;  ///< a callback is running: it must not be destroyed
    bool reading_ = false, writing_ = false, flush_is_due_ = false;
    Bytes in_;                ///< its size is the room there is
    std::size_t filled_ = 0;  ///< bytes of `in_` that wait for the rest of their frame
    SendBuffer out_;
    std::uint64_t bytes_in_ = 0;
};

/// Hands a connection over: who drops the last pointer abandons it.
[[nodiscard]] FramedLinkPtr make_link(std::shared_ptr<Connection> connection);

}  // namespace praline::index::link
