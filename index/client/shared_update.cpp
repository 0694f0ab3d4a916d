#include "index/client/shared_update.hpp"

#include <algorithm>

namespace praline::index::client {

void SharedUpdate::wanted(Instant now) {
    if (!wanted_) not_before_ = std::max(not_before_, now + settle);
    wanted_ = true;
    up_to_date_ = false;
}

std::optional<Instant> SharedUpdate::due() const {
    if (step_ == Step::none && !wanted_) return std::nullopt;
    return step_ == Step::none ? not_before_ : Instant{};
}

void SharedUpdate::slice() {
    if (step_ == Step::none) {
        wanted_ = false;
        position_ = 0;
        busy_ = {};
        list_.begin_update();
        step_ = Step::reading;
    }
    if (step_ == Step::finishing) {
        if (!list_.finish_some(slice_).finished) return;
        step_ = Step::none;
        up_to_date_ = !wanted_;
        return;
    }
    auto const entries = shared_(position_, slice_);
    for (auto const& entry : entries) list_.entry(entry);
    position_ += entries.size();
    if (entries.size() >= slice_) return;
    // Positions have moved meanwhile: what was not named may be there. The next pass will tell.
    step_ = wanted_ ? Step::none : Step::finishing;
}

void SharedUpdate::done(Instant began, Instant now) {
    busy_ += now - began;
    if (step_ == Step::none) not_before_ = now + rest_min + busy_ * rest_factor;
}

void SharedUpdate::failed(Instant now) {
    step_ = Step::none;
    wanted_ = true;
    up_to_date_ = false;
    not_before_ = now + failed_rest;
}

}  // namespace praline::index::client
