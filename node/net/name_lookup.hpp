#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "node/base/address.hpp"
#include "node/base/time.hpp"
#include "node/net/limits.hpp"
#include "node/net/slow_calls.hpp"

namespace praline::net {

/// The addresses of names: a name that nobody answers for holds back no other, and who asked is answered in time.
/// @threads the io_context's one.   @source RFC 3493, section 6.1 (getaddrinfo)
class NameLookup {
public:
    struct Found {
        std::vector<Address> addresses;  ///< in the order in which they are to be tried, at most `addresses_max`
        std::string problem;             ///< why there are none, in words that follow "cannot be looked up: "
    };
    /// Blocks as long as it likes; called by several threads at once.
    using Resolve = SlowCalls<Found>::Ask;
    using Done = SlowCalls<Found>::Done;
    using Id = SlowCalls<Found>::Id;

    explicit NameLookup(boost::asio::io_context& io, NameLookupLimits limits = {});
    NameLookup(boost::asio::io_context& io, NameLookupLimits limits, Resolve resolve);

    /// @param done  called once, never from within this, unless `cancel` is called before or this ends
    Id look_up(std::string const& host, Done done);
    /// Nobody waits for it any more. Does nothing when it is over.
    void cancel(Id id) { calls_.cancel(id); }
    /// No callback is called after this.   @pre nothing is asked after it
    void stop() { calls_.stop(); }
    /// A name is under way, whether or not somebody waits for it.
    [[nodiscard]] bool is_busy() const { return calls_.is_busy(); }

private:
    struct Known {
        Found found;
        Instant until{};
    };
    void keep(std::string const& host, Found const& found);

    NameLookupLimits limits_;
    std::map<std::string, Known> kept_;
    SlowCalls<Found> calls_;
};

/// What the system knows: its hosts file, the domain name system.   @threads any; blocks
[[nodiscard]] NameLookup::Found look_up_by_system(std::string const& host);

/// Of the addresses of a name the first of IPv4, else the first: most of the network is IPv4. @pre there is one.
[[nodiscard]] Address preferred(std::vector<Address> const& found);

}  // namespace praline::net
