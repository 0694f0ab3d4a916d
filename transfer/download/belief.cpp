#include "transfer/download/belief.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "transfer/swarm/range_set.hpp"

namespace praline::download {

using boost::asio::awaitable;

namespace {

/// A source whose bytes are kept may fail so often in a row before those of another one replace them.
constexpr unsigned trusted_failures_max = 6;
/// So soon a source that fits the believed story is waited for rather than the story given up.
constexpr int soon_factor = 5;

}  // namespace

bool Belief::may_ask(Job const& job, SourceId source) const {
    return !job.story.claims.is_aside(source) && job.story.suspects.may_send(source);
}

bool Belief::trusted_have_failed(Job& job) const {
    auto const& story = job.story;
    if (story.suspects.empty()) return false;
    // Not for somebody who fails as much, or the two would replace each other without end.
    auto fewest = std::numeric_limits<unsigned>::max();
    static_cast<void>(job.sources.any([&](KnownSource const& one) {
        if (may_ask(job, one.id)) fewest = std::min(fewest, one.failures);
        return false;
    }));
    if (fewest < trusted_failures_max) return false;
    auto const ready = doubted_and_ready(job);
    return std::any_of(ready.begin(), ready.end(),
                       [&](SourceId id) { return job.sources.find(id)->failures < fewest; });
}

/// Sources that are not asked as they may have lied, but could be.
std::set<SourceId> Belief::doubted_and_ready(Job& job) const {
    auto const& story = job.story;
    std::set<SourceId> ready;
    auto const convicted = story.suspects.convicted();
    auto const next = [&](KnownSource const& one) {
        return !story.claims.is_aside(one.id) && !story.suspects.may_send(one.id) && !convicted.contains(one.id) &&
               !ready.contains(one.id);
    };
    while (auto const* const one = job.sources.pick(now(), next)) ready.insert(one->id);
    return ready;
}

void Belief::trust_others(Job& job) {
    job.story.suspects.turn_to(doubted_and_ready(job));
    drop_doubted(job);
}

/// Pieces are fetched again if somebody sent of them who may not, or nobody knows who did. @pre nothing is in flight.
void Belief::drop_doubted(Job& job) {
    auto& story = job.story;
    story.parts = swarm::cut_at_pieces(story.parts, story.map.piece_bytes());
    swarm::RangeSet kept;
    for (auto const& part : story.parts)
        if (story.suspects.may_send(part.source)) kept.add(part.range);
    for (std::uint64_t piece = 0; piece < story.map.piece_count(); ++piece)
        if (!kept.contains(story.map.range_of(piece))) story.map.reject(piece);
    std::erase_if(story.parts, [&](swarm::Part const& part) {
        return !story.map.is_verified(part.range.begin / story.map.piece_bytes());
    });
    job.disk->begin(story.map.file_bytes(), story.map.piece_bytes(), job.piece_proof(), job.needs_sha1());
    job.dirty = true;
}

awaitable<bool> Belief::question_sources(JobPtr job) {
    auto& story = job->story;
    if (job->checks_pieces() || *story.size_bytes == 0) co_return true;
    auto ranges = story.suspects.to_compare();
    auto const old = ranges.size();
    story.parts = swarm::cut_at_pieces(story.parts, story.map.piece_bytes());
    for (auto const& part : story.parts) ranges.push_back(part.range);
    auto const number = story.number;
    auto const hashes = co_await job->disk->hash(std::move(ranges));
    if (context_->is_stopped() || !job->is_wanted() || story.number != number) co_return false;
    // Where it cannot be read, who sent it is all that is known.
    auto const all = hashes ? std::span<Sha1 const>{*hashes} : std::span<Sha1 const>{};
    auto const of_old = std::min(old, all.size());
    story.suspects.whole_is_wrong(*story.size_bytes, story.parts, all.subspan(of_old), all.first(of_old));
    co_return true;
}

awaitable<void> Belief::name_liars(JobPtr job) {
    auto const& story = job->story;
    if (job->checks_pieces()) co_return;
    for (auto const& part : story.parts)
        if (auto* const known = job->sources.find(part.source)) known->right_bytes += part.range.size();
    if (story.suspects.empty()) co_return;
    auto const hashes = co_await job->disk->hash(story.suspects.to_compare());
    if (!hashes || context_->is_stopped()) co_return;
    for (auto const liar : story.suspects.whole_is_right(*hashes)) blame(*job, liar, Fault::wrong_content);
}

std::optional<SourceId> Belief::another_story(Job& job) const {
    // What is proved by what the user named is not given up for a stranger's word.
    if ((job.root_given || job.has_named_pieces()) && job.story.has_map && job.map().verified_bytes() > 0)
        return std::nullopt;
    auto const time = now();
    auto const& claims = job.story.claims;
    auto const* const other = job.sources.pick(time, [&](KnownSource const& one) { return claims.is_aside(one.id); });
    if (other == nullptr) return std::nullopt;
    unsigned const patience = job.story.has_map && job.map().received_bytes() > 0 ? 2 : 1;
    auto const soon = time + context_->options.limits.retry_min * soon_factor;
    bool const hope = job.sources.any([&](KnownSource const& one) {
        return !claims.is_aside(one.id) && one.failures + one.busy < patience && one.retry_at <= soon;
    });
    if (hope) return std::nullopt;
    return other->id;
}

void Belief::turn_to(Job& job, SourceId source) {
    auto const* const known = job.sources.find(source);
    if (known == nullptr) return;
    auto const where = known->source.place();
    auto told = job.story.claims.turn_to(source);
    drop_content(job);
    job.story.size_bytes = told.size_bytes;
    if (told.tree && told.size_bytes && told.tree->file_bytes == *told.size_bytes) {
        adopt_tree(job, std::move(*told.tree), source);
        // What an earlier turn of this story left on the disk shows by itself.
        job.story.recheck = true;
    }
    job.reason = "The sources contradict each other about this file; now " + where + " is believed.";
    context_->changed(job);
}

void Belief::accused(Job& job, swarm::Accuse const& action) {
    auto const* const known = job.sources.find(action.source);
    auto const convicted = job.swarm->accused().find(action.source);
    std::string who = "A source";
    if (known != nullptr) who = known->source.place();
    if (convicted != job.swarm->accused().end()) who = convicted->second.place();
    if (action.fault == Fault::disagrees) {
        job.story.claims.set_aside(action.source);
        job.reason = who + " sent bytes that contradict what another source says of the file.";
    } else {
        job.story.claims.forget(action.source);
        if (convicted != job.swarm->accused().end()) note_failure(job, action.source, convicted->second.endpoint);
        job.reason = who + " sent bytes that are not of this file.";
    }
    job.dirty = true;
}

void Belief::start_map(Job& job, std::uint64_t piece_bytes) {
    auto& story = job.story;
    auto const size = *story.size_bytes;
    // Of a small file the root is the tree.
    if (!story.tree && job.root_given && !job.urn.sha1 && size > 0 && size <= one_piece_bytes_max) {
        piece_bytes = one_piece_bytes_max;
        story.tree =
            std::make_shared<content::TreeLevel const>(content::TreeLevel{size, piece_bytes, {*job.urn.tiger_root}});
    }
    if (job.has_named_pieces()) piece_bytes = job.story.proof->piece_bytes;
    story.map = PieceMap{size, piece_bytes};
    story.has_map = true;
    if (job.checks_pieces()) story.parts.clear(), story.suspects = {};
    job.dirty = true;
    job.disk->begin(size, piece_bytes, job.piece_proof(), job.needs_sha1());
}

void Belief::tree_came(Job& job, content::TreeLevel tree, SourceId giver) {
    if (!job.swarm && job.disk->is_idle()) return adopt_tree(job, std::move(tree), giver);
    // Bytes are on their way: the worker takes it up once they are here.
    job.story.late_tree = LateTree{std::move(tree), giver};
    job.worker.wake.cancel();
}

void Belief::adopt_tree(Job& job, content::TreeLevel tree, SourceId giver) {
    auto& story = job.story;
    auto const before = std::move(story.map);
    bool const had_map = story.has_map;
    story.tree_giver = job.root_given ? 0 : giver;
    story.tree = std::make_shared<content::TreeLevel const>(std::move(tree));
    start_map(job, story.tree->slice_bytes);
    context_->save(job);
    if (!had_map || before.received_bytes() == 0) return;
    for (std::uint64_t piece = 0; piece < story.map.piece_count(); ++piece)
        if (before.has(story.map.range_of(piece))) story.map.accept(piece);
    story.recheck = true;
}

/// Nothing that was received counts any more. @pre nothing is in flight.
void Belief::drop_content(Job& job) {
    auto& story = job.story;
    story.parts.clear();
    story.suspects = {};
    story.tree.reset();
    story.tree_giver = 0;
    story.has_map = false;
    story.recheck = false;
    story.map = PieceMap{};
    story.late_tree.reset();
    ++story.number;
    job.reads.refuse_all();
    job.dirty = true;
}

void Belief::blame(Job& job, SourceId source, Fault fault) {
    auto const* const known = job.sources.find(source);
    if (known == nullptr) return;
    if (context_->options.on_refused && known->source.url.empty()) context_->options.on_refused(Source{known->source});
    note_failure(job, source, Endpoint{known->source.endpoint});
    if (auto const dropped = job.sources.failed(source, fault, std::nullopt, now())) job.reason = *dropped + ".";
    job.story.claims.forget(source);
}

void Belief::note_failure(Job& job, SourceId id, Endpoint const& endpoint) {
    if (!job.urn.sha1 || endpoint.is_unusable()) return;
    if (auto* const known = job.sources.find(id)) {
        known->told_bytes = known->right_bytes;
        known->told_at.reset();
    }
    context_->alternates.failed(*job.urn.sha1, endpoint, now());
}

void Belief::whole_is_wrong(Job& job, bool sha1_right, bool root_right) {
    auto& story = job.story;
    if (job.urn.sha1 && job.root_given && sha1_right != root_right) {
        context_->set_state(job, State::failed, "The SHA-1 and the Tiger tree asked for are not of the same file.");
        return;
    }
    if (job.has_named_pieces()) {
        context_->set_state(job, State::failed,
                            "The hashes of the whole and of its pieces asked for are not of the same file.");
        return;
    }
    job.reason = "What was received is not the file that was asked for; it is fetched again.";
    if (*story.size_bytes == 0) {
        story.claims.refute_size(0);
        for (auto const id : story.claims.saying(0)) blame(job, id, Fault::wrong_size);
        story.size_bytes.reset();
        story.claims.believe_size({});
        job.reason = "The file that was asked for is not empty, as it was said to be.";
    } else if (story.tree && !job.root_given) {
        // Every piece fits the tree: it is the tree of another file, whoever sent the bytes.
        story.claims.refute_root(story.tree->root());
        if (story.tree_giver != nobody) blame(job, story.tree_giver, Fault::wrong_content);
    } else {
        // One of them lied. What may be right is kept.
        for (auto const id : story.suspects.convicted()) blame(job, id, Fault::wrong_content);
        drop_doubted(job);
        if (story.map.verified_bytes() > 0)
            job.reason =
                "What was received is not the file that was asked for; what some sources sent is fetched from others.";
        if (story.map.verified_bytes() == 0) story.claims.absolve();
        return;
    }
    story.claims.absolve();
    drop_content(job);
}

void Belief::whole_is_right(Job& job) {
    std::optional<TigerHash> root;
    if (job.story.tree) root = job.story.tree->root();
    if (!job.urn.tiger_root) job.urn.tiger_root = root;
    for (auto const id : job.story.claims.liars(*job.story.size_bytes, root))
        if (auto const* const known = job.sources.find(id);
            known != nullptr && context_->options.on_refused && known->source.url.empty())
            context_->options.on_refused(Source{known->source});
}

}  // namespace praline::download
