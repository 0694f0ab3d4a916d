#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "node/base/address.hpp"
#include "node/base/bytes.hpp"
#include "node/base/ids.hpp"
#include "node/net/name_lookup.hpp"
#include "node/net/rate_limiter.hpp"
#include "node/wire/message.hpp"
#include "transfer/browse/limits.hpp"
#include "transfer/browse/target.hpp"

namespace praline::browse {

/// The connection that a servent has made, with what was read of it; no socket: it has made none.
using Called = std::function<void(std::optional<boost::asio::ip::tcp::socket> socket, Bytes read)>;

struct Options {
    std::string user_agent;
    Address own_address;  ///< where connections come from; unspecified: the system chooses
    Limits limits{};
    /// Of what is read; null: none.
    std::shared_ptr<net::RateLimiter> read_limit{};
    /// Asks a servent to connect here. Null: there is no way.
    std::function<void(Guid const& servent, std::uint32_t index, Called called)> call{};
    /// Whether an address is this node's own, which is not browsed. Null: none is.
    std::function<bool(Endpoint const&)> is_own{};
    /// How names of hosts are looked up. Null: by the system.
    net::NameLookup::Resolve resolve{};
};

/// What comes of it. Both are called from the loop, never from within `browse` or `stop`.
struct Events {
    /// Hits with the host as their source. @param bytes  read for them
    std::function<void(Guid const& id, std::vector<wire::QueryHit> hits, std::uint64_t bytes)> came;
    /// No more comes. @param problem  what is wrong and what to do, in sentences; empty: the list is whole
    std::function<void(Guid const& id, std::string const& problem)> ended;
};

/// Asks hosts for the lists of their files (browse host): those that the user names, and no other.
/// @threads the node's
class HostBrowser {
public:
    HostBrowser(boost::asio::io_context& io, Options options, Events events);
    ~HostBrowser();
    /// @param id  fresh: names it in the events. False: too many are browsed already.
    [[nodiscard]] bool browse(Guid const& id, Target target);
    /// No event of it comes after this.
    void stop(Guid const& id);

private:
    struct Shared;
    class Visit;
    std::shared_ptr<Shared> shared_;
};

}  // namespace praline::browse
