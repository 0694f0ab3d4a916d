#pragma once

#include <cstdint>
#include <optional>

#include "index/client/client_core.hpp"
#include "index/client/deadline.hpp"
#include "index/client/known_servers.hpp"
#include "index/client/links.hpp"

/// Which index server a node uses: the nearest one, a stand-by beside it, and a probe of another now and then. Pure.
namespace praline::index::client {

/// @threads one.   @source index/wire/protocol.md
class ServerChoice {
public:
    ServerChoice(ClientOptions const& options, KnownServers& servers, Links& links, Rng& rng);

    void start(Instant now);
    void stop();
    /// A link has opened: the others that are being opened get some time to do so too.
    void link_opened(Instant now);
    /// To be called for each link that is lost. @returns true: it was the primary.
    bool link_lost(ConnectionId id, Instant now);
    /// Its server leaves the group. It is used on while there is no other.
    void server_leaves(Link& link, Instant now, ClientActions& out);
    /// Signing in has shown who the primary is: the same server under another address is of no help when it dies.
    void primary_identified(ServerId server, Instant now, ClientActions& out);
    /// Closes the link to the primary although nothing has failed: the node is to sign in anew.
    /// @pre there is a primary.
    void reconnect(Instant now, ClientActions& out);

    /// A look at the distances when one is due. @returns true: the stand-by has become the primary.
    [[nodiscard]] bool compare(Instant now, ClientActions& out);
    void choose(Instant now, ClientActions& out);
    /// @param search_since  when the latest search was wanted that still waits; empty: none does.
    void open_links(std::optional<Instant> search_since, Instant now, ClientActions& out);
    void deadlines(Deadline& next) const;

    [[nodiscard]] std::optional<ConnectionId> primary() const { return primary_; }
    [[nodiscard]] std::optional<ConnectionId> standby() const { return standby_; }
    /// How often another server had to take the place of one that was lost.
    [[nodiscard]] std::uint64_t fail_overs() const { return fail_overs_; }

private:
    void choose_primary(Instant now);
    void choose_standby(Instant now, ClientActions& out);
    void close_surplus(Instant now, ClientActions& out);
    void move_primary(Instant now, ClientActions& out);
    void settle_probe(Instant now, ClientActions& out);
    [[nodiscard]] std::size_t links_wanted(Instant now) const;
    [[nodiscard]] Link* nearest(bool also_unmeasured);
    [[nodiscard]] ServerId server_of(std::optional<ConnectionId> id) const;

    ClientOptions const& options_;
    KnownServers& servers_;
    Links& links_;
    Rng& rng_;
    std::optional<ConnectionId> primary_, standby_;
    std::optional<Instant> choose_by_;
    bool lost_primary_ = false;  // and no other has taken its place
    std::uint64_t fail_overs_ = 0;
    Instant compare_at_{}, stay_until_{};
    std::uint32_t nearer_in_a_row_ = 0;  // looks at which the stand-by was nearer
};

}  // namespace praline::index::client
