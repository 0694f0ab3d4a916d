#pragma once

#include <cstdint>
#include <string>

#include "tools/bench/child.hpp"

namespace praline::bench {

/// nginx with one process on loopback, as Debian sets it up for static files (sendfile, tcp_nopush), without an access log
/// and without an end to keep-alive. Throws std::runtime_error with a sentence.
class Nginx {
public:
    /// Serves the folder `share` of `folder`, and keeps its own files in `folder`.
    explicit Nginx(std::string const& folder);
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url(std::string const& name) const;
    [[nodiscard]] pid_t pid() const { return child_.pid(); }

private:
    std::uint16_t port_;
    Child child_;
};

}  // namespace praline::bench
