#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/urn.hpp"
#include "transfer/content/alt_locations.hpp"
#include "transfer/content/tiger_tree.hpp"
#include "transfer/upload/limits.hpp"
#include "transfer/upload/span.hpp"

/// Serves shared files over HTTP/1.1 (node/wire/protocol/transfer.md). Runs on the node's thread.
namespace praline::upload {

struct ServedFile {
    std::uint32_t index = 0;
    std::string name, path;  ///< path on this machine, never shown to a peer
    std::uint64_t size_bytes = 0;
    std::int64_t mtime_ns = 0;  ///< a file that differs in size or times is not served: 503, and reported
    Sha1 sha1;
    TigerHash tiger_root;
    std::string root;  ///< the shared folder it lies in
    std::int64_t ctime_ns = 0;
    std::uint64_t inode = 0;  ///< 0: not compared
    /// Of a partial file: what may be sent of it, in order, disjoint. Empty: it is whole. A partial file has no index, and
    /// its times are not compared.
    std::optional<std::vector<Span>> verified{};
};

/// A part of the list of what is shared, for a peer that browses this node.
struct ListPart {
    Bytes messages;        ///< whole query hits, each with its header; empty: there is no more
    std::string position;  ///< where the next part begins
};

/// What uploads need to know of the library; the program joins the two.
class SharedContent {
public:
    virtual ~SharedContent() = default;
    [[nodiscard]] virtual std::optional<ServedFile> by_sha1(Sha1 const& sha1) = 0;
    [[nodiscard]] virtual std::optional<ServedFile> by_tiger_root(TigerHash const& root) = 0;
    [[nodiscard]] virtual std::optional<ServedFile> by_index(std::uint32_t index) = 0;
    [[nodiscard]] virtual std::optional<content::TreeLevel> tree(Sha1 const& sha1) = 0;
    virtual void report_changed(std::uint32_t index) = 0;
    /// Where else files are, to learn from peers and to tell them. Null: neither.
    [[nodiscard]] virtual content::AltLocations* locations() { return nullptr; }
    /// Whether any peer may have the list of what is shared.
    [[nodiscard]] virtual bool is_browsable() const { return false; }
    /// Of that list the part behind `position`, which is empty at first. Some kilobytes: it is held in memory.
    /// @param id  of each message.
    [[nodiscard]] virtual ListPart list_behind(std::string const& /*position*/, Guid const& /*id*/) { return {}; }
};

/// A slot in use.
struct UploadInfo {
    std::uint64_t id = 0;
    Endpoint remote;
    std::string user_agent, name;
    std::uint64_t sent_bytes = 0, range_bytes = 0, bytes_per_second = 0;
    bool sending = false;  ///< false: the piece is sent, and the slot waits a moment for the next request
};

class UploadServer {
public:
    UploadServer(boost::asio::io_context& io, SharedContent& content, Limits limits, std::string server_name,
                 Guid servent);
    ~UploadServer();
    /// Takes over a connection that began with an HTTP method; `read` is what was read of it so far.
    void serve(boost::asio::ip::tcp::socket socket, Bytes read);
    /// Connects to `call_back`, says GIV and serves what is asked for there (answer to a Push).
    void give(Endpoint call_back, std::uint32_t file_index);
    /// The slots in use, each with what it sends or has just sent.
    [[nodiscard]] std::vector<UploadInfo> uploads() const;
    [[nodiscard]] std::uint64_t bytes_sent() const;
    [[nodiscard]] bool has_free_slot() const;
    void set_slots(std::size_t slots);
    /// Bytes a second that all uploads together send, with the heads of replies; 0, as at first: no limit. Holds at once.
    /// False: it is the rate already.
    bool set_rate(std::uint64_t bytes_per_second);
    /// Where the connections for a Push come from; 0, as at first: the system chooses.
    void connect_from(Address const& own_address);
    void stop();

    struct Impl;  ///< private to the room

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::upload
