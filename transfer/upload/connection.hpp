#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "node/net/rate_limiter.hpp"
#include "node/net/watchdog.hpp"
#include "transfer/upload/http_reply.hpp"
#include "transfer/upload/http_request.hpp"
#include "transfer/upload/rate_floor.hpp"
#include "transfer/upload/request_target.hpp"
#include "transfer/upload/shared_fd.hpp"
#include "transfer/upload/upload_impl.hpp"

namespace praline::upload {

/// One connection and its requests, one after the other. Lives as long as its coroutine. Private to this room.
struct Connection : std::enable_shared_from_this<Connection> {
    Connection(std::shared_ptr<UploadServer::Impl> server_in, boost::asio::ip::tcp::socket socket_in,
               Endpoint remote_in, Bytes read);

    /// Until either side ends it. Leaves the server's tables when done.
    boost::asio::awaitable<void> run();
    void close();
    /// Empty: it holds no slot.
    [[nodiscard]] std::optional<UploadInfo> info() const;
    /// Whether the peer has taken less than the floor for a whole window. To be asked now and then.
    [[nodiscard]] bool is_too_slow(Instant now);

private:
    boost::asio::awaitable<std::optional<HttpRequest>> read_request();
    std::size_t skip_blank_lines();
    boost::asio::awaitable<bool> read_more();
    boost::asio::awaitable<void> give_up(WireError error);
    boost::asio::awaitable<void> drain();
    void leave_slot(bool more);
    boost::asio::awaitable<bool> answer(HttpRequest const& request);
    /// The shared file with that hash; a URN with a SHA-1 is looked up by it alone.
    [[nodiscard]] std::optional<ServedFile> named(Urn const& urn) const;
    // connection_front.cpp: what is asked for at "/"
    boost::asio::awaitable<bool> answer_front(HttpRequest const& request);
    boost::asio::awaitable<bool> answer_list(HttpRequest const& request);
    boost::asio::awaitable<bool> send_list(std::string text, ListForm form);
    boost::asio::awaitable<bool> answer_tree(Urn const& urn, HttpRequest const& request);
    boost::asio::awaitable<bool> answer_file(std::optional<ServedFile> file, HttpRequest const& request);
    boost::asio::awaitable<bool> refuse(int status, HttpRequest const& request);
    boost::asio::awaitable<bool> write(std::string const& text);
    boost::asio::awaitable<std::size_t> wait_for_share(std::size_t most);
    /// A file that is not what was hashed: the peer may come back.
    boost::asio::awaitable<bool> refuse_changed(ServedFile const& file, HttpRequest const& request,
                                                std::string const& lines);
    void begin_body(ServedFile const& file, Span span);
    /// A head with its small body.
    boost::asio::awaitable<bool> send_at_once(std::string const& text, std::size_t body_bytes);
    boost::asio::awaitable<bool> send_span(ServedFile const& file, SharedFd const& fd, Span span);
    boost::asio::awaitable<bool> take_slot(HttpRequest const& request, std::string const& lines);
    /// What else a reply says of the file: what there is of it, and where else. Learns what the request says of that.
    [[nodiscard]] std::string lines_about(ServedFile const& file, HttpRequest const& request);

    friend struct UploadServer::Impl;
    std::shared_ptr<UploadServer::Impl> server_;
    boost::asio::ip::tcp::socket socket_;
    Bytes buffer_;  ///< read and not yet understood
    net::Watchdog watchdog_;
    UploadInfo info_;
    net::RateShare share_;  ///< of the limit on all uploads
    RateFloor floor_;
    bool has_slot_ = false;    ///< taken for the request that is being answered
    bool sending_ = false;     ///< its body is being sent
    bool introduced_ = false;  ///< our GUID has been said on this connection
    Instant began_{};          ///< the body that is being sent, or was sent last
};

}  // namespace praline::upload
