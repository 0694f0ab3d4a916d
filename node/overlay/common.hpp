#pragma once

#include "node/overlay/context.hpp"
#include "node/overlay/outbox.hpp"
#include "node/overlay/peers.hpp"

namespace praline::overlay {

/// What all parts above it share.
struct Common {
    Common(Settings settings, std::shared_ptr<Limits const> limits, Role role, Rng rng)
        : context{std::move(settings), std::move(limits), role, rng} {}

    Context context;
    Peers peers{context};
    Outbox outbox{context};
};

/// A part that works with these.
class Part {
public:
    Part(Part const&) = delete;
    Part& operator=(Part const&) = delete;

protected:
    explicit Part(Common& common) : common_{common} {}
    ~Part() = default;

    [[nodiscard]] Common& common() const { return common_; }
    [[nodiscard]] Context& ctx() const { return common_.context; }
    [[nodiscard]] Peers& peers() const { return common_.peers; }
    [[nodiscard]] Outbox& outbox() const { return common_.outbox; }

private:
    Common& common_;
};

}  // namespace praline::overlay
