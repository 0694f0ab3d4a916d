#include "index/volunteer/controller.hpp"

#include <algorithm>
#include <utility>

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
        sum.add({report.delay_sum_ms, report.delays});
        ++credit_[report.server];
    }
    forget_credit(sums);
    if (rounds_.size() > options_.lag_rounds) rounds_.pop_front();
    ++since_change_;
    Decision decision;
    auto const all = delay_ms();
    if (!all || since_change_ < options_.lag_rounds) return decision;
    if (*all > options_.requirement_ms || options_.each_for_itself) {
        decision.inviting = too_slow(reports);
    } else if (*all < options_.service_ms + options_.slack * (options_.requirement_ms - options_.service_ms)) {
        decision.retiring = superfluous(root, reports);
    }
    if (decision != Decision{}) since_change_ = 0;
    return decision;
}

/// Who earned least goes first, and of those that are up none.
void Controller::forget_credit(std::map<PeerId, Sum> const& up) {
    if (credit_.size() <= servers_max) return;
    std::vector<std::pair<std::uint64_t, PeerId>> down;
    for (auto const& [server, earned] : credit_)
        if (!up.contains(server)) down.emplace_back(earned, server);
    auto const surplus = static_cast<std::ptrdiff_t>(credit_.size() - servers_max);
    std::nth_element(down.begin(), down.begin() + surplus - 1, down.end());
    for (auto one = down.begin(); one != down.begin() + surplus; ++one) credit_.erase(one->second);
}

void Controller::Sum::add(Sum const& other) {
    delay_ms += other.delay_ms;
    delays += other.delays;
}

std::optional<double> Controller::Sum::mean() const {
    return delays == 0 ? std::nullopt : std::optional{delay_ms / static_cast<double>(delays)};
}

std::optional<double> Controller::delay_ms() const {
    Sum sum;
    for (auto const& round : rounds_)
        for (auto const& [server, of_one] : round) sum.add(of_one);
    return sum.mean();
}

std::optional<double> Controller::delay_of(PeerId server) const {
    Sum sum;
    for (auto const& round : rounds_)
        if (auto const one = round.find(server); one != round.end()) sum.add(one->second);
    return sum.mean();
}

std::vector<PeerId> Controller::too_slow(std::span<Report const> reports) const {
    std::vector<PeerId> slow;
    for (auto const& report : reports) {
        auto const own = delay_of(report.server);
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
