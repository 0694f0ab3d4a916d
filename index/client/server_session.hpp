#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "index/client/client_core.hpp"
#include "index/client/deadline.hpp"
#include "index/client/publish_pipeline.hpp"
#include "index/client/publish_refusals.hpp"

/// Signing in to the primary server, and publishing what changed. Pure.
namespace praline::index::client {

/// It knows no links: its owner says which connection is the primary, and closes it when a method says so.
/// @threads one.   @source index/wire/protocol.md
class ServerSession {
public:
    enum class Stage : std::uint8_t { none, asked, signed_in };

    ServerSession(ClientOptions const& options, Rng& rng);

    void start(SignIn const& sign_in);
    /// The connection to the primary is lost, or another server has become the primary.
    void end();
    /// @returns true: it is said when signing in only, and must be said anew.
    [[nodiscard]] bool set_push_needed(bool push_needed);

    void list_changed(Version own);
    void change_read(ChangeRead const& read, std::optional<ConnectionId> primary, Instant now, ClientActions& out);
    void sign_in(ConnectionId primary, Instant now, ClientActions& out);
    void publish(Instant now, ClientActions& out);
    /// Why the connection is to be closed, as a sentence; empty: the server answers.
    [[nodiscard]] std::string stuck(Instant now) const;

    /// What the server says. @returns false: it loses what is published again and again (`loses_changes`).
    /// @pre `stage` is not `none`, for the latter two `signed_in`.
    [[nodiscard]] bool welcomed(Welcome const& message, Instant now);
    [[nodiscard]] bool published(Published const& message, Instant now);
    [[nodiscard]] bool behind(Behind const& message, Instant now);
    /// A server does not let us publish. Searching goes on without being signed in.
    void refused(RefusalReason reason, std::string const& sentence, Instant now);

    /// @param connected  there is a primary.
    void deadlines(bool connected, Deadline& next) const;
    /// As often as this, for the server to know that we are alive.
    [[nodiscard]] Duration ping_every() const;
    [[nodiscard]] Stage stage() const { return stage_; }
    /// Of our list: here, at the server, at the whole group.
    [[nodiscard]] Version own() const { return own_; }
    [[nodiscard]] Version held() const { return held_; }
    [[nodiscard]] Version replicated() const { return replicated_; }
    /// Servers that hold what was published last, and servers of the group.
    [[nodiscard]] std::uint16_t replicas() const { return replicas_; }
    [[nodiscard]] std::uint16_t members() const { return members_; }
    /// A sentence for the user; empty: none.
    [[nodiscard]] std::string const& problem() const { return refusals_.problem(); }

private:
    ClientOptions const& options_;
    Rng& rng_;
    Stage stage_ = Stage::none;
    SignIn sign_in_;  // as it will be sent, with our own version
    Instant sign_in_sent_{}, signed_in_since_{};
    Duration lease_{};
    PublishRefusals refusals_;
    PublishPipeline pipeline_;
    Version own_, held_, replicated_;
    std::uint16_t replicas_ = 0, members_ = 0;
};

}  // namespace praline::index::client
