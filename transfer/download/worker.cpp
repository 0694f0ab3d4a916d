#include <algorithm>
#include <cerrno>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/log/log.hpp"
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
/// However soon something seems due: no loop without a wait.
constexpr milliseconds shortest_wait{5};

/// Not a matter of time or of the network: it has not what it said it has.
bool breaks_promise(Fault fault) {
    return fault == Fault::refused || fault == Fault::not_found || fault == Fault::wrong_size ||
           fault == Fault::wrong_content;
}

struct Finished {
    bool sha1_right = true, root_right = true;
    int error = 0;
    std::string path;
    std::string disk_path;  ///< where the error happened
};

/// Reads what the lane has not seen, and all of it for a Tiger root that no tree has proved. False: `done.error` says why.
bool hash_rest(Job& job, std::uint64_t from, bool needs_root, Finished& done) {
    auto const size = *job.size_bytes;
    bool const needs_sha1 = job.needs_sha1();
    content::TigerTreeHasher tree;
    std::vector<std::byte> buffer(block_bytes);
    auto const begin = needs_root ? 0 : needs_sha1 ? from : size;
    for (auto at = begin; at < size;) {
        auto const into =
            std::span{buffer}.first(static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - at)));
        done.error = job.cancel ? ECANCELED : job.part->read(at, into);
        if (done.error != 0) return false;
        if (needs_root) tree.update(into);
        if (needs_sha1 && at + into.size() > from)
            job.lane->hasher.update(into.subspan(static_cast<std::size_t>(at < from ? from - at : 0)));
        at += into.size();
    }
    if (needs_sha1) done.sha1_right = *job.urn.sha1 == job.lane->hasher.finish();
    if (needs_root) done.root_right = *job.urn.tiger_root == tree.finish().root();
    return true;
}

/// Compares the whole with its hashes and gives it its name. Runs on the pool, after the lane's last update.
Finished finish(Job& job, std::string const& part_path, std::string const& partial, std::string const& directory,
                std::uint64_t from) {
    Finished done;
    done.disk_path = partial;
    auto const size = *job.size_bytes;
    bool const needs_root = job.root_given && (!job.tree || size == 0);
    if (!hash_rest(job, from, needs_root, done)) return done;
    if (!done.sha1_right || !done.root_right) return done;
    // A source that was larger, or a partial file of an earlier life, must not leave bytes behind the end.
    done.error = job.part->cut_to(size);
    if (done.error == 0) done.error = job.part->sync();
    if (done.error != 0) return done;
    auto const placed = place(part_path, directory, job.name);
    done.error = placed.error;
    done.path = job.placed_path = placed.path;
    done.disk_path = directory;
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
    asio::co_spawn(io, work(job), [self = shared_from_this()](std::exception_ptr const& failure) {
        log_failure(failure, "a download");
    });
}

awaitable<void> DownloadManager::Impl::work(JobPtr job) {
    auto const self = shared_from_this();
    std::string trouble;
    try {
        while (!stopped && job->is_wanted()) {
            job->cancel = false;
            co_await step(job);
        }
    } catch (std::exception const& error) {
        trouble = error.what();
    }
    if (!trouble.empty()) broke(job, trouble.c_str());
    co_await drain(job);
    job->working = false;
    job->parked.clear();
    if (job->removed) {
        job->part.reset();
        ::unlink(part_path(*job).c_str());
    } else if (!stopped) {
        save(*job);
        // Wanted again while the last results were awaited.
        ensure_worker(job);
    }
}

/// A fault of ours must not look like a download that goes on.
void DownloadManager::Impl::broke(JobPtr const& job, char const* what) {
    log::error("The download {} of {} was ended by an error inside the node: {}", job->id, job->name, what);
    interrupt(*job);
    if (job->removed || job->is_over()) return;
    job->state = State::failed;
    job->reason = "An error inside the node ended this download (" + std::string{what} + "). Resume it to try again.";
    job->dirty = true;
    try {
        changed(*job);
    } catch (std::exception const& error) {
        log::error("The change of download {} could not be announced: {}", job->id, error.what());
    }
}

/// One thing after the other; each may be interrupted, and the next `step` looks at what is true then.
awaitable<void> DownloadManager::Impl::step(JobPtr job) {
    if (job->disk_error != 0) co_return co_await wait_for_disk(job);
    if (job->recheck) {
        if (open_part(*job)) co_await recheck(job);
        co_return;
    }
    // An empty file has nothing to ask for.
    if (job->size_bytes == 0U && !job->has_map && (job->urn.sha1 || job->root_given))
        start_map(*job, content::good_slice_bytes(0));
    if (job->has_map && job->map.complete()) co_return co_await complete(job);
    auto const* const source = choose(*job);
    if (source == nullptr) {
        if (!turn_to_another(*job)) co_await wait_for_sources(job);
        co_return;
    }
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
    auto const retry = job->sources.next_retry(time);
    if (retry) until = std::min(until, *retry);
    auto why = !job->reason.empty() ? job->reason
               : retry              ? std::string{"The sources known cannot be asked right now."}
                                    : std::string{"No source is known; looking for one."};
    set_state(*job, State::searching, std::move(why));
    // The answer may have come while we asked.
    if (choose(*job) != nullptr) co_return;
    co_await sleep(job,
                   std::max(std::chrono::duration_cast<milliseconds>(until - time) + milliseconds{1}, shortest_wait));
}

awaitable<void> DownloadManager::Impl::wait_for_disk(JobPtr job) {
    auto const path = job->disk_path.empty() ? options.partial_directory : job->disk_path;
    auto const needed = std::max(room_wanted, job->disk_bytes);
    set_state(*job, State::waiting, disk_sentence(path, job->disk_error));
    if (job->disk_wait < options.limits.disk_retry) job->disk_wait = options.limits.disk_retry;
    co_await sleep(job, job->disk_wait);
    if (stopped || !job->is_wanted()) co_return;
    bool const was_full = job->disk_error == ENOSPC || job->disk_error == EDQUOT;
    auto const free = free_bytes(path);
    if (was_full && free && *free < needed) co_return;
    // There seems to be room: if it turns out that there is not, the next try comes later.
    job->disk_wait = std::min(job->disk_wait * 2, options.limits.disk_retry_max);
    job->disk_error = 0;
    job->disk_path.clear();
    job->disk_bytes = 0;
    // Blocks that were on their way are lost; the gaps they left are asked for again.
    if (job->has_map) {
        job->map.forget_unverified();
        reset_lane(*job);
    }
}

awaitable<void> DownloadManager::Impl::use_source(JobPtr job, std::uint32_t source) {
    auto const* const known = job->sources.find(source);
    auto const before = known->bytes;
    Outcome outcome;
    {
        Counted const counted{active};
        SourceSession session{shared_from_this(), job, *known};
        outcome = co_await session.run();
    }
    co_await drain(job);
    if (stopped || job->removed) co_return;
    session_ended(job, source, outcome, before);
    // What is left of a slice that could not be finished: cheap to fetch again, and another source may differ.
    if (job->has_map && job->map.piece_bytes() <= block_bytes) job->map.forget_unverified();
    for (auto const& other : jobs)
        if (other != job && other->state == State::queued) other->wake.cancel();
    changed(*job);
}

void DownloadManager::Impl::session_ended(JobPtr const& job, std::uint32_t source, Outcome const& outcome,
                                          std::uint64_t bytes_before) {
    auto const* const known = job->sources.find(source);
    if (known == nullptr) return;
    auto const where = known->source.endpoint.text();
    auto const fault = job->hurried ? std::optional{Fault::slow} : outcome.fault;
    auto const detail = job->hurried ? std::string{"was too slow while other sources waited"} : outcome.detail;
    if (!fault || job->condemned) return job->sources.rested(source, known->bytes - bytes_before, now());
    if (options.on_refused && breaks_promise(*fault)) options.on_refused(Source{known->source});
    auto const dropped = job->sources.failed(source, *fault, outcome.retry_after, now());
    if (dropped) job->claims.forget(source);
    job->reason = dropped ? *dropped + "." : where + " " + detail + ".";
    job->dirty = true;
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
    auto on_pool = [job, part, partial = options.partial_directory, directory = options.directory,
                    from = job->lane_at]() -> awaitable<Finished> {
        co_return finish(*job, part, partial, directory, from);
    };
    auto const done = co_await asio::co_spawn(job->lane->strand, std::move(on_pool), asio::use_awaitable);
    reset_lane(*job);
    if (stopped || job->removed || done.error == ECANCELED) co_return;
    if (!done.sha1_right || !done.root_right) {
        whole_is_wrong(*job, done.sha1_right, done.root_right);
    } else if (done.error == EEXIST) {
        set_state(*job, State::failed, "Too many files of this name are in " + options.directory + ".");
    } else if (done.error == ENODATA) {
        job->recheck = true;  // Somebody shortened the partial file under us.
    } else if (done.error != 0) {
        job->disk_error = done.error;
        job->disk_path = done.disk_path;
        job->disk_bytes = *job->size_bytes;
    } else {
        whole_is_right(*job);
        job->path = done.path;
        job->part.reset();
        set_state(*job, State::completed);
        save(*job);
        if (options.on_completed) options.on_completed(describe(*job));
    }
}

}  // namespace praline::download
