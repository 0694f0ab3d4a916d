#include "index/link/connection.hpp"

#include <algorithm>
#include <chrono>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "index/wire/codec.hpp"

namespace praline::index::link {
namespace asio = boost::asio;

namespace {

constexpr std::size_t read_bytes = 16 * 1024;  // a record of TLS; more only while a longer frame arrives
constexpr std::chrono::milliseconds close_ms_max{2000};

std::string sentence_of(boost::system::error_code error) {
    // Without TLS's goodbye too: each frame says how long it is, so nothing that is cut off passes for whole.
    if (net::is_closed_by_peer(error)) {
        return "The other side closed the link.";
    }
    return "The link broke: " + error.message() + ".";
}

}  // namespace

Connection::Connection(net::Stream stream, Endpoint remote, Proof proof, LinkLimits const& limits,
                       std::shared_ptr<void> place)
    : stream_{std::move(stream)},
      remote_{remote},
      proof_{proof},
      limits_{limits},
      place_{std::move(place)},
      deadline_{stream_.get_executor()} {}

void Connection::start(std::function<void(ByteView)> on_frame, std::function<void(std::string const&)> on_closed) {
    if (silent_) return;
    on_frame_ = std::move(on_frame);
    on_closed_ = std::move(on_closed);
    if (state_ == State::closed) return report_soon();  // it failed before anybody could be told
    if (!reading_) read();
}

void Connection::send(Bytes const& frame) {
    if (state_ != State::open) return;
    if (frame.size() > limits_.queue_bytes_max - std::min(queued_bytes(), limits_.queue_bytes_max)) {
        return fail("The other side takes what it is sent too slowly: " + std::to_string(queued_bytes()) +
                    " bytes wait.");
    }
    out_.add(frame);
    flush_soon();
}

void Connection::close() {
    silent_ = true;
    if (!delivering_) forget_callbacks();
    if (state_ != State::open) return;
    state_ = State::closing;
    deadline_.expires_after(close_ms_max);
    deadline_.async_wait([self = shared_from_this()](Error error) {
        if (!error) self->close_socket();
    });
    // Closing a socket with bytes unread resets the connection, and what is still on its way is lost: so it is read
    // until the other side closes.
    if (!reading_) read();
    flush_soon();
}

void Connection::abandon() {
    silent_ = true;
    if (!delivering_) forget_callbacks();
    close_socket();
}

// ---- reading ----

void Connection::make_room_to_read() {
    if (filled_ < in_.size()) return;
    in_.resize(std::clamp(in_.size() * 2, read_bytes, frame_bytes_max + 4));
}

void Connection::read() {
    make_room_to_read();
    reading_ = true;
    stream_.async_read_some(
        asio::buffer(in_.data() + filled_, in_.size() - filled_),
        [self = shared_from_this()](Error error, std::size_t bytes) { self->on_read(error, bytes); });
}

void Connection::on_read(Error error, std::size_t bytes) {
    reading_ = false;
    if (state_ == State::closed) return;
    if (error) return state_ == State::closing ? close_socket() : fail(sentence_of(error));
    bytes_in_ += bytes;
    filled_ += bytes;
    deliver();
    if (state_ == State::closing) filled_ = 0;
    if (state_ != State::closed) read();
}

void Connection::deliver() {
    std::size_t at = 0;
    delivering_ = true;
    while (state_ == State::open) {
        auto const arrived = ByteView{in_}.subspan(at, filled_ - at);
        auto const bytes = frame_bytes(arrived);
        if (!bytes) {
            fail(bytes.error() == WireError::limit_exceeded
                     ? "The other side sent a frame over " + std::to_string(frame_bytes_max) + " bytes."
                     : "The other side sent an empty frame.");
            break;
        }
        if (!*bytes || **bytes > arrived.size()) break;
        on_frame_(arrived.subspan(4, **bytes - 4));
        at += **bytes;
    }
    delivering_ = false;
    if (silent_) forget_callbacks();
    std::copy(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(filled_),
              in_.begin());
    filled_ -= at;
    if (filled_ > 0 || in_.size() <= read_bytes) return;
    if (in_.capacity() > SendBuffer::kept_bytes_max)
        Bytes{}.swap(in_);
    else
        in_.clear();
}

// ---- writing ----

/// Not at once: what the same event sends goes out together.
void Connection::flush_soon() {
    if (flush_is_due_ || writing_) return;
    flush_is_due_ = true;
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->flush(); });
}

void Connection::flush() {
    flush_is_due_ = false;
    if (state_ == State::closed || writing_) return;
    if (out_.waiting_bytes() > 0) return write();
    if (state_ == State::closing) stream_.shut_down_sending();
}

void Connection::write() {
    writing_ = true;
    auto const next = out_.next();
    stream_.async_write_some(
        asio::buffer(next.data(), next.size()),
        [self = shared_from_this()](Error error, std::size_t bytes) { self->on_write(error, bytes); });
}

void Connection::on_write(Error error, std::size_t bytes) {
    writing_ = false;
    if (state_ == State::closed) return;
    if (error) return state_ == State::closing ? close_socket() : fail(sentence_of(error));
    out_.written(bytes);
    flush();
}

// ---- the end ----

void Connection::fail(std::string sentence) {
    if (state_ != State::open) return;
    problem_ = std::move(sentence);
    close_socket();
    if (on_closed_) report_soon();
}

/// Later, so that nobody is called back from within a call of theirs.
void Connection::report_soon() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
        auto const on_closed = std::move(self->on_closed_);
        self->forget_callbacks();
        if (on_closed) on_closed(self->problem_);
    });
}

void Connection::forget_callbacks() {
    on_frame_ = nullptr;
    on_closed_ = nullptr;
}

void Connection::close_socket() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    deadline_.cancel();
    stream_.close();
    place_.reset();
}

}  // namespace praline::index::link
