#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "search/qrp/table_builder.hpp"
#include "search/qrp/table_update.hpp"
#include "search/routing/query_router.hpp"

namespace praline::search::test {

using namespace std::chrono_literals;

inline Instant at(Duration since) { return Instant{} + since; }
inline PeerId peer(std::uint32_t number) { return PeerId{number}; }

inline Neighbour ultra(std::uint32_t number, bool query_routing = true) { return Neighbour{peer(number), true, query_routing, 255, 4}; }
inline Neighbour ours(std::uint32_t number) {
    auto neighbour = ultra(number);
    neighbour.praline = true;
    return neighbour;
}
inline Neighbour leaf(std::uint32_t number) { return Neighbour{peer(number), false, true, 255, 4}; }

inline QueryView view(std::string text) {
    auto query = std::make_shared<wire::Query>();
    query->text = std::move(text);
    return QueryView{query, query};
}

inline qrp::QueryRoutingTable table_of(std::vector<std::string> const& words, std::uint32_t slots = 1U << 16) {
    qrp::TableBuilder builder;
    for (auto const& word : words) builder.add(word);
    return builder.finest().scaled(slots);
}

/// A router with the neighbours 1, 2 and 3 as ultrapeers (3 exchanges no tables), 11 and 12 as leaves.
struct Fixture {
    explicit Fixture(bool ultrapeer = true) {
        feed(RoleIs{ultrapeer});
        feed(NeighbourUp{ultra(1)});
        feed(NeighbourUp{ultra(2)});
        feed(NeighbourUp{ultra(3, false)});
        if (ultrapeer) {
            feed(NeighbourUp{leaf(11)});
            feed(NeighbourUp{leaf(12)});
        }
        out.clear();
    }
    void feed(Event const& event) { router.handle(event, now, out); }
    void give_table(std::uint32_t from, std::vector<std::string> const& words) {
        for (auto const& one : qrp::make_update(nullptr, table_of(words))) feed(TableArrived{peer(from), one});
    }
    /// Who got copies, with the TTL of each, as "1:3 11:1".
    std::string copies() {
        std::map<PeerId, Ttl> all;
        for (Action const& action : out)
            if (auto const* forward = std::get_if<Forward>(&action))
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
        feed(QueryArrived{peer(from), Guid{}, Ttl{ttl}, Hops{hops}, view(text)});
        return copies();
    }

    Instant now = at(1s);
    Actions out;
    QueryRouter router{Limits{}, Rng{1}};
};

}  // namespace praline::search::test
