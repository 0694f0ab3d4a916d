#pragma once

#include <cstddef>
#include <cstdint>

#include "node/base/time.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download {

/// How long one source may keep a download to itself while other sources wait: short times to connect and to answer, and
/// a floor under the rate of a body. Without others in waiting the longer times of the connection itself hold.
/// @threads one at a time: pure.
class Patience {
public:
    enum class Stage : std::uint8_t {
        resting,  ///< nothing is expected of the source: we are the ones who wait or work
        connecting,
        called,     ///< asked to connect to us
        replying,   ///< a whole reply header is due
        receiving,  ///< a body is on its way
    };
    explicit Patience(Limits const& limits) : limits_{limits} {}

    void enter(Stage stage, Instant now);
    /// Body bytes came.
    void arrived(std::uint64_t bytes, Instant now);
    /// True: `others_waiting` sources are to be preferred to this one. Asked regularly: it also measures the rate.
    [[nodiscard]] bool is_over(std::size_t others_waiting, Instant now);
    [[nodiscard]] Stage stage() const { return stage_; }
    /// Since the stage began; zero while nothing is expected.
    [[nodiscard]] Duration waiting_for(Instant now) const {
        return stage_ == Stage::resting ? Duration{} : now - since_;
    }
    /// Since the last byte of the body, or since it became due; zero while no body is due.
    [[nodiscard]] Duration silent_for(Instant now) const;

private:
    Limits limits_;
    Stage stage_ = Stage::resting;
    Instant since_{};  ///< the stage began
    Instant last_byte_{};
    Instant window_{};  ///< the rate is measured from here
    std::uint64_t window_bytes_ = 0;
};

}  // namespace praline::download
