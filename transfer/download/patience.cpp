#include "transfer/download/patience.hpp"

namespace praline::download {

void Patience::enter(Stage stage, Instant now) {
    // A body that goes on after a pause of ours is measured from here.
    stage_ = stage;
    since_ = last_byte_ = window_ = now;
    window_bytes_ = 0;
}

void Patience::arrived(std::uint64_t bytes, Instant now) {
    if (bytes == 0) return;
    last_byte_ = now;
    window_bytes_ += bytes;
}

bool Patience::is_over(std::size_t others_waiting, Instant now) {
    if (stage_ == Stage::resting) return false;
    if (stage_ == Stage::receiving) {
        bool slow = false;
        if (now - window_ >= limits_.rate_window) {
            slow = window_bytes_ < limits_.rate_window_bytes_min;
            window_ = now;
            window_bytes_ = 0;
        }
        return others_waiting > 0 && (slow || now - last_byte_ >= limits_.silence_time);
    }
    if (others_waiting == 0) return false;
    auto const allowed = stage_ == Stage::connecting ? limits_.hurried_connect_time
                         : stage_ == Stage::called   ? limits_.hurried_push_time
                                                     : limits_.hurried_reply_time;
    // A row of sources that say nothing must not take minutes.
    return now - since_ >= (others_waiting >= limits_.many_waiting ? allowed / 3 : allowed);
}

Duration Patience::silent_for(Instant now) const { return stage_ == Stage::receiving ? now - last_byte_ : Duration{}; }

}  // namespace praline::download
