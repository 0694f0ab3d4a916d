#pragma once

#include <algorithm>

#include "node/base/time.hpp"
#include "webui/api/limits.hpp"

namespace praline::webui {

/// Slows down who guesses tokens and login codes: after a few wrong ones each further answer is held back. A right one is
/// never held back, so that a caller who guesses cannot keep the user out.   @threads one.
class GuessThrottle {
public:
    /// Counts a wrong guess. @returns for how long its answer is to be held back.
    [[nodiscard]] Duration wrong(Instant now) {
        auto const regained = (now - regained_at_) / wrong_guess_regain_time;
        free_ = std::min<Duration::rep>(wrong_guesses_free, free_ + regained);
        regained_at_ += regained * wrong_guess_regain_time;
        if (free_ == 0) return wrong_guess_hold_time;
        --free_;
        return {};
    }

private:
    Duration::rep free_ = wrong_guesses_free;
    Instant regained_at_{};
};

}  // namespace praline::webui
