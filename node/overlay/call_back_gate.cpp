#include "node/overlay/call_back_gate.hpp"

#include <algorithm>

#include "node/base/network_kind.hpp"

namespace praline::overlay {
namespace {

constexpr std::uint16_t ports_of_services = 1024;  // below: mail, web, shells; no servent listens there
constexpr std::chrono::minutes counted_for{1};

bool may_be_reached(Endpoint target, std::uint32_t brought_by) {
    NetworkKind const kind = network_kind(target.address);
    if (kind == NetworkKind::none || target.port < ports_of_services) return false;
    return kind == NetworkKind::internet || kind == network_kind(brought_by);
}

}  // namespace

bool CallBackGate::admit(Endpoint target, std::uint32_t brought_by, Endpoint own, Instant now) {
    if (target == own || !may_be_reached(target, brought_by)) return false;
    std::erase_if(calls_, [&](Call const& call) { return now - call.at >= std::max<Duration>(counted_for, limits_->call_back_again_after); });
    auto const in_last_minute = [&](auto const& concerns) {
        return static_cast<std::size_t>(std::count_if(calls_.begin(), calls_.end(), [&](Call const& call) {
            return now - call.at < counted_for && concerns(call);
        }));
    };
    bool const too_soon = std::any_of(calls_.begin(), calls_.end(), [&](Call const& call) {
        return call.target == target.address && now - call.at < limits_->call_back_again_after;
    });
    if (too_soon || in_last_minute([](Call const&) { return true; }) >= limits_->call_backs_per_minute ||
        in_last_minute([&](Call const& call) { return call.brought_by == brought_by; }) >= limits_->call_backs_per_minute_of_link) {
        return false;
    }
    calls_.emplace_back(Call{target.address, brought_by, now});
    return true;
}

}  // namespace praline::overlay
