#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/overlay/overlay.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/keywords.hpp"
#include "node/wire/praline.hpp"
#include "search/engine/engine.hpp"
#include "search/qrp/table_builder.hpp"
#include "unit/support/stream_network.hpp"

/// Several nodes, each an Overlay and its SearchEngine, joined without sockets; time is virtual.
namespace praline::search::test {

using namespace std::chrono_literals;

inline Guid guid_of(std::uint64_t number) {
    Rng rng{number + 77};
    return Guid::random(rng);
}

/// Each in a network (/16) of its own.
inline Endpoint address_of(std::size_t number) {
    return {0x0A000001U + (static_cast<std::uint32_t>(number) << 16), 6346};
}

inline wire::Query words(std::string text) {
    wire::Query query;
    query.text = std::move(text);
    return query;
}

inline strategy::Parameters by(strategy::Kind kind) {
    strategy::Parameters parameters;
    parameters.kind = kind;
    return parameters;
}

/// Shares files of these names.
class Shelf final : public LocalContent {
public:
    explicit Shelf(std::size_t number) : number_{number} {}
    std::vector<wire::QueryHit> answer(wire::Query const& query) override {
        ++asked;
        auto const wanted = wire::keywords(query.text);
        wire::QueryHit hit;
        hit.endpoint = address_of(number_);
        hit.servent = guid_of(number_);
        hit.vendor = "PRLN";
        for (auto const& name : names) {
            auto const has = wire::keywords(name);
            bool const all = std::all_of(wanted.begin(), wanted.end(), [&](auto const& word) {
                return std::find(has.begin(), has.end(), word) != has.end();
            });
            if (!all || wanted.empty()) continue;
            wire::HitRecord record;
            record.name = name;
            record.size_bytes = 7;
            hit.records.push_back(std::move(record));
        }
        return hit.records.empty() ? std::vector<wire::QueryHit>{} : std::vector{hit};
    }
    std::vector<std::string> names;
    std::size_t asked = 0;

private:
    std::size_t number_;
};

class EngineNetwork final : public praline::test::StreamNetwork {
public:
    struct Node {
        std::unique_ptr<overlay::Overlay> core;
        std::unique_ptr<Shelf> shelf;
        std::unique_ptr<SearchEngine> engine;
        std::vector<Found> found;
        std::map<Guid, CostUpdate> spent;
        std::vector<Guid> finished;
        std::vector<overlay::QueryArrived> queries;
        std::vector<overlay::ForwardQuery> forwards;
        std::vector<overlay::NoteArrived> notes;
        std::size_t notes_sent = 0;
        bool stranger = false;  ///< says no X-Praline: the header is taken out of what it says and hears
        overlay::Mode mode = overlay::Mode::ultrapeer;
    };

    explicit EngineNetwork(std::uint64_t seed, EngineOptions options = {}) : StreamNetwork{seed}, options_{options} {
        now = Instant{1h};
    }

    std::size_t add(std::vector<std::string> names = {}, overlay::Mode mode = overlay::Mode::ultrapeer,
                    bool stranger = false) {
        auto const number = nodes.size();
        Node node;
        node.shelf = std::make_unique<Shelf>(number);
        node.shelf->names = std::move(names);
        node.stranger = stranger;
        node.mode = mode;
        nodes.push_back(std::move(node));
        start(number);
        return number;
    }
    /// A node that is new, or comes back after a crash with nothing but its files.
    void start(std::size_t number) {
        Node& node = nodes[number];
        overlay::Config config;
        config.mode = node.mode;
        config.servent = guid_of(number);
        config.listen = address_of(number);
        config.deflate = false;
        config.report_passing_hits = true;
        config.limits = limits;
        config.limits.ultrapeer_links_wanted = 0;  // the links of the test, and no others
        config.limits.leaf_ultrapeers = 1;
        node.core = std::make_unique<overlay::Overlay>(std::move(config), Rng{rng_.next()});
        node.engine = std::make_unique<SearchEngine>(options_, Rng{rng_.next()}, *node.shelf);
        feed(number, overlay::Start{});
        tell_words(number);
    }
    /// The node stops without a word; its sockets break.
    void crash(std::size_t number) {
        nodes[number].core.reset();
        nodes[number].engine.reset();
        cut_off(number);
    }
    [[nodiscard]] Guid fresh_guid() { return Guid::random(rng_); }
    [[nodiscard]] bool is_up(std::size_t number) const { return nodes[number].core != nullptr; }
    void link(std::size_t a, std::size_t b) {
        feed(a, overlay::UserConnect{address_of(b)});
        settle();
    }
    /// 0 - 1 - 2 - … with these names at the last one.
    void line(std::size_t count, std::vector<std::string> names = {}) {
        for (std::size_t i = 0; i < count; ++i) add(i + 1 == count ? names : std::vector<std::string>{});
        for (std::size_t i = 0; i + 1 < count; ++i) link(i, i + 1);
    }
    /// As it tells its neighbours by routing tables.
    void tell_words(std::size_t number) {
        std::vector<std::string> all;
        for (auto const& name : nodes[number].shelf->names)
            for (auto& word : wire::keywords(name)) all.push_back(word);
        EngineOutput out;
        nodes[number].engine->set_local_table(*nodes[number].core, qrp::finest_of(all), now, out);
        perform(number, out);
    }

    Guid launch(std::size_t number, std::string text, strategy::Parameters parameters = {}) {
        Guid const guid = fresh_guid();
        EngineOutput out;
        nodes[number].engine->launch(*nodes[number].core, Launch{guid, words(std::move(text)), parameters}, now, out);
        perform(number, out);
        settle();
        return guid;
    }
    void stop(std::size_t number, Guid const& search) {
        EngineOutput out;
        nodes[number].engine->close(*nodes[number].core, search, now, out);
        perform(number, out);
        settle();
    }
    void feed(std::size_t number, overlay::Event const& event) override {
        Node& node = nodes[number];
        if (!node.core) return;
        overlay::Actions actions;
        node.core->handle(event, now, 1'000'000, actions);
        for (overlay::Action const& action : actions) {
            if (auto const* query = std::get_if<overlay::QueryArrived>(&action)) node.queries.push_back(*query);
            if (auto const* note = std::get_if<overlay::NoteArrived>(&action)) node.notes.push_back(*note);
            // Upward things are told after the core has come to rest, as its host does.
            later_.emplace_back(number, action);
        }
    }
    /// Records found for a search.
    std::size_t found(std::size_t number, Guid const& search) const {
        std::size_t records = 0;
        for (Found const& one : nodes[number].found)
            if (one.search == search) records += one.hit.records.size();
        return records;
    }
    bool is_finished(std::size_t number, Guid const& search) const {
        auto const& all = nodes[number].finished;
        return std::find(all.begin(), all.end(), search) != all.end();
    }
    EngineCounters sum() const {
        EngineCounters all;
        for (Node const& node : nodes) {
            auto const one = node.engine->counters();
            all.walkers_in += one.walkers_in, all.walkers_ended += one.walkers_ended,
                all.checks_answered += one.checks_answered;
            all.walkers_refused += one.walkers_refused, all.keys_in += one.keys_in, all.key_returns += one.key_returns;
        }
        return all;
    }
    void perform(std::size_t number, EngineOutput& out) {
        Node& node = nodes[number];
        for (Found& one : out.found) node.found.push_back(std::move(one));
        for (CostUpdate const& one : out.costs) {
            CostUpdate& all = node.spent[one.search];
            all.messages += one.messages, all.bytes += one.bytes, all.reach += one.reach;
        }
        for (Guid const& one : out.query_phase_done) node.finished.push_back(one);
        for (overlay::Event const& event : std::exchange(out.overlay, {})) {
            if (auto const* forward = std::get_if<overlay::ForwardQuery>(&event)) node.forwards.push_back(*forward);
            node.notes_sent += std::holds_alternative<overlay::SendNote>(event);
            feed(number, event);
        }
    }

    std::vector<Node> nodes;
    overlay::Limits limits;  ///< of nodes that start from now on

private:
    [[nodiscard]] std::size_t node_count() const override { return nodes.size(); }
    [[nodiscard]] overlay::Overlay* core_of(std::size_t number) override { return nodes[number].core.get(); }
    [[nodiscard]] Endpoint listens_at(std::size_t number) const override { return address_of(number); }
    [[nodiscard]] std::optional<Instant> next_deadline(std::size_t number) override {
        Node const& node = nodes[number];
        if (!node.core) return std::nullopt;
        auto const core = node.core->next_deadline(), engine = node.engine->next_deadline();
        return core && engine ? std::min(*core, *engine) : core ? core : engine;
    }
    void tick_if_due(std::size_t number) override {
        Node& node = nodes[number];
        if (!node.core) return;
        if (auto const due = node.core->next_deadline(); due && *due <= now) feed(number, overlay::Tick{});
        if (auto const due = node.engine->next_deadline(); due && *due <= now) {
            EngineOutput out;
            node.engine->tick(*node.core, now, out);
            perform(number, out);
        }
    }

    template <class T>
    void act(std::size_t, T const&) {}
    void act(std::size_t from, overlay::Connect const& action) { carry_out(from, action); }
    void act(std::size_t from, overlay::Close const& action) { carry_out(from, action); }
    /// The stranger's handshake is ours but for the one header.
    void act(std::size_t from, overlay::Transmit const& action) {
        auto const other = other_end(from, action.peer);
        bool const stranger = nodes[from].stranger || (other && nodes[*other].stranger);
        auto const bytes = action.buffers.joined();
        std::string text{as_text(bytes)};
        auto const begin = text.find("X-Praline:");
        if (stranger && text.starts_with("GNUTELLA") && begin != std::string::npos)
            text.erase(begin, text.find("\r\n", begin) + 2 - begin);
        carry_out(from, action, as_view(text));
    }
    bool hand_on() override {
        if (later_.empty()) return false;
        for (auto const& [number, action] : std::exchange(later_, {})) {
            if (!nodes[number].core) continue;
            std::visit([&, n = number](auto const& one) { act(n, one); }, action);
            EngineOutput out;
            nodes[number].engine->handle(*nodes[number].core, action, now, out);
            perform(number, out);
        }
        return true;
    }
    EngineOptions options_;
    std::vector<std::pair<std::size_t, overlay::Action>> later_;
};

}  // namespace praline::search::test
