#include "index/volunteer/controller.hpp"

#include <algorithm>

#include "node/base/check.hpp"

namespace praline::index::volunteer {

namespace {

/// A server with less than this share of what each would have if all had the same is hardly needed.
constexpr double needed_share = 0.5;

}  // namespace

Controller::Controller(Options options) : options_{options} { check(options.lag_rounds > 0); }

Decision Controller::round(PeerId root, std::span<Report const> reports) {
    reports = reports.first(std::min(reports.size(), servers_max));
    auto& sums = rounds_.emplace_back();
    for (auto const& report : reports) {
        auto& sum = sums[report.server];
        sum.delay_ms += report.delay_sum_ms;
        sum.delays += report.delays;
        if (credit_.size() < servers_max || credit_.contains(report.server)) ++credit_[report.server];
    }
    if (rounds_.size() > options_.lag_rounds) rounds_.pop_front();
    ++since_change_;
    Decision decision;
    auto const all = mean_of(std::nullopt);
    if (!all || since_change_ < options_.lag_rounds) return decision;
    if (*all > options_.requirement_ms || options_.each_for_itself) {
        decision.inviting = too_slow(reports);
    } else if (*all < options_.service_ms + options_.slack * (options_.requirement_ms - options_.service_ms)) {
        decision.retiring = superfluous(root, reports);
    }
    if (decision != Decision{}) since_change_ = 0;
    return decision;
}

std::optional<double> Controller::mean_of(std::optional<PeerId> server) const {
    Sum sum;
    for (auto const& round : rounds_) {
        for (auto const& [one, of_one] : round) {
            if (server && one != *server) continue;
            sum.delay_ms += of_one.delay_ms;
            sum.delays += of_one.delays;
        }
    }
    if (sum.delays == 0) return std::nullopt;
    return sum.delay_ms / static_cast<double>(sum.delays);
}

std::vector<PeerId> Controller::too_slow(std::span<Report const> reports) const {
    std::vector<PeerId> slow;
    for (auto const& report : reports) {
        auto const own = mean_of(report.server);
        if (own && *own > options_.requirement_ms) slow.push_back(report.server);
    }
    return slow;
}

/// The one with the fewest clients, if they are few.
std::optional<PeerId> Controller::superfluous(PeerId root, std::span<Report const> reports) const {
    if (reports.size() < 2) return std::nullopt;
    std::uint64_t clients = 0;
    Report const* least = nullptr;
    for (auto const& report : reports) {
        clients += report.clients;
        if (report.server != root && (least == nullptr || report.clients < least->clients)) least = &report;
    }
    auto const fair = static_cast<double>(clients) / static_cast<double>(reports.size());
    if (least == nullptr || static_cast<double>(least->clients) >= needed_share * fair) return std::nullopt;
    return least->server;
}

}  // namespace praline::index::volunteer
