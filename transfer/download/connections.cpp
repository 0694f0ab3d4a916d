#include "transfer/download/connections.hpp"

#include <algorithm>

#include "node/log/log.hpp"
#include "transfer/download/safe_name.hpp"
#include "transfer/download/source_session.hpp"

namespace praline::download {

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

SourceSession* Connections::session_of(Job const& job, swarm::LinkId link) const {
    for (auto const& session : job.sessions)
        if (session->link() == link) return session.get();
    return nullptr;
}

void Connections::connect(JobPtr const& job, SourceId source, swarm::LinkId link) {
    auto const* const known = job->sources.find(source);
    if (known == nullptr) return;
    auto const session = std::make_shared<SourceSession>(shared_from_this(), job, *known, link);
    job->sessions.push_back(session);
    SourceSession::start(session);
    show_activity(*job);
}

void Connections::start_swarm(JobPtr const& job) {
    auto settings = swarm_options(context_->options.limits);
    settings.is_unproved = !job->checks_pieces();
    settings.may_ask = [this, &job = *job](SourceId source) {
        return context_->connections < context_->options.limits.connections_max && belief_->may_ask(job, source);
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
            job->sources.find(session->source_id()) != nullptr && belief_->may_ask(*job, session->source_id());
        if (!is_source) {
            close_session(*job, *session);
            continue;
        }
        session->join(job->swarm->adopt(session->source_id(), now()));
    }
    for (auto const& session : sessions)
        if (session->link() != 0 && session->is_open()) learnt(job, *session);
}

void Connections::feed(JobPtr const& job, swarm::Event const& event) {
    if (!job->swarm || context_->is_stopped()) return;
    swarm::Actions actions;
    job->swarm->handle(event, now(), actions);
    perform(job, actions);
}

void Connections::perform(JobPtr const& job, swarm::Actions const& actions) {
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
            belief_->accused(*job, *liar);
        } else {
            // All is right, or sources are missing: for the worker.
            job->worker.wake.cancel();
        }
    }
}

void Connections::learnt(JobPtr const& job, SourceSession& session) {
    if (session.link() == 0) {
        if (!job->story.has_map) belief_->start_map(*job, content::good_slice_bytes(*job->story.size_bytes));
        job->worker.wake.cancel();
        return;
    }
    auto const* const known = job->sources.find(session.source_id());
    // Asked for no more than it has: what that is comes first.
    if (known != nullptr && !known->available.empty()) feed(job, swarm::Offered{session.link(), known->available});
    feed(job, swarm::Opened{session.link()});
}

void Connections::session_ended(JobPtr const& job, SourceSession& session, Outcome const& outcome) {
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
        if (context_->options.on_refused && source.url.empty() && breaks_promise(*outcome.fault))
            context_->options.on_refused(source);
        bool const is_none = outcome.fault == Fault::unreachable || outcome.fault == Fault::not_found ||
                             outcome.fault == Fault::wrong_content;
        if (is_none) belief_->note_failure(*job, id, source.endpoint);
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

void Connections::close_session(Job& job, SourceSession& session) {
    session.close();
    std::erase_if(job.sessions, [&](SessionPtr const& one) { return one.get() == &session; });
}

void Connections::close_all(Job& job) {
    auto const sessions = std::move(job.sessions);
    job.sessions.clear();
    for (auto const& session : sessions) session->close();
}

void Connections::interrupt(Job& job) {
    job.disk->cancel();
    job.worker.rests = true;
    job.parked.clear();
    close_all(job);
    job.worker.wake.cancel();
}

void Connections::broke(JobPtr const& job, char const* what) {
    log::error("The download {} of {} was ended by an error inside the node: {}", job->id, job->name, what);
    if (!job->removed && !job->is_over()) {
        job->state = State::failed;
        job->reason =
            "An error inside the node ended this download (" + std::string{what} + "). Resume it to try again.";
        job->dirty = true;
    }
    interrupt(*job);
    try {
        context_->changed(*job);
    } catch (std::exception const& error) {
        log::error("The change of download {} could not be announced: {}", job->id, error.what());
    }
}

/// A file asked for by its hash alone is called what its first source calls it.
bool Connections::take_source(Job& job, Source const& source, bool by_user) {
    if (job.name == no_name && !source.name.empty()) job.name = safe_name(source.name);
    bool const is_new = job.swarm ? job.swarm->add(source, now(), by_user) : job.sources.add(source, now(), by_user);
    if (!is_new) return false;
    auto const id = job.sources.id_of(source);
    if (!id) return false;
    // What the user names again begins anew; what its hit says counts until the source speaks for itself.
    job.story.claims.forget(*id);
    if (source.size_bytes) job.story.claims.hinted_size(*id, *source.size_bytes);
    return true;
}

void Connections::show_activity(Job& job) {
    if (job.sessions.empty()) {
        bool const was_active =
            job.state == State::connecting || job.state == State::downloading || job.state == State::stalled;
        if (was_active && !job.map().complete()) context_->set_state(job, State::searching, job.reason);
        return;
    }
    bool const receives = std::any_of(job.sessions.begin(), job.sessions.end(),
                                      [](SessionPtr const& one) { return one->stage() == Stage::receiving; });
    if (receives && job.state == State::stalled) return;
    if (receives || job.state != State::downloading || !job.swarm) {
        context_->set_state(job, receives ? State::downloading : State::connecting, {});
        return;
    }
    // Between two requests it is still a download; without a request it is not.
    bool const asks =
        std::any_of(job.sessions.begin(), job.sessions.end(), [](SessionPtr const& one) { return one->is_open(); });
    if (!asks) context_->set_state(job, State::connecting, {});
}

void Connections::read(JobPtr const& job, ContentReads::Read wanted) {
    bool const can = job && !job->is_over() && job->checks_pieces() && job->story.number == wanted.story &&
                     !job->story.recheck && wanted.at < job->map().file_bytes() && context_->open_part(*job);
    if (!can) return wanted.done({});
    auto const at = wanted.at;
    job->reads.wait(std::move(wanted));
    if (!serve_reads(*job)) fetch_next(job, at);
}

/// A source of verified bytes that others can connect to is told to them, from time to time.
void Connections::note_delivery(Job& job, SourceSession const& session) {
    auto* const known = job.sources.find(session.source_id());
    // A web server knows nothing of peers, and is not theirs to be told of.
    if (known == nullptr || !job.is_proved() || !session.is_reachable() || !known->source.url.empty()) return;
    auto const time = now();
    bool const is_news = known->right_bytes > known->told_bytes &&
                         (!known->told_at || time - *known->told_at >= context_->options.limits.tell_again_after);
    if (!is_news) return;
    known->told_bytes = known->right_bytes;
    known->told_at = time;
    context_->alternates.delivered(*job.urn.sha1, known->source.endpoint, time);
}

void Connections::pieces_came(JobPtr const& job) {
    if (job->urn.sha1)
        for (auto const& session : job->sessions) note_delivery(*job, *session);
    bool const some = serve_reads(*job);
    if (auto const newest = job->reads.newest(); some && newest) fetch_next(job, *newest);
}

/// @return some were answered
bool Connections::serve_reads(Job& job) {
    auto ready = job.reads.ready(job.map());
    for (auto& [read, range] : ready) {
        job.disk->read(range, [read = std::move(read)](Bytes bytes) {
            if (!read.owner.expired()) read.done(std::move(bytes));
        });
    }
    return !ready.empty();
}

void Connections::fetch_next(JobPtr const& job, std::uint64_t position) {
    if (!job->swarm || job->worker.rests) return;
    swarm::Actions actions;
    job->swarm->wanted_from(position, now(), actions);
    perform(job, actions);
    job->worker.wake.cancel();
}

}  // namespace praline::download
