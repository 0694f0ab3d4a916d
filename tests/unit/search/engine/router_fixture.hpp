#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "node/wire/praline.hpp"
#include "search/engine/router.hpp"
#include "search/engine/tables.hpp"
#include "search/qrp/table_builder.hpp"
#include "search/qrp/table_update.hpp"

namespace praline::search::test {

using namespace std::chrono_literals;

inline Instant at(Duration since) { return Instant{} + since; }
inline PeerId peer(std::uint32_t number) { return PeerId{number}; }

inline Neighbour ultra(std::uint32_t number, bool query_routing = true) {
    Neighbour one;
    one.peer = peer(number);
    one.query_routing = query_routing;
    return one;
}
inline Neighbour ours(std::uint32_t number) {
    auto neighbour = ultra(number);
    neighbour.praline = true;
    return neighbour;
}
inline Neighbour leaf(std::uint32_t number) {
    auto neighbour = ultra(number);
    neighbour.ultrapeer = false;
    return neighbour;
}

inline wire::QueryPtr view(std::string text) {
    wire::Query query;
    query.text = std::move(text);
    return wire::routed(std::move(query));
}

inline qrp::QueryRoutingTable table_of(std::vector<std::string> const& words, std::uint32_t slots = 1U << 16) {
    qrp::TableBuilder builder;
    for (auto const& word : words) builder.add(word);
    return builder.finest().scaled(slots);
}

/// What a query leaves as.
inline std::optional<wire::WalkerItem> walker_of(overlay::Event const& event) {
    return wire::walker_of(std::get<overlay::ForwardQuery>(event).query->query);
}

/// The router and the parts of the engine below it, without an overlay.
struct RouterParts {
    explicit RouterParts(RoutingLimits const& limits = {}, std::uint64_t seed = 1)
        : options{limits},
          tables{options.routing, neighbourhood},
          strategies{options.routing},
          checks{options.limits, strategies},
          searches{options.limits, strategies, neighbourhood},
          router{{options.routing, neighbourhood, tables, strategies, searches, checks}, Rng{seed}} {}

    [[nodiscard]] Turn turn() { return Turn{now, output}; }
    void announce() { tables.announce(turn()); }
    void role(bool ultrapeer) {
        if (neighbourhood.set_ultrapeer(ultrapeer)) tables.on_role_changed();
        announce();
    }
    void up(Neighbour const& neighbour) {
        neighbourhood.add(neighbour, options.routing.neighbours_max);
        tables.on_neighbour_up();
        announce();
    }
    void change(Neighbour const& neighbour) {
        Neighbour* const known = neighbourhood.find(neighbour.peer);
        REQUIRE(known != nullptr);
        Neighbour const before = std::exchange(*known, neighbour);
        tables.on_neighbour_changed(before, *known);
        announce();
    }
    void down(PeerId gone) {
        neighbourhood.remove(gone);
        tables.on_neighbour_down(gone);
        strategies.neighbour_down(gone);
        announce();
    }
    void share(std::vector<std::string> const& words) {
        tables.set_local(qrp::finest_of(words));
        announce();
    }
    void table_came(PeerId from, wire::Qrp const& message) {
        tables.on_message(from, message, turn());
        announce();
    }
    void tick() {
        router.tick(turn());
        announce();
    }
    void query_came(std::uint32_t from, Ttl ttl, Hops hops, wire::QueryPtr query, QueryRouter::Passing passing = {},
                    bool again = false) {
        passing.ttl = ttl;
        router.relay(overlay::QueryArrived{peer(from), Guid{}, ttl, hops, std::move(query), again}, passing, turn());
        announce();
    }
    OwnSearch& start(wire::QueryPtr const& query, strategy::Parameters const& parameters = {}) {
        (void)searches.close(Guid{});
        OwnSearch& search = searches.open(Launch{Guid{}, query->query, parameters}, now);
        router.start(search, turn());
        announce();
        return search;
    }
    [[nodiscard]] std::optional<Instant> next_deadline() const {
        auto const one = strategies.next_deadline(), other = tables.next_deadline();
        if (one && other) return std::min(*one, *other);
        return one ? one : other;
    }

    EngineOptions options;
    Neighbourhood neighbourhood;
    RoutingTables tables;
    Strategies strategies;
    Checks checks;
    OwnSearches searches;
    QueryRouter router;
    Instant now = at(1s);
    EngineOutput output;
    std::vector<overlay::Event>& out = output.overlay;
};

/// With the neighbours 1, 2 and 3 as ultrapeers (3 exchanges no tables), 11 and 12 as leaves.
struct Fixture : RouterParts {
    explicit Fixture(bool ultrapeer = true) {
        role(ultrapeer);
        up(ultra(1));
        up(ultra(2));
        up(ultra(3, false));
        if (ultrapeer) {
            up(leaf(11));
            up(leaf(12));
        }
        out.clear();
    }
    void give_table(std::uint32_t from, std::vector<std::string> const& words) {
        for (auto const& one : qrp::make_update(nullptr, table_of(words))) table_came(peer(from), one);
    }
    /// Which neighbours got copies, with the TTL of each, as "1:3 11:1".
    std::string copies() {
        std::map<PeerId, Ttl> all;
        for (overlay::Event const& event : out)
            if (auto const* forward = std::get_if<overlay::ForwardQuery>(&event))
                for (PeerId const to : forward->to) {
                    CHECK_FALSE(all.contains(to));
                    all[to] = forward->ttl;
                }
        std::string text;
        for (auto const& [to, ttl] : all)
            text += (text.empty() ? "" : " ") + std::to_string(to.value()) + ":" + std::to_string(ttl.value());
        out.clear();
        return text;
    }
    std::string arrive(std::uint32_t from, std::uint8_t ttl, std::string const& text, std::uint8_t hops = 1) {
        out.clear();
        query_came(from, Ttl{ttl}, Hops{hops}, view(text));
        return copies();
    }
};

}  // namespace praline::search::test
