#include "tools/simulate/full/full_network.hpp"

#include <algorithm>
#include <utility>

#include "node/base/check.hpp"
#include "node/wire/codec.hpp"
#include "tools/simulate/full/large_pages.hpp"

namespace praline::simulate::full {
namespace {

constexpr std::size_t bytes_expected = 8192;  // of a node and what is on its way to it, after some searches

bool later(auto const& one, auto const& other) { return std::pair{one.at, one.node} > std::pair{other.at, other.node}; }

}  // namespace

FullNetwork::FullNetwork(world::Graph const& graph, FullOptions const& options, std::uint32_t delay_max_ms,
                         FullObserver& observer, search::LocalContent& content)
    : graph_{graph}, settings_{graph, options}, observer_{observer}, content_{content}, calendar_{delay_max_ms} {
    ask_for_large_pages(graph.nodes() * bytes_expected);
    nodes_.reserve(graph.nodes());
    for (world::Node node = 0; node < graph.nodes(); ++node) nodes_.push_back(made(node, 0));
    for (world::Node node = 0; node < graph.nodes(); ++node) {
        for (world::Node const other : graph.neighbours(node)) {
            auto const back = graph.neighbours(other);
            far_end_.push_back(
                static_cast<std::uint32_t>(std::lower_bound(back.begin(), back.end(), node) - back.begin()));
        }
    }
    for (world::Node node = 0; node < graph.nodes(); ++node) feed(node, overlay::Start{});
    for (world::Node node = 0; node < graph.nodes(); ++node)
        for (world::Node const other : graph.neighbours(node))
            if (other > node) connect(node, other);
    setting_up_ = false;
    deadlines_.clear();
}

std::size_t FullNetwork::first_end(world::Node node) const {
    return static_cast<std::size_t>(graph_.neighbours(node).data() - graph_.neighbours(0).data());
}

void FullNetwork::feed(world::Node at, overlay::Event const& event) {
    nodes_[at].core.handle(event, now(), unix_now, actions_);
    work_off(at);
}

void FullNetwork::work_off(world::Node at) {
    at_work_ = at;
    // Whatever is done may add further actions at the end.
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        // Most are copies of a query on their way: they add none, so there is no need to take them out of the list.
        if (auto* const handed = std::get_if<overlay::HandOver>(&actions_[i])) {
            carry(at, handed->peer, {{}, std::move(handed->message)});
            continue;
        }
        overlay::Action action = std::move(actions_[i]);
        perform(at, action);
    }
    actions_.clear();
}

void FullNetwork::perform(world::Node at, overlay::Action& action) {
    Host& host = nodes_[at];
    if (auto* const sent = std::get_if<overlay::Transmit>(&action)) {
        PeerId const end = sent->peer;
        transmit(at, *sent);
        return host.core.handle(overlay::Drained{end}, now(), unix_now, actions_);
    }
    if (auto const* const connect = std::get_if<overlay::Connect>(&action)) return call(at, *connect);
    if (auto const* const query = std::get_if<overlay::QueryArrived>(&action)) observer_.query_taken(at, *query);
    output_.clear();
    host.engine.handle(host.core, action, now(), output_);
    take(at, output_);
    // Floods that pass leave nothing behind that would have to be woken; requests do. Walkers that wait for an answer
    // wait in vain if it was lost: only where they began there may be more to do.
    auto const* const passed = std::get_if<overlay::QueryArrived>(&action);
    bool const may_wake = walkers_of_ ? at == *walkers_of_ : passed == nullptr || passed->ttl == Ttl{0};
    if (!setting_up_ && may_wake) note_deadline(at);
}

void FullNetwork::take(world::Node at, search::EngineOutput& output) {
    for (overlay::Event const& event : output.overlay) nodes_[at].core.handle(event, now(), unix_now, actions_);
    if (!output.found.empty() || !output.costs.empty() || !output.query_phase_done.empty())
        observer_.search_said(at, output);
}

void FullNetwork::launch(world::Node at, search::Launch launch, std::optional<Rng> chance) {
    output_.clear();
    deadlines_.clear();  // what is left of the last search; a node that has more to do will say so
    at_work_ = at;
    if (chance) nodes_[at].engine.reseed(*chance);
    nodes_[at].engine.launch(nodes_[at].core, std::move(launch), now(), output_);
    take(at, output_);
    work_off(at);
    note_deadline(at);
    deliver_answers();
}

void FullNetwork::stop(world::Node at, Guid const& search) {
    output_.clear();
    at_work_ = at;
    nodes_[at].engine.close(nodes_[at].core, search, now(), output_);
    take(at, output_);
    work_off(at);
}

void FullNetwork::transmit(world::Node at, overlay::Transmit const& action) {
    Bytes bytes = action.buffers.joined();
    if (setting_up_) {
        std::size_t const link = first_end(at) + action.peer.value() - 1;
        hits_.push_back({messages_.keep({std::move(bytes)}),
                         graph_.neighbours(at)[action.peer.value() - 1],
                         PeerId{far_end_[link] + 1},
                         0,
                         {}});
        return;
    }
    for (ByteView rest = bytes; !rest.empty();) {
        auto const message = wire::first_message(rest);
        check(message.has_value());
        std::size_t const size = wire::header_bytes + message->payload.size();
        if (size == bytes.size()) return carry(at, action.peer, {std::move(bytes)});
        carry(at, action.peer, {Bytes(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size))});
        rest = rest.subspan(size);
    }
}

void FullNetwork::carry(world::Node from, PeerId through, FullMessage message) {
    world::Node const to = graph_.neighbours(from)[through.value() - 1];
    FullEnvelope const envelope = envelope_of(message, walkers_of_.has_value());
    bool const query = envelope.is_query();
    if (query)
        observer_.query_sent(from, envelope);
    else
        observer_.answer_sent(envelope);
    world::Passage const passage = observer_.passage(from, to, envelope);
    if (passage.lost) return;
    PeerId const end{far_end_[first_end(from) + through.value() - 1] + 1};
    Arrival const arrival{messages_.keep(std::move(message)), to, end, envelope.walker ? envelope.walker->number : 0,
                          envelope.guid};
    if (query || settings_.options().answers_travel)
        calendar_.put(arrival, passage.delay_ms);
    else
        (envelope.is_hit() ? hits_ : notes_).push_back(arrival);
}

/// What the next events will touch is on its way from memory while this one is handled: among many nodes that is most of
/// what they would wait for.
void FullNetwork::fetch_ahead(std::size_t at, std::size_t end) {
    constexpr std::size_t apart = 4;
    auto const ahead = [&](std::size_t stages) {
        return at + apart * stages < end ? &due_[at + apart * stages] : nullptr;
    };
    constexpr std::size_t stages = overlay::Overlay::fetch_stages;
    if (Arrival const* const one = ahead(stages + 2)) {
        __builtin_prefetch(&nodes_[one->to]);
        observer_.fetch(one->to);
    }
    for (unsigned stage = 0; stage < stages; ++stage) {
        Arrival const* const one = ahead(stages + 1 - stage);
        if (one == nullptr) continue;
        Host const& host = nodes_[one->to];
        host.core.fetch(stage, one->end, one->name);
        if (observer_.awaits(one->to)) host.engine.fetch(stage);
        if (stage + 2 == stages) messages_.prefetch(one->message);
    }
    if (Arrival const* const one = ahead(1)) {
        messages_.prefetch_bytes(one->message);
        if (!observer_.awaits(one->to)) return;
        nodes_[one->to].core.fetch_links();
        graph_.prefetch_neighbours(one->to);
        __builtin_prefetch(&far_end_[first_end(one->to)]);
    }
}

void FullNetwork::deliver(Arrival const& arrival) {
    // What it makes a node send may move those that are kept.
    FullMessage message = messages_.take(arrival.message);
    bool const linked =
        presence_.nobody_ever_left() || (there(arrival.to) && nodes_[arrival.to].core.link(arrival.end) != nullptr);
    if (!setting_up_ && !linked) {
        observer_.came_to_nobody();
    } else if (setting_up_ || observer_.arrives(arrival.to, message.is_query())) {
        if (message.bytes.empty())
            feed(arrival.to, overlay::Handed{arrival.end, &message.value});
        else
            feed(arrival.to, overlay::Received{arrival.end, message.bytes});
    }
    messages_.give_back(arrival.message, message);
}

void FullNetwork::deliver_hits() {
    for (std::size_t i = 0; i < hits_.size(); ++i) deliver(Arrival{hits_[i]});
    hits_.clear();
}

/// Hits first, so that who asks whether to go on hears of all that has been found by now.
void FullNetwork::deliver_answers() {
    deliver_hits();
    for (std::size_t i = 0; i < notes_.size(); ++i) {
        deliver(Arrival{notes_[i]});
        deliver_hits();
    }
    notes_.clear();
}

/// Nodes that come or go until now, before anything that arrives now.
void FullNetwork::change() {
    while (auto const node = presence_.next_due(now())) there(*node) ? leave(*node) : come(*node);
}

bool FullNetwork::advance() {
    if (!calendar_.advance()) return false;
    change();
    due_.clear();
    calendar_.take([this](std::span<Arrival const> some) { due_.insert(due_.end(), some.begin(), some.end()); });
    auto home = due_.end();
    if (walkers_of_) {
        std::stable_sort(due_.begin(), due_.end(),
                         [](Arrival const& one, Arrival const& other) { return one.walker < other.walker; });
        home = std::stable_partition(due_.begin(), due_.end(),
                                     [this](Arrival const& one) { return one.to != *walkers_of_; });
    }
    auto const away = static_cast<std::size_t>(home - due_.begin());
    for (std::size_t i = 0; i < away; ++i) {
        fetch_ahead(i, away);
        deliver(due_[i]);
    }
    if (home != due_.end()) deliver_hits();
    std::for_each(home, due_.end(), [this](Arrival const& one) { deliver(one); });
    deliver_answers();
    return true;
}

void FullNetwork::note_deadline(world::Node at) {
    auto const due = nodes_[at].engine.next_deadline();
    if (!due) return;
    deadlines_.push_back({*due, at});
    std::push_heap(deadlines_.begin(), deadlines_.end(),
                   [](auto const& one, auto const& other) { return later(one, other); });
}

bool FullNetwork::wait() {
    while (!deadlines_.empty()) {
        auto const [at, node] = deadlines_.front();
        std::pop_heap(deadlines_.begin(), deadlines_.end(),
                      [](auto const& one, auto const& other) { return later(one, other); });
        deadlines_.pop_back();
        auto const due = there(node) ? nodes_[node].engine.next_deadline() : std::nullopt;
        if (!due || *due > at) continue;  // it has gone by, and a later one is noted already
        if (*due > now()) {
            began_ = now() + std::chrono::ceil<std::chrono::milliseconds>(*due - now());
            calendar_.clear();
        }
        change();
        if (!there(node)) continue;
        output_.clear();
        at_work_ = node;
        nodes_[node].engine.tick(nodes_[node].core, now(), output_);
        take(node, output_);
        work_off(node);
        note_deadline(node);
        deliver_answers();
        return true;
    }
    return false;
}

}  // namespace praline::simulate::full
