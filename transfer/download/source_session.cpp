#include "transfer/download/source_session.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace praline::download {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;
using Stage = SourceWire::Stage;

namespace {

/// While the disk is behind, a source is looked at again so often.
constexpr std::chrono::milliseconds room_wait{10};

}  // namespace

SourceSession::SourceSession(std::shared_ptr<Connections> connections, JobPtr job, KnownSource const& known,
                             swarm::LinkId link)
    : connections_{std::move(connections)},
      context_{connections_->context()},
      job_{std::move(job)},
      source_id_{known.id},
      link_{link},
      wire_{context_, job_, known},
      wake_{context_->io} {}

void SourceSession::start(std::shared_ptr<SourceSession> const& session) {
    // Not at once: who starts it is in the middle of something.
    asio::post(session->context_->io, [session] {
        asio::co_spawn(session->context_->io, session->run(), [session](std::exception_ptr const& failure) {
            if (!failure) return;
            session->close();
            try {
                std::rethrow_exception(failure);
            } catch (std::exception const& error) {
                session->connections_->broke(session->job_, error.what());
            }
        });
    });
}

bool SourceSession::is_wanted() const { return !context_->is_stopped() && !wire_.is_ended(); }

void SourceSession::ask(ByteRange range) {
    // The body before this one may not be read to its end yet.
    request_ = range;
    wake_.cancel();
}

void SourceSession::stop_at(std::uint64_t end) {
    if (request_)
        request_->end = end;
    else
        stop_ = end;
}

void SourceSession::close() {
    submit();
    wire_.end();
    wake_.cancel();
}

void SourceSession::flush(ByteRange range) {
    if (block_ && block_->begin < range.end && range.begin < block_->begin + block_->size) submit();
}

void SourceSession::submit() {
    if (!block_) return;
    job_->disk->write(std::move(block_));
    block_.reset();
}

void SourceSession::tell(swarm::Event const& event) {
    if (is_wanted()) connections_->feed(job_, event);
}

awaitable<void> SourceSession::run() {
    auto const self = shared_from_this();
    if (!is_wanted()) co_return;
    auto const outcome = co_await serve();
    if (!is_wanted()) co_return;
    submit();
    wire_.end();
    connections_->session_ended(job_, *this, outcome);
}

awaitable<Outcome> SourceSession::serve() {
    if (!co_await wire_.open()) co_return wire_.unreachable();
    if (!is_wanted()) co_return Outcome{};
    if (auto const ended = co_await learn()) co_return *ended;
    if (!is_wanted()) co_return Outcome{};
    if (!job_->story.size_bytes) co_return fault(Fault::nonsense, "does not say how large the file is");
    is_open_ = true;
    wire_.enter(Stage::resting);
    connections_->learnt(job_, *this);
    while (is_wanted()) {
        if (!request_) {
            wake_.expires_at(asio::steady_timer::time_point::max());
            error_code ignored;
            co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            continue;
        }
        auto const range = *request_;
        request_.reset();
        stop_ = range.end;
        if (auto const ended = co_await fetch(range)) co_return *ended;
        wire_.enter(Stage::resting);
    }
    co_return Outcome{};
}

/// Empty: the source can be asked again.
awaitable<std::optional<Outcome>> SourceSession::fetch(ByteRange range) {
    auto const* const before = job_->sources.find(source_id_);
    bool const had_parts = before != nullptr && !before->available.empty();
    auto const reply = co_await wire_.exchange("GET", target(), range);
    if (!is_wanted()) co_return Outcome{};
    if (!reply) co_return wire_.no_reply();
    if (auto const refused = co_await check_reply(*reply)) {
        if (!is_wanted()) co_return Outcome{};
        // A server of a part of the file has just said which part that is.
        bool const may_go_on = refused->fault == Fault::not_yet && !reply->available.empty();
        if (!may_go_on || !co_await wire_.skip_body(*reply)) co_return refused;
        tell(swarm::Offered{link_, reply->available});
        tell(swarm::Declined{link_});
        co_return std::nullopt;
    }
    ByteRange body{0, 0};
    if (auto const wrong = co_await begin_body(*reply, range, body)) co_return wrong;
    auto const end = std::min(body.end, range.end);
    stop_ = std::min(stop_, end);
    if (!reply->available.empty())
        tell(swarm::Offered{link_, reply->available});
    else if (had_parts)
        tell(swarm::Offered{link_, {{0, *job_->story.size_bytes}}});  // it has the whole by now
    wire_.enter(Stage::receiving);
    tell(swarm::BodyBegan{link_, end});
    if (auto const ended = co_await read_body(body.begin)) co_return ended;
    auto const& limits = context_->options.limits;
    // Each reply may end early; who makes a request of every few bytes is no source to ask again and again.
    crumbs_ = end < range.end && end - range.begin < limits.crumb_bytes ? crumbs_ + 1 : 0;
    if (crumbs_ >= limits.crumbs_max) co_return fault(Fault::slow, "sends only a few bytes for each request");
    // Another connection at once would be one for each range. The rest of a whole file sent instead of a part is not read.
    if (!wire_.keeps_alive() || body.end > range.end) co_return Outcome{};
    co_return std::nullopt;
}

/// Which bytes come; empty: those that were asked for.
awaitable<std::optional<Outcome>> SourceSession::begin_body(HttpResponse const& reply, ByteRange range,
                                                            ByteRange& body) {
    if (reply.status == 206) {
        if (!reply.content_range) co_return fault(Fault::nonsense, "does not say which bytes it sends");
        auto const& sent = *reply.content_range;
        if (auto const wrong = note_facts(reply, sent.size_bytes)) co_return wrong;
        body = {sent.begin, sent.end};
    } else {
        if (!reply.content_length) co_return fault(Fault::nonsense, "does not say how much it sends");
        if (auto const wrong = note_facts(reply, reply.content_length)) co_return wrong;
        body = {0, *reply.content_length};
    }
    bool const whole_instead = reply.status == 200;
    if (body.begin != range.begin || (body.end > range.end && !whole_instead))
        co_return fault(Fault::nonsense, "sends bytes that were not asked for");
    co_return std::nullopt;
}

/// The disk is slow, not the source.
awaitable<void> SourceSession::wait_for_room() {
    auto const& limits = context_->options.limits;
    auto const& disk = *job_->disk;
    while (is_wanted() && disk.in_flight_bytes() > 0 &&
           disk.in_flight_bytes() + block_bytes > limits.in_flight_bytes_max) {
        wire_.enter(Stage::resting);
        tell(swarm::Held{link_});
        wake_.expires_after(room_wait);
        error_code ignored;
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    if (is_wanted()) wire_.enter(Stage::receiving);
}

/// Blocks end where pieces do, so that most pieces are checked in memory.
std::size_t SourceSession::room_in_block(std::uint64_t at) {
    if (!block_) {
        block_ = context_->pool->blocks.take();
        block_->begin = at;
        auto end = std::min(stop_, at + block_bytes);
        auto const piece_start = end - end % job_->map().piece_bytes();
        if (end != stop_ && piece_start > at) end = piece_start;
        block_room_ = static_cast<std::size_t>(end - at);
    }
    auto const room = block_room_ - block_->size;
    return static_cast<std::size_t>(std::min<std::uint64_t>(room, stop_ - at));
}

awaitable<std::optional<Outcome>> SourceSession::read_body(std::uint64_t begin) {
    auto const self = shared_from_this();
    for (auto at = begin; at < stop_;) {
        if (!block_) co_await wait_for_room();
        if (!is_wanted()) co_return Outcome{};
        auto const room = room_in_block(at);
        auto const count = wire_.take({block_->bytes.get() + block_->size, room});
        if (!count) {
            if (block_->size == 0) context_->pool->blocks.give_back(std::move(block_)), block_.reset();
            // The limit of all downloads holds it up, not the source.
            if (wire_.waits_for_share()) tell(swarm::Held{link_});
            co_await wire_.wait();
            if (!is_wanted()) co_return Outcome{};
            if (wire_.has_timed_out()) co_return fault(Fault::closed, "stopped sending");
            continue;
        }
        if (*count == 0) co_return fault(Fault::closed, "closed the connection in the middle of the file");
        at += *count;
        block_->size += *count;
        bool const is_full = block_->size == block_room_ || at >= stop_;
        tell(swarm::BytesCame{link_, *count});
        if (!is_wanted()) co_return Outcome{};
        if (!is_full) continue;
        submit();
        // Others have their turn.
        co_await asio::post(asio::use_awaitable);
    }
    submit();
    co_return std::nullopt;
}

}  // namespace praline::download
