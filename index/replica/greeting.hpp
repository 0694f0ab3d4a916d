#pragma once

#include <string>

#include "index/replica/replica.hpp"

/// Which servers may be of one group, as far as their Hellos say.   @threads any: pure.
namespace praline::index::replica {

[[nodiscard]] GroupTimes times_of(ReplicaOptions const& options);
/// Why a server that says this and one with `ours` cannot be of one group, of another server and in a sentence without a
/// capital letter; it names both values and says what to do. Empty: they can.
[[nodiscard]] std::string objection(Hello const& theirs, GroupTimes const& ours);

}  // namespace praline::index::replica
