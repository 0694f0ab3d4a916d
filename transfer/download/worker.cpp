#include <algorithm>
#include <cerrno>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transfer/download/manager_impl.hpp"
#include "transfer/download/source_session.hpp"

namespace praline::download {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;

namespace {

/// Room that must be there before a download that met a full disk goes on.
constexpr std::uint64_t room_wanted = 4 * block_bytes;
constexpr milliseconds queue_wait{1'000};

/// Not a matter of time or of the network: it has not what it said it has.
bool breaks_promise(Fault fault) {
    return fault == Fault::refused || fault == Fault::not_found || fault == Fault::wrong_size || fault == Fault::wrong_content;
}

struct Finished {
    bool right = true;
    int error = 0;
    std::string path;
};

/// Compares the whole with its SHA-1 and gives it its name. Runs on the pool, after the lane's last update.
Finished finish(Job& job, std::string const& part_path, std::string const& directory, std::uint64_t from) {
    Finished done;
    auto const size = *job.size_bytes;
    bool const needs_sha1 = job.needs_sha1();
    std::vector<std::byte> buffer(needs_sha1 && from < size ? block_bytes : 0);
    for (auto at = needs_sha1 ? from : size; at < size;) {
        auto const into = std::span{buffer}.first(static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - at)));
        done.error = job.cancel ? ECANCELED : job.part->read(at, into);
        if (done.error != 0) return done;
        job.lane->hasher.update(into);
        at += into.size();
    }
    done.right = !needs_sha1 || *job.urn.sha1 == job.lane->hasher.finish();
    if (done.right && size == 0 && job.urn.tiger_root)
        done.right = content::TigerTreeHasher{}.finish().root() == *job.urn.tiger_root;
    if (!done.right) return done;
    // A source that was larger, or a partial file of an earlier life, must not leave octets behind the end.
    done.error = job.part->cut_to(size);
    if (done.error == 0) done.error = job.part->sync();
    if (done.error != 0) return done;
    auto const placed = place(part_path, directory, job.name);
    done.error = placed.error;
    done.path = job.placed_path = placed.path;
    return done;
}

}  // namespace

void DownloadManager::Impl::ensure_worker(JobPtr const& job) {
    if (stopped || !job->is_wanted()) return;
    if (job->working) {
        job->wake.cancel();
        return;
    }
    job->working = true;
    job->cancel = false;
    asio::co_spawn(io, work(job), [self = shared_from_this()](std::exception_ptr) {});
}

awaitable<void> DownloadManager::Impl::work(JobPtr job) {
    auto const self = shared_from_this();
    while (!stopped && job->is_wanted()) {
        job->cancel = false;
        co_await step(job);
    }
    co_await drain(job);
    job->working = false;
    if (job->removed) {
        job->part.reset();
        ::unlink(part_path(*job).c_str());
    } else if (!stopped) {
        save(*job);
        // Wanted again while the last results were awaited.
        ensure_worker(job);
    }
}

/// One thing after the other; each may be interrupted, and the next `step` looks at what is true then.
awaitable<void> DownloadManager::Impl::step(JobPtr job) {
    if (job->disk_error != 0) co_return co_await wait_for_disk(job);
    if (job->recheck) {
        if (open_part(*job)) co_await recheck(job);
        co_return;
    }
    if (job->has_map && job->map.complete()) co_return co_await complete(job);
    auto const* const source = job->sources.pick(now());
    if (source == nullptr) co_return co_await wait_for_sources(job);
    if (active >= options.limits.active_max) {
        set_state(*job, State::queued, "Other downloads come first.");
        co_return co_await sleep(job, queue_wait);
    }
    co_await use_source(job, source->id);
}

awaitable<void> DownloadManager::Impl::sleep(JobPtr job, milliseconds time) {
    job->wake.expires_after(std::max(time, milliseconds{1}));
    boost::system::error_code ignored;
    co_await job->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

awaitable<void> DownloadManager::Impl::wait_for_sources(JobPtr job) {
    auto const time = now();
    auto const& limits = options.limits;
    if (!job->next_search || *job->next_search <= time) {
        job->search_wait = job->next_search ? std::min(job->search_wait * 2, limits.search_max) : limits.search_min;
        job->next_search = time + job->search_wait;
        if (options.find_sources) options.find_sources(job->id, job->urn, job->name);
    }
    auto until = *job->next_search;
    if (auto const retry = job->sources.next_retry()) {
        until = std::min(until, *retry);
        auto why = job->reason.empty() ? "The sources known cannot be asked right now." : job->reason;
        set_state(*job, State::searching, std::move(why));
    } else {
        auto why = job->reason.empty() ? "No source is known; looking for one." : job->reason;
        set_state(*job, State::searching, std::move(why));
    }
    // The answer may have come while we asked.
    if (job->sources.pick(now()) != nullptr) co_return;
    co_await sleep(job, std::chrono::duration_cast<milliseconds>(until - time) + milliseconds{1});
}

awaitable<void> DownloadManager::Impl::wait_for_disk(JobPtr job) {
    set_state(*job, State::waiting, disk_sentence(options.partial_directory, job->disk_error));
    co_await sleep(job, options.limits.disk_retry);
    if (stopped || !job->is_wanted()) co_return;
    bool const was_full = job->disk_error == ENOSPC || job->disk_error == EDQUOT;
    auto const free = free_bytes(options.partial_directory);
    if (was_full && free && *free < room_wanted) co_return;
    job->disk_error = 0;
    // Blocks that were on their way are lost; the gaps they left are asked for again.
    if (job->has_map) {
        job->map.forget_unverified();
        reset_lane(*job);
    }
}

awaitable<void> DownloadManager::Impl::use_source(JobPtr job, std::uint32_t source) {
    auto const* const known = job->sources.find(source);
    auto const where = known->source.endpoint.text();
    ++active;
    Outcome outcome;
    {
        SourceSession session{shared_from_this(), job, *known};
        outcome = co_await session.run();
    }
    --active;
    co_await drain(job);
    if (stopped || job->removed) co_return;
    if (outcome.fault) {
        auto const* const refuser = job->sources.find(source);
        if (refuser != nullptr && options.on_refused && breaks_promise(*outcome.fault)) options.on_refused(Source{refuser->source});
        auto const dropped = job->sources.failed(source, *outcome.fault, outcome.retry_after, now());
        job->reason = dropped ? *dropped + "." : where + " " + outcome.detail + ".";
        job->dirty = true;
    }
    // What is left of a slice that could not be finished: cheap to fetch again, and another source may differ.
    if (job->has_map && job->map.slice_bytes() <= block_bytes) job->map.forget_unverified();
    for (auto const& other : jobs)
        if (other != job && other->state == State::queued) other->wake.cancel();
    changed(*job);
}

/// Until all that was read is on disk and checked.
awaitable<void> DownloadManager::Impl::drain(JobPtr job) {
    while (job->in_flight > 0 || job->checks > 0) {
        job->room.expires_at(asio::steady_timer::time_point::max());
        boost::system::error_code ignored;
        co_await job->room.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

awaitable<void> DownloadManager::Impl::complete(JobPtr job) {
    if (!open_part(*job)) co_return;
    set_state(*job, State::verifying, "The whole file is checked.");
    auto const part = part_path(*job);
    // Named: GCC 12 destroys a closure twice that is a temporary of a co_await.
    auto on_pool = [job, part, directory = options.directory, from = job->lane_at]() -> awaitable<Finished> {
        co_return finish(*job, part, directory, from);
    };
    auto const done = co_await asio::co_spawn(job->lane->strand, std::move(on_pool), asio::use_awaitable);
    reset_lane(*job);
    if (stopped || job->removed || done.error == ECANCELED) co_return;
    if (!done.right) {
        whole_is_wrong(*job);
    } else if (done.error == EEXIST) {
        set_state(*job, State::failed, "Too many files of this name are in " + options.directory + ".");
    } else if (done.error == ENODATA) {
        job->recheck = true;  // Somebody shortened the partial file under us.
    } else if (done.error != 0) {
        job->disk_error = done.error;
    } else {
        job->path = done.path;
        job->part.reset();
        set_state(*job, State::completed);
        save(*job);
        if (options.on_completed) options.on_completed(describe(*job));
    }
}

/// Every slice fits its tree, or there was none, and yet the SHA-1 differs.
void DownloadManager::Impl::whole_is_wrong(Job& job) {
    if (job.tree && job.tree_giver == 0) {
        set_state(job, State::failed, "The SHA-1 and the Tiger tree asked for are not of the same file.");
        return;
    }
    if (job.tree_giver != 0) job.contributors.insert(job.tree_giver);
    for (auto const id : job.contributors) {
        if (auto const* const known = job.sources.find(id); known && options.on_refused) options.on_refused(Source{known->source});
        if (auto const dropped = job.sources.failed(id, Fault::wrong_content, std::nullopt, now())) job.reason = *dropped + ".";
    }
    job.contributors.clear();
    job.tree.reset();
    job.tree_giver = 0;
    job.has_map = false;
    job.map = SliceMap{};
    ++job.epoch;
    job.dirty = true;
}

}  // namespace praline::download
