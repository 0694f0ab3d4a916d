// What a source says of the file before it sends any of it: size, hash and Tiger tree. All of it is the source's own
// claim until the hash of the whole agrees.
#include <algorithm>

#include <fmt/core.h>

#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/content/thex.hpp"
#include "transfer/download/source_session.hpp"

namespace praline::download {

using boost::asio::awaitable;
using std::chrono::seconds;

namespace {

/// Longer waits asked for by a stranger are cut where they are used; this keeps the arithmetic safe.
constexpr std::uint64_t wait_seconds_max = 1'000'000;
/// After the earliest moment at which a queue may be polled; too early costs the place.
constexpr std::uint64_t poll_margin_max_s = 5;

seconds bounded(std::uint64_t wait_s) { return seconds{static_cast<std::int64_t>(std::min(wait_s, wait_seconds_max))}; }

bool is_refusal_of_head(int status) { return status == 400 || status == 405 || status == 501; }

}  // namespace

bool SourceSession::wants_tree() const {
    auto const& story = job_->story;
    return !job_->checks_pieces() && !job_->story.late_tree && (job_->urn.tiger_root || job_->urn.sha1) &&
           (!story.has_map || job_->map().piece_count() > 0);
}

std::string SourceSession::target() const {
    if (auto const* const url = wire_.url()) return url->target;
    if (job_->urn.sha1) return "/uri-res/N2R?" + job_->urn.sha1->urn();
    if (job_->urn.tiger_root && source().sha1) return "/uri-res/N2R?" + source().sha1->urn();
    if (source().index != 0 || !job_->urn.tiger_root)
        return fmt::format("/get/{}/{}", source().index,
                           percent_encode(source().name.empty() ? job_->name : source().name));
    return "/uri-res/N2R?" + job_->urn.text();
}

/// Busy, and perhaps with a place in its queue that the connection keeps.
Outcome SourceSession::busy(HttpResponse const& reply) {
    Outcome busy = fault(Fault::busy, "is busy");
    if (reply.retry_after_s) busy.retry_after = bounded(*reply.retry_after_s);
    auto const position = reply.queue ? reply.queue->position : reply.queue_position.value_or(0);
    if (position > 0) busy.detail = fmt::format("has us at place {} of its queue", position);
    if (!reply.queue) return busy;
    auto const& place = *reply.queue;
    if (place.poll_min_s == 0 && place.poll_max_s == 0) return busy;
    auto const margin = place.poll_max_s > place.poll_min_s
                            ? std::min((place.poll_max_s - place.poll_min_s) / 2, poll_margin_max_s)
                            : 0;
    busy.retry_after = bounded(place.poll_min_s) + bounded(margin);
    return busy;
}

/// What a refusal means; empty: it is none.
awaitable<std::optional<Outcome>> SourceSession::check_reply(HttpResponse const& reply) {
    auto* const known = context_->is_stopped() ? nullptr : job_->sources.find(source_id_);
    if (known != nullptr) known->queue_id = reply.queue_id;
    bool const has_file = reply.status == 200 || reply.status == 206;
    if (known != nullptr && (has_file || !reply.available.empty())) known->available = reply.available;
    note_alternates(reply);
    auto const text = fmt::format("answers {}", reply.status);
    switch (reply.status) {
        case 200:
        case 206: break;
        case 404:
        case 410: co_return fault(Fault::not_found, "does not share it any more");
        case 416:
            if (reply.available.empty()) co_return fault(Fault::refused, text);
            co_return fault(Fault::not_yet, "has no part of the file that is missing here");
        case 409:
        case 429:
        case 503: {
            if (!reply.available.empty() && !reply.queue && !reply.retry_after_s)
                co_return fault(Fault::not_yet, "has no part of the file that is missing here");
            auto ended = busy(reply);
            if (reply.queue && ended.retry_after && co_await wire_.skip_body(reply) && is_wanted())
                wire_.park(reply, *ended.retry_after);
            co_return ended;
        }
        default: co_return fault(Fault::refused, text);
    }
    if (reply.encoded) co_return fault(Fault::nonsense, "encodes what it sends");
    co_return std::nullopt;
}

/// Other places of the file that the source names: its claim, within limits for it, for each address, and in all.
void SourceSession::note_alternates(HttpResponse const& reply) {
    if (!job_->urn.sha1 || context_->is_stopped() || !source().url.empty()) return;
    auto const time = now();
    bool is_new = false;
    for (auto const& one : context_->alternates.sources(reply, *job_->urn.sha1, source().endpoint, time))
        is_new |= connections_->take_source(*job_, one, false);
    if (is_new) job_->worker.wake.cancel();
}

/// Learns what is not known and compares what is.
std::optional<Outcome> SourceSession::note_facts(HttpResponse const& reply, std::optional<std::uint64_t> size_bytes) {
    auto& job = *job_;
    if (reply.urn && reply.urn->sha1) {
        if (job.urn.sha1 && *job.urn.sha1 != *reply.urn->sha1) return fault(Fault::wrong_content, "has another file");
        // Where only an index and a name are known the SHA-1 said first is the one that is checked.
        if (!job.is_named() && !job.urn.tiger_root) context_->jobs.learnt_sha1(job_, *reply.urn->sha1);
    }
    if (!size_bytes) return std::nullopt;
    if (*size_bytes > file_bytes_max) return fault(Fault::wrong_size, "has a file of another size");
    bool const is_named_size = !job.story.proof || job.story.proof->file_bytes == *size_bytes;
    if (!job.story.claims.said_size(source_id_, *size_bytes) || !is_named_size)
        return fault(Fault::wrong_size, "has a file of another size");
    if (!job.story.size_bytes) {
        job.story.size_bytes = size_bytes;
        job.story.claims.believe_size(size_bytes);
        job.dirty = true;
    }
    if (*job.story.size_bytes != *size_bytes)
        return fault(Fault::disagrees,
                     fmt::format("says that the file has {} bytes, not {}", *size_bytes, *job.story.size_bytes));
    return std::nullopt;
}

/// Size, SHA-1 and tree, as far as they are not known: by a HEAD, or by the first byte where HEAD is not answered.
awaitable<std::optional<Outcome>> SourceSession::learn() {
    auto const* const known = job_->sources.find(source_id_);
    if (known == nullptr) co_return Outcome{};
    auto& job = *job_;
    bool const tree_possible = wants_tree() && !known->asked_for_tree &&
                               (!job.story.size_bytes || *job.story.size_bytes > one_piece_bytes_max);
    if ((!job.story.size_bytes || tree_possible) && !known->no_head) {
        if (auto const ended = co_await learn_by_head()) co_return ended;
    }
    if (!is_wanted()) co_return Outcome{};
    if (!job.story.size_bytes) {
        if (auto const ended = co_await learn_by_range()) co_return ended;
    }
    co_return std::nullopt;
}

awaitable<std::optional<Outcome>> SourceSession::learn_by_head() {
    auto const reply = co_await wire_.exchange("HEAD", target(), std::nullopt);
    if (!is_wanted()) co_return Outcome{};
    if (!reply && (wire_.has_timed_out() || wire_.has_heard())) co_return wire_.no_reply();
    // Some web servers allow GET alone.
    bool const is_forbidden = reply && wire_.url() != nullptr && reply->status == 403;
    if (!reply || is_forbidden || is_refusal_of_head(reply->status)) {
        // A refusal may have a body that we cannot tell from the next reply.
        wire_.give_up_connection();
        if (auto* const known = job_->sources.find(source_id_)) known->no_head = true;
        co_return std::nullopt;
    }
    if (auto const refused = co_await check_reply(*reply)) co_return refused;
    auto const size = reply->content_range ? reply->content_range->size_bytes : reply->content_length;
    if (auto const wrong = note_facts(*reply, size)) co_return wrong;
    co_return co_await learn_tree(*reply);
}

awaitable<std::optional<Outcome>> SourceSession::learn_by_range() {
    auto const reply = co_await wire_.exchange("GET", target(), ByteRange{0, 1});
    if (!is_wanted()) co_return Outcome{};
    if (!reply) co_return wire_.no_reply();
    if (reply->unsatisfied_size && *reply->unsatisfied_size == 0) {
        wire_.give_up_connection();
        co_return note_facts(*reply, 0);
    }
    if (auto const refused = co_await check_reply(*reply)) co_return refused;
    auto const size = reply->content_range ? reply->content_range->size_bytes : reply->content_length;
    // Without ranges the whole file is on its way: not on this connection.
    if (reply->status == 200)
        wire_.give_up_connection();
    else
        co_await wire_.skip_body(*reply);
    if (auto const wrong = note_facts(*reply, size)) co_return wrong;
    co_return co_await learn_tree(*reply);
}

awaitable<std::optional<Outcome>> SourceSession::learn_tree(HttpResponse const& reply) {
    auto& job = *job_;
    auto* const known = job.sources.find(source_id_);
    if (known == nullptr) co_return Outcome{};
    if (!job.root_given && reply.thex_root && job.story.claims.is_refuted(*reply.thex_root))
        co_return fault(Fault::wrong_content, "has another file");
    auto root = job.root_given ? job.urn.tiger_root : reply.thex_root ? reply.thex_root : source().tiger_root;
    if (root && job.story.claims.is_refuted(*root)) root.reset();
    // A server without a tree is not asked for one again, each time before it is asked for the file.
    if (reply.thex_uri.empty()) known->asked_for_tree = true;
    bool const may = wants_tree() && !known->asked_for_tree && root && !reply.thex_uri.empty() && job.story.size_bytes;
    if (may && *job.story.size_bytes > one_piece_bytes_max) co_await fetch_tree(reply.thex_uri, *root);
    co_return std::nullopt;
}

awaitable<void> SourceSession::fetch_tree(std::string uri, TigerHash root) {
    // Whatever goes wrong, this source is not asked for it again, and the file is fetched without.
    if (auto* const known = job_->sources.find(source_id_)) known->asked_for_tree = true;
    auto const reply = co_await wire_.exchange("GET", uri, std::nullopt);
    if (!reply || reply->status != 200) {
        wire_.give_up_connection();
        co_return;
    }
    auto const body = co_await wire_.read_small_body(*reply, content::thex_bytes_max);
    wire_.enter(SourceWire::Stage::resting);
    if (!body) {
        wire_.give_up_connection();
        co_return;
    }
    auto& job = *job_;
    if (!is_wanted() || !wants_tree() || !job.story.size_bytes) co_return;
    auto tree = content::thex_decode(*body, root, *job.story.size_bytes);
    if (!tree || tree->slice_count() > slices_max) co_return;
    if (!job.root_given) job.story.claims.gave_tree(source_id_, *tree);
    connections_->belief().tree_came(job, std::move(*tree), source_id_);
}

}  // namespace praline::download
