#include "tools/praline/answer_budget.hpp"

#include <algorithm>

namespace praline {

bool AnswerBudget::admits(PeerId link, std::size_t waiting_bytes, Instant now) const {
    if (waiting_bytes > waiting_bytes_max) return false;
    if (shared_.left(now, shared_units_per_second, shared_units_at_once) > 0) return true;
    auto const own = own_.find(link);
    if (own == own_.end()) return own_.size() < links_max;
    return own->second.left(now, own_units_per_second, own_units_at_once) > 0;
}

void AnswerBudget::charge(PeerId link, std::uint64_t steps, Instant now) {
    auto const units =
        static_cast<std::uint32_t>(std::clamp<std::uint64_t>(steps / steps_per_unit, 1, shared_units_at_once));
    auto const own = own_.find(link);
    bool const has_own = own != own_.end() ? own->second.left(now, own_units_per_second, own_units_at_once) > 0
                                           : own_.size() < links_max;
    // The link's own part is used first: who asks for little leaves the shared part to others.
    if (has_own)
        own_[link].owe(now, own_units_per_second, own_units_at_once, std::min(units, own_units_at_once), 0);
    else
        shared_.owe(now, shared_units_per_second, shared_units_at_once, units, 0);
}

}  // namespace praline
