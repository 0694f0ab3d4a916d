#include "transfer/download/context.hpp"

#include <algorithm>
#include <utility>

#include "node/log/log.hpp"
#include "transfer/download/job_record.hpp"

namespace praline::download {

namespace asio = boost::asio;

namespace {

/// So that no node that is started again numbers its changes as the one before did. Numbers in JSON are exact below 2^53.
constexpr std::uint64_t revisions_a_second = 1'000'000;

}  // namespace

void log_failure(std::exception_ptr const& failure, char const* what) {
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (std::exception const& error) {
        log::error("An error ended {}: {}", what, error.what());
    } catch (...) {
        log::error("An error of an unknown kind ended {}.", what);
    }
}

Context::Context(asio::io_context& io_context, Options options_in)
    : io{io_context},
      options{std::move(options_in)},
      pool{std::make_shared<DiskPool>(std::max(1U, options.limits.pool_threads))},
      alternates{options.locations},
      records{options.database, *pool},
      turns{options.limits.active_max},
      changes{static_cast<std::uint64_t>(net::unix_now()) * revisions_a_second, removals_kept_max},
      calls{io_context,
            options.request_push,
            {options.limits.push_time, options.limits.giv_time},
            options.limits.gives_max},
      urls{io_context, options.resolve, options.ca_file},
      folders{io_context, options.limits, look_at} {}

void Context::stop() {
    is_stopped_ = true;
    calls.stop();
    urls.stop();
    folders.stop();
}

bool Context::open_part(Job& job) {
    int error = make_directories(options.partial_directory);
    if (error == 0) error = job.disk->open(part_path(job), options.disk_fault);
    if (error != 0) job.trouble.error = error;
    return error == 0;
}

std::string Context::part_path(Job const& job) const { return options.partial_directory + "/" + job.id + ".part"; }

asio::awaitable<void> Context::note_completed(JobPtr job) {
    auto record = record_of(*job);
    record.state = State::completed;
    record.reason.clear();
    job->dirty = false;
    co_await records.completed(std::move(record), part_path(*job));
}

void Context::changed(Job& job) {
    job.progress.revision = changes.changed();
    if (!is_stopped_ && options.on_change) options.on_change(job.id);
}

void Context::set_state(Job& job, State state, std::string reason) {
    if (job.removed || (job.state == state && job.reason == reason)) return;
    // A pause that came while something was awaited stays.
    if (job.state == State::paused && state != State::completed && state != State::failed) return;
    if (state == State::completed || state == State::failed || state == State::paused) job.dirty = true;
    job.state = state;
    job.reason = std::move(reason);
    if (job.is_over()) job.reads.refuse_all();
    changed(job);
}

void Context::save(Job& job) {
    job.dirty = false;
    if (!job.removed) records.save(record_of(job));
}

void Context::wake_due() {
    for (auto const& rank : turns.due())
        if (auto const job = jobs.find(rank)) job->worker.wake.cancel();
}

void Context::leave_slot(Job& job) {
    turns.leave(job.worker.rank);
    wake_due();
}

}  // namespace praline::download
