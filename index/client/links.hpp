#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"
#include "index/client/deadline.hpp"
#include "index/client/known_servers.hpp"

/// The connections of a node to index servers: opened, measured by pings, and closed when they are silent. Pure.
namespace praline::index::client {

struct Link {
    ConnectionId id{};
    Endpoint endpoint;
    bool open = false;
    bool probe = false;    ///< opened to measure the round trip only
    bool leaving = false;  ///< the server said so
    bool measured = false;
    Instant since{};               ///< open, or being opened
    std::optional<Instant> asked;  ///< since when it owes a message
    std::uint64_t nonce = 0;
    Instant ping_sent{}, next_ping{};
    bool pong_due = false;
};

/// Does not know which of the links is the primary: `ServerChoice` does.
/// @threads one.   @source index/wire/protocol.md
class Links {
public:
    /// A link that has just been removed. It may be asked to close further links, but emits no action of its own.
    using OnLost = std::function<void(ConnectionId, Instant now)>;
    /// @param servers  is told of each link that opens and closes.
    Links(ClientOptions const& options, KnownServers& servers, Rng& rng, OnLost on_lost);

    /// @param probe  as in `Link`.   @pre fewer than `ClientLimits::links_max` links.
    void open(Endpoint endpoint, bool probe, Instant now, ClientActions& out);
    /// The host has opened it. False: there is no such link, or it was open.
    bool opened(ConnectionId id, Instant now);
    /// The host says that it is closed.
    void closed(Closed const& event, Instant now, ClientActions& out);
    /// Closes it from our side. @param why  kept for the user unless it is empty or nobody is to blame.
    void close(ConnectionId id, std::string const& why, Blame blame, Instant now, ClientActions& out);
    /// Closes all without a further word to anybody else.
    void stop(ClientActions& out);

    /// A message has come. Null: not from an open link.
    [[nodiscard]] Link* heard_from(ConnectionId id);
    void pong(Link& link, Pong const& message, Instant now);
    void close_silent(Instant now, ClientActions& out);
    /// @param primary  is pinged each `primary_every`, the others as the options say.
    void ping(std::optional<ConnectionId> primary, Duration primary_every, Instant now, ClientActions& out);
    void deadlines(Deadline& next) const;

    [[nodiscard]] Link* find(ConnectionId id);
    /// Null: it is empty, or there is no such link.
    [[nodiscard]] Link const* find(std::optional<ConnectionId> id) const;
    /// In the order in which they were opened.
    [[nodiscard]] std::vector<Link>& all() { return links_; }
    [[nodiscard]] std::vector<Link> const& all() const { return links_; }
    [[nodiscard]] bool any_open() const;
    [[nodiscard]] bool any_being_opened() const;
    /// Why the last link ended that we wanted, as a sentence that names the server; empty: none has.
    [[nodiscard]] std::string const& last_trouble() const { return last_trouble_; }

private:
    enum class By : std::uint8_t { us, host };
    void remove(ConnectionId id, std::string const& why, Blame blame, By by, Instant now, ClientActions& out);

    ClientOptions const& options_;
    KnownServers& servers_;
    Rng& rng_;
    OnLost on_lost_;
    std::vector<Link> links_;
    std::uint32_t last_connection_ = 0;
    std::uint64_t last_nonce_ = 0;
    std::string last_trouble_;
};

}  // namespace praline::index::client
