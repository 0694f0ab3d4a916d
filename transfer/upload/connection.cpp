#include "transfer/upload/connection.hpp"

#include <cerrno>

#include <sys/sendfile.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "node/wire/head_text.hpp"
#include "transfer/content/thex.hpp"

namespace praline::upload {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

namespace {

auto quietly(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

constexpr std::size_t read_block_bytes = 4096;

}  // namespace

Connection::Connection(std::shared_ptr<UploadServer::Impl> server_in, asio::ip::tcp::socket socket_in, Endpoint remote_in,
                       Bytes read)
    : server_{std::move(server_in)},
      socket_{std::move(socket_in)},
      buffer_{std::move(read)},
      watchdog_{server_->io, [this] { close(); }} {
    info_.id = server_->next_id++;
    info_.remote = remote_in;
}

void Connection::close() {
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

std::optional<UploadInfo> Connection::info() const {
    if (!sending_) return std::nullopt;
    auto info = info_;
    auto const spent = (now().time_since_epoch().count() - began_us_) + 1;
    info.bytes_per_second = static_cast<std::uint64_t>(static_cast<double>(info.sent_bytes) * 1e6 / static_cast<double>(spent));
    return info;
}

awaitable<void> Connection::run() {
    auto const self = shared_from_this();
    error_code error;
    socket_.non_blocking(true, error);
    socket_.set_option(asio::ip::tcp::no_delay{true}, error);
    for (bool more = true; more && socket_.is_open() && !server_->stopped;) {
        auto const head = co_await read_head();
        if (!head || server_->stopped) break;
        auto const request = parse_request(as_text(ByteView{buffer_}.first(*head)));
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(*head));
        watchdog_.allow(server_->limits.stalled_time);
        if (!request) {
            co_await write(refusal(status_of(request.error()), server_->server_name, false, Method::get));
            break;
        }
        more = co_await answer(*request) && request->keep_alive;
        sending_ = false;
    }
    watchdog_.rest();
    close();
    server_->slots.release(info_.id);
    server_->connections.erase(info_.id);
}

/// How long the next head is, once it is in the buffer.
awaitable<std::optional<std::size_t>> Connection::read_head() {
    bool began = !buffer_.empty();
    watchdog_.allow(began ? server_->limits.header_time : server_->limits.idle_time);
    for (;;) {
        if (auto const length = wire::head_length(buffer_)) {
            if (*length <= request_bytes_max) co_return length;
        }
        if (buffer_.size() >= request_bytes_max) {
            co_await write(refusal(413, server_->server_name, false, Method::get));
            co_return std::nullopt;
        }
        auto const before = buffer_.size();
        buffer_.resize(std::min(before + read_block_bytes, request_bytes_max));
        error_code error;
        auto const count = co_await socket_.async_read_some(
            asio::buffer(buffer_.data() + before, buffer_.size() - before), quietly(error));
        buffer_.resize(before + count);
        if (error) co_return std::nullopt;
        // Set once: a request that trickles in has this long for all of it.
        if (!began) watchdog_.allow(server_->limits.header_time);
        began = true;
    }
}

awaitable<bool> Connection::write(std::string const& text) {
    watchdog_.allow(server_->limits.stalled_time);
    error_code error;
    co_await asio::async_write(socket_, asio::buffer(text), quietly(error));
    co_return !error;
}

awaitable<bool> Connection::refuse(int status, HttpRequest const& request) {
    auto const text = refusal(status, server_->server_name, request.keep_alive, request.method);
    co_return co_await write(text);
}

awaitable<bool> Connection::answer(HttpRequest const& request) {
    if (!request.user_agent.empty()) info_.user_agent = request.user_agent;
    if (request.has_body || request.method == Method::other) {
        // What follows may be a body that we do not read: the connection cannot go on.
        co_await write(refusal(request.method == Method::other ? 501 : 400, server_->server_name, false, request.method));
        co_return false;
    }
    if (request.minor_version == 1 && !request.has_host) {
        co_await write(refusal(400, server_->server_name, false, request.method));
        co_return false;
    }
    auto const target = parse_target(request.target);
    if (!target) co_return co_await refuse(400, request);
    std::optional<ServedFile> file;
    switch (target->kind) {
    case RequestTarget::Kind::tree_by_urn: co_return co_await answer_tree(target->urn, request);
    case RequestTarget::Kind::file_by_urn:
        if (target->urn.sha1) file = server_->content.by_sha1(*target->urn.sha1);
        break;
    case RequestTarget::Kind::file_by_index:
        file = server_->content.by_index(target->index);
        if (file && file->name != target->name) file.reset();
        break;
    case RequestTarget::Kind::unknown: break;
    }
    co_return co_await answer_file(std::move(file), request);
}

awaitable<bool> Connection::answer_tree(Urn const& urn, HttpRequest const& request) {
    auto const level = urn.sha1 ? server_->content.tree(*urn.sha1) : std::nullopt;
    if (!level) co_return co_await refuse(404, request);
    auto const body = content::thex_encode(*level);
    ReplyHead head{200, server_->server_name};
    head.field("Content-Type", "application/dime").length(body.size()).keep_alive(request.keep_alive);
    auto text = std::move(head).text();
    if (request.method != Method::head) text += as_text(body);
    co_return co_await write(text);
}

awaitable<bool> Connection::answer_file(std::optional<ServedFile> file, HttpRequest const& request) {
    if (!file) co_return co_await refuse(404, request);
    if (request.method == Method::get) {
        auto ticket = request.queue_id;
        if (ticket.empty() && request.knows_queue) ticket = server_->fresh_ticket();
        auto const place = server_->slots.ask(info_.id, info_.remote.address, ticket, now());
        if (auto const* const queued = std::get_if<Queued>(&place)) {
            auto const text = busy(*queued, ticket, server_->server_name, request.keep_alive, request.method);
            co_return co_await write(text);
        }
    }
    co_return co_await send_file(std::move(*file), request);
}

awaitable<bool> Connection::send_file(ServedFile file, HttpRequest const& request) {
    auto const fd = SharedFd::open(file.path, file.size_bytes, file.mtime_ns);
    if (!fd) {
        server_->content.report_changed(file.index);
        auto const text = busy(Queued{0, 0, server_->limits.retry_after_min}, {}, server_->server_name, request.keep_alive,
                               request.method);
        co_return co_await write(text);
    }
    std::optional<Span> part;
    if (request.range) {
        part = resolve(*request.range, file.size_bytes);
        if (!part) {
            auto const text = range_refusal(file.size_bytes, server_->server_name, request.keep_alive, request.method);
            co_return co_await write(text);
        }
    }
    auto head = file_head(FileFacts{file.size_bytes, file.sha1, file.tiger_root, file.mtime_ns}, part, server_->server_name);
    if (!introduced_) head.field("X-GUID", server_->servent.hex());
    introduced_ = true;
    head.keep_alive(request.keep_alive);
    auto const text = std::move(head).text();
    if (!co_await write(text)) co_return false;
    if (request.method == Method::head) co_return true;
    co_return co_await send_span(file, *fd, part.value_or(Span{0, file.size_bytes}));
}

/// From the page cache straight into the socket. A file that changes meanwhile ends the connection in the middle of the
/// body, so that nobody takes the mixture for a whole.
awaitable<bool> Connection::send_span(ServedFile const& file, SharedFd const& fd, Span span) {
    info_.name = file.name;
    info_.sent_bytes = 0;
    info_.range_bytes = span.size();
    began_us_ = now().time_since_epoch().count();
    sending_ = true;
    auto at = static_cast<off_t>(span.begin);
    auto const end = static_cast<off_t>(span.end);
    std::size_t since_turn = 0;
    while (at < end) {
        if (!socket_.is_open()) co_return false;
        auto const most = std::min<std::size_t>(static_cast<std::size_t>(end - at), send_block_bytes);
        auto const sent = ::sendfile(socket_.native_handle(), fd.get(), &at, most);
        if (sent > 0) {
            auto const count = static_cast<std::size_t>(sent);
            info_.sent_bytes += count;
            server_->bytes_sent += count;
            since_turn += count;
            watchdog_.allow(server_->limits.stalled_time);
        } else if (sent == 0 || (errno != EAGAIN && errno != EINTR)) {
            break;
        } else if (errno == EAGAIN) {
            if (!fd.is_unchanged()) break;
            error_code error;
            co_await socket_.async_wait(asio::ip::tcp::socket::wait_write, quietly(error));
            if (error) co_return false;
            since_turn = 0;
        }
        if (since_turn >= send_block_bytes) {
            if (!fd.is_unchanged()) break;
            since_turn = 0;
            co_await asio::post(socket_.get_executor(), asio::use_awaitable);
        }
    }
    if (at == end && fd.is_unchanged()) co_return true;
    if (!server_->stopped && !fd.is_unchanged()) server_->content.report_changed(file.index);
    co_return false;
}

}  // namespace praline::upload
