// The ranges of the file that are missing, fetched one after the other from one source.
#include <algorithm>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transfer/download/source_session.hpp"

namespace praline::download {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

/// What is missing at `at` or after it, of the parts that the source has.
std::optional<ByteRange> SourceSession::next_range(std::uint64_t at) const {
    auto const most = manager_->options.limits.request_bytes_max;
    auto* const known = job_->sources.find(source_id_);
    if (known == nullptr || known->available.empty()) return job_->map.next_missing(at, most);
    std::optional<ByteRange> first;
    for (auto const& part : known->available) {
        if (part.end <= at) continue;
        auto range = job_->map.next_missing(std::max(at, part.begin), most);
        if (!range || range->begin >= part.end) continue;
        range->end = std::min(range->end, part.end);
        if (!first || range->begin < first->begin) first = range;
    }
    return first;
}

awaitable<std::optional<Outcome>> SourceSession::fetch_ranges() {
    auto& job = *job_;
    std::uint64_t at = 0;
    unsigned refusals = 0;
    while (is_wanted() && !job.map.complete()) {
        auto const range = next_range(at);
        if (!range) {
            // All is asked for; what was found wrong meanwhile is missing again once the checks are done.
            co_await manager_->drain(job_);
            if (at == 0) {
                if (job.map.complete() || job.map.next_missing(0, 1) == std::nullopt) co_return std::nullopt;
                co_return fault(Fault::not_yet, "has no part of the file that is missing here");
            }
            at = 0;
            continue;
        }
        auto got_to = at;
        if (auto const ended = co_await fetch_range(*range, got_to)) {
            // A server of a part of the file has just said which part that is.
            bool const retry = ended->fault == Fault::not_yet && keep_alive_ && next_range(0) &&
                               next_range(0) != range && ++refusals < 2;
            if (!retry) co_return ended;
            at = 0;
            continue;
        }
        auto const& limits = manager_->options.limits;
        // Each reply may end early; who makes a request of every few bytes is no source to ask again and again.
        crumbs_ = got_to < range->end && got_to - range->begin < limits.crumb_bytes ? crumbs_ + 1 : 0;
        if (crumbs_ >= limits.crumbs_max) co_return fault(Fault::slow, "sends only a few bytes for each request");
        at = got_to;
        if (crumbs_ == 0) job.sources.succeeded(source_id_);
        // Another connection at once would be one for each range, however small those are made.
        if (!keep_alive_) co_return std::nullopt;
    }
    co_return std::nullopt;
}

awaitable<std::optional<Outcome>> SourceSession::fetch_range(ByteRange range, std::uint64_t& got_to) {
    auto const reply = co_await exchange("GET", target(), range);
    if (!is_wanted()) co_return Outcome{};
    if (!reply) co_return no_reply();
    if (auto const refused = co_await check_reply(*reply)) {
        if (refused->fault == Fault::not_yet) co_await skip_body(*reply);
        co_return refused;
    }
    ByteRange body{0, 0};
    if (reply->status == 206) {
        if (!reply->content_range) co_return fault(Fault::nonsense, "does not say which bytes it sends");
        auto const& sent = *reply->content_range;
        if (auto const wrong = note_facts(*reply, sent.size_bytes)) co_return wrong;
        body = {sent.begin, sent.end};
    } else {
        if (!reply->content_length) co_return fault(Fault::nonsense, "does not say how much it sends");
        if (auto const wrong = note_facts(*reply, reply->content_length)) co_return wrong;
        body = {0, *reply->content_length};
    }
    bool const whole_instead = reply->status == 200;
    if (body.begin != range.begin || (body.end > range.end && !whole_instead))
        co_return fault(Fault::nonsense, "sends bytes that were not asked for");
    got_to = std::min(body.end, range.end);
    manager_->set_state(*job_, State::downloading, {});
    enter(Stage::receiving);
    auto const ended = co_await fetch_body(body.begin, got_to);
    enter(Stage::resting);
    if (ended) co_return ended;
    // The rest of a whole file that was sent instead of a part is not read.
    if (body.end > range.end) {
        keep_alive_ = false;
        job_->sources.succeeded(source_id_);
        co_return Outcome{};
    }
    co_return std::nullopt;
}

awaitable<bool> SourceSession::wait_for_room() {
    auto& job = *job_;
    auto const& limits = manager_->options.limits;
    bool waited = false;
    while (is_wanted() && job.in_flight > 0 && job.in_flight + block_bytes > limits.in_flight_bytes_max) {
        // The disk is slow, not the source.
        enter(Stage::resting);
        waited = true;
        watchdog_.rest();
        job.room.expires_at(asio::steady_timer::time_point::max());
        error_code ignored;
        co_await job.room.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    if (waited) enter(Stage::receiving);
    co_return is_wanted();
}

/// Blocks end where slices do, so that most slices are checked in memory.
awaitable<std::optional<Outcome>> SourceSession::fetch_body(std::uint64_t begin, std::uint64_t end) {
    auto& job = *job_;
    for (auto at = begin; at < end;) {
        if (!co_await wait_for_room()) co_return Outcome{};
        auto block_end = std::min(end, at + block_bytes);
        auto const slice_start = block_end - block_end % job.map.piece_bytes();
        if (block_end != end && slice_start > at) block_end = slice_start;
        auto block = manager_->take_block();
        block->begin = at;
        block->size = co_await read_into(block->bytes.get(), static_cast<std::size_t>(block_end - at));
        if (manager_->stopped || job.removed) co_return Outcome{};
        if (auto* const known = job.sources.find(source_id_)) known->bytes += block->size;
        at += block->size;
        bool const is_whole = at == block_end;
        if (block->size > 0) manager_->submit(job_, std::move(block), source_id_);
        if (is_whole) continue;
        if (!is_wanted()) co_return Outcome{};
        co_return timed_out_ ? fault(Fault::closed, "stopped sending")
                             : fault(Fault::closed, "closed the connection in the middle of the file");
    }
    co_return std::nullopt;
}

}  // namespace praline::download
