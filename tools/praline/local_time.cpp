#include "tools/praline/local_time.hpp"

#include <ctime>

namespace praline {

WeekMinute local_week_minute(UnixSeconds at) {
    std::time_t const time = at;
    std::tm local{};
    if (::localtime_r(&time, &local) == nullptr) return {};
    // Its week begins on Sunday.
    return {static_cast<unsigned>(local.tm_wday + 6) % 7, static_cast<unsigned>(local.tm_hour * 60 + local.tm_min)};
}

}  // namespace praline
