#include "index/client/publish_pipeline.hpp"

#include <algorithm>

namespace praline::index::client {
namespace {

constexpr std::uint32_t restarts_max = 16;  // then the server is not worth the trouble
constexpr Duration restarts_forgotten_after = std::chrono::minutes{1};
constexpr Duration published_within = std::chrono::seconds{30};
constexpr std::uint64_t whole_token = 1000;
constexpr std::uint64_t burst_seconds = 5;

}  // namespace

bool PublishPipeline::begin(Version held, SetDigest const& digest, Instant now) {
    held_ = held;
    return restart(held, digest, false, now);
}

bool PublishPipeline::restart(Version held, SetDigest const& digest, bool reset, Instant now) {
    if (active_) {
        if (now - last_restart_ > restarts_forgotten_after) restarts_ = 0;
        last_restart_ = now;
        if (++restarts_ > restarts_max) return false;
    }
    active_ = more_ = true;
    again_ = false;
    dropping_ = reading_;
    reset_ = reset;
    next_from_ = held;
    next_digest_ = digest;
    under_way_.clear();
    return true;
}

void PublishPipeline::stop() {
    active_ = more_ = again_ = reset_ = careful_ = false;
    dropping_ = reading_;
    under_way_.clear();
    restarts_ = 0;
}

void PublishPipeline::list_changed() {
    if (!active_) return;
    more_ = true;
    again_ = reading_ && !dropping_;
}

void PublishPipeline::refill(Instant now) {
    auto const burst = whole_token * options_.changes_per_second * burst_seconds;
    auto const passed =
        std::min<std::uint64_t>(static_cast<std::uint64_t>((now - refilled_).count()), burst_seconds * 1'000'000);
    auto const gained = passed * options_.changes_per_second / (1'000'000 / whole_token);
    if (gained == 0) return;  // what is left of the time counts later
    tokens_ = std::min(burst, tokens_ + gained);
    refilled_ = now;
}

bool PublishPipeline::may_read() const {
    auto const room = careful_ ? 1 : options_.changes_under_way_max;
    return active_ && more_ && !reading_ && under_way_.size() < room;
}

std::optional<ReadChange> PublishPipeline::wants(Instant now) {
    if (!may_read()) return std::nullopt;
    refill(now);
    if (tokens_ < whole_token) return std::nullopt;
    reading_ = true;
    dropping_ = false;
    return ReadChange{next_from_, next_digest_, reset_};
}

std::optional<Publish> PublishPipeline::read(ChangeRead const& read, Instant now) {
    if (!reading_) return std::nullopt;
    reading_ = false;
    if (dropping_) {
        dropping_ = false;
        return std::nullopt;
    }
    if (!read.change) {
        more_ = again_;
        again_ = false;
        return std::nullopt;
    }
    tokens_ -= std::min(tokens_, whole_token);
    reset_ = again_ = false;
    under_way_.push_back({next_from_, read.change->to, read.digest, now});
    next_from_ = read.change->to;
    next_digest_ = read.digest;
    return Publish{*read.change};
}

bool PublishPipeline::published(Published const& message, Instant now) {
    if (!active_ || message.version > next_from_) return true;
    auto const named =
        std::find_if(under_way_.begin(), under_way_.end(), [&](auto const& one) { return one.to == message.version; });
    bool const differs = named != under_way_.end() && named->digest != message.digest;
    held_ = std::max(held_, message.version);
    careful_ = differs || (careful_ && named == under_way_.end());
    if (differs) return restart(message.version, message.digest, true, now);
    std::erase_if(under_way_, [&](auto const& one) { return one.to <= message.version; });
    return true;
}

bool PublishPipeline::behind(Behind const& message, Instant now) {
    if (!active_) return true;
    // Each of several changes under way is answered; the first answer has sent us back already.
    if (careful_ && message.held == (under_way_.empty() ? next_from_ : under_way_.front().from)) return true;
    careful_ = true;
    held_ = message.held;
    return restart(message.held, message.digest, false, now);
}

bool PublishPipeline::overdue(Instant now) const {
    return !under_way_.empty() && now - under_way_.front().sent >= published_within;
}

std::optional<Instant> PublishPipeline::next_deadline() const {
    std::optional<Instant> next;
    if (!under_way_.empty()) next = under_way_.front().sent + published_within;
    if (may_read() && options_.changes_per_second > 0) {
        auto const missing = whole_token - std::min(tokens_, whole_token);
        auto const rate = std::uint64_t{options_.changes_per_second} * whole_token;
        auto const due =
            refilled_ + Duration{static_cast<Duration::rep>((missing * 1'000'000 + rate - 1) / rate +
                                                            1000 / std::max(options_.changes_per_second, 1U) + 1)};
        if (!next || due < *next) next = due;
    }
    return next;
}

}  // namespace praline::index::client
