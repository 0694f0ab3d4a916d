#pragma once

#include <string>

#include "index/server/index_server.hpp"

namespace praline::webui {

/// What the pages of an index server need of it; tools/praline implements it. Called on the server's thread only.
class IndexControl {
public:
    virtual ~IndexControl() = default;
    [[nodiscard]] virtual index::server::ServerStatus status() = 0;
    [[nodiscard]] virtual std::string version() const = 0;
    /// Sends its nodes elsewhere, leaves the group, ends the program.
    virtual void drain() = 0;
};

}  // namespace praline::webui
