#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "node/base/endpoint.hpp"
#include "node/base/host_port.hpp"
#include "node/net/deadline_timer.hpp"
#include "node/net/name_lookup.hpp"

/// Index servers that are configured by name.   @threads the io_context's one.
namespace praline::index::client {

/// Looks up each name in the background, again and again until it has an address.
class ServerNames {
public:
    static constexpr std::size_t names_max = 64;

    /// @param found  called once for each name, never from within a call of the owner.
    ServerNames(boost::asio::io_context& io, std::function<void(Endpoint)> found);
    /// @param owner  keeps this alive; nothing is found after its end.
    void start(std::weak_ptr<void> owner) { owner_ = std::move(owner); }

    /// @param name  HOST:PORT. Throws std::runtime_error with a sentence: it is not, or these are too many.
    void look_up(std::string const& name);
    /// Nothing is found any more.
    void stop();

private:
    struct Name {
        Name(HostPort the_name, boost::asio::io_context& io, std::function<void(Name&)> const& due)
            : name{std::move(the_name)}, again{io, [this, due] { due(*this); }} {}
        HostPort name;
        net::DeadlineTimer again;
        net::NameLookup::Id lookup = 0;
    };
    void resolve(Name& name);
    void resolved(Name& name, net::NameLookup::Found const& answer);

    boost::asio::io_context& io_;
    std::function<void(Endpoint)> found_;
    std::weak_ptr<void> owner_;
    net::NameLookup lookup_;
    std::deque<Name> names_;  ///< which stay where they are
    bool stopped_ = false;
};

}  // namespace praline::index::client
