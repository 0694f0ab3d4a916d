#include "index/replica/peers.hpp"

#include <algorithm>

namespace praline::index::replica {

void WritesSeen::close_gap() {
    while (!ahead_.empty() && *ahead_.begin() <= seen_ + 1) {
        seen_ = std::max(seen_, *ahead_.begin());
        ahead_.erase(ahead_.begin());
    }
}

void WritesSeen::write(std::uint64_t position) {
    if (position == 0) return;
    // What was written before we met is for the first comparison.
    if (!begun_) seen_ = position - 1;
    begun_ = true;
    announced_ = std::max(announced_, position);
    if (position <= seen_) return;
    ahead_.insert(position);
    close_gap();
    if (ahead_.size() > positions_ahead_max) {
        seen_ = *ahead_.begin();
        close_gap();
    }
}

bool WritesSeen::heartbeat(std::uint64_t writes) {
    if (!begun_) seen_ = writes;
    begun_ = true;
    bool const gap_stays = announced_ > seen_;
    announced_ = std::max(announced_, writes);
    return gap_stays;
}

void WritesSeen::all_up_to(std::uint64_t writes) {
    seen_ = std::max(seen_, std::min(writes, announced_));
    ahead_.erase(ahead_.begin(), ahead_.upper_bound(seen_));
    close_gap();
}

}  // namespace praline::index::replica
