#include "node/net/system_clock.hpp"

namespace praline::net {
namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

Instant now() { return Instant{std::chrono::duration_cast<Duration>(Steady::now().time_since_epoch())}; }

UnixSeconds unix_now() {
    auto const since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

Steady::time_point to_steady(Instant instant) {
    return Steady::time_point{std::chrono::duration_cast<Steady::duration>(instant.time_since_epoch())};
}

}  // namespace praline::net
