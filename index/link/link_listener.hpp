#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "index/link/framed_link.hpp"
#include "index/link/keys.hpp"
#include "node/base/endpoint.hpp"

namespace praline::index::link {

/// Listens, and hands over every connection whose handshake went well. Throws std::runtime_error with a sentence when the
/// address is taken. @threads the io_context's one.
class LinkListener {
public:
    LinkListener(boost::asio::io_context& io, Endpoint listen, Ed25519Key const& own, LinkLimits limits,
                 std::function<void(FramedLinkPtr)> on_link);
    ~LinkListener();
    [[nodiscard]] Endpoint endpoint() const;
    /// Connections over a limit, and those that did not get through the handshake, evicted ones too.
    [[nodiscard]] std::uint64_t refused() const;
    /// Listens no more and drops the handshakes under way; links that were handed over stay.
    void close();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::index::link
