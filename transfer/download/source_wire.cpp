#include "transfer/download/source_wire.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "node/net/connect_from.hpp"
#include "node/net/endpoints.hpp"
#include "node/wire/head_text.hpp"
#include "transfer/download/chunked_body.hpp"

namespace praline::download {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

namespace {

auto quietly(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

/// That others are sent if they ask: `DownloadManager::partial`.
std::uint64_t served_bytes(Job const& job) {
    return job.is_proved() && job.urn.sha1 && !job.story.recheck ? job.map().verified_bytes() : 0;
}

constexpr std::size_t head_block_bytes = 8 * 1024;
/// One after HEAD, one after the tree; a server that closes more often is asked again later.
constexpr unsigned reconnects_max = 2;

}  // namespace

SourceWire::SourceWire(ContextPtr context, JobPtr job, KnownSource const& known)
    : context_{std::move(context)},
      job_{std::move(job)},
      source_id_{known.id},
      source_{known.source},
      way_{UrlWay::of(known.source.url)},
      stream_{Tcp::socket{context_->io}},
      watchdog_{context_->io,
                [this] {
                    timed_out_ = true;
                    close();
                }},
      share_{*context_->options.read_limit} {
    ++context_->connections;
}

SourceWire::~SourceWire() { --context_->connections; }

void SourceWire::close() {
    share_.leave();
    error_code ignored;
    stream_.socket().shutdown(Tcp::socket::shutdown_both, ignored);
    stream_.close();
}

void SourceWire::end() {
    is_ended_ = true;
    watchdog_.rest();
    close();
    if (stop_waiting_) stop_waiting_();
}

void SourceWire::enter(Stage stage) {
    if (stage == Stage::resting) watchdog_.rest();
    if (stage == stage_) return;
    stage_ = stage;
    since_ = now();
}

awaitable<bool> SourceWire::open() {
    if (take_parked()) co_return true;
    co_return co_await connect();
}

/// A connection on which we wait in a queue: closing it would give the place up.
bool SourceWire::take_parked() {
    auto const at = job_->parked.find(source_id_);
    if (at == job_->parked.end()) return false;
    bool const in_time = now() < at->second.until;
    if (in_time) stream_ = net::Stream{std::move(at->second.socket)};
    job_->parked.erase(at);
    reused_ = keep_alive_ = in_time;
    return in_time;
}

void SourceWire::park(HttpResponse const& reply, std::chrono::seconds poll_after) {
    auto const hold = std::max<std::chrono::milliseconds>(std::chrono::seconds{reply.queue->poll_max_s}, poll_after);
    auto const& limits = context_->options.limits;
    if (!stream_.socket().is_open() || !keep_alive_ || !buffer_.empty() || poll_after > limits.queue_hold_max) return;
    // Where its redirects have led, and may lead, is known to this session alone.
    if (way_) return;
    if (job_->parked.size() >= limits.parked_max) return;
    watchdog_.rest();
    job_->parked.emplace(source_id_,
                         ParkedConnection{std::move(stream_.socket()), now() + std::min(hold, limits.queue_hold_max)});
    stream_ = net::Stream{Tcp::socket{context_->io}};
}

awaitable<bool> SourceWire::connect() {
    bool const can_push = !source_.servent.is_blank() && context_->calls.can_ask();
    keep_alive_ = true;
    reused_ = false;
    buffer_.clear();
    if (is_ended_) co_return false;
    if (source_.push_needed && can_push && co_await be_called()) co_return true;
    if (!is_ended_ && co_await connect_directly()) co_return true;
    if (!source_.push_needed && can_push && !is_ended_) co_return co_await be_called();
    co_return false;
}

Outcome SourceWire::unreachable() const {
    if (way_ && !way_->trouble().empty()) return fault(Fault::unreachable, way_->trouble());
    if (!source_.push_needed) return fault(Fault::unreachable, "cannot be reached");
    if (asked_to_call_)
        return fault(Fault::unreachable, "cannot be reached from outside, and did not call when it was asked to");
    return fault(Fault::unreachable, "cannot be reached from outside, and there is no way to ask it to call");
}

awaitable<bool> SourceWire::connect_directly() {
    if (way_) co_return co_await connect_to_url();
    if (source_.endpoint.is_unusable()) co_return false;
    co_return co_await connect_to(source_.endpoint);
}

awaitable<bool> SourceWire::connect_to(Endpoint to) {
    close();
    enter(Stage::connecting);
    watchdog_.allow(context_->options.limits.connect_time);
    // What was encrypted before may be plain now.
    stream_ = net::Stream{Tcp::socket{context_->io}};
    error_code error;
    net::open_from(stream_.socket(), context_->options.own_address, to, error);
    if (!error) co_await stream_.socket().async_connect(net::to_asio(to), quietly(error));
    if (error || is_ended_) co_return false;
    timed_out_ = was_called_ = false;
    stream_.socket().set_option(Tcp::no_delay{true}, error);
    co_return true;
}

awaitable<bool> SourceWire::be_called() {
    enter(Stage::called);
    watchdog_.rest();
    auto const wait = std::make_shared<Calls::Wait>(context_->io);
    stop_waiting_ = [wait] { wait->cancel(); };
    co_await context_->calls.wait_for(wait, source_.servent, source_.index);
    stop_waiting_ = nullptr;
    asked_to_call_ |= wait->was_asked();
    if (!wait->has_called() || is_ended_) co_return false;
    timed_out_ = false;
    was_called_ = true;
    stream_ = net::Stream{wait->take_socket()};
    buffer_ = wait->take_read();
    co_return true;
}

/// A server may have closed a connection that it seemed to keep: then the request is repeated once on a fresh one.
awaitable<std::optional<HttpResponse>> SourceWire::exchange_once(std::string_view method, std::string_view what,
                                                                 std::optional<ByteRange> range) {
    timed_out_ = heard_ = false;
    if (!stream_.socket().is_open() || !keep_alive_) {
        close();
        if (!co_await connect()) co_return std::nullopt;
    }
    bool const may_be_stale = reused_;
    if (co_await ask(method, what, range)) {
        if (auto const reply = co_await read_reply()) co_return reply;
    }
    if (!may_be_stale || heard_ || timed_out_ || is_ended_ || ++reconnects_ > reconnects_max) co_return std::nullopt;
    close();
    if (!co_await connect()) co_return std::nullopt;
    if (!co_await ask(method, what, range)) co_return std::nullopt;
    co_return co_await read_reply();
}

Outcome SourceWire::no_reply() const {
    if (way_ && !way_->trouble().empty()) return fault(Fault::refused, way_->trouble());
    if (timed_out_) return fault(Fault::closed, "does not answer");
    if (heard_) return fault(Fault::nonsense, "does not answer as a server of files");
    return fault(Fault::closed, "closes the connection without an answer");
}

awaitable<bool> SourceWire::ask(std::string_view method, std::string_view what, std::optional<ByteRange> range) {
    auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\n", method, what,
                            way_ ? way_->at().authority() : source_.endpoint.text(), context_->options.user_agent);
    if (range) text += fmt::format("Range: bytes={}-{}\r\n", range->begin, range->end - 1);
    // A web server is told no more than the file it is asked for.
    if (range && !way_) {
        text += "X-Queue: 1.1\r\n";
        if (job_->urn.sha1) {
            auto const& own_location = context_->options.own_location;
            auto const own = own_location ? own_location() : std::nullopt;
            text +=
                context_->alternates.request_lines(*job_->urn.sha1, source_.endpoint, own, served_bytes(*job_), now());
        }
        auto const* const known = job_->sources.find(source_id_);
        if (known != nullptr && !known->queue_id.empty()) text += fmt::format("X-Queued: ID={}\r\n", known->queue_id);
    }
    text += "Connection: Keep-Alive\r\n\r\n";
    enter(Stage::replying);
    watchdog_.allow(context_->options.limits.reply_time);
    error_code error;
    co_await asio::async_write(stream_, asio::buffer(text), quietly(error));
    co_return !error;
}

/// Empty: hung up, too slow, or not HTTP.
awaitable<std::optional<HttpResponse>> SourceWire::read_reply() {
    watchdog_.allow(context_->options.limits.reply_time);
    std::optional<std::size_t> length;
    while (!(length = wire::head_length(buffer_))) {
        if (buffer_.size() >= response_bytes_max) co_return std::nullopt;
        auto const before = buffer_.size();
        buffer_.resize(before + head_block_bytes);
        error_code error;
        auto const count =
            co_await stream_.async_read_some(asio::buffer(buffer_.data() + before, head_block_bytes), quietly(error));
        buffer_.resize(before + count);
        heard_ = heard_ || count > 0;
        if (error) co_return std::nullopt;
    }
    heard_ = true;
    auto const reply = parse_response(as_text(ByteView{buffer_}.first(*length)));
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(*length));
    enter(Stage::resting);
    if (!reply) co_return std::nullopt;
    keep_alive_ = reply->keep_alive;
    reused_ = true;
    co_return *reply;
}

void SourceWire::came(std::size_t bytes) {
    context_->bytes_received += bytes;
    job_->progress.arrived_bytes += bytes;
}

std::optional<std::size_t> SourceWire::take(std::span<std::byte> into) {
    if (share_.is_limited()) {
        if (share_.held() == 0) return std::nullopt;
        into = into.first(std::min(into.size(), share_.held()));
    }
    auto const count = take_now(into);
    if (count) share_.use(*count);
    return count;
}

std::optional<std::size_t> SourceWire::take_now(std::span<std::byte> into) {
    auto count = std::min(into.size(), buffer_.size());
    if (count > 0) {
        std::copy_n(buffer_.begin(), count, into.begin());
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(count));
    } else {
        error_code error;
        count = stream_.read_now(asio::buffer(into.data(), into.size()), error);
        if (error == asio::error::would_block || error == asio::error::try_again) return std::nullopt;
    }
    came(count);
    return count;
}

awaitable<void> SourceWire::wait() {
    // It is no fault of the source how long its turn takes.
    if (waits_for_share()) {
        watchdog_.rest();
        co_await share_.take(RateLimit::grant_bytes_max);
        co_return;
    }
    watchdog_.allow(context_->options.limits.stalled_time);
    error_code error;
    co_await stream_.socket().async_wait(Tcp::socket::wait_read, quietly(error));
}

/// However slowly the bytes come, the time is not longer for it. They are few: they count for the limit of all downloads
/// and do not wait for it. False: the connection ended or stood still before.
awaitable<bool> SourceWire::fill(std::span<std::byte> into) {
    while (!into.empty() && !is_ended_) {
        auto const count = take_now(into);
        if (!count) {
            error_code error;
            co_await stream_.socket().async_wait(Tcp::socket::wait_read, quietly(error));
            continue;
        }
        if (*count == 0) co_return false;
        context_->options.read_limit->charge(*count);
        into = into.subspan(*count);
    }
    co_return into.empty();
}

awaitable<bool> SourceWire::skip_body(HttpResponse const& reply) {
    auto const length = reply.content_length.value_or(0);
    if (!keep_alive_ || reply.encoded || length > refusal_bytes_max) {
        keep_alive_ = false;
        co_return false;
    }
    enter(Stage::replying);
    watchdog_.allow(context_->options.limits.reply_time);
    Bytes body(static_cast<std::size_t>(length));
    keep_alive_ = co_await fill(body);
    enter(Stage::resting);
    co_return keep_alive_;
}

awaitable<std::optional<Bytes>> SourceWire::read_small_body(HttpResponse const& reply, std::size_t bytes_max) {
    if (reply.compressed) co_return std::nullopt;
    enter(Stage::replying);
    if (!reply.chunked && reply.content_length) {
        if (*reply.content_length == 0 || *reply.content_length > bytes_max) co_return std::nullopt;
        Bytes body(static_cast<std::size_t>(*reply.content_length));
        watchdog_.allow(context_->options.limits.reply_time);
        if (!co_await fill(body)) co_return std::nullopt;
        co_return body;
    }
    ChunkedBody chunks{bytes_max};
    watchdog_.allow(context_->options.limits.reply_time);
    for (;;) {
        if (reply.chunked) {
            std::size_t used = 0;
            auto const state = chunks.take(buffer_, used);
            buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used));
            if (state == ChunkedBody::State::done) co_return chunks.body();
            if (state == ChunkedBody::State::broken) co_return std::nullopt;
        } else if (buffer_.size() > bytes_max) {
            co_return std::nullopt;
        }
        auto const before = buffer_.size();
        buffer_.resize(before + head_block_bytes);
        error_code error;
        auto const count =
            co_await stream_.async_read_some(asio::buffer(buffer_.data() + before, head_block_bytes), quietly(error));
        buffer_.resize(before + count);
        context_->options.read_limit->charge(count);
        if (!error) continue;
        if (reply.chunked || error != asio::error::eof || buffer_.empty()) co_return std::nullopt;
        keep_alive_ = false;
        co_return std::move(buffer_);
    }
}

}  // namespace praline::download
