#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "node/base/time.hpp"

namespace praline::index::client {

/// What is fixed of a node's side of the index; `ClientOptions` has what its host may choose.
struct ClientLimits {
    static constexpr std::size_t links_max = 8;         ///< open and being opened
    static constexpr std::size_t candidates_max = 3;    ///< opened at once while there is no server
    static constexpr std::uint32_t probes_to_move = 3;  ///< at which the other must be nearer, in a row
    static constexpr Duration choose_within =
        std::chrono::milliseconds{300};  ///< of the first that opens, for others to show their distance
    static constexpr Duration slow_after =
        std::chrono::seconds{1};  ///< an opening that lasts longer does not keep others back
    static constexpr Duration open_within = std::chrono::seconds{30};  ///< the host gives up long before
    static constexpr Duration welcome_within = std::chrono::seconds{10};
    static constexpr Duration stable_after = std::chrono::seconds{5};   ///< what broke earlier counts as a failure
    static constexpr Duration leaving_rest = std::chrono::seconds{10};  ///< a server that leaves is left alone so long
    static constexpr Duration save_every = std::chrono::seconds{10};
    static constexpr Duration ping_every_min = std::chrono::milliseconds{200};
};

}  // namespace praline::index::client
