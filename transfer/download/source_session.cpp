#include "transfer/download/source_session.hpp"

#include <algorithm>
#include <bit>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/core.h>

#include "node/base/text.hpp"
#include "node/net/connect_from.hpp"
#include "node/wire/head_text.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/thex.hpp"

namespace praline::download {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

namespace {

auto quietly(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

constexpr std::size_t head_block_bytes = 8 * 1024;
/// A file of one slice at any depth that is kept: its root is its tree.
constexpr std::uint64_t one_slice_bytes_max = 256 * 1024;

Outcome fault(Fault which, std::string detail) { return Outcome{which, std::nullopt, std::move(detail)}; }

}  // namespace

SourceSession::SourceSession(std::shared_ptr<DownloadManager::Impl> manager, JobPtr job, KnownSource const& known)
    : manager_{std::move(manager)},
      job_{std::move(job)},
      source_id_{known.id},
      source_{known.source},
      queue_id_{known.queue_id},
      socket_{manager_->io},
      watchdog_{manager_->io, [this] { close(); }} {
    job_->socket = &socket_;
}

SourceSession::~SourceSession() { job_->socket = nullptr; }

void SourceSession::close() {
    error_code ignored;
    socket_.shutdown(Tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

bool SourceSession::is_wanted() const { return !manager_->stopped && job_->is_wanted() && job_->disk_error == 0; }

bool SourceSession::wants_tree() const {
    return !job_->tree && (job_->urn.tiger_root || job_->urn.sha1) && (!job_->has_map || job_->map.slice_count() > 0);
}

awaitable<Outcome> SourceSession::run() {
    manager_->set_state(*job_, State::connecting, {});
    if (!co_await connect()) co_return unreachable();
    if (!is_wanted()) co_return Outcome{};
    if (auto const ended = co_await learn()) co_return *ended;
    if (!is_wanted()) co_return Outcome{};
    if (!job_->has_map) co_return fault(Fault::nonsense, "does not say how large the file is");
    if (job_->recheck) co_return Outcome{};
    if (!manager_->open_part(*job_)) co_return Outcome{};
    // Asking for facts may have cost the connection.
    if (!socket_.is_open() || !keep_alive_) {
        close();
        buffer_.clear();
        if (!co_await connect()) co_return unreachable();
    }
    manager_->set_state(*job_, State::downloading, {});
    auto const ended = co_await fetch_ranges();
    watchdog_.rest();
    close();
    co_return ended.value_or(Outcome{});
}

awaitable<bool> SourceSession::connect() {
    bool const can_push = !source_.servent.is_blank() && manager_->options.request_push != nullptr;
    keep_alive_ = true;
    if (source_.push_needed && can_push && co_await be_called()) co_return true;
    if (is_wanted() && co_await connect_directly()) co_return true;
    if (!source_.push_needed && can_push && is_wanted()) co_return co_await be_called();
    co_return false;
}

Outcome SourceSession::unreachable() const {
    if (!source_.push_needed) return fault(Fault::unreachable, "cannot be reached");
    if (asked_to_call_) return fault(Fault::unreachable, "cannot be reached from outside, and did not call when it was asked to");
    return fault(Fault::unreachable, "cannot be reached from outside, and there is no way to ask it to call");
}

awaitable<bool> SourceSession::connect_directly() {
    if (source_.endpoint.is_unusable()) co_return false;
    close();
    watchdog_.allow(manager_->options.limits.connect_time);
    error_code error;
    Tcp::endpoint const to{asio::ip::address_v4{source_.endpoint.address}, source_.endpoint.port};
    net::open_from(socket_, manager_->options.own_address, source_.endpoint, error);
    if (!error) co_await socket_.async_connect(to, quietly(error));
    if (error) co_return false;
    socket_.set_option(Tcp::no_delay{true}, error);
    co_return true;
}

awaitable<bool> SourceSession::be_called() {
    watchdog_.rest();
    auto const wait = co_await manager_->push(source_);
    asked_to_call_ |= wait->asked;
    if (!wait->answered || !is_wanted()) co_return false;
    socket_ = std::move(wait->socket);
    buffer_ = std::move(wait->read);
    co_return true;
}

std::string SourceSession::target() const {
    if (job_->urn.sha1) return "/uri-res/N2R?" + job_->urn.sha1->urn();
    if (source_.index != 0 || !job_->urn.tiger_root)
        return fmt::format("/get/{}/{}", source_.index, percent_encode(source_.name.empty() ? job_->name : source_.name));
    return "/uri-res/N2R?" + job_->urn.text();
}

awaitable<bool> SourceSession::ask(std::string_view method, std::string_view what, std::optional<ByteRange> range) {
    auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\n", method, what, source_.endpoint.text(),
                            manager_->options.user_agent);
    if (range) {
        text += fmt::format("X-Queue: 1.1\r\nRange: bytes={}-{}\r\n", range->begin, range->end - 1);
        if (!queue_id_.empty()) text += fmt::format("X-Queued: ID={}\r\n", queue_id_);
    }
    text += "Connection: Keep-Alive\r\n\r\n";
    watchdog_.allow(manager_->options.limits.reply_time);
    error_code error;
    co_await asio::async_write(socket_, asio::buffer(text), quietly(error));
    co_return !error;
}

/// Empty: hung up, too slow, or not HTTP.
awaitable<std::optional<HttpResponse>> SourceSession::read_reply() {
    watchdog_.allow(manager_->options.limits.reply_time);
    std::optional<std::size_t> length;
    while (!(length = wire::head_length(buffer_))) {
        if (buffer_.size() >= response_bytes_max) co_return std::nullopt;
        auto const before = buffer_.size();
        buffer_.resize(before + head_block_bytes);
        error_code error;
        auto const count = co_await socket_.async_read_some(asio::buffer(buffer_.data() + before, head_block_bytes), quietly(error));
        buffer_.resize(before + count);
        if (error) co_return std::nullopt;
    }
    auto const reply = parse_response(as_text(ByteView{buffer_}.first(*length)));
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(*length));
    if (!reply) co_return std::nullopt;
    keep_alive_ = reply->keep_alive;
    co_return *reply;
}

/// What a refusal means; empty: it is none.
std::optional<Outcome> SourceSession::check_reply(HttpResponse const& reply) {
    if (auto* const known = manager_->stopped ? nullptr : job_->sources.find(source_id_)) known->queue_id = reply.queue_id;
    auto const text = fmt::format("answers {}", reply.status);
    switch (reply.status) {
    case 200:
    case 206: break;
    case 404:
    case 410: return fault(Fault::not_found, text);
    case 409:
    case 429:
    case 503: {
        Outcome busy = fault(Fault::busy, "is busy");
        if (reply.retry_after_s)
            busy.retry_after = std::chrono::seconds{static_cast<std::int64_t>(std::min<std::uint64_t>(*reply.retry_after_s, 1'000'000))};
        return busy;
    }
    default: return fault(Fault::refused, text);
    }
    if (reply.encoded) return fault(Fault::nonsense, "encodes what it sends");
    return std::nullopt;
}

/// Learns what is not known and compares what is.
std::optional<Outcome> SourceSession::note_facts(HttpResponse const& reply, std::optional<std::uint64_t> size_bytes) {
    auto& job = *job_;
    if (reply.urn && reply.urn->sha1) {
        if (!job.urn.sha1) job.urn.sha1 = reply.urn->sha1;
        else if (*job.urn.sha1 != *reply.urn->sha1) return fault(Fault::wrong_content, "has another file");
    }
    if (!size_bytes) return std::nullopt;
    if (*size_bytes > file_bytes_max) return fault(Fault::wrong_size, "has a file of another size");
    if (!job.size_bytes) {
        job.size_bytes = size_bytes;
        job.dirty = true;
    }
    if (*job.size_bytes != *size_bytes) return fault(Fault::wrong_size, "has a file of another size");
    return std::nullopt;
}

/// Size, SHA-1 and tree, as far as they are not known, by a HEAD.
awaitable<std::optional<Outcome>> SourceSession::learn() {
    auto const* const known = job_->sources.find(source_id_);
    if (known == nullptr) co_return Outcome{};
    bool const may_have_tree = !known->asked_for_tree;
    auto& job = *job_;
    if (!job.size_bytes || (wants_tree() && may_have_tree && *job.size_bytes > one_slice_bytes_max)) {
        if (!co_await ask("HEAD", target(), std::nullopt)) co_return fault(Fault::closed, "hung up");
        auto const reply = co_await read_reply();
        if (!reply) co_return fault(Fault::nonsense, "does not answer as a server of files");
        if (!is_wanted()) co_return Outcome{};
        bool const knows_no_head = reply->status == 400 || reply->status == 405 || reply->status == 501;
        if (knows_no_head && job.size_bytes) {
            // Its refusal may have a body that we cannot tell from the next reply.
            keep_alive_ = false;
        } else {
            if (auto const refused = check_reply(*reply)) co_return refused;
            auto const size = reply->content_range ? reply->content_range->size_bytes : reply->content_length;
            if (auto const wrong = note_facts(*reply, size)) co_return wrong;
            auto const root = job.urn.tiger_root ? job.urn.tiger_root : reply->thex_root;
            if (wants_tree() && may_have_tree && root && !reply->thex_uri.empty() && job.size_bytes && keep_alive_ &&
                *job.size_bytes > one_slice_bytes_max)
                co_await fetch_tree(reply->thex_uri, *root);
        }
    }
    if (!is_wanted()) co_return Outcome{};
    if (job.size_bytes && !job.tree) settle_for_no_tree();
    co_return std::nullopt;
}

awaitable<void> SourceSession::fetch_tree(std::string uri, TigerHash root) {
    // Whatever goes wrong, this source is not asked for it again, and the file is fetched without.
    if (auto* const known = job_->sources.find(source_id_)) known->asked_for_tree = true;
    if (!co_await ask("GET", uri, std::nullopt)) co_return;
    auto const reply = co_await read_reply();
    auto const length = reply ? reply->content_length.value_or(0) : 0;
    if (!reply || reply->status != 200 || reply->encoded || length == 0 || length > content::thex_bytes_max) {
        keep_alive_ = false;
        co_return;
    }
    Bytes body(static_cast<std::size_t>(length));
    if (co_await read_into(body.data(), body.size()) != body.size()) {
        keep_alive_ = false;
        co_return;
    }
    if (!is_wanted() || job_->tree || !job_->size_bytes) co_return;
    auto tree = content::thex_decode(body, root, *job_->size_bytes);
    if (!tree || tree->slice_count() > slices_max) co_return;
    manager_->adopt_tree(*job_, std::move(*tree), source_id_);
}

/// A small file is its own only slice. A large one without a tree is checked by its SHA-1 when it is whole; if only the
/// root is known, as one slice.
void SourceSession::settle_for_no_tree() {
    auto& job = *job_;
    auto const size = *job.size_bytes;
    bool const one_slice = job.urn.tiger_root && (size <= one_slice_bytes_max || !job.urn.sha1);
    if (one_slice) {
        auto const slice = std::max(one_slice_bytes_max, std::bit_ceil(size));
        manager_->adopt_tree(job, content::TreeLevel{size, slice, {*job.urn.tiger_root}}, source_id_);
    } else if (!job.has_map) {
        manager_->start_map(job, content::good_slice_bytes(size));
    }
}

awaitable<std::optional<Outcome>> SourceSession::fetch_ranges() {
    auto& job = *job_;
    std::uint64_t at = 0;
    while (is_wanted() && !job.map.complete()) {
        auto range = job.map.next_missing(at, manager_->options.limits.request_bytes_max);
        if (!range) {
            // All is asked for; what was found wrong meanwhile is missing again once the checks are done.
            co_await manager_->drain(job_);
            if (at == 0) co_return std::nullopt;
            at = 0;
            continue;
        }
        if (!co_await ask("GET", target(), range)) co_return fault(Fault::closed, "hung up");
        auto const reply = co_await read_reply();
        if (!is_wanted()) co_return Outcome{};
        if (!reply) co_return fault(Fault::nonsense, "does not answer as a server of files");
        if (auto const refused = check_reply(*reply)) co_return refused;
        ByteRange body{0, 0};
        if (reply->status == 206) {
            if (!reply->content_range) co_return fault(Fault::nonsense, "does not say which octets it sends");
            auto const& sent = *reply->content_range;
            if (auto const wrong = note_facts(*reply, sent.size_bytes)) co_return wrong;
            body = {sent.begin, sent.end};
        } else {
            if (!reply->content_length) co_return fault(Fault::nonsense, "does not say how much it sends");
            if (auto const wrong = note_facts(*reply, reply->content_length)) co_return wrong;
            body = {0, *reply->content_length};
        }
        bool const whole_instead = reply->status == 200;
        if (body.begin != range->begin || (body.end > range->end && !whole_instead))
            co_return fault(Fault::nonsense, "sends octets that were not asked for");
        if (auto const ended = co_await fetch_body(body.begin, std::min(body.end, range->end))) co_return ended;
        job.sources.succeeded(source_id_);
        at = std::min(body.end, range->end);
        if (body.end > range->end || !keep_alive_) co_return std::nullopt;
    }
    co_return std::nullopt;
}

awaitable<bool> SourceSession::wait_for_room() {
    auto& job = *job_;
    while (is_wanted() && job.in_flight > 0 && job.in_flight + block_bytes > manager_->options.limits.in_flight_bytes_max) {
        watchdog_.rest();
        job.room.expires_at(asio::steady_timer::time_point::max());
        error_code ignored;
        co_await job.room.async_wait(quietly(ignored));
    }
    co_return is_wanted();
}

/// Blocks end where slices do, so that most slices are checked in memory.
awaitable<std::optional<Outcome>> SourceSession::fetch_body(std::uint64_t begin, std::uint64_t end) {
    auto& job = *job_;
    for (auto at = begin; at < end;) {
        if (!co_await wait_for_room()) co_return Outcome{};
        auto block_end = std::min(end, at + block_bytes);
        auto const slice_start = block_end - block_end % job.map.slice_bytes();
        if (block_end != end && slice_start > at) block_end = slice_start;
        auto block = manager_->take_block();
        block->begin = at;
        block->size = co_await read_into(block->octets.get(), static_cast<std::size_t>(block_end - at));
        if (manager_->stopped || job.removed) co_return Outcome{};
        if (auto* const known = job.sources.find(source_id_)) known->bytes += block->size;
        at += block->size;
        bool const is_whole = at == block_end;
        if (block->size > 0) manager_->submit(job_, std::move(block), source_id_);
        if (!is_whole) co_return is_wanted() ? fault(Fault::closed, "hung up") : Outcome{};
    }
    co_return std::nullopt;
}

/// Fewer octets than asked for: the connection ended or stood still.
awaitable<std::size_t> SourceSession::read_into(std::byte* into, std::size_t size) {
    auto filled = std::min(size, buffer_.size());
    std::copy_n(buffer_.begin(), filled, into);
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(filled));
    manager_->bytes_received += filled;
    job_->arrived_bytes += filled;
    while (filled < size) {
        watchdog_.allow(manager_->options.limits.stalled_time);
        error_code error;
        auto const count = co_await socket_.async_read_some(asio::buffer(into + filled, size - filled), quietly(error));
        filled += count;
        manager_->bytes_received += count;
        job_->arrived_bytes += count;
        if (error) break;
    }
    co_return filled;
}

}  // namespace praline::download
