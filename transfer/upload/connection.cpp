#include "transfer/upload/connection.hpp"

#include <cerrno>
#include <utility>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "node/wire/head_text.hpp"
#include "transfer/content/thex.hpp"
#include "transfer/upload/partial_ranges.hpp"

namespace praline::upload {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

namespace {

auto quietly(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

constexpr std::size_t read_block_bytes = 4096;

/// The status of a request that is refused whatever it asks for; 0: it is not.
int refused_at_once(HttpRequest const& request) {
    if (request.method == Method::other) return 501;
    if (request.method == Method::refused) return 405;
    return request.has_body || (request.minor_version > 0 && !request.has_host) ? 400 : 0;
}

FileFacts facts_of(ServedFile const& file) {
    FileFacts facts{file.name, file.size_bytes, file.sha1, file.tiger_root, std::nullopt};
    if (!file.verified) facts.modified_s = file.mtime_ns / 1'000'000'000;
    return facts;
}

/// What a reply carries of a file.
struct Portion {
    Span span;
    bool is_part = false;  ///< 206, not 200
};

/// Empty: nothing of what is asked for is there. Of a partial file no more is sent than was asked for by its range, and
/// HEAD says how large the whole is.
std::optional<Portion> portion_of(ServedFile const& file, HttpRequest const& request, Validators const& validators) {
    bool const ranged = !request.ranges.empty() && range_applies(request.conditions, validators);
    bool const partial = file.verified && request.method != Method::head;
    if (!ranged) return partial ? std::nullopt : std::optional{Portion{{0, file.size_bytes}, false}};
    auto const span = partial ? resolve_partial(request.ranges, file.size_bytes, *file.verified)
                              : resolve(request.ranges, file.size_bytes);
    return span ? std::optional{Portion{*span, true}} : std::nullopt;
}

}  // namespace

Connection::Connection(std::shared_ptr<UploadServer::Impl> server_in, asio::ip::tcp::socket socket_in,
                       Endpoint remote_in, Bytes read)
    : server_{std::move(server_in)},
      socket_{std::move(socket_in)},
      buffer_{std::move(read)},
      watchdog_{server_->io, [this] { close(); }},
      share_{server_->send_limit},
      floor_{server_->limits.rate_min, server_->limits.rate_window} {
    info_.id = server_->next_id++;
    info_.remote = remote_in;
}

void Connection::close() {
    share_.leave();
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

std::optional<UploadInfo> Connection::info() const {
    if (!server_->slots.holds(info_.id, now())) return std::nullopt;
    auto info = info_;
    info.sending = sending_;
    if (!sending_) return info;
    auto const spent = (now() - began_).count() + 1;
    info.bytes_per_second =
        static_cast<std::uint64_t>(static_cast<double>(info.sent_bytes) * 1e6 / static_cast<double>(spent));
    return info;
}

bool Connection::is_too_slow(Instant now) {
    if (!sending_) return false;
    // What the kernel still holds is not taken: it may be megabytes.
    int queued = 0;
    if (::ioctl(socket_.native_handle(), SIOCOUTQ, &queued) != 0 || queued < 0) queued = 0;
    auto const taken = info_.sent_bytes - std::min(info_.sent_bytes, static_cast<std::uint64_t>(queued));
    if (queued == 0 && share_.is_waiting()) floor_.excuse(taken, now);
    return floor_.is_below(taken, now);
}

awaitable<void> Connection::run() {
    auto const self = shared_from_this();
    error_code error;
    socket_.non_blocking(true, error);
    socket_.set_option(asio::ip::tcp::no_delay{true}, error);
    for (bool more = true; more && socket_.is_open() && !server_->stopped;) {
        auto const request = co_await read_request();
        if (!request || server_->stopped) break;
        more = co_await answer(*request) && request->keep_alive;
        leave_slot(more);
        if (!more) co_await drain();
    }
    watchdog_.rest();
    close();
    server_->slots.release(info_.id);
    server_->idle.leave(info_.id);
    server_->connections.erase(info_.id);
}

/// After a reply: a slot is taken for one body, and kept a moment if another request may follow.
void Connection::leave_slot(bool more) {
    sending_ = false;
    if (!std::exchange(has_slot_, false)) return;
    if (more) {
        server_->slots.sent(info_.id, now());
        server_->keep_idle(*this);
    } else {
        server_->slots.release(info_.id);
    }
}

/// The next request; empty: there is none, or it was one that cannot be answered any further.
awaitable<std::optional<HttpRequest>> Connection::read_request() {
    std::optional<std::size_t> length;
    std::size_t blanks = 0, scanned = 0;
    bool began = !buffer_.empty();
    watchdog_.allow(began ? server_->limits.header_time : server_->limits.idle_time);
    for (;;) {
        if (scanned == 0) blanks += skip_blank_lines();
        if (blanks > blank_bytes_max) co_return std::nullopt;
        if ((length = wire::head_length(ByteView{buffer_}.subspan(scanned)))) break;
        if (buffer_.size() >= request_bytes_max) {
            co_await give_up(WireError::limit_exceeded);
            co_return std::nullopt;
        }
        // The end may have begun in what is there: a line end, and half of another.
        scanned = buffer_.size() - std::min<std::size_t>(buffer_.size(), 2);
        if (!co_await read_more()) co_return std::nullopt;
        // Set once: a request that trickles in has this long for all of it.
        if (!began) watchdog_.allow(server_->limits.header_time);
        began = true;
    }
    watchdog_.allow(server_->limits.stalled_time);
    auto const end = scanned + *length;
    auto request = parse_request(as_text(ByteView{buffer_}.first(end)));
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(end));
    if (request) co_return std::move(*request);
    co_await give_up(request.error());
    co_return std::nullopt;
}

std::size_t Connection::skip_blank_lines() {
    auto const length = wire::blank_lines_length(buffer_);
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(length));
    return length;
}

awaitable<bool> Connection::read_more() {
    auto const before = buffer_.size();
    buffer_.resize(before + read_block_bytes);
    error_code error;
    auto const count =
        co_await socket_.async_read_some(asio::buffer(buffer_.data() + before, read_block_bytes), quietly(error));
    buffer_.resize(before + count);
    co_return !error;
}

/// A head that cannot be read: where the next one starts is not known either.
awaitable<void> Connection::give_up(WireError error) {
    // Named, like the other replies: GCC 12 loses a coroutine that awaits in a condition with a temporary in it.
    auto const text = refusal(status_of(error), server_->server_name, false, Method::get);
    if (!co_await write(text)) co_return;
    co_await drain();
}

/// Lets the peer take the last reply in before the connection ends.
awaitable<void> Connection::drain() {
    error_code error;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    watchdog_.allow(server_->limits.drain_time);
    buffer_.clear();
    for (std::size_t drained = 0; drained < drained_bytes_max && !server_->stopped; drained += buffer_.size()) {
        buffer_.clear();
        if (!co_await read_more()) break;
    }
}

/// Part of what all uploads may send; 0: the connection is closed. It is no fault of the peer how long that takes.
awaitable<std::size_t> Connection::wait_for_share(std::size_t most) {
    watchdog_.rest();
    auto const bytes = co_await share_.take(most);
    watchdog_.allow(server_->limits.stalled_time);
    co_return socket_.is_open() ? bytes : 0;
}

/// A head is short, and who asked waits for it: it counts, but goes before what others wait to send. A tree waits.
awaitable<bool> Connection::write(std::string const& text) {
    bool const waits = text.size() > head_bytes_at_once || !server_->send_limit.may_charge(text.size());
    if (!waits) server_->send_limit.charge(text.size());
    error_code error;
    for (std::string_view left{text}; !left.empty() && !error;) {
        auto bytes = left.size();
        if (waits && share_.is_limited()) {
            bytes = co_await wait_for_share(left.size());
            if (bytes == 0) co_return false;
            share_.use(bytes);
        }
        watchdog_.allow(server_->limits.stalled_time);
        co_await asio::async_write(socket_, asio::buffer(left.substr(0, bytes)), quietly(error));
        left.remove_prefix(bytes);
    }
    co_return !error;
}

awaitable<bool> Connection::refuse(int status, HttpRequest const& request) {
    auto const text = refusal(status, server_->server_name, request.keep_alive, request.method);
    co_return co_await write(text);
}

awaitable<bool> Connection::answer(HttpRequest const& request) {
    if (!request.user_agent.empty()) info_.user_agent = request.user_agent;
    auto const refused = refused_at_once(request);
    if (refused != 0) {
        // What follows may be a body that we do not read: the connection cannot go on.
        auto const text = refusal(refused, server_->server_name, false, request.method);
        co_await write(text);
        co_return false;
    }
    if (request.method == Method::options) {
        auto const text = allowed_methods(server_->server_name, request.keep_alive);
        co_return co_await write(text);
    }
    auto const target = parse_target(request.target);
    if (!target) co_return co_await refuse(400, request);
    std::optional<ServedFile> file;
    switch (target->kind) {
        case RequestTarget::Kind::tree_by_urn: co_return co_await answer_tree(target->urn, request);
        case RequestTarget::Kind::front: co_return co_await answer_front(request);
        case RequestTarget::Kind::file_by_urn: file = named(target->urn); break;
        case RequestTarget::Kind::file_by_index:
            file = server_->content.by_index(target->index);
            if (file && !names(target->name, file->name)) file.reset();
            break;
        case RequestTarget::Kind::server:
        case RequestTarget::Kind::unknown: break;
    }
    co_return co_await answer_file(std::move(file), request);
}

std::optional<ServedFile> Connection::named(Urn const& urn) const {
    if (urn.sha1) return server_->content.by_sha1(*urn.sha1);
    return urn.tiger_root ? server_->content.by_tiger_root(*urn.tiger_root) : std::nullopt;
}

awaitable<bool> Connection::answer_tree(Urn const& urn, HttpRequest const& request) {
    auto const file = urn.sha1 ? std::nullopt : named(urn);
    auto const sha1 = file ? std::optional{file->sha1} : urn.sha1;
    auto const level = sha1 ? server_->content.tree(*sha1) : std::nullopt;
    if (!level) co_return co_await refuse(404, request);
    auto const body = content::thex_encode(*level);
    auto const text = tree_reply(as_text(body), request, server_->server_name);
    co_return co_await write(text);
}

awaitable<bool> Connection::answer_file(std::optional<ServedFile> file, HttpRequest const& request) {
    if (!file) co_return co_await refuse(404, request);
    auto const lines = lines_about(*file, request);
    auto const fd = SharedFd::open({file->root, file->path, file->size_bytes, file->mtime_ns, file->ctime_ns,
                                    file->inode, file->verified.has_value()});
    if (!fd) co_return co_await refuse_changed(*file, request, lines);
    auto const facts = facts_of(*file);
    Validators const validators{etag_of(facts.sha1), facts.modified_s.value_or(0)};
    auto const precondition = weigh(request.conditions, validators);
    if (precondition == Precondition::failed) co_return co_await refuse(412, request);
    if (precondition == Precondition::not_modified) {
        auto const text = not_modified(facts, server_->server_name, request.keep_alive);
        co_return co_await write(text);
    }
    auto const portion = portion_of(*file, request, validators);
    if (!portion) {
        auto const text =
            range_refusal(file->size_bytes, server_->server_name, request.keep_alive, request.method, lines);
        co_return co_await write(text);
    }
    if (request.method == Method::get) {
        bool const granted = co_await take_slot(request, lines);
        if (!granted) co_return socket_.is_open();
    }
    auto head = file_head(facts, portion->is_part ? std::optional{portion->span} : std::nullopt, server_->server_name);
    head.lines(lines);
    if (!introduced_) head.field("X-GUID", server_->servent.hex());
    introduced_ = true;
    head.keep_alive(request.keep_alive);
    auto text = std::move(head).text();
    bool const has_body = request.method != Method::head;
    if (has_body) begin_body(*file, portion->span);
    if (has_body && portion->span.size() <= small_body_bytes_max && !share_.is_limited()) {
        auto const head_bytes = text.size();
        text.resize(head_bytes + portion->span.size());
        bool const is_read = fd->read(portion->span.begin, std::span{text}.subspan(head_bytes)) && fd->is_unchanged();
        if (!is_read) co_return co_await refuse_changed(*file, request, lines);
        co_return co_await send_at_once(text, portion->span.size());
    }
    if (!co_await write(text)) co_return false;
    if (!has_body) co_return true;
    co_return co_await send_span(*file, *fd, portion->span);
}

awaitable<bool> Connection::refuse_changed(ServedFile const& file, HttpRequest const& request,
                                           std::string const& lines) {
    if (!file.verified) server_->content.report_changed(file.index);
    auto const text = busy(Queued{0, 0, server_->limits.retry_after_min}, {}, server_->server_name, request.keep_alive,
                           request.method, lines);
    co_return co_await write(text);
}

std::string Connection::lines_about(ServedFile const& file, HttpRequest const& request) {
    auto lines = file.verified ? available_line(*file.verified) : std::string{};
    auto* const table = server_->content.locations();
    if (table == nullptr) return lines;
    auto const& peer = info_.remote.address;
    learn(*table, file.sha1, request.locations, peer, now());
    return lines + location_lines(*table, file.sha1, request.locations, peer, now());
}

/// False: there is none, and the peer was told so.
awaitable<bool> Connection::take_slot(HttpRequest const& request, std::string const& lines) {
    auto ticket = request.queue_id;
    if (ticket.empty() && request.knows_queue) ticket = server_->fresh_ticket();
    auto place = server_->slots.ask(info_.id, info_.remote.address, ticket, now());
    // A program that takes no place in a queue gives up when it is refused, and may have closed another connection a
    // moment ago to open this one: it waits for a slot instead, without holding anything.
    auto const until = now() + (ticket.empty() ? Duration{server_->limits.plain_wait} : Duration{0});
    while (std::holds_alternative<Queued>(place) && now() < until && socket_.is_open() && !server_->stopped) {
        asio::steady_timer pause{server_->io, server_->limits.plain_ask_every};
        error_code ignored;
        co_await pause.async_wait(quietly(ignored));
        place = server_->slots.ask(info_.id, info_.remote.address, ticket, now());
    }
    auto const* const queued = std::get_if<Queued>(&place);
    if (queued == nullptr) {
        has_slot_ = true;
        server_->idle.leave(info_.id);
        co_return true;
    }
    auto const text = busy(*queued, ticket, server_->server_name, request.keep_alive, request.method, lines);
    if (!co_await write(text)) close();
    co_return false;
}

void Connection::begin_body(ServedFile const& file, Span span) {
    info_.name = file.name;
    info_.sent_bytes = 0;
    info_.range_bytes = span.size();
    began_ = now();
    floor_.start(began_);
    sending_ = true;
    server_->watch_rates();
}

awaitable<bool> Connection::send_at_once(std::string const& text, std::size_t body_bytes) {
    info_.sent_bytes += body_bytes;
    server_->bytes_sent += body_bytes;
    co_return co_await write(text);
}

/// From the page cache straight into the socket. A file that changes meanwhile ends the connection in the middle of the
/// body, so that nobody takes the mixture for a whole.
awaitable<bool> Connection::send_span(ServedFile const& file, SharedFd const& fd, Span span) {
    auto at = static_cast<off_t>(span.begin);
    auto const end = static_cast<off_t>(span.end);
    std::size_t since_turn = 0;
    while (at < end) {
        if (!socket_.is_open()) co_return false;
        auto most = std::min<std::size_t>(static_cast<std::size_t>(end - at), send_block_bytes);
        if (share_.is_limited()) {
            most = co_await wait_for_share(most);
            if (most == 0) co_return false;
        }
        auto const sent = ::sendfile(socket_.native_handle(), fd.get(), &at, most);
        if (sent > 0) {
            auto const count = static_cast<std::size_t>(sent);
            info_.sent_bytes += count;
            server_->bytes_sent += count;
            since_turn += count;
            share_.use(count);
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
