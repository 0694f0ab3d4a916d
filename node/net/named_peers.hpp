#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/time.hpp"

namespace praline::net {

/// A peer that the user named, by address or by host name.
struct NamedPeer {
    enum class State : std::uint8_t {
        waiting,  ///< its name is to be looked up, at `look_up_at`
        looking_up,
        connecting,  ///< it has an address; nothing is known against it yet
        failed,      ///< the last call failed, as `problem` says; the overlay calls again
    };
    std::string name;                  ///< as the user wrote it
    std::optional<Endpoint> endpoint;  ///< empty: its name has not been looked up yet
    State state = State::waiting;
    std::string problem;  ///< a sentence; empty: none
    Instant look_up_at{};
    std::chrono::seconds wait{};  ///< before the next look-up, if this one fails
};

/// Whom the user named, and how far the way to each is: names are looked up again and again, with longer and longer waits,
/// until the name service answers. Pure: the owner looks up, calls and keeps the time.
/// @threads any, one at a time: a value.
class NamedPeers {
public:
    static constexpr std::size_t peers_max = 64;  ///< as many as the overlay keeps apart (named_peers_max)
    static constexpr std::chrono::seconds look_up_again_first{5};  ///< doubled after each failure ...
    static constexpr std::chrono::seconds look_up_again_max{300};  ///< ... up to this

    /// "HOST:PORT" with a port from 1 to 65535 and something before it.
    [[nodiscard]] static bool is_name(std::string_view text);

    /// Named again: what was against it is forgotten, and it is tried at once. False: there are too many.
    bool add(std::string const& name, Instant now);
    /// Names that are to be looked up now; each is under way until `found` or `not_found`. Addresses are found at once.
    [[nodiscard]] std::vector<std::string> due(Instant now);
    /// False: it has been forgotten meanwhile.
    bool found(std::string const& name, Endpoint endpoint);
    /// Returns whether it is news: the same problem as before is not.
    bool not_found(std::string const& name, std::string const& problem, Instant now);
    /// A call to it failed.
    void failed(Endpoint endpoint, std::string const& problem);
    void connected(Endpoint endpoint);
    /// The user has disconnected it: it is named no more.
    void forget(Endpoint endpoint);
    /// The user takes back a name that `add` was given, or the first with that address. @returns what was known of it;
    /// empty: no such peer is named.
    std::optional<NamedPeer> forget(std::string_view name);
    [[nodiscard]] bool has(Endpoint endpoint) const;
    [[nodiscard]] std::vector<NamedPeer> const& list() const { return peers_; }

private:
    [[nodiscard]] NamedPeer* find(std::string const& name);
    std::vector<NamedPeer> peers_;  ///< in the user's order
};

}  // namespace praline::net
