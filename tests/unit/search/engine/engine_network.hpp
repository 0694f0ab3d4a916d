#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/overlay/overlay.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/keywords.hpp"
#include "node/wire/praline.hpp"
#include "search/engine/engine.hpp"
#include "search/qrp/table_builder.hpp"

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

class EngineNetwork {
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
    };

    explicit EngineNetwork(std::uint64_t seed, EngineOptions options = {}) : rng_{seed}, options_{options} {}

    std::size_t add(std::vector<std::string> names = {}, overlay::Mode mode = overlay::Mode::ultrapeer,
                    bool stranger = false) {
        auto const number = nodes.size();
        Node node;
        node.shelf = std::make_unique<Shelf>(number);
        node.shelf->names = std::move(names);
        node.stranger = stranger;
        overlay::Config config;
        config.mode = mode;
        config.servent = guid_of(number);
        config.listen = address_of(number);
        config.deflate = false;
        config.report_passing_hits = true;
        config.limits.ultrapeer_links_wanted = 0;  // the links of the test, and no others
        config.limits.leaf_ultrapeers = 1;
        node.core = std::make_unique<overlay::Overlay>(std::move(config), Rng{rng_.next()});
        node.engine = std::make_unique<SearchEngine>(options_, Rng{rng_.next()}, *node.shelf);
        nodes.push_back(std::move(node));
        feed(number, overlay::Start{});
        tell_words(number);
        return number;
    }
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
        Guid const guid = Guid::random(rng_);
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
    void feed(std::size_t number, overlay::Event const& event) {
        overlay::Actions actions;
        Node& node = nodes[number];
        node.core->handle(event, now, 1'000'000, actions);
        for (overlay::Action const& action : actions) {
            if (auto const* query = std::get_if<overlay::QueryArrived>(&action)) node.queries.push_back(*query);
            if (auto const* note = std::get_if<overlay::NoteArrived>(&action)) node.notes.push_back(*note);
            // Upward things are told after the core has come to rest, as its host does.
            later_.emplace_back(number, action);
        }
    }
    /// Carries everything that waits. @returns whether it came to rest.
    bool settle(std::size_t steps_max = 2'000'000) {
        for (std::size_t step = 0; step < steps_max; ++step)
            if (!carry_one()) return true;
        return false;
    }
    void run(Duration how_long) {
        Instant const until = now + how_long;
        settle();
        for (;;) {
            std::optional<Instant> next;
            auto const consider = [&](std::optional<Instant> due) {
                if (due && (!next || *due < *next)) next = due;
            };
            for (Node const& node : nodes) consider(node.core->next_deadline()), consider(node.engine->next_deadline());
            if (!next || *next > until) break;
            now = std::max(now, *next);
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                if (auto const due = nodes[i].core->next_deadline(); due && *due <= now) feed(i, overlay::Tick{});
                if (auto const due = nodes[i].engine->next_deadline(); due && *due <= now) {
                    EngineOutput out;
                    nodes[i].engine->tick(*nodes[i].core, now, out);
                    perform(i, out);
                }
            }
            settle();
        }
        now = until;
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
    Instant now{1h};
    Rng rng_;

private:
    using End = std::pair<std::size_t, PeerId>;
    struct Pipe {
        End other;
        Bytes waiting;
        bool drain_owed = false, closing = false;
    };

    template <class T>
    void carry_out(std::size_t, T const&) {}
    void carry_out(std::size_t from, overlay::Connect const& action) {
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (address_of(i) != action.to) continue;
            PeerId const peer = nodes[i].core->allot_peer();
            End const caller{from, action.peer};
            pipes_[caller].other = End{i, peer};
            pipes_[End{i, peer}].other = caller;
            feed(i, overlay::Accepted{peer, Endpoint{address_of(from).address, 40000}});
            return feed(from, overlay::Connected{action.peer, address_of(from)});
        }
        feed(from, overlay::ConnectFailed{action.peer});
    }
    void carry_out(std::size_t from, overlay::Transmit const& action) {
        auto const at = pipes_.find(End{from, action.peer});
        if (at == pipes_.end()) return;
        Bytes bytes = action.buffers.joined();
        // The stranger's handshake is ours but for the one header.
        auto const other = at->second.other.first;
        if (nodes[from].stranger || nodes[other].stranger) {
            std::string text{as_text(bytes)};
            auto const begin = text.find("X-Praline:");
            if (text.starts_with("GNUTELLA") && begin != std::string::npos) {
                text.erase(begin, text.find("\r\n", begin) + 2 - begin);
                auto const view = as_view(std::string_view{text});
                bytes.assign(view.begin(), view.end());
            }
        }
        at->second.waiting.insert(at->second.waiting.end(), bytes.begin(), bytes.end());
        at->second.drain_owed = true;
    }
    void carry_out(std::size_t from, overlay::Close const& action) {
        auto const at = pipes_.find(End{from, action.peer});
        if (at == pipes_.end()) return;
        at->second.closing = true;
        if (!action.after_sending) at->second.waiting.clear();
    }
    bool carry_one() {
        if (!later_.empty()) {
            auto const todo = std::exchange(later_, {});
            for (auto const& [number, action] : todo) {
                std::visit([&, n = number](auto const& one) { carry_out(n, one); }, action);
                EngineOutput out;
                nodes[number].engine->handle(*nodes[number].core, action, now, out);
                perform(number, out);
            }
            return true;
        }
        std::vector<End> ready;
        for (auto const& [key, pipe] : pipes_)
            if (!pipe.waiting.empty() || pipe.drain_owed || pipe.closing) ready.push_back(key);
        if (ready.empty()) return false;
        carry(ready[rng_.below(ready.size())]);
        return true;
    }
    void carry(End const from) {
        Pipe& pipe = pipes_.at(from);
        End const to = pipe.other;
        if (!pipe.waiting.empty()) {
            Bytes const piece = std::exchange(pipe.waiting, {});
            if (pipes_.contains(to)) feed(to.first, overlay::Received{to.second, piece});
        } else if (pipe.closing) {
            pipes_.erase(from);
            if (pipes_.erase(to) > 0) feed(to.first, overlay::Closed{to.second, false});
        } else {
            pipe.drain_owed = false;
            feed(from.first, overlay::Drained{from.second});
        }
    }

    EngineOptions options_;
    std::map<End, Pipe> pipes_;
    std::vector<std::pair<std::size_t, overlay::Action>> later_;
};

}  // namespace praline::search::test
