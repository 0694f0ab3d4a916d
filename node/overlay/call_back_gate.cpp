#include "node/overlay/call_back_gate.hpp"

#include <algorithm>

namespace praline::overlay {
namespace {

constexpr std::uint16_t ports_of_services = 1024;  // below: mail, web, shells; no servent listens there
constexpr std::chrono::minutes counted_for{1};

bool may_be_reached(Endpoint target, Address brought_by) {
    AddressScope const scope = target.address.scope();
    if (scope == AddressScope::none || target.port < ports_of_services) return false;
    return scope == AddressScope::internet || scope == brought_by.scope();
}

}  // namespace

bool CallBackGate::admit(Endpoint target, Address brought_by, Endpoint own, Instant now) {
    if (target == own || !may_be_reached(target, brought_by)) return false;
    std::erase_if(calls_, [&](Call const& call) {
        return now - call.at >= std::max<Duration>(counted_for, limits_->call_back_again_after);
    });
    auto const in_last_minute = [&](auto const& concerns) {
        return static_cast<std::size_t>(std::count_if(calls_.begin(), calls_.end(), [&](Call const& call) {
            return now - call.at < counted_for && concerns(call);
        }));
    };
    bool const too_soon = std::any_of(calls_.begin(), calls_.end(), [&](Call const& call) {
        return call.target == AddressPrefix{target.address} && now - call.at < limits_->call_back_again_after;
    });
    if (too_soon || in_last_minute([](Call const&) { return true; }) >= limits_->call_backs_per_minute ||
        in_last_minute([&](Call const& call) { return call.brought_by == AddressPrefix{brought_by}; }) >=
            limits_->call_backs_per_minute_of_link) {
        return false;
    }
    calls_.emplace_back(Call{target.address, brought_by, now});
    return true;
}

}  // namespace praline::overlay
