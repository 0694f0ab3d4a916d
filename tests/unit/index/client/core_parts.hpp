#pragma once

#include <cstdint>
#include <vector>

#include "index/client/known_servers.hpp"
#include "index/client/links.hpp"
#include "index/client/server_choice.hpp"

/// The parts of a client core that know of servers and links, without a core around them.
namespace praline::index::client::test {

inline Endpoint address(std::uint8_t number) { return {0x0A000000U + number, 7000}; }

struct CoreParts {
    explicit CoreParts(ClientOptions the_options = {}) : options{the_options} {}

    template <class Action>
    [[nodiscard]] std::vector<Action> did() const {
        std::vector<Action> all;
        for (auto const& action : out)
            if (auto const* const one = std::get_if<Action>(&action)) all.push_back(*one);
        return all;
    }
    /// A server that is known, with an open link whose distance is measured.
    ConnectionId connect(std::uint8_t number, Duration round_trip, bool probe = false) {
        (void)servers.add({address(number), ServerId{}, 0, std::nullopt, true});
        links.open(address(number), probe, now, out);
        auto const id = links.all().back().id;
        (void)links.opened(id, now);
        measure(id, round_trip);
        return id;
    }
    void measure(ConnectionId id, Duration round_trip) {
        links.ping(std::nullopt, options.ping_every, now, out);
        auto* const link = links.heard_from(id);
        links.pong(*link, Pong{link->nonce, 0, {}}, now + round_trip);
    }

    ClientOptions options;
    Rng rng{7};
    KnownServers servers{options};
    std::vector<ConnectionId> lost;
    bool lost_primary = false;
    Links links{options, servers, rng, [this](ConnectionId id, Instant at) {
                    lost.push_back(id);
                    lost_primary |= choice.link_lost(id, at);
                }};
    ServerChoice choice{options, servers, links, rng};
    Instant now{std::chrono::seconds{100}};
    ClientActions out;
};

}  // namespace praline::index::client::test
