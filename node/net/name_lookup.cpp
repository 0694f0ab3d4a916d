#include "node/net/name_lookup.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "node/net/system_clock.hpp"

namespace praline::net {

namespace {

Address address_of(sockaddr const& from) {
    if (from.sa_family == AF_INET) {
        auto const& v4 = reinterpret_cast<sockaddr_in const&>(from);
        return Address::v4(ntohl(v4.sin_addr.s_addr));
    }
    auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(from);
    Address::V6Bytes bytes{};
    std::copy_n(static_cast<std::uint8_t const*>(v6.sin6_addr.s6_addr), bytes.size(), bytes.begin());
    return Address::v6(bytes);
}

NameLookup::Found failed(std::string why) { return {{}, std::move(why)}; }

}  // namespace

NameLookup::NameLookup(boost::asio::io_context& io, NameLookupLimits limits)
    : NameLookup{io, limits, look_up_by_system} {}

NameLookup::NameLookup(boost::asio::io_context& io, NameLookupLimits limits, Resolve resolve)
    : limits_{limits},
      calls_{io,
             limits.calls,
             std::move(resolve),
             {failed("nobody answered in time"), failed("too many names are being looked up"),
              [](std::exception const& error) { return failed(error.what()); }}} {}

NameLookup::Id NameLookup::look_up(std::string const& host, Done done) {
    auto const known = kept_.find(host);
    if (known != kept_.end() && now() < known->second.until) return calls_.tell(known->second.found, std::move(done));
    return calls_.begin(host, [this, host, done = std::move(done)](Found const& answer) {
        auto found = answer;
        if (found.addresses.size() > limits_.addresses_max) found.addresses.resize(limits_.addresses_max);
        keep(host, found);
        done(found);
    });
}

void NameLookup::keep(std::string const& host, Found const& found) {
    auto const time = now();
    std::erase_if(kept_, [time](auto const& one) { return one.second.until <= time; });
    if (kept_.size() >= limits_.kept_max) kept_.erase(kept_.begin());
    kept_[host] = {found, time + (found.addresses.empty() ? limits_.failure_kept : limits_.kept)};
}

NameLookup::Found look_up_by_system(std::string const& host) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* first = nullptr;
    int const error = ::getaddrinfo(host.c_str(), nullptr, &wanted, &first);
    if (error != 0) return failed(::gai_strerror(error));
    NameLookup::Found found;
    for (auto const* one = first; one != nullptr; one = one->ai_next)
        if (one->ai_family == AF_INET || one->ai_family == AF_INET6)
            found.addresses.push_back(address_of(*one->ai_addr));
    ::freeaddrinfo(first);
    if (found.addresses.empty()) found.problem = "it has no address";
    return found;
}

Address preferred(std::vector<Address> const& found) {
    auto const v4 = std::find_if(found.begin(), found.end(), [](Address const& one) { return one.is_v4(); });
    return v4 != found.end() ? *v4 : found.front();
}

}  // namespace praline::net
