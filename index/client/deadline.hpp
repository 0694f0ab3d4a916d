#pragma once

#include <optional>

#include "node/base/time.hpp"

namespace praline::index::client {

/// The earliest of what is still to come; all that was due has been done. Pure.
class Deadline {
public:
    explicit Deadline(Instant now) : now_{now} {}
    void take(Instant at) {
        if (at > now_ && (!at_ || at < *at_)) at_ = at;
    }
    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] std::optional<Instant> at() const { return at_; }

private:
    Instant now_;
    std::optional<Instant> at_;
};

}  // namespace praline::index::client
