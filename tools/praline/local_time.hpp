#pragma once

#include "node/base/time.hpp"
#include "tools/praline/bandwidth_schedule.hpp"

namespace praline {

/// By the time zone of this machine (TZ, or /etc/localtime), with its summer time.   @threads any.
[[nodiscard]] WeekMinute local_week_minute(UnixSeconds at);

}  // namespace praline
