// Whom a download believes: which of the sources' stories is tried, and what follows once the whole proves or refutes it.
#include <algorithm>

#include <fmt/core.h>

#include "transfer/download/manager_impl.hpp"

namespace praline::download {

namespace {

/// A source whose bytes are kept may fail so often in a row before those of another one replace them.
constexpr unsigned owner_failures_max = 3;
/// So soon a source that fits the believed story is waited for rather than the story given up.
constexpr int soon_factor = 5;
/// Source of a tree of an earlier run: nobody knows which one it was.
constexpr std::uint32_t nobody = ~std::uint32_t{0};

}  // namespace

/// The source to ask now; null: none that fits what is believed may be asked yet.
KnownSource* DownloadManager::Impl::choose(Job& job) {
    auto const time = now();
    auto const fits = [&](KnownSource const& one) { return !job.claims.is_aside(one.id); };
    if (!job.one_at_a_time || job.contributors.empty()) return job.sources.pick(time, fits);
    auto const owner = *job.contributors.begin();
    auto* const known = job.sources.find(owner);
    bool const lasting = known != nullptr && fits(*known) && known->failures < owner_failures_max;
    if (lasting) return known->retry_at <= time ? known : nullptr;
    auto* const other = job.sources.pick(time, [&](KnownSource const& one) { return one.id != owner && fits(one); });
    if (other == nullptr) return known != nullptr && fits(*known) && known->retry_at <= time ? known : nullptr;
    drop_content(job);
    return other;
}

/// No source that fits the believed story can be asked: if one that contradicts it can, it is believed instead.
bool DownloadManager::Impl::turn_to_another(Job& job) {
    auto const time = now();
    auto* const other = job.sources.pick(time, [&](KnownSource const& one) { return job.claims.is_aside(one.id); });
    if (other == nullptr) return false;
    unsigned const patience = job.has_map && job.map.received_bytes() > 0 ? 2 : 1;
    auto const soon = time + options.limits.retry_min * soon_factor;
    bool const hope = job.sources.any([&](KnownSource const& one) {
        return !job.claims.is_aside(one.id) && one.failures + one.busy < patience && one.retry_at <= soon;
    });
    if (hope) return false;
    auto const id = other->id;
    auto story = job.claims.turn_to(id);
    drop_content(job);
    job.size_bytes = story.size_bytes;
    if (story.tree && story.size_bytes && story.tree->file_bytes == *story.size_bytes) {
        adopt_tree(job, std::move(*story.tree), id);
        // What an earlier turn of this story left on the disk shows by itself.
        job.recheck = true;
    }
    job.reason =
        "The sources contradict each other about this file; now " + other->source.endpoint.text() + " is believed.";
    changed(job);
    return true;
}

void DownloadManager::Impl::disagrees(Job& job, std::uint32_t source) {
    job.claims.set_aside(source);
    if (auto const* const known = job.sources.find(source))
        job.reason =
            known->source.endpoint.text() + " sent bytes that contradict what another source says of the file.";
    static_cast<void>(job.sources.failed(source, Fault::disagrees, std::nullopt, now()));
}

/// Nothing that was received counts any more. @pre nothing is in flight.
void DownloadManager::Impl::drop_content(Job& job) {
    job.contributors.clear();
    job.tree.reset();
    job.tree_giver = 0;
    job.has_map = false;
    job.recheck = false;
    job.map = PieceMap{};
    ++job.epoch;
    job.dirty = true;
}

void DownloadManager::Impl::blame(Job& job, std::uint32_t source, Fault fault) {
    auto const* const known = job.sources.find(source);
    if (known == nullptr) return;
    if (options.on_refused) options.on_refused(Source{known->source});
    if (auto const dropped = job.sources.failed(source, fault, std::nullopt, now())) job.reason = *dropped + ".";
    job.claims.forget(source);
}

/// The whole is there and is not what was asked for. Everybody else is absolved of having contradicted it.
void DownloadManager::Impl::whole_is_wrong(Job& job, bool sha1_right, bool root_right) {
    if (job.urn.sha1 && job.root_given && sha1_right != root_right) {
        set_state(job, State::failed, "The SHA-1 and the Tiger tree asked for are not of the same file.");
        return;
    }
    job.reason = "What was received is not the file that was asked for; it is fetched again.";
    if (*job.size_bytes == 0) {
        job.claims.refute_size(0);
        for (auto const id : job.claims.saying(0)) blame(job, id, Fault::wrong_size);
        job.size_bytes.reset();
        job.claims.believe_size({});
        job.reason = "The file that was asked for is not empty, as it was said to be.";
    } else if (job.tree && !job.root_given) {
        // Every slice fits the tree: it is the tree of another file, whoever sent the bytes.
        job.claims.refute_root(job.tree->root());
        if (job.tree_giver != nobody) blame(job, job.tree_giver, Fault::wrong_content);
    } else if (job.contributors.size() == 1) {
        blame(job, *job.contributors.begin(), Fault::wrong_content);
    } else {
        // One of them lied; each has to send a whole of its own now.
        job.one_at_a_time = true;
    }
    job.claims.absolve();
    drop_content(job);
}

/// What was believed is proved: whoever said something else is reported.
void DownloadManager::Impl::whole_is_right(Job& job) {
    std::optional<TigerHash> root;
    if (job.tree) root = job.tree->root();
    if (!job.urn.tiger_root) job.urn.tiger_root = root;
    for (auto const id : job.claims.liars(*job.size_bytes, root))
        if (auto const* const known = job.sources.find(id); known != nullptr && options.on_refused)
            options.on_refused(Source{known->source});
}

}  // namespace praline::download
