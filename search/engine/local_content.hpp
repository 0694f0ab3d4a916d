#pragma once

#include <vector>

#include "node/wire/message.hpp"

namespace praline::search {

/// What this node shares, as search sees it; implemented by the host of the engine.
class LocalContent {
public:
    virtual ~LocalContent() = default;
    /// Hits ready to be sent: bounded in number and size, nothing found is empty.
    [[nodiscard]] virtual std::vector<wire::QueryHit> answer(wire::Query const& query) = 0;
};

}  // namespace praline::search
