#pragma once

#include <cstdint>
#include <string>

#include "node/base/host_port.hpp"
#include "node/base/ids.hpp"

namespace praline::browse {

/// Whose files are to be listed.
struct Target {
    HostPort where;
    Guid servent{};           ///< blank: not known; else it can be asked to connect here (push)
    std::uint32_t index = 0;  ///< of a file of it, for the push
    bool push_needed = false;

    [[nodiscard]] std::string name() const {
        auto const endpoint = where.endpoint();
        return endpoint ? endpoint->text() : where.host + ':' + std::to_string(where.port);
    }
};

}  // namespace praline::browse
