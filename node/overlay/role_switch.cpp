#include "node/overlay/role_switch.hpp"

namespace praline::overlay {

Role first_role(Settings const& settings) {
    if (settings.mode == Mode::leaf) return Role::leaf;
    if (settings.mode == Mode::ultrapeer) return Role::ultrapeer;
    return settings.listen.port != 0 ? Role::ultrapeer : Role::leaf;
}

void RoleSwitch::change(Role to, PeerId keep, LinkCloser closer) {
    if (ctx().role() == to) return;
    ctx().set_role(to);
    isolated_since_ = ctx().now();
    for (auto const& peer : peers().all())
        if (peer->id() != keep) closer.end(*peer, CloseReason::mode_changed, {}, 203);
    ctx().emit(RoleChanged{to});
    ctx().links_changed();
}

bool RoleSwitch::may_become_ultrapeer() const {
    Settings const& settings = ctx().settings();
    return settings.mode == Mode::automatic && ctx().role() == Role::leaf && settings.listen.port != 0;
}

void RoleSwitch::check_isolation(LinkCloser closer) {
    if (!may_become_ultrapeer() || ctx().stopping()) return;
    if (peers().counts().ultrapeers > 0)
        isolated_since_ = ctx().now();
    else if (ctx().now() - isolated_since_ >= ctx().limits().isolated_leaf_after)
        change(Role::ultrapeer, PeerId{0}, closer);
}

std::optional<Instant> RoleSwitch::due() const {
    return may_become_ultrapeer() ? std::optional{isolated_since_ + ctx().limits().isolated_leaf_after} : std::nullopt;
}

}  // namespace praline::overlay
