#pragma once

#include <optional>

#include "node/overlay/common.hpp"
#include "node/overlay/link_closer.hpp"

namespace praline::overlay {

/// The role that an overlay of these settings begins with. An automatic node that others can reach begins as an
/// ultrapeer, since a new network needs a first one.
[[nodiscard]] Role first_role(Settings const& settings);

/// Changes the role of an automatic node: to leaf when another ultrapeer has no need of one more, back to ultrapeer when
/// it has been a leaf without ultrapeer for too long.
/// @threads one: it belongs to an overlay.
class RoleSwitch : Part {
public:
    explicit RoleSwitch(Common& common) : Part{common} {}

    void start() { isolated_since_ = ctx().now(); }
    /// Ends all links but `keep`: a role is fixed for the life of a link.
    void change(Role to, PeerId keep, LinkCloser closer);
    /// Becomes an ultrapeer if it is isolated for too long.
    void check_isolation(LinkCloser closer);
    /// When that may be; empty: never.
    [[nodiscard]] std::optional<Instant> due() const;

private:
    [[nodiscard]] bool may_become_ultrapeer() const;

    Instant isolated_since_{};  // a leaf without ultrapeer
};

}  // namespace praline::overlay
