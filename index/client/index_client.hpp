#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "index/client/client_core.hpp"
#include "index/link/keys.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"

/// A node's connection to the index: the core over TLS links, and the list of what it publishes. @threads the node's.
namespace praline::index::client {

struct IndexClientOptions {
    std::string data_directory;  ///< keeps index.db (list, servers), index.group (the group's key) and node.key in it
    std::vector<std::string> servers;  ///< HOST:PORT, as configured; names are looked up in the background
    std::uint16_t transfer_port = 0;
    bool push_needed = false;
    Guid servent;
    std::string agent;
    ClientOptions core{};
    std::size_t entries_per_slice = 100;  ///< of the shared files, before the node goes on with other work
};

class IndexClient {
public:
    struct Host {
        /// Shared files from position `from` on, at most `most`; fewer: that was all. Positions hold until `shared_changed`.
        std::function<std::vector<Entry>(std::size_t from, std::size_t most)> shared;
        std::function<void(SearchAnswered const&)> answered;
        std::function<void(SearchFailed const&)> failed;
        std::function<void()> state_changed;
    };
    /// Throws std::runtime_error with a sentence: the data directory, a file in it, a server that is not HOST:PORT.
    IndexClient(boost::asio::io_context& io, IndexClientOptions options, Host host);
    ~IndexClient();

    /// To be called once what is shared is known, and whenever it has changed: before the first time nothing is published
    /// and nothing taken away.
    void shared_changed();
    /// @returns the name of the search in `answered` and `failed`, exactly one of which is called, never from within;
    /// neither after `stop`.
    std::uint32_t search(Query query);
    /// Neither is called for it any more.
    void drop_search(std::uint32_t search);
    /// We cannot be reached from outside, or can again.
    void set_push_needed(bool push_needed);
    /// Learnt from somebody else.
    void add_server(Endpoint endpoint);
    [[nodiscard]] ClientState state() const;
    /// Public key of this node, under which it publishes.
    [[nodiscard]] PublisherId publisher() const;
    /// The key of the group, as first seen and kept since; a server that shows another is refused. Empty: none seen yet.
    [[nodiscard]] std::optional<PublisherId> group_key() const;
    /// Closes the links without taking the list away: the lease runs on while the node restarts.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::index::client
