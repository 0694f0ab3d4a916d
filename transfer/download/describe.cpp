// A download as the user sees it: what is true at this moment, in words.
#include <fmt/core.h>

#include "transfer/download/manager_impl.hpp"

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
    if (job.next_search && *job.next_search > time && !job.reason.empty())
        info.reason +=
            " Other sources are looked for again in " + in_words(whole_seconds(*job.next_search - time)) + ".";
}

void say_stalled(Job const& job, Instant time, DownloadInfo& info) {
    auto const silent = std::chrono::duration_cast<std::chrono::seconds>(job.patience.silent_for(time)).count();
    info.stalled_seconds = silent > 0 ? static_cast<std::uint64_t>(silent) : 0;
    auto const* const known = job.asked ? job.sources.find(*job.asked) : nullptr;
    auto const who = known != nullptr ? known->source.endpoint.text() : std::string{"The source"};
    info.reason = who + " has sent nothing for " + in_words(*info.stalled_seconds) + ".";
}

/// Named only once it takes a while: most sources answer before anybody could read it.
void say_connecting(Job const& job, Instant time, DownloadInfo& info) {
    auto const* const known = job.asked ? job.sources.find(*job.asked) : nullptr;
    auto const waiting = job.patience.waiting_for(time);
    if (known == nullptr || waiting < worth_saying) return;
    auto const who = known->source.endpoint.text();
    auto const since =
        in_words(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(waiting).count()));
    switch (job.patience.stage()) {
        case Patience::Stage::connecting:
            info.reason = who + " has not accepted a connection for " + since + ".";
            break;
        case Patience::Stage::called:
            info.reason = who + " was asked to connect to this node " + since + " ago.";
            break;
        default: info.reason = who + " was asked " + since + " ago and has not answered."; break;
    }
}

void say_map(Job const& job, DownloadInfo& info) {
    info.received_bytes = job.map.received_bytes();
    info.slice_bytes = job.map.piece_bytes();
    // Without a tree nothing is verified before the whole is.
    bool const checked = job.tree && !job.recheck;
    info.verified_bytes = checked ? job.map.verified_bytes() : 0;
    info.verified = checked ? job.map.verified() : std::vector<bool>(job.map.verified().size());
}

}  // namespace

DownloadInfo DownloadManager::Impl::describe(Job const& job) const {
    DownloadInfo info;
    info.id = job.id;
    info.name = job.name;
    info.urn = job.urn;
    info.state = job.state;
    info.reason = job.reason;
    info.size_bytes = job.size_bytes;
    info.path = job.path;
    info.sources = job.sources.sources();
    if (job.state == State::completed) {
        info.received_bytes = info.verified_bytes = job.size_bytes.value_or(0);
        info.slice_bytes = job.has_map ? job.map.piece_bytes() : info.received_bytes;
        info.verified.assign(
            job.has_map ? static_cast<std::size_t>(job.map.piece_count()) : (info.received_bytes > 0 ? 1 : 0), true);
        return info;
    }
    auto const time = now();
    if (job.state == State::searching) say_next(job, time, info);
    if (job.state == State::connecting) say_connecting(job, time, info);
    if (job.state == State::stalled) say_stalled(job, time, info);
    if (job.state == State::downloading) info.bytes_per_second = job.bytes_per_second;
    if (job.has_map) say_map(job, info);
    return info;
}

}  // namespace praline::download
