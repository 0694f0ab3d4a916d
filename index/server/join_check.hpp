#pragma once

#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "index/server/index_server.hpp"

/// Whether a group would take this server in, found out before it starts: what is wrong is better said at once than in a log.
namespace praline::index::server {

/// `refused`: it never will, unless somebody changes what the sentence says. A sentence without that: not now.
struct JoinAnswer {
    bool refused = false;
    std::string sentence;
};

/// Greets the server `options.join`, which says no in its own log too. `done` is called once, never before this returns, within
/// twice `LinkLimits::handshake_ms_max`. @pre options.join   @threads the io_context's one.
void ask_to_join(boost::asio::io_context& io, ServerOptions const& options, std::function<void(JoinAnswer)> done);

}  // namespace praline::index::server
