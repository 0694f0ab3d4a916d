#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/base/endpoint.hpp"
#include "node/base/fair_places.hpp"

namespace praline::net {

/// Connections that have not shown yet what they are. Their places are shared fairly among addresses (see FairPlaces), so
/// silent ones never keep others out, and each has a deadline.
/// @threads the io_context's one.
class PendingConnections {
public:
    using Id = FairPlaces::Id;
    struct Limits {
        std::size_t connections_max;
        std::size_t of_address_max;          ///< one more evicts the oldest of the same address
        std::chrono::milliseconds deadline;  ///< then it is closed
    };

    PendingConnections(boost::asio::io_context& io, Limits limits)
        : io_{io}, limits_{limits}, places_{{limits.connections_max, limits.of_address_max}} {}
    ~PendingConnections() { close_all(); }
    PendingConnections(PendingConnections const&) = delete;
    PendingConnections& operator=(PendingConnections const&) = delete;

    /// Takes a place; another connection may be evicted for it, or, if a limit is 0, this one.
    /// @param close  closes the connection, whose reads then end with an error; called at the deadline, when it is evicted,
    ///               and by `close_all`. It may be called before this returns, and more than once.
    Id add(Endpoint remote, std::function<void()> close);
    /// It has shown what it is, or has ended. @returns whether it was still pending: false when it was evicted or `close_all` was called.
    bool remove(Id id);
    void close_all();
    [[nodiscard]] std::size_t size() const { return pending_.size(); }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

private:
    struct Pending {
        boost::asio::steady_timer deadline;
        std::function<void()> close;
    };
    void evict(Id id);

    boost::asio::io_context& io_;
    Limits limits_;
    FairPlaces places_;
    std::map<Id, std::shared_ptr<Pending>> pending_;
    Id last_ = 0;
    std::uint64_t evicted_ = 0;
};

}  // namespace praline::net
