// Who is there at full scale, what each node shares, and the links between them.
#include <algorithm>
#include <utility>

#include "node/base/check.hpp"
#include "search/qrp/table_builder.hpp"
#include "tools/simulate/full/full_network.hpp"
#include "tools/simulate/world/chance.hpp"

namespace praline::simulate::full {
namespace {

/// A node that comes back draws anew.
std::uint64_t stream_number(world::Node node, std::uint32_t life) { return std::uint64_t{life} << 32 | node; }

}  // namespace

FullNetwork::Host FullNetwork::made(world::Node node, std::uint32_t life) {
    std::uint64_t const number = stream_number(node, life);
    return {overlay::Overlay{settings_.overlay(node), settings_.limits(),
                             world::stream_of(settings_.options().seed, world::Purpose::overlay, number)},
            search::SearchEngine{settings_.engine(),
                                 world::stream_of(settings_.options().seed, world::Purpose::search, number), content_}};
}

/// Links are made one after the other, each until both ends have nothing more to say. In this order a node gets its
/// links in the order of its neighbours.
void FullNetwork::connect(world::Node caller, world::Node called) {
    feed(caller, overlay::UserConnect{FullSettings::endpoint(called)});
    deliver_answers();
    auto const neighbours = graph_.neighbours(caller);
    auto const at = std::lower_bound(neighbours.begin(), neighbours.end(), called) - neighbours.begin();
    check(nodes_[caller].core.link(PeerId{static_cast<std::uint32_t>(at) + 1}) != nullptr);
}

/// The other side learns of a call by the first bytes; it must know the link before.
void FullNetwork::call(world::Node at, overlay::Connect const& action) {
    Host& host = nodes_[at];
    world::Node const called = FullSettings::node_at(action.to);
    std::size_t const place = action.peer.value() - 1;
    bool const asked_for = place < graph_.degree(at) && graph_.neighbours(at)[place] == called;
    // A node calls again one that it called before and that left; a node that comes back makes the link itself.
    if (!asked_for || !there(called))
        return host.core.handle(overlay::ConnectFailed{action.peer}, now(), unix_now, actions_);
    std::vector<overlay::Action> none;
    PeerId const other_end{far_end_[first_end(at) + place] + 1};
    nodes_[called].core.handle(overlay::Accepted{other_end, FullSettings::endpoint(at)}, now(), unix_now, none);
    check(none.empty());
    host.core.handle(overlay::Connected{action.peer, FullSettings::endpoint(at)}, now(), unix_now, actions_);
}

void FullNetwork::share(world::Node node, std::vector<std::string> const& words) {
    if (words.empty())
        words_.erase(node);
    else
        words_[node] = words;
    if (there(node)) tell_words(node);
}

/// Tables go from neighbour to neighbour at once, and nobody counts them.
void FullNetwork::tell_words(world::Node node) {
    bool const before = std::exchange(setting_up_, true);
    auto const words = words_.find(node);
    at_work_ = node;
    output_.clear();
    nodes_[node].engine.set_local_table(
        nodes_[node].core, search::qrp::finest_of(words == words_.end() ? std::vector<std::string>{} : words->second),
        now(), output_);
    take(node, output_);
    work_off(node);
    deliver_answers();
    setting_up_ = before;
}

void FullNetwork::leave(world::Node node) {
    if (!there(node)) return;
    presence_.leave(node, nodes());
    bool const before = std::exchange(setting_up_, true);
    auto const neighbours = graph_.neighbours(node);
    for (std::size_t at = 0; at < neighbours.size(); ++at) {
        PeerId const end{far_end_[first_end(node) + at] + 1};
        if (there(neighbours[at])) feed(neighbours[at], overlay::Closed{end, false});
    }
    deliver_answers();
    setting_up_ = before;
}

void FullNetwork::come(world::Node node) {
    if (there(node)) return;
    nodes_[node] = made(node, presence_.come(node));
    bool const before = std::exchange(setting_up_, true);
    feed(node, overlay::Start{});
    if (words_.contains(node)) tell_words(node);
    for (world::Node const other : graph_.neighbours(node)) {
        if (there(other))
            connect(node, other);
        else
            (void)nodes_[node].core.allot_peer();  // the name of a link to a node that is away stays free for it
    }
    setting_up_ = before;
}

}  // namespace praline::simulate::full
