#include "transfer/download/download_manager.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <stdexcept>

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/log/log.hpp"
#include "transfer/download/job_record.hpp"
#include "transfer/download/manager_impl.hpp"
#include "transfer/download/orphan_files.hpp"
#include "transfer/download/safe_name.hpp"

namespace praline::download {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t id_length = 12;

}  // namespace

std::string fresh_id() {
    constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";
    std::random_device entropy;
    std::string id;
    for (std::size_t at = 0; at < id_length; ++at) id += letters[entropy() % letters.size()];
    return id;
}

DownloadManager::Impl::Impl(asio::io_context& io, Options options)
    : context{std::make_shared<Context>(io, std::move(options))},
      belief{std::make_shared<Belief>(context)},
      connections{std::make_shared<Connections>(context, belief)},
      workers{std::make_shared<Workers>(context, belief, connections)},
      ticker{io} {}

void DownloadManager::Impl::start() {
    restore();
    name_orphans(orphans_in(context->options.partial_directory,
                            [this](std::string const& id) { return context->jobs.find(id) != nullptr; }));
    for (auto const& job : context->jobs) workers->ensure(job);
    // The handler keeps us: a coroutine does not begin before the loop turns, and we may be gone by then.
    asio::co_spawn(context->io, tick(), [self = shared_from_this()](std::exception_ptr const& failure) {
        log_failure(failure, "the clock of the downloads");
    });
}

void DownloadManager::Impl::restore() {
    for (auto& record : context->records.load()) {
        auto const job = new_job(record.id);
        take_record(*job, record, now());
        auto& story = job->story;
        context->jobs.add(job);
        if (job->state == State::failed) job->reason = record.reason;
        // Killed between the note and this.
        if (job->state == State::completed) ::unlink(context->part_path(*job).c_str());
        if (job->is_over() || !record.size_bytes || record.slice_bytes == 0) continue;
        if (record.tree) story.tree = std::make_shared<content::TreeLevel const>(std::move(*record.tree));
        // Who gave it is forgotten; that it is not to be trusted beyond the SHA-1 is not.
        if (story.tree && !job->root_given) story.tree_giver = nobody;
        belief->start_map(*job, record.slice_bytes);
        story.map.restore(record.map);
        story.recheck = story.map.received_bytes() > 0 || job->checks_pieces();
        job->dirty = false;
    }
}

void DownloadManager::Impl::stop() {
    if (context->is_stopped()) return;
    context->stop();
    ticker.cancel();
    for (auto const& job : context->jobs) connections->interrupt(*job);
    save_all();
    context->pool->is_stopped = true;
    context->pool->threads.join();
    // A file that got its name in these last moments must not be fetched again.
    for (auto const& job : context->jobs) {
        if (job->is_over() || job->disk->placed_path().empty()) continue;
        job->destination.path = job->disk->placed_path();
        job->state = State::completed;
        context->records.completed_now(record_of(*job), context->part_path(*job));
    }
}

JobPtr DownloadManager::Impl::new_job(std::string id) {
    auto const job = std::make_shared<Job>(context->io, context->options.limits);
    job->id = std::move(id);
    std::weak_ptr<Job> const weak = job;
    // No callback comes after stop(), so the connections outlive all of them.
    auto* const told = connections.get();
    auto const with_job = [weak](auto const& act) {
        if (auto const one = weak.lock()) act(one);
    };
    PieceDisk::Listener listener;
    listener.written = [with_job] {
        with_job([&](JobPtr const& one) {
            one->dirty = true;
            one->trouble.wait = std::chrono::milliseconds{0};
        });
    };
    listener.checked = [told, with_job](swarm::PieceChecked const& checked) {
        with_job([&](JobPtr const& one) {
            one->dirty = true;
            told->feed(one, checked);
            told->pieces_came(one);
        });
    };
    listener.failed = [told, with_job](ByteRange range, int error) {
        with_job([&](JobPtr const& one) {
            if (error != ECANCELED && one->trouble.error == 0) one->trouble.error = error;
            told->feed(one, swarm::BytesLost{range});
        });
    };
    listener.progressed = [weak] {
        auto const one = weak.lock();
        if (one && (one->trouble.error != 0 || one->worker.rests || one->sessions.empty())) one->worker.wake.cancel();
    };
    listener.broke = [told, with_job](std::exception const& error) {
        with_job([&](JobPtr const& one) { told->broke(one, error.what()); });
    };
    job->disk = std::make_shared<PieceDisk>(context->io, context->pool, std::move(listener));
    return job;
}

void DownloadManager::Impl::save_all() {
    for (auto const& job : context->jobs)
        if (job->dirty) context->save(*job);
}

asio::awaitable<void> DownloadManager::Impl::tick() {
    auto const self = shared_from_this();
    auto last = now();
    while (!context->is_stopped()) {
        ticker.expires_after(context->options.limits.save_every);
        error_code ignored;
        co_await ticker.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (context->is_stopped()) break;
        auto const time = now();
        auto const micros = std::max<std::int64_t>(1, (time - last).count());
        last = time;
        try {
            for (auto const& job : context->jobs) {
                measure(*job, micros);
                watch_silence(*job, time);
                workers->watch_folder(job, time);
            }
            tell_countdowns();
            context->wake_due();
            save_all();
        } catch (std::exception const& error) {
            log::error("The downloads could not be looked after: {}", error.what());
        }
    }
}

void DownloadManager::Impl::measure(Job& job, std::int64_t micros) {
    auto const fresh = job.progress.arrived_bytes - job.progress.counted_bytes;
    job.progress.counted_bytes = job.progress.arrived_bytes;
    auto const rate = static_cast<std::uint64_t>(static_cast<double>(fresh) * 1e6 / static_cast<double>(micros));
    auto const before = job.progress.bytes_per_second;
    auto& after = job.progress.bytes_per_second;
    after = fresh == 0 ? before / 2 : (before == 0 ? rate : (before + rate) / 2);
    if (after < 16) after = 0;
    if (fresh != 0) job.progress.silent_since.reset();
    if (fresh != 0 || before != after) context->changed(job);
}

/// A download to which nothing comes for a while says so.
void DownloadManager::Impl::watch_silence(Job& job, Instant time) {
    auto& silent = job.progress.silent_since;
    if (job.sessions.empty())
        silent.reset();
    else if (!silent)
        silent = time;
    bool const stands_still = silent && time - *silent >= context->options.limits.shown_stalled_after;
    if (stands_still && job.state == State::downloading) context->set_state(job, State::stalled);
    if (!stands_still && job.state == State::stalled) context->set_state(job, State::downloading);
    context->turns.set_idle(job.worker.rank, silent && time - *silent >= context->options.limits.idle_slot_time);
}

/// Words that hold a time change by themselves. A few downloads at a time: all of a thousand once a second would be more
/// than a page can read.
void DownloadManager::Impl::tell_countdowns() {
    auto const last = context->jobs.find(told_countdown);
    auto at = last ? std::next(context->jobs.at(last)) : context->jobs.begin();
    std::size_t told = 0;
    for (std::size_t left = context->jobs.size(); left > 0 && told < countdowns_told_max; --left, ++at) {
        if (at == context->jobs.end()) at = context->jobs.begin();
        auto& job = **at;
        if (job.state != State::stalled && job.state != State::connecting && job.state != State::searching) continue;
        context->changed(job);
        told_countdown = job.id;
        ++told;
    }
}

std::string DownloadManager::Impl::refusal(Request const& request) {
    bool const has_hash = request.urn.sha1 || request.urn.tiger_root || request.proof;
    if (!has_hash && request.sources.empty()) return "Neither a hash nor a source is known of this file.";
    if (request.size_bytes && *request.size_bytes > file_bytes_max) return "No file is that large.";
    return {};
}

DownloadManager::Added DownloadManager::Impl::add(Request request) {
    if (context->is_stopped()) return {{}, "The node is stopping."};
    if (auto problem = refusal(request); !problem.empty()) return {{}, std::move(problem)};
    auto job = context->jobs.find_same(request.urn, request.proof.get());
    if (job && request.urn.tiger_root && job->urn.tiger_root && *request.urn.tiger_root != *job->urn.tiger_root)
        return {{},
                "Another download of this SHA-1 has another Tiger root: one of the two links is wrong. Remove that "
                "download to try this one."};
    auto const problem = folder_problem(request.folder);
    auto const is_anew = job ? is_to_begin_anew(*job) : std::optional{false};
    if (!problem || !is_anew) return {{}, {}, true};
    if (!problem->empty()) return {{}, *problem};
    if (*is_anew) {
        remove(job);
        job = nullptr;
    }
    if (job) {
        set_rank({job}, request.priority, {});
        if (!request.folder.empty()) set_folder({job}, request.folder);
    } else {
        if (context->jobs.size() >= context->options.limits.downloads_max)
            return {{}, "There are too many downloads; remove some first."};
        Destination to;
        to.folder = request.folder;
        job = make_job(request, std::move(to));
    }
    begin(job, request.sources);
    return {job->id, {}};
}

JobPtr DownloadManager::Impl::make_job(Request const& request, Destination to) {
    auto const job = new_job(fresh_id());
    job->name = safe_name(request.name);
    job->destination = std::move(to);
    job->urn = request.urn;
    job->root_given = request.urn.tiger_root.has_value();
    job->story.proof = request.proof;
    job->story.size_bytes = request.proof ? request.proof->file_bytes : request.size_bytes;
    job->story.claims.believe_size(job->story.size_bytes);
    job->worker.rank.priority = request.priority.value_or(Priority::normal);
    context->jobs.add(job);
    return job;
}

void DownloadManager::Impl::begin(JobPtr const& job, std::vector<Source> const& sources) {
    for (auto const& source : sources) connections->take_source(*job, source, true);
    context->save(*job);
    context->changed(*job);
    workers->ensure(job);
}

bool DownloadManager::Impl::pause(JobPtr const& job) {
    if (!job || job->is_over()) return false;
    if (job->state == State::paused) return true;
    context->set_state(*job, State::paused);
    connections->interrupt(*job);
    context->save(*job);
    return true;
}

bool DownloadManager::Impl::resume(JobPtr const& job) {
    if (!job || job->state == State::completed) return false;
    if (job->state != State::paused && job->state != State::failed) return true;
    job->state = State::queued;
    job->reason.clear();
    job->search.next.reset();
    context->save(*job);
    context->changed(*job);
    workers->ensure(job);
    return true;
}

void DownloadManager::Impl::remove(JobPtr const& job) {
    bool const is_finished = job->state == State::completed;
    context->changed(*job);
    job->removed = true;
    job->reads.refuse_all();
    connections->interrupt(*job);
    context->jobs.remove(job);
    context->changes.removed(job->id);
    if (!is_finished && !job->worker.runs) {
        job->disk->close_file();
        ::unlink(context->part_path(*job).c_str());
    }
    context->records.remove(job->id);
}

DownloadManager::DownloadManager(asio::io_context& io, Options options) {
    // On a full disk the manager comes up all the same: its downloads wait, and say why.
    for (auto const& folder : {options.directory, options.partial_directory}) {
        int const error = make_directories(folder);
        if (error != 0 && error != ENOSPC && error != EDQUOT)
            throw std::runtime_error{"The folder " + folder +
                                     " for downloads cannot be created: " + std::strerror(error) + "."};
    }
    if (!options.read_limit) options.read_limit = std::make_shared<net::RateLimiter>(io);
    // Partial files are served from there, by a way without symbolic links.
    std::error_code unknown;
    auto const real = std::filesystem::canonical(options.partial_directory, unknown);
    if (!unknown) options.partial_directory = real.string();
    impl_ = std::make_shared<Impl>(io, std::move(options));
    impl_->start();
}

DownloadManager::~DownloadManager() { stop(); }

DownloadManager::Added DownloadManager::add(Request request) {
    auto added = impl_->add(std::move(request));
    if (!added.ask_again) impl_->context->folders.forget();
    return added;
}

void DownloadManager::add_source(std::string const& id, Source source) {
    auto const job = impl_->context->jobs.find(id);
    if (!job || job->is_over() || !impl_->connections->take_source(*job, source, false)) return;
    job->dirty = true;
    job->worker.wake.cancel();
    impl_->context->changed(*job);
}

void DownloadManager::add_alternates(std::string const& id, std::vector<Endpoint> const& in_hit, Endpoint const& source,
                                     Address const& teller) {
    auto const& context = impl_->context;
    auto const job = context->jobs.find(id);
    if (!job || job->is_over() || !job->urn.sha1) return;
    for (auto& one : context->alternates.in_hit(in_hit, *job->urn.sha1, source, teller, now()))
        add_source(id, std::move(one));
}

void DownloadManager::read(std::string const& id, std::uint64_t story, std::uint64_t at, std::size_t most,
                           std::weak_ptr<void> owner, std::function<void(Bytes)> done) {
    impl_->connections->read(impl_->context->jobs.find(id), {at, most, std::move(owner), std::move(done), story});
}

std::optional<std::string> DownloadManager::id_of(Urn const& urn) const {
    auto const job = impl_->context->jobs.find_same(urn);
    if (!job) return std::nullopt;
    return job->id;
}

std::optional<Partial> DownloadManager::partial(Sha1 const& sha1) const {
    auto const job = impl_->context->jobs.find_same(Urn{sha1, {}});
    return job ? partial_of(*job, impl_->context->options.partial_directory, impl_->context->part_path(*job))
               : std::nullopt;
}

std::optional<Partial> DownloadManager::partial(TigerHash const& root) const {
    for (auto const& job : impl_->context->jobs)
        if (job->story.tree && job->story.tree->root() == root && job->urn.sha1) return partial(*job->urn.sha1);
    return std::nullopt;
}

std::optional<content::TreeLevel> DownloadManager::partial_tree(Sha1 const& sha1) const {
    return partial(sha1) ? std::optional{*impl_->context->jobs.find_same(Urn{sha1, {}})->story.tree} : std::nullopt;
}

void DownloadManager::accept_giv(Tcp::socket socket, Bytes read) {
    auto const context = impl_->context;
    asio::co_spawn(context->io, context->calls.take(std::move(socket), std::move(read)),
                   [context](std::exception_ptr const& failure) { log_failure(failure, "a call back"); });
}

namespace {

asio::awaitable<void> wait_for_call(ContextPtr context, std::shared_ptr<Calls::Wait> wait, Guid servent,
                                    std::uint32_t index) {
    co_await asio::post(context->io, asio::use_awaitable);
    if (context->calls.can_ask()) co_await context->calls.wait_for(wait, servent, index);
}

}  // namespace

void DownloadManager::call(Guid const& servent, std::uint32_t index, Called called) {
    auto const context = impl_->context;
    auto const wait = std::make_shared<Calls::Wait>(context->io);
    asio::co_spawn(context->io, wait_for_call(context, wait, servent, index),
                   [context, wait, called = std::move(called)](std::exception_ptr const& failure) {
                       if (failure) log_failure(failure, "a call back");
                       bool const answered = wait->has_called() && !context->is_stopped();
                       if (answered)
                           called(wait->take_socket(), wait->take_read());
                       else
                           called(std::nullopt, {});
                   });
}

std::shared_ptr<net::RateLimiter> DownloadManager::read_limit() const { return impl_->context->options.read_limit; }
std::uint64_t DownloadManager::bytes_received() const { return impl_->context->bytes_received; }
bool DownloadManager::set_rate(std::uint64_t bytes_per_second) {
    return impl_->context->options.read_limit->set_rate(bytes_per_second);
}
void DownloadManager::stop() { impl_->stop(); }

}  // namespace praline::download
