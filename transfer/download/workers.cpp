#include "transfer/download/workers.hpp"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/log/log.hpp"
#include "transfer/download/describe.hpp"
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

}  // namespace

void Workers::ensure(JobPtr const& job) {
    if (context_->is_stopped() || !job->is_wanted()) return;
    if (job->worker.runs) {
        job->worker.wake.cancel();
        return;
    }
    job->worker.runs = true;
    context_->turns.wait(job->worker.rank);
    asio::co_spawn(context_->io, work(job), [self = shared_from_this()](std::exception_ptr const& failure) {
        log_failure(failure, "a download");
    });
}

awaitable<void> Workers::work(JobPtr job) {
    auto const self = shared_from_this();
    std::string trouble;
    try {
        while (!context_->is_stopped() && job->is_wanted()) {
            job->disk->go_on();
            co_await step(job);
        }
    } catch (std::exception const& error) {
        trouble = error.what();
    }
    if (!trouble.empty()) connections_->broke(job, trouble.c_str());
    co_await come_to_rest(job);
    context_->leave_slot(*job);
    job->worker.runs = false;
    job->parked.clear();
    if (job->removed) {
        job->disk->close_file();
        ::unlink(context_->part_path(*job).c_str());
    } else if (!context_->is_stopped()) {
        context_->save(*job);
        // Wanted again while the last results were awaited.
        ensure(job);
    }
}

/// One thing after the other; each may be interrupted, and the next `step` looks at what is true then.
awaitable<void> Workers::step(JobPtr job) {
    auto& story = job->story;
    // Interrupted, and wanted again since.
    if (job->worker.rests) co_return co_await come_to_rest(job);
    if (job->trouble.error != 0 && job->trouble.of_folder) co_return co_await wait_for_folder(job);
    if (job->trouble.error != 0) co_return co_await wait_for_disk(job);
    if (job->story.late_tree) {
        co_await come_to_rest(job);
        auto late = std::move(*job->story.late_tree);
        job->story.late_tree.reset();
        belief_->adopt_tree(*job, std::move(late.tree), late.giver);
        co_return;
    }
    if (story.recheck) {
        co_await come_to_rest(job);
        if (context_->open_part(*job)) co_await recheck(job);
        co_return;
    }
    // An empty file has nothing to ask for.
    if (story.size_bytes == 0U && !story.has_map && job->is_named())
        belief_->start_map(*job, content::good_slice_bytes(0));
    if (story.has_map && job->map().complete()) {
        co_await come_to_rest(job);
        if (job->is_wanted() && !context_->is_stopped() && job->trouble.error == 0) co_await complete(job);
        co_return;
    }
    if (belief_->trusted_have_failed(*job)) {
        co_await come_to_rest(job);
        belief_->trust_others(*job);
        co_return co_await sleep(job, shortest_wait);
    }
    if (!context_->turns.holds(job->worker.rank)) {
        if (!co_await folder_is_there(job)) co_return;
        if (context_->is_stopped() || !job->is_wanted() || job->worker.rests) co_return;
    }
    if (!context_->turns.take(job->worker.rank)) {
        context_->set_state(*job, State::queued, "Other downloads come first.");
        co_return co_await sleep(job, milliseconds{context_->options.limits.search_max});
    }
    if (story.has_map)
        co_await fetch(job);
    else
        co_await scout(job);
}

/// Until somebody has said how large the file is, a few sources are asked at once.
awaitable<void> Workers::scout(JobPtr job) {
    auto const time = now();
    auto const& limits = context_->options.limits;
    auto const patient =
        static_cast<std::size_t>(std::count_if(job->sessions.begin(), job->sessions.end(), [&](SessionPtr const& one) {
            return time - one->since() < limits.scout_patience;
        }));
    auto const may_connect = [&] {
        return job->sessions.size() < limits.job_connections_max && context_->connections < limits.connections_max;
    };
    for (auto scouts = patient; scouts < limits.scouts_max && may_connect(); ++scouts) {
        auto const* const next = job->sources.pick(time, [&](KnownSource const& one) {
            bool const is_asked = std::any_of(job->sessions.begin(), job->sessions.end(),
                                              [&](SessionPtr const& each) { return each->source_id() == one.id; });
            return !is_asked && belief_->may_ask(*job, one.id);
        });
        if (next == nullptr) break;
        connections_->connect(job, next->id, 0);
    }
    if (job->sessions.empty()) {
        auto const other = belief_->another_story(*job);
        if (!other) co_return co_await wait_for_sources(job);
        belief_->turn_to(*job, *other);
        co_return;
    }
    co_await sleep(job, limits.scout_patience);
}

/// One turn of the swarm; sources tell it what they do in between.
awaitable<void> Workers::fetch(JobPtr job) {
    if (!job->swarm) {
        if (!context_->open_part(*job)) co_return;
        connections_->start_swarm(job);
    }
    connections_->feed(job, swarm::Ticked{});
    if (!job->swarm || job->swarm->map().complete()) co_return;
    connections_->show_activity(*job);
    // What is still being checked may be all there was to fetch.
    if (job->sessions.empty() && !job->disk->is_idle())
        co_return co_await sleep(job, milliseconds{context_->options.limits.search_max});
    if (job->sessions.empty()) {
        auto const other = belief_->another_story(*job);
        if (!other) co_return co_await wait_for_sources(job);
        co_await come_to_rest(job);
        belief_->turn_to(*job, *other);
        co_return;
    }
    // It starves: those that are connected send nothing, or they are few for what there is to fetch.
    auto const time = now();
    auto const missing = *job->story.size_bytes - job->map().received_bytes();
    auto const& limits = context_->options.limits;
    bool const few = missing > limits.worth_searching_bytes && limits.few_sources > job->sources.size();
    if (job->state == State::stalled || (few && !job->search.next)) look_for_sources(*job, time);
    auto const due = job->swarm->next_deadline();
    auto const wait =
        due ? std::chrono::ceil<milliseconds>(*due - time) : milliseconds{context_->options.limits.search_max};
    co_await sleep(job, wait);
}

awaitable<void> Workers::sleep(JobPtr job, milliseconds time) {
    job->worker.wake.expires_after(std::max(time, milliseconds{1}));
    boost::system::error_code ignored;
    co_await job->worker.wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

/// Every connection is closed, all that came is on disk and checked, and the map says so.
awaitable<void> Workers::come_to_rest(JobPtr job) {
    connections_->close_all(*job);
    job->worker.rests = true;
    while (!job->disk->is_idle() && !context_->is_stopped())
        co_await sleep(job, milliseconds{context_->options.limits.search_max});
    job->worker.rests = false;
    if (!job->swarm) co_return;
    job->story.map = job->swarm->map();
    if (!job->checks_pieces()) job->story.parts = job->swarm->parts();
    job->swarm.reset();
}

/// Not at once again after the last time, and ever later.
void Workers::look_for_sources(Job& job, Instant time) {
    auto const& limits = context_->options.limits;
    if (job.search.next && time < *job.search.next) return;
    job.search.wait = job.search.next ? std::min(job.search.wait * 2, limits.search_max) : limits.search_min;
    job.search.next = time + job.search.wait;
    bool const can_search = job.urn.sha1 || job.urn.tiger_root;
    if (context_->options.find_sources && can_search) context_->options.find_sources(job.id, job.urn, job.name);
}

awaitable<void> Workers::wait_for_sources(JobPtr job) {
    auto const time = now();
    if (context_->connections >= context_->options.limits.connections_max) {
        context_->set_state(*job, State::queued, "Other downloads use all connections.");
        co_return co_await sleep(job, queue_wait);
    }
    context_->leave_slot(*job);
    look_for_sources(*job, time);
    auto until = *job->search.next;
    auto const retry = job->sources.next_retry(time);
    if (retry) until = std::min(until, *retry);
    auto why = !job->reason.empty() ? job->reason
               : retry              ? std::string{"The sources known cannot be asked right now."}
                                    : std::string{"No source is known; looking for one."};
    context_->set_state(*job, State::searching, std::move(why));
    // The answer may have come while we asked.
    bool const has_come =
        job->sources.pick(now(), [&](KnownSource const& one) { return belief_->may_ask(*job, one.id); });
    auto const wait =
        has_come ? shortest_wait : std::chrono::duration_cast<milliseconds>(until - time) + milliseconds{1};
    co_await sleep(job, std::max(wait, shortest_wait));
}

awaitable<void> Workers::wait_for_disk(JobPtr job) {
    auto& trouble = job->trouble;
    co_await come_to_rest(job);
    context_->leave_slot(*job);
    auto const path = trouble.path.empty() ? context_->options.partial_directory : trouble.path;
    auto const needed = std::max(room_wanted, trouble.bytes);
    context_->set_state(*job, State::waiting, disk_sentence(path, trouble.error));
    if (trouble.wait < context_->options.limits.disk_retry) trouble.wait = context_->options.limits.disk_retry;
    co_await sleep(job, trouble.wait);
    if (context_->is_stopped() || !job->is_wanted()) co_return;
    bool const was_full = trouble.error == ENOSPC || trouble.error == EDQUOT;
    if (was_full) {
        // Named: GCC 12 destroys twice what is a temporary of a co_await.
        auto const question = room_question(needed, path);
        int const error = co_await context_->folders.wait_for(FolderLooks::What::room, question);
        if (error == ENOSPC) co_return;
    }
    if (context_->is_stopped() || !job->is_wanted()) co_return;
    // There seems to be room: if it turns out that there is not, the next try comes later.
    trouble.wait = std::min(trouble.wait * 2, context_->options.limits.disk_retry_max);
    trouble.error = 0;
    trouble.path.clear();
    trouble.bytes = 0;
    // Blocks that were on their way are lost; the gaps they left are asked for again.
    if (job->story.has_map) job->story.map.forget_unverified();
}

/// False: it is trouble. The folder that the user named is not made again: what comes back with its disk may be another
/// place. That of all downloads is, when a file is put there.
bool Workers::take_look(Job& job, int error) {
    bool const will_be_made = job.destination.folder.empty() && error == ENOENT;
    if (error == 0 || is_no_answer(error) || will_be_made) return true;
    job.trouble.error = error;
    job.trouble.of_folder = true;
    return false;
}

awaitable<bool> Workers::folder_is_there(JobPtr job) {
    auto const folder = context_->folder_of(*job);
    int const error = co_await context_->folders.wait_for(FolderLooks::What::folder, folder);
    // Another one may have been named meanwhile: that is looked at the next time.
    co_return context_->folder_of(*job) != folder || take_look(*job, error);
}

void Workers::watch_folder(JobPtr const& job, Instant time) {
    auto& trouble = job->trouble;
    if (!context_->turns.holds(job->worker.rank) || trouble.error != 0 || time < trouble.look_again) return;
    trouble.look_again = time + context_->options.limits.folder_look_every;
    auto const folder = context_->folder_of(*job);
    context_->folders.look(FolderLooks::What::folder, folder,
                           [weak = weak_from_this(), of = std::weak_ptr{job}, folder](int error) {
                               auto const self = weak.lock();
                               auto const one = of.lock();
                               if (!self || !one || !one->is_wanted() || one->trouble.error != 0) return;
                               if (self->context_->folder_of(*one) == folder && !self->take_look(*one, error))
                                   one->worker.wake.cancel();
                           });
}

awaitable<void> Workers::wait_for_folder(JobPtr job) {
    auto& trouble = job->trouble;
    co_await come_to_rest(job);
    context_->leave_slot(*job);
    context_->set_state(*job, State::waiting, folder_sentence(context_->folder_of(*job), trouble.error));
    co_await sleep(job, milliseconds{context_->options.limits.disk_retry});
    trouble.error = 0;
    trouble.of_folder = false;
    if (!co_await folder_is_there(job)) co_return;
    if (job->story.has_map) job->story.map.forget_unverified();
}

/// After a restart, or with a new tree: which of the pieces that were written are there.
awaitable<void> Workers::recheck(JobPtr job) {
    context_->set_state(*job, State::verifying, "What is on disk is checked.");
    auto& map = job->story.map;
    auto const good = co_await job->disk->recheck(map);
    if (context_->is_stopped() || !good || !job->is_wanted()) co_return;
    for (std::uint64_t piece = 0; piece < map.piece_count(); ++piece) {
        bool const is_good = (*good)[static_cast<std::size_t>(piece)];
        if (is_good && !map.is_verified(piece)) map.accept(piece);
        if (!is_good && map.is_verified(piece)) map.reject(piece);
    }
    job->story.recheck = false;
    job->dirty = true;
    context_->set_state(*job, State::queued);
}

awaitable<void> Workers::complete(JobPtr job) {
    if (!co_await folder_is_there(job)) co_return;
    if (context_->is_stopped() || !job->is_wanted() || job->worker.rests || !context_->open_part(*job)) co_return;
    context_->set_state(*job, State::verifying, "The whole file is checked.");
    auto const& story = job->story;
    bool const needs_root = job->root_given && (!story.tree || *story.size_bytes == 0);
    auto const directory = directory_of(job->destination, context_->options.directory);
    // Named: GCC 12 destroys twice what is a temporary of a co_await.
    WholeProof const wanted{job->urn, job->story.proof};
    auto const done = co_await job->disk->finish(wanted, needs_root, context_->part_path(*job), directory, job->name);
    if (context_->is_stopped() || job->removed || done.error == ECANCELED) co_return;
    if (!done.sha1_right || !done.root_right) {
        if (!co_await belief_->question_sources(job)) co_return;
        belief_->whole_is_wrong(*job, done.sha1_right, done.root_right);
    } else if (done.error == EEXIST) {
        context_->set_state(*job, State::failed, "Too many files of this name are in " + directory + ".");
    } else if (done.error == ENODATA) {
        job->story.recheck = true;  // Somebody shortened the partial file under us.
    } else if (done.error != 0) {
        job->trouble.error = done.error;
        job->trouble.path = done.disk_path;
        job->trouble.bytes = *story.size_bytes;
    } else {
        co_await belief_->name_liars(job);
        if (context_->is_stopped() || job->removed) co_return;
        belief_->whole_is_right(*job);
        job->destination.path = done.path;
        co_await context_->note_completed(job);
        if (context_->is_stopped() || job->removed) co_return;
        context_->set_state(*job, State::completed);
        job->disk->close_file();  // not before: who reads it would open it again
        if (context_->options.on_completed)
            context_->options.on_completed(describe(*job, std::nullopt, context_->options.directory, now()));
    }
}

}  // namespace praline::download
