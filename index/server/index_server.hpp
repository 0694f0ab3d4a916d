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

/// An index server: nodes and other servers at one door, the replica core, the catalogue on threads of its own.
namespace praline::index {

struct ServerLimits {
    std::size_t sessions_max = 10'000;              ///< nodes signed in or asking; further ones are told "busy"
    std::size_t publishers_of_address_max = 64;
    std::uint32_t publisher_entries_max = 2'000'000;
    std::uint32_t changes_per_second = 50;          ///< of one publisher, ten seconds' worth at once
    std::uint32_t searches_per_second = 50;         ///< of one node, the same
    std::uint32_t bad_messages_max = 1;             ///< then the link is closed
    std::size_t searches_waiting_max = 1024;        ///< for a reader; further ones are told "busy"
    std::size_t name_words_max = 64;                ///< of one entry; the rest is not indexed
    Duration sign_in_within = std::chrono::seconds{10};
};

struct ServerOptions {
    std::string data_directory;                     ///< catalogue.db, group.secret, server.id
    Endpoint listen;
    std::optional<Endpoint> advertised;             ///< what others are told; empty: `listen`
    std::optional<Endpoint> join;
    GroupSecret secret;
    ReplicaOptions replica{};
    ServerLimits limits{};
    LinkLimits links{};
    CatalogueLimits catalogue{};
    std::size_t readers = 2;                        ///< threads that search
};

/// Times in microseconds, of the last `window` of them at most.
struct Latency { std::uint64_t count = 0; double p50_us = 0, p90_us = 0, p99_us = 0, max_us = 0; };

struct ServerStatus {
    Member self;
    std::string group_key;                          ///< hexadecimal: what nodes may pin
    double uptime_seconds = 0;
    bool answers_alone = false, draining = false;
    std::size_t sessions = 0, publishers_here = 0, publishers = 0;
    CatalogueSize catalogue;
    std::vector<MemberView> members;
    Latency searches, writes;
    double searches_per_second = 0, writes_per_second = 0;   ///< over the last ten seconds
    std::vector<std::pair<std::string, std::uint64_t>> counters;   ///< replica's and server's, by name
    std::string problem;                            ///< a sentence; empty: all is well
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

}  // namespace praline::index
