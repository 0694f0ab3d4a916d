// The connections of a download: to find out what the file is, then to fetch it as its swarm wants.
#include <algorithm>

#include <boost/asio/post.hpp>

#include "transfer/download/manager_impl.hpp"
#include "transfer/download/source_session.hpp"

namespace praline::download {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using Stage = SourceWire::Stage;

namespace {

/// Not a matter of time or of the network: it has not what it said it has.
bool breaks_promise(Fault fault) {
    return fault == Fault::refused || fault == Fault::not_found || fault == Fault::wrong_size ||
           fault == Fault::wrong_content;
}

/// Why the swarm ended a connection, behind the name of the source.
char const* in_words(Fault fault) {
    switch (fault) {
        case Fault::unreachable: return "did not become ready in time";
        case Fault::slow: return "was too slow while other sources waited";
        case Fault::not_yet: return "has no part of the file that is missing here";
        case Fault::closed: return "stopped sending";
        case Fault::corrupt: return "sent bytes that are not of this file";
        case Fault::disagrees: return "sent bytes that contradict what another source says of the file";
        default: return "cannot be used now";
    }
}

swarm::SwarmOptions swarm_options(Limits const& limits) {
    swarm::SwarmOptions options;
    options.limits = limits;
    options.ranges.first_request_bytes = std::min(limits.first_request_bytes, limits.request_bytes_max);
    options.ranges.request_bytes_max = limits.request_bytes_max;
    options.connections_max = limits.job_connections_max;
    // A call that was asked for takes longer than a connection of ours; each has its own time as well.
    options.connect_time = limits.connect_time + limits.push_time + 2 * limits.reply_time;
    options.hurried_connect_time = limits.hurried_connect_time;
    options.reply_time = limits.reply_time;
    options.silence_time = limits.stalled_time;
    options.stalled_after = limits.stalled_after;
    options.unanswered_after = limits.unanswered_after;
    options.slow_window = limits.slow_window;
    options.floor_bytes_per_second = limits.floor_bytes_per_second;
    return options;
}

/// Of the source and, as long as nothing else is to be said, of the download.
void remember(Job& job, SourceSession const& session, std::string const& trouble) {
    if (auto* const known = job.sources.find(session.source_id())) known->trouble = trouble;
    job.reason = session.source().place() + " " + trouble + ".";
}

/// It may have more by the time it is asked again.
void forget_parts(Job& job, SourceSession const& session) {
    if (auto* const known = job.sources.find(session.source_id())) known->available.clear();
}

}  // namespace

SourceSession* DownloadManager::Impl::session_of(Job const& job, swarm::LinkId link) const {
    for (auto const& session : job.sessions)
        if (session->link() == link) return session.get();
    return nullptr;
}

void DownloadManager::Impl::connect(JobPtr const& job, SourceId source, swarm::LinkId link) {
    auto const* const known = job->sources.find(source);
    if (known == nullptr) return;
    auto const session = std::make_shared<SourceSession>(shared_from_this(), job, *known, link);
    job->sessions.push_back(session);
    SourceSession::start(session);
    show_activity(*job);
}

/// Until somebody has said how large the file is, a few sources are asked at once.
awaitable<void> DownloadManager::Impl::scout(JobPtr job) {
    auto const time = now();
    auto const& limits = options.limits;
    auto const patient =
        static_cast<std::size_t>(std::count_if(job->sessions.begin(), job->sessions.end(), [&](SessionPtr const& one) {
            return time - one->since() < limits.scout_patience;
        }));
    auto const may_connect = [&] {
        return job->sessions.size() < limits.job_connections_max && connections < limits.connections_max;
    };
    for (auto scouts = patient; scouts < limits.scouts_max && may_connect(); ++scouts) {
        auto const* const next = job->sources.pick(time, [&](KnownSource const& one) {
            bool const is_asked = std::any_of(job->sessions.begin(), job->sessions.end(),
                                              [&](SessionPtr const& each) { return each->source_id() == one.id; });
            return !is_asked && may_ask(*job, one.id);
        });
        if (next == nullptr) break;
        connect(job, next->id, 0);
    }
    if (job->sessions.empty()) {
        auto const other = another_story(*job);
        if (!other) co_return co_await wait_for_sources(job);
        turn_to(*job, *other);
        co_return;
    }
    co_await sleep(job, limits.scout_patience);
}

/// One turn of the swarm; sources tell it what they do in between.
awaitable<void> DownloadManager::Impl::fetch(JobPtr job) {
    if (!job->swarm) {
        if (!open_part(*job)) co_return;
        start_swarm(job);
    }
    feed(job, swarm::Ticked{});
    if (!job->swarm || job->swarm->map().complete()) co_return;
    show_activity(*job);
    // What is still being checked may be all there was to fetch.
    if (job->sessions.empty() && !job->disk->is_idle())
        co_return co_await sleep(job, milliseconds{options.limits.search_max});
    if (job->sessions.empty()) {
        auto const other = another_story(*job);
        if (!other) co_return co_await wait_for_sources(job);
        co_await come_to_rest(job);
        turn_to(*job, *other);
        co_return;
    }
    // It starves: those that are connected send nothing, or they are few for what there is to fetch.
    auto const time = now();
    auto const missing = *job->story.size_bytes - job->map().received_bytes();
    auto const& limits = options.limits;
    bool const few = missing > limits.worth_searching_bytes && limits.few_sources > job->sources.size();
    if (job->state == State::stalled || (few && !job->search.next)) look_for_sources(*job, time);
    auto const due = job->swarm->next_deadline();
    auto const wait = due ? std::chrono::ceil<milliseconds>(*due - time) : milliseconds{options.limits.search_max};
    co_await sleep(job, wait);
}

void DownloadManager::Impl::start_swarm(JobPtr const& job) {
    auto settings = swarm_options(options.limits);
    settings.is_unproved = !job->checks_pieces();
    settings.may_ask = [this, &job = *job](SourceId source) {
        return connections < options.limits.connections_max && may_ask(job, source);
    };
    settings.fault_of_wrong = [&job = *job](SourceId source) {
        // A tree that nothing has proved yet convicts only the source that gave it.
        bool const is_proof = job.root_given || job.has_named_pieces() || job.story.tree_giver == source;
        return is_proof ? Fault::corrupt : Fault::disagrees;
    };
    job->swarm.emplace(job->story.map, job->sources, std::move(settings));
    job->swarm->remember(job->story.parts);
    // Those that were asked what the file is go on.
    auto const sessions = job->sessions;
    for (auto const& session : sessions) {
        bool const is_source =
            job->sources.find(session->source_id()) != nullptr && may_ask(*job, session->source_id());
        if (!is_source) {
            close_session(*job, *session);
            continue;
        }
        session->join(job->swarm->adopt(session->source_id(), now()));
    }
    for (auto const& session : sessions)
        if (session->link() != 0 && session->is_open()) learnt(job, *session);
}

void DownloadManager::Impl::feed(JobPtr const& job, swarm::Event const& event) {
    if (!job->swarm || stopped) return;
    swarm::Actions actions;
    job->swarm->handle(event, now(), actions);
    perform(job, actions);
}

void DownloadManager::Impl::perform(JobPtr const& job, swarm::Actions const& actions) {
    for (auto const& action : actions) {
        bool const begins =
            std::holds_alternative<swarm::Connect>(action) || std::holds_alternative<swarm::Ask>(action);
        if (begins && job->worker.rests) continue;  // the swarm is put away when all is done
        if (auto const* const wanted = std::get_if<swarm::Connect>(&action)) {
            connect(job, wanted->source, wanted->link);
        } else if (auto const* const asked = std::get_if<swarm::Ask>(&action)) {
            if (auto* const session = session_of(*job, asked->link)) session->ask(asked->range);
        } else if (auto const* const stop = std::get_if<swarm::StopAt>(&action)) {
            if (auto* const session = session_of(*job, stop->link)) session->stop_at(stop->end);
        } else if (auto const* const close = std::get_if<swarm::Close>(&action)) {
            if (auto* const session = session_of(*job, close->link)) {
                if (close->fault) remember(*job, *session, in_words(*close->fault));
                if (close->fault == Fault::not_yet) forget_parts(*job, *session);
                close_session(*job, *session);
            }
        } else if (auto const* const check = std::get_if<swarm::CheckPiece>(&action)) {
            for (auto const& session : job->sessions) session->flush(job->map().range_of(check->piece));
            job->disk->check(*check);
        } else if (auto const* const liar = std::get_if<swarm::Accuse>(&action)) {
            accused(*job, *liar);
        } else {
            // All is right, or sources are missing: for the worker.
            job->worker.wake.cancel();
        }
    }
}

/// A source has said what it knows of the file, and can be asked for it.
void DownloadManager::Impl::learnt(JobPtr const& job, SourceSession& session) {
    if (session.link() == 0) {
        if (!job->story.has_map) start_map(*job, content::good_slice_bytes(*job->story.size_bytes));
        job->worker.wake.cancel();
        return;
    }
    auto const* const known = job->sources.find(session.source_id());
    // Asked for no more than it has: what that is comes first.
    if (known != nullptr && !known->available.empty()) feed(job, swarm::Offered{session.link(), known->available});
    feed(job, swarm::Opened{session.link()});
}

/// A connection ended that nobody here has closed.
void DownloadManager::Impl::session_ended(JobPtr const& job, SourceSession& session, Outcome const& outcome) {
    auto const link = session.link();
    auto const id = session.source_id();
    auto const source = session.source();
    std::erase_if(job->sessions, [&](SessionPtr const& one) { return one.get() == &session; });
    if (link != 0)
        feed(job, swarm::Lost{link, outcome.fault, outcome.retry_after});
    else if (outcome.fault)
        static_cast<void>(job->sources.failed(id, *outcome.fault, outcome.retry_after, now()));
    else
        job->sources.rested(id, 0, now());
    if (outcome.fault) {
        if (options.on_refused && source.url.empty() && breaks_promise(*outcome.fault)) options.on_refused(source);
        bool const is_none = outcome.fault == Fault::unreachable || outcome.fault == Fault::not_found ||
                             outcome.fault == Fault::wrong_content;
        if (is_none) note_failure(*job, id, source.endpoint);
        if (outcome.fault == Fault::not_yet) forget_parts(*job, session);
        if (outcome.fault == Fault::disagrees) job->story.claims.set_aside(id);
        bool const is_dropped = job->sources.find(id) == nullptr;
        if (is_dropped) job->story.claims.forget(id);
        remember(*job, session, outcome.detail + (is_dropped ? "; it is not asked again" : ""));
        job->dirty = true;
    }
    show_activity(*job);
    job->worker.wake.cancel();
}

void DownloadManager::Impl::close_session(Job& job, SourceSession& session) {
    session.close();
    std::erase_if(job.sessions, [&](SessionPtr const& one) { return one.get() == &session; });
}

void DownloadManager::Impl::close_sessions(Job& job) {
    auto const sessions = std::move(job.sessions);
    job.sessions.clear();
    for (auto const& session : sessions) session->close();
}

/// What the sources are doing, as the state of the download.
void DownloadManager::Impl::show_activity(Job& job) {
    if (job.sessions.empty()) {
        bool const was_active =
            job.state == State::connecting || job.state == State::downloading || job.state == State::stalled;
        if (was_active && !job.map().complete()) set_state(job, State::searching, job.reason);
        return;
    }
    bool const receives = std::any_of(job.sessions.begin(), job.sessions.end(),
                                      [](SessionPtr const& one) { return one->stage() == Stage::receiving; });
    if (receives && job.state == State::stalled) return;
    if (receives || job.state != State::downloading || !job.swarm) {
        set_state(job, receives ? State::downloading : State::connecting, {});
        return;
    }
    // Between two requests it is still a download; without a request it is not.
    bool const asks =
        std::any_of(job.sessions.begin(), job.sessions.end(), [](SessionPtr const& one) { return one->is_open(); });
    if (!asks) set_state(job, State::connecting, {});
}

/// For whoever looks at the file while it comes.
void DownloadManager::Impl::read(JobPtr const& job, ContentReads::Read wanted) {
    bool const can = job && !job->is_over() && job->checks_pieces() && job->story.number == wanted.story &&
                     !job->story.recheck && wanted.at < job->map().file_bytes() && open_part(*job);
    if (!can) return wanted.done({});
    auto const at = wanted.at;
    job->reads.wait(std::move(wanted));
    if (!serve_reads(*job)) fetch_next(job, at);
}

/// A source of verified bytes that others can connect to is told to them, from time to time.
void DownloadManager::Impl::note_delivery(Job& job, SourceSession const& session) {
    auto* const known = job.sources.find(session.source_id());
    // A web server knows nothing of peers, and is not theirs to be told of.
    if (known == nullptr || !job.is_proved() || !session.is_reachable() || !known->source.url.empty()) return;
    auto const time = now();
    bool const is_news = known->right_bytes > known->told_bytes &&
                         (!known->told_at || time - *known->told_at >= options.limits.tell_again_after);
    if (!is_news) return;
    known->told_bytes = known->right_bytes;
    known->told_at = time;
    alternates.delivered(*job.urn.sha1, known->source.endpoint, time);
}

/// It is no source to be told of any more, until it delivers again.
void DownloadManager::Impl::note_failure(Job& job, SourceId id, Endpoint const& endpoint) {
    if (!job.urn.sha1 || endpoint.is_unusable()) return;
    if (auto* const known = job.sources.find(id)) {
        known->told_bytes = known->right_bytes;
        known->told_at.reset();
    }
    alternates.failed(*job.urn.sha1, endpoint, now());
}

/// Pieces were found right: whoever waited for other ones has his turn.
void DownloadManager::Impl::pieces_came(JobPtr const& job) {
    if (job->urn.sha1)
        for (auto const& session : job->sessions) note_delivery(*job, *session);
    bool const some = serve_reads(*job);
    if (auto const newest = job->reads.newest(); some && newest) fetch_next(job, *newest);
}

/// @return some were answered
bool DownloadManager::Impl::serve_reads(Job& job) {
    auto ready = job.reads.ready(job.map());
    for (auto& [read, range] : ready) {
        job.disk->read(range, [read = std::move(read)](Bytes bytes) {
            if (!read.owner.expired()) read.done(std::move(bytes));
        });
    }
    return !ready.empty();
}

void DownloadManager::Impl::fetch_next(JobPtr const& job, std::uint64_t position) {
    if (!job->swarm || job->worker.rests) return;
    swarm::Actions actions;
    job->swarm->wanted_from(position, now(), actions);
    perform(job, actions);
    job->worker.wake.cancel();
}

}  // namespace praline::download
