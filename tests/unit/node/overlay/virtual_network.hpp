#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/overlay/overlay.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"
#include "unit/support/stream_network.hpp"

/// Several overlays joined without sockets: bytes are carried in pieces of any size, time is virtual.
namespace praline::overlay::test {

using namespace std::chrono_literals;

inline Guid servent_of(std::uint64_t number) {
    Rng rng{number + 1000};
    return Guid::random(rng);
}

inline QueryPtr query_of(std::string text) {
    auto routed = std::make_shared<RoutedQuery>();
    routed->query.text = std::move(text);
    routed->payload = std::make_shared<Bytes const>(wire::encode(routed->query));
    return routed;
}

inline wire::QueryHit hit_of(Guid servent, std::string name = "a file.txt") {
    wire::QueryHit hit;
    hit.endpoint = Endpoint{0x0A000001, 6346};
    hit.vendor = "PRLN";
    hit.servent = servent;
    wire::HitRecord record;
    record.size_bytes = 7;
    record.name = std::move(name);
    hit.records.emplace_back(std::move(record));
    return hit;
}

/// One overlay with its host: floods queries to all other links, answers when told to.
class Network final : public praline::test::StreamNetwork {
public:
    struct Node {
        std::unique_ptr<Overlay> core;
        Endpoint endpoint;
        bool alive = true;
        std::vector<QueryArrived> queries;
        std::vector<HitArrived> hits;
        std::vector<PushArrived> pushes;
        std::vector<LinkDown> downs;
        std::vector<QrpArrived> tables;
        std::vector<RoleChanged> roles;
        std::size_t ups = 0, needs = 0;
        bool answers = false;
    };

    explicit Network(std::uint64_t seed = 1) : StreamNetwork{seed} {}

    static Endpoint address(std::size_t number) { return {0x0A000001U + static_cast<std::uint32_t>(number), 6346}; }

    Config config(std::size_t number, Mode mode = Mode::ultrapeer) {
        Config config;
        config.mode = mode;
        config.servent = servent_of(number);
        config.listen = address(number);
        return config;
    }
    std::size_t add(Config config) {
        nodes.emplace_back();
        Node& node = nodes.back();
        node.endpoint = config.listen;
        node.core = std::make_unique<Overlay>(std::move(config), Rng{rng_.next()});
        feed(nodes.size() - 1, Start{});
        return nodes.size() - 1;
    }
    std::size_t add(Mode mode = Mode::ultrapeer, std::vector<Endpoint> peers = {}) {
        Config one = config(nodes.size(), mode);
        one.peers = std::move(peers);
        return add(std::move(one));
    }
    /// The node stops without a word; its sockets break.
    void kill(std::size_t number) {
        nodes[number].alive = false;
        cut_off(number);
    }

    void feed(std::size_t number, Event const& event) override {
        if (!nodes[number].alive) return;
        Actions actions;
        nodes[number].core->handle(event, now, 1'000'000 + now.time_since_epoch() / 1s, actions);
        for (Action const& action : actions) std::visit([&](auto const& one) { perform(number, one); }, action);
    }
    Guid ask(std::size_t number, std::string text, Ttl ttl = Ttl{4}) {
        Guid const guid = Guid::random(rng_);
        feed(number, OpenQuery{guid});
        std::vector<PeerId> to;
        for (LinkInfo const& link : nodes[number].core->links()) to.emplace_back(link.peer);
        feed(number, ForwardQuery{guid, to, ttl, Hops{0}, query_of(std::move(text))});
        return guid;
    }
    /// Sends `walkers` of them out, each along a link of its own as far as there are links.
    Guid ask_walking(std::size_t number, std::string text, std::uint32_t walkers, std::uint32_t steps_max) {
        Guid const guid = Guid::random(rng_);
        feed(number, OpenQuery{guid});
        auto const links = nodes[number].core->links();
        for (std::uint32_t i = 0; i < walkers && !links.empty(); ++i) {
            auto routed = std::make_shared<RoutedQuery>();
            routed->query.text = text;
            wire::put(routed->query, wire::WalkerItem{i, 0, steps_max, 0, false, false});
            routed->payload = std::make_shared<Bytes const>(wire::encode(routed->query));
            feed(number, ForwardQuery{guid, {links[i % links.size()].peer}, Ttl{1}, Hops{0}, std::move(routed)});
        }
        return guid;
    }
    std::size_t links(std::size_t number) const { return nodes[number].core->links().size(); }

    std::vector<Node> nodes;
    std::set<std::pair<std::size_t, std::size_t>> cut;         ///< pairs that cannot connect
    std::map<std::pair<std::size_t, PeerId>, Bytes> all_sent;  ///< with `record`
    bool record = false;

private:
    [[nodiscard]] std::size_t node_count() const override { return nodes.size(); }
    [[nodiscard]] Overlay* core_of(std::size_t number) override {
        return nodes[number].alive ? nodes[number].core.get() : nullptr;
    }
    [[nodiscard]] Endpoint listens_at(std::size_t number) const override { return nodes[number].endpoint; }
    [[nodiscard]] bool may_connect(std::size_t caller, std::size_t to) const override {
        return !cut.contains(std::minmax(to, caller));
    }
    [[nodiscard]] std::optional<Instant> next_deadline(std::size_t number) override {
        return nodes[number].alive ? nodes[number].core->next_deadline() : std::nullopt;
    }
    void tick_if_due(std::size_t number) override {
        if (auto const due = next_deadline(number); due && *due <= now) feed(number, Tick{});
    }
    bool hand_on() override {
        if (later_.empty()) return false;
        auto const [number, query] = later_.front();
        later_.erase(later_.begin());
        flood(number, query);
        return true;
    }

    template <class T>
    void perform(std::size_t, T const&) {}
    void perform(std::size_t from, Connect const& action) { carry_out(from, action); }
    void perform(std::size_t from, Close const& action) { carry_out(from, action); }
    void perform(std::size_t from, Transmit const& action) {
        Bytes const bytes = action.buffers.joined();
        if (!carry_out(from, action, bytes) || !record) return;
        auto& sent = all_sent[End{from, action.peer}];
        sent.insert(sent.end(), bytes.begin(), bytes.end());
    }
    void perform(std::size_t from, LinkUp const&) { ++nodes[from].ups; }
    void perform(std::size_t from, NeedHosts const&) { ++nodes[from].needs; }
    void perform(std::size_t from, LinkDown const& action) { nodes[from].downs.emplace_back(action); }
    void perform(std::size_t from, HitArrived const& action) { nodes[from].hits.emplace_back(action); }
    void perform(std::size_t from, PushArrived const& action) { nodes[from].pushes.emplace_back(action); }
    void perform(std::size_t from, QrpArrived const& action) { nodes[from].tables.emplace_back(action); }
    void perform(std::size_t from, RoleChanged const& action) { nodes[from].roles.emplace_back(action); }
    void perform(std::size_t from, QueryArrived const& action) {
        Node& node = nodes[from];
        node.queries.emplace_back(action);
        later_.emplace_back(from, action);
    }
    /// A walker goes on to one neighbour other than it came from, until its steps are used up.
    void walk(std::size_t number, QueryArrived const& query, wire::WalkerItem item) {
        ++steps;
        std::vector<PeerId> to;
        for (LinkInfo const& link : nodes[number].core->links())
            if (link.peer != query.from && link.praline) to.emplace_back(link.peer);
        if (to.empty() || ++item.step >= item.steps_max) return;
        auto routed = std::make_shared<RoutedQuery>(*query.query);
        wire::put(routed->query, item);
        routed->payload = std::make_shared<Bytes const>(wire::encode(routed->query));
        feed(number, ForwardQuery{query.guid, {to[rng_.below(to.size())]}, query.ttl, query.hops, std::move(routed)});
    }
    void flood(std::size_t number, QueryArrived const& query) {
        Node& node = nodes[number];
        if (node.answers && !query.again) feed(number, AnswerQuery{query.guid, {hit_of(servent_of(number))}});
        if (auto const walker = wire::walker_of(query.query->query)) return walk(number, query, *walker);
        std::vector<PeerId> to;
        for (LinkInfo const& link : node.core->links())
            if (link.peer != query.from && link.kind == LinkKind::to_ultrapeer) to.emplace_back(link.peer);
        feed(number, ForwardQuery{query.guid, to, query.ttl, query.hops, query.query});
    }

    std::vector<std::pair<std::size_t, QueryArrived>> later_;

public:
    std::size_t steps = 0;  ///< made by walkers
};

/// A peer written by hand: says what it likes to one overlay.
class ScriptedPeer {
public:
    explicit ScriptedPeer(Config config, std::uint64_t seed = 5) : core{std::move(config), Rng{seed}} { feed(Start{}); }

    void feed(Event const& event) {
        Actions actions;
        core.handle(event, now, 1'000'000, actions);
        for (Action& action : actions) {
            if (auto* sent = std::get_if<Transmit>(&action)) {
                auto& to = out[sent->peer];
                sent->buffers.for_each([&](ByteView part) { to.insert(to.end(), part.begin(), part.end()); });
                if (drains) drained.emplace_back(sent->peer);
            }
            log.emplace_back(std::move(action));
        }
        while (!drained.empty()) {
            PeerId const peer = drained.back();
            drained.pop_back();
            feed(Drained{peer});
        }
    }
    PeerId accept(std::string_view text, Endpoint from = {0x0A010203, 41000}) {
        PeerId const peer = core.allot_peer();
        feed(Accepted{peer, from});
        feed(Received{peer, as_view(text)});
        return peer;
    }
    /// An uncompressed link, past its handshake; what was sent so far is forgotten.
    PeerId link(bool ultrapeer = true, std::string_view more = "") {
        std::string const text = std::string{"GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: "} + (ultrapeer ? "True" : "False") +
                                 "\r\nX-Query-Routing: 0.2\r\nBye-Packet: 0.1\r\nGGEP: 0.5\r\n" + std::string{more} +
                                 "\r\n";
        auto const host = next_host++;
        PeerId const peer = accept(text, Endpoint{0x0A010000U + host, 41000});
        feed(Received{peer, as_view("GNUTELLA/0.6 200 OK\r\n\r\n")});
        return peer;
    }
    template <class T>
    std::vector<T> all() const {
        std::vector<T> found;
        for (Action const& action : log)
            if (auto const* one = std::get_if<T>(&action)) found.emplace_back(*one);
        return found;
    }
    void say(PeerId peer, wire::Function function, Ttl ttl, Hops hops, ByteView payload, Guid guid) {
        feed(Received{peer, wire::frame({guid, static_cast<std::uint8_t>(function), ttl, hops, 0}, payload)});
    }
    std::string text(PeerId peer) { return std::string{as_text(out[peer])}; }
    void tick(Duration later) {
        now += later;
        feed(Tick{});
    }
    /// Messages sent to this peer after its handshake.
    struct Message {
        wire::Header header;
        Bytes payload;
    };
    std::vector<Message> messages(PeerId peer) {
        std::vector<Message> found;
        std::string_view const all_text = as_text(out[peer]);
        auto const end = all_text.find("\r\n\r\n");
        ByteView rest = as_view(end == std::string_view::npos ? std::string_view{} : all_text.substr(end + 4));
        while (auto const one = wire::first_message(rest)) {
            found.emplace_back(Message{one->header, Bytes(one->payload.begin(), one->payload.end())});
            rest = rest.subspan(wire::header_bytes + one->payload.size());
        }
        return found;
    }
    std::vector<Message> messages(PeerId peer, wire::Function function) {
        auto found = messages(peer);
        std::erase_if(found,
                      [&](Message const& one) { return one.header.function != static_cast<std::uint8_t>(function); });
        return found;
    }
    std::optional<std::uint16_t> bye_code(PeerId peer) {
        auto const byes = messages(peer, wire::Function::bye);
        return byes.empty() ? std::nullopt : std::optional{wire::decode_bye(byes.back().payload)->code};
    }
    bool closed(PeerId peer) const {
        for (Action const& action : log)
            if (auto const* one = std::get_if<Close>(&action); one && one->peer == peer) return true;
        return false;
    }

    Overlay core;
    Instant now{};
    Actions log;
    std::map<PeerId, Bytes> out;
    bool drains = true;
    std::vector<PeerId> drained;
    std::uint32_t next_host = 1;
};

}  // namespace praline::overlay::test
