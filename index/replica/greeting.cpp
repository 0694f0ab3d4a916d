#include "index/replica/greeting.hpp"

namespace praline::index::replica {
namespace {

/// In seconds, without zeros at the end.
std::string seconds(std::uint64_t microseconds) {
    constexpr std::uint64_t second = 1'000'000;
    std::string text =
        std::to_string(microseconds / second) + '.' + std::to_string(second + microseconds % second).substr(1);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string flags(GroupTimes const& times) {
    return "--beat " + seconds(times.heartbeat_us) + " --suspect-after " +
           std::to_string(times.suspect_after_heartbeats) + " --lease " + seconds(times.lease_us);
}

}  // namespace

GroupTimes times_of(ReplicaOptions const& options) {
    return {static_cast<std::uint64_t>(options.heartbeat_every.count()), options.suspect_after_heartbeats,
            static_cast<std::uint64_t>(options.lease.count())};
}

std::string objection(Hello const& theirs, GroupTimes const& ours) {
    if (theirs.protocol != server_protocol_version)
        return "the other server speaks protocol " + std::to_string(theirs.protocol) + ", this one " +
               std::to_string(server_protocol_version) + ". Run the same version of Praline on all servers of a group.";
    if (theirs.times != ours)
        return "the other server runs with " + flags(theirs.times) + ", this one with " + flags(ours) +
               ". All servers of a group need the same: stop the one that differs and start it with the values of the "
               "group.";
    return {};
}

}  // namespace praline::index::replica
