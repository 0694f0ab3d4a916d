#include "transfer/download/describe.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "transfer/download/source_session.hpp"

namespace praline::download {

namespace {

constexpr std::chrono::seconds worth_saying{3};

std::uint64_t whole_seconds(Duration time) {
    auto const seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
    return seconds > 0 ? static_cast<std::uint64_t>(seconds) : 0;
}

std::string in_words(std::uint64_t seconds) {
    if (seconds == 1) return "1 second";
    if (seconds < 120) return fmt::format("{} seconds", seconds);
    return fmt::format("{} minutes", (seconds + 30) / 60);
}

/// What a download that waits for its sources waits for.
void say_next(Job const& job, Instant time, DownloadInfo& info) {
    auto const retry = job.sources.next_retry(time);
    if (retry) {
        info.next_try_seconds = whole_seconds(*retry - time);
        if (!info.reason.empty()) info.reason += ' ';
        info.reason += "Next try in " + in_words(*info.next_try_seconds) + ".";
    }
    if (job.search.next && *job.search.next > time && !job.reason.empty())
        info.reason +=
            " Other sources are looked for again in " + in_words(whole_seconds(*job.search.next - time)) + ".";
}

/// What stands in front of it changes without any change of its own.
void say_place(std::optional<std::size_t> place, DownloadInfo& info) {
    info.place = place;
    if (place == 1U) info.reason = "It is the next to begin.";
    if (place == 2U) info.reason = "Another download comes first.";
    if (place && *place > 2) info.reason = fmt::format("{} downloads come first.", *place - 1);
}

void say_stalled(Job const& job, Instant time, DownloadInfo& info) {
    auto const silent = job.progress.silent_since ? time - *job.progress.silent_since : Duration{0};
    info.stalled_seconds = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(silent).count());
    auto const who = job.sessions.size() == 1 ? job.sessions.front()->source().place() + " has"
                                              : fmt::format("{} sources have", job.sessions.size());
    info.reason = who + " sent nothing for " + in_words(*info.stalled_seconds) + ".";
}

/// Named only once it takes a while: most sources answer before anybody could read it.
void say_connecting(Job const& job, Instant time, DownloadInfo& info) {
    auto const longest = std::min_element(
        job.sessions.begin(), job.sessions.end(),
        [](SessionPtr const& left, SessionPtr const& right) { return left->since() < right->since(); });
    if (longest == job.sessions.end() || time - (*longest)->since() < worth_saying) return;
    auto const& one = **longest;
    auto const who = one.source().place();
    auto const since = in_words(
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(time - one.since()).count()));
    switch (one.stage()) {
        case SourceWire::Stage::connecting:
            info.reason = who + " has not accepted a connection for " + since + ".";
            break;
        case SourceWire::Stage::called:
            info.reason = who + " was asked to connect to this node " + since + " ago.";
            break;
        case SourceWire::Stage::replying:
            info.reason = who + " was asked " + since + " ago and has not answered.";
            break;
        default: break;
    }
}

void say_map(Job const& job, DownloadInfo& info) {
    auto const& map = job.map();
    info.received_bytes = map.received_bytes();
    info.slice_bytes = map.piece_bytes();
    // Without a tree nothing is verified before the whole is.
    bool const checked = job.checks_pieces() && !job.story.recheck;
    info.has_tree = checked;
    info.story = job.story.number;
    info.verified_bytes = checked ? map.verified_bytes() : 0;
    info.verified = checked ? map.verified() : std::vector<bool>(map.verified().size());
}

SourceInfo info_of(KnownSource const& known, bool checks_pieces) {
    SourceInfo info;
    info.source = known.source;
    info.received_bytes = known.bytes;
    // Without a tree nothing is verified before the whole is.
    info.verified_bytes = checks_pieces ? known.right_bytes : 0;
    info.failed_bytes = known.wrong_bytes;
    info.trouble = known.trouble;
    return info;
}

void say_activity(swarm::SourceReport const& report, SourceInfo& info) {
    using Phase = SourceInfo::Phase;
    switch (report.phase) {
        case swarm::SourceReport::Phase::waiting: break;
        case swarm::SourceReport::Phase::connecting: info.phase = Phase::connecting; break;
        case swarm::SourceReport::Phase::idle: info.phase = Phase::idle; break;
        case swarm::SourceReport::Phase::asked: info.phase = Phase::asked; break;
        case swarm::SourceReport::Phase::receiving: info.phase = Phase::receiving; break;
    }
    if (report.is_stalled) info.phase = Phase::stalled;
    bool const receives = info.phase == Phase::receiving;
    if (receives && report.bytes_per_second)
        info.bytes_per_second = static_cast<std::uint64_t>(*report.bytes_per_second);
    if (report.latency)
        info.latency_ms =
            static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(*report.latency).count());
}

std::vector<SourceInfo> source_infos(Job const& job, Instant time) {
    std::vector<SourceInfo> all;
    for (auto const& known : job.sources.known()) {
        auto& info = all.emplace_back(info_of(known, job.checks_pieces()));
        if (job.swarm) say_activity(job.swarm->report(known.id, time), info);
        bool const waits = info.phase == SourceInfo::Phase::waiting && !job.is_over();
        if (waits && known.retry_at > time) info.next_try_seconds = whole_seconds(known.retry_at - time);
    }
    for (auto const& dropped : job.sources.dropped()) {
        auto& info = all.emplace_back(info_of(dropped.known, job.checks_pieces()));
        info.phase = SourceInfo::Phase::dropped;
        info.trouble = dropped.reason;
    }
    return all;
}

}  // namespace

char const* to_string(State state) noexcept {
    switch (state) {
        case State::queued: return "queued";
        case State::searching: return "searching";
        case State::connecting: return "connecting";
        case State::downloading: return "downloading";
        case State::verifying: return "verifying";
        case State::paused: return "paused";
        case State::waiting: return "waiting";
        case State::completed: return "completed";
        case State::failed: return "failed";
        case State::stalled: return "stalled";
    }
    return "failed";
}

char const* to_string(SourceInfo::Phase phase) noexcept {
    switch (phase) {
        case SourceInfo::Phase::waiting: return "waiting";
        case SourceInfo::Phase::connecting: return "connecting";
        case SourceInfo::Phase::idle: return "idle";
        case SourceInfo::Phase::asked: return "asked";
        case SourceInfo::Phase::receiving: return "receiving";
        case SourceInfo::Phase::stalled: return "stalled";
        case SourceInfo::Phase::dropped: return "dropped";
    }
    return "waiting";
}

DownloadInfo describe(Job const& job, std::optional<std::size_t> place, std::string const& usual_folder, Instant now) {
    DownloadInfo info;
    info.id = job.id;
    info.name = job.name;
    info.urn = job.urn;
    info.state = job.state;
    info.reason = job.reason;
    info.size_bytes = job.story.size_bytes;
    auto const& to = job.destination;
    info.path = to.path;
    info.rank = job.worker.rank;
    info.directory = directory_of(to, usual_folder);
    info.group = to.group;
    info.group_name = to.group_name;
    info.below = to.below;
    info.sources = job.sources.sources();
    info.source_infos = source_infos(job, now);
    if (job.state == State::completed) {
        info.received_bytes = info.verified_bytes = job.story.size_bytes.value_or(0);
        info.slice_bytes = job.story.has_map ? job.map().piece_bytes() : info.received_bytes;
        info.verified.assign(
            job.story.has_map ? static_cast<std::size_t>(job.map().piece_count()) : (info.received_bytes > 0 ? 1 : 0),
            true);
        return info;
    }
    if (job.state == State::queued) say_place(place, info);
    if (job.state == State::searching) say_next(job, now, info);
    if (job.state == State::connecting) say_connecting(job, now, info);
    if (job.state == State::stalled) say_stalled(job, now, info);
    if (job.state == State::downloading) info.bytes_per_second = job.progress.bytes_per_second;
    if (job.story.has_map) say_map(job, info);
    return info;
}

}  // namespace praline::download
