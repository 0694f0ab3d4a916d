#pragma once

#include "transfer/download/download_store.hpp"
#include "transfer/download/job.hpp"

namespace praline::download {

/// A download as it is to be kept.
[[nodiscard]] Record record_of(Job const& job);
/// All of a record but its tree and map.
void take_record(Job& job, Record const& record, Instant now);

}  // namespace praline::download
