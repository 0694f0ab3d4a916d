#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "index/catalogue/catalogue.hpp"
#include "index/link/framed_link.hpp"
#include "index/replica/replica.hpp"
#include "index/server/measures.hpp"
#include "index/server/server_limits.hpp"

/// An index server: nodes and other servers at one port, the replica core, the catalogue on threads of its own.
/// @threads all calls on the io_context's one thread, which also runs what was posted before the server's end.
namespace praline::index::server {

struct ServerOptions {
    std::string data_directory;  ///< catalogue.db, catalogue.lock, server.id; must be there
    Endpoint listen;
    std::optional<Endpoint> advertised;  ///< what others are told; empty: `listen`
    std::optional<Endpoint> join;
    link::GroupSecret secret;
    replica::ReplicaOptions replica{};
    ServerLimits limits{};
    link::LinkLimits links{};
    catalogue::CatalogueLimits catalogue{};
    std::size_t readers = 2;  ///< threads that search
};

struct ServerStatus {
    Member self;
    std::string group_key;  ///< hexadecimal: what nodes may pin
    double uptime_seconds = 0;
    bool answers_alone = false, draining = false;
    std::size_t sessions = 0, publishers_here = 0, publishers = 0;
    catalogue::CatalogueSize catalogue;
    std::vector<replica::MemberView> members;
    Latency searches, writes;  ///< from a question to its answer; from a change to "replicated"
    double searches_per_second = 0, writes_per_second = 0;    ///< over the last ten seconds
    std::size_t catalogue_waiting = 0, searches_waiting = 0;  ///< tasks that no thread has begun or ended yet
    std::string digest;  ///< of all publishers here; the same at servers that hold the same
    std::vector<std::pair<std::string, std::uint64_t>> counters;  ///< replica's and server's, by name
    std::string problem;                                          ///< a sentence; empty: all is well
};

class IndexServer {
public:
    /// Starts it all. Throws std::runtime_error with a sentence: address taken, folder in use, secret readable by others,
    /// catalogue of a newer version.
    IndexServer(boost::asio::io_context& io, ServerOptions options);
    ~IndexServer();
    [[nodiscard]] Endpoint endpoint() const;
    [[nodiscard]] ServerStatus status();
    /// Sends its nodes elsewhere, waits for writes under way, leaves the group, then calls `done`. Takes
    /// `ReplicaOptions::write_within` and a second at most.
    void drain(std::function<void()> done);
    /// At once: closes everything, joins the threads.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::index::server
