#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "node/base/ids.hpp"
#include "node/base/rate.hpp"
#include "node/base/time.hpp"

namespace praline {

/// How much of the node's time answers may take, so that the page and other links are served however many links ask for
/// much. Every link has a little of its own, which others cannot use up; beyond it all links share a part of one core. A
/// link that does not read its answers gets no more of them.
/// @threads one: pure.
class AnswerBudget {
public:
    /// True: a query of this link may be answered now. @param waiting_bytes  what waits in the queue to it.
    [[nodiscard]] bool admits(PeerId link, std::size_t waiting_bytes, Instant now) const;
    /// An answer to this link cost so many steps of the matcher.
    void charge(PeerId link, std::uint64_t steps, Instant now);
    /// The link is down.
    void forget(PeerId link) { own_.erase(link); }

    static constexpr std::uint64_t steps_per_unit = 100;        ///< about 50 us on an ordinary processor
    static constexpr std::uint32_t own_units_per_second = 100;  ///< of each link: half a percent of a core
    static constexpr std::uint32_t own_units_at_once = 100;
    static constexpr std::uint32_t shared_units_per_second = 8'000;  ///< two fifths of a core
    static constexpr std::uint32_t shared_units_at_once =
        2'000;  ///< a tenth of a second: what a page may have to wait for
    static constexpr std::size_t waiting_bytes_max = 64 * 1024;  ///< two full answers
    static constexpr std::size_t links_max = 4096;  ///< remembered; beyond that a link has only the shared part

private:
    std::unordered_map<PeerId, Rate> own_;
    Rate shared_;
};

}  // namespace praline
