#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "index/link/framed_link.hpp"
#include "index/server/index_server.hpp"
#include "index/wire/client_messages.hpp"
#include "node/base/endpoint.hpp"

/// A group of real index servers on loopback for measurements, each on a thread of its own, and nodes that load it.
namespace praline::bench {

class IndexGroup {
public:
    /// Starts `servers` of them with empty catalogues, each joining the first. Throws std::runtime_error with a sentence.
    IndexGroup(std::size_t servers, std::string folder);
    ~IndexGroup();
    IndexGroup(IndexGroup const&) = delete;
    IndexGroup& operator=(IndexGroup const&) = delete;

    /// Until every server knows all others and answers alone. Throws when that takes too long.
    void wait_complete();
    [[nodiscard]] std::vector<Endpoint> const& endpoints() const { return endpoints_; }
    [[nodiscard]] index::PublisherId group_key() const;
    [[nodiscard]] std::vector<index::server::ServerStatus> statuses();
    /// Sum over all servers of one counter.
    [[nodiscard]] std::uint64_t counter(std::string const& name);

private:
    struct Host;
    std::vector<std::unique_ptr<Host>> hosts_;
    std::vector<Endpoint> endpoints_;
    index::link::GroupSecret secret_;
};

/// A node that publishes one more file whenever it is told to, and asks.
class IndexLoader : public std::enable_shared_from_this<IndexLoader> {
public:
    using Done = std::function<void(bool well)>;
    IndexLoader(boost::asio::io_context& io, Endpoint server, index::PublisherId group_key, std::uint64_t number);
    /// Dials and signs in; `ready` is called with false when that fails.
    void begin(Done ready);
    /// Publishes one entry; `done` when it is replicated.
    void write(Done done);
    /// Asks for words; `done` with the answer.
    void ask(std::string words, Done done);
    void end();

private:
    void on_frame(ByteView frame);
    void on(index::Welcome const& message);
    void on(index::Published const& message);
    void on(index::Behind const& message);
    void on(index::Found const& message);
    void on(index::Refused const& message);
    template <class Other>
    void on(Other const&) {}
    void fail_all();

    boost::asio::io_context& io_;
    Endpoint server_;
    index::PublisherId group_key_;
    std::uint64_t number_;
    index::link::Ed25519Key key_;
    index::link::FramedLinkPtr link_;
    Done ready_;
    index::Version sent_;
    std::uint64_t entries_ = 0;
    std::uint32_t requests_ = 0;
    std::vector<std::pair<index::Version, Done>> writes_;  // oldest first
    std::vector<std::pair<std::uint32_t, Done>> searches_;
};

}  // namespace praline::bench
