#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "transfer/download/block.hpp"
#include "transfer/download/connections.hpp"
#include "transfer/download/source_wire.hpp"

namespace praline::download {

/// One source of a download, as long as it is connected: what it says of the file, then the ranges that the swarm wants of
/// it. Private to this room.   @threads the node's
class SourceSession : public std::enable_shared_from_this<SourceSession> {
public:
    /// @param link  its number in the swarm; 0: there is no swarm yet, since nobody has said what the file is
    SourceSession(std::shared_ptr<Connections> connections, JobPtr job, KnownSource const& known, swarm::LinkId link);
    /// Runs until the connection ends or `close` is called; its connections are told of the first.
    static void start(std::shared_ptr<SourceSession> const& session);

    [[nodiscard]] SourceId source_id() const { return source_id_; }
    [[nodiscard]] Source const& source() const { return wire_.source(); }
    [[nodiscard]] swarm::LinkId link() const { return link_; }
    /// It can be asked for the file.
    [[nodiscard]] bool is_open() const { return is_open_; }
    [[nodiscard]] bool is_reachable() const { return wire_.is_reachable(); }
    [[nodiscard]] SourceWire::Stage stage() const { return wire_.stage(); }
    [[nodiscard]] Instant since() const { return wire_.since(); }

    void join(swarm::LinkId link) { link_ = link; }
    /// @pre is_open(), and nothing else is asked for
    void ask(ByteRange range);
    void stop_at(std::uint64_t end);
    /// What came so far goes to the disk; nothing more is told.
    void close();
    /// Bytes of this range that are held back go to the disk.
    void flush(ByteRange range);

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<Outcome> serve();
    [[nodiscard]] bool is_wanted() const;

    // source_facts.cpp: what the source says of the file
    boost::asio::awaitable<std::optional<Outcome>> learn();
    boost::asio::awaitable<std::optional<Outcome>> learn_by_head();
    boost::asio::awaitable<std::optional<Outcome>> learn_by_range();
    boost::asio::awaitable<std::optional<Outcome>> learn_tree(HttpResponse const& reply);
    boost::asio::awaitable<void> fetch_tree(std::string uri, TigerHash root);
    boost::asio::awaitable<std::optional<Outcome>> check_reply(HttpResponse const& reply);
    [[nodiscard]] std::optional<Outcome> note_facts(HttpResponse const& reply, std::optional<std::uint64_t> size_bytes);
    [[nodiscard]] Outcome busy(HttpResponse const& reply);
    void note_alternates(HttpResponse const& reply);
    [[nodiscard]] std::string target() const;
    [[nodiscard]] bool wants_tree() const;

    // source_session.cpp: the file itself
    boost::asio::awaitable<std::optional<Outcome>> fetch(ByteRange range);
    boost::asio::awaitable<std::optional<Outcome>> begin_body(HttpResponse const& reply, ByteRange range,
                                                              ByteRange& body);
    boost::asio::awaitable<std::optional<Outcome>> read_body(std::uint64_t begin);
    boost::asio::awaitable<void> wait_for_room();
    [[nodiscard]] std::size_t room_in_block(std::uint64_t at);
    void submit();
    void tell(swarm::Event const& event);

    std::shared_ptr<Connections> connections_;
    ContextPtr context_;
    JobPtr job_;
    SourceId source_id_;
    swarm::LinkId link_;
    SourceWire wire_;
    boost::asio::steady_timer wake_;    ///< between two requests
    std::optional<ByteRange> request_;  ///< wanted, and not asked for yet
    std::uint64_t stop_ = 0;            ///< of the body under way no more is kept than up to here
    BlockPtr block_;                    ///< received and not given to the disk
    std::size_t block_room_ = 0;        ///< of it
    unsigned crumbs_ = 0;               ///< replies in a row that brought next to nothing of what was asked for
    bool is_open_ = false;
};

}  // namespace praline::download
