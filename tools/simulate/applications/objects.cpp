#include "tools/simulate/applications/objects.hpp"

#include <algorithm>
#include <cstddef>

namespace praline::simulate::applications {

using structured::Key;
using structured::Node;

namespace {

constexpr std::uint64_t of_objects = 0x0B3EC7, of_messages = 0x3E55;

std::optional<double> part_of(std::vector<double>& some, double share) {
    if (some.empty()) return std::nullopt;
    auto const at = some.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(some.size() - 1));
    std::nth_element(some.begin(), at, some.end());
    return *at;
}

}  // namespace

void ObjectPointers::publish(Node server, Key object) {
    for (Node const node : overlay_.way(server, object, live_)) {
        auto& servers = pointers_[{node, object}];
        if (std::find(servers.begin(), servers.end(), server) == servers.end()) servers.push_back(server);
    }
}

void ObjectPointers::unpublish(Node server, Key object) {
    for (Node const node : overlay_.way(server, object, live_)) {
        auto const at = pointers_.find({node, object});
        if (at == pointers_.end()) continue;
        std::erase(at->second, server);
        if (at->second.empty()) pointers_.erase(at);
    }
}

std::optional<ObjectPointers::Found> ObjectPointers::send(Node from, Key object) const {
    Found found;
    Node before = from;
    for (Node const node : overlay_.way(from, object, live_)) {
        found.length += underlay_.distance(before, node);
        found.hops += node == from ? 0 : 1;
        before = node;
        auto const at = pointers_.find({node, object});
        if (at == pointers_.end()) continue;
        auto const nearer = [&](Node one, Node other) {
            return underlay_.distance(node, one) < underlay_.distance(node, other);
        };
        found.server = *std::min_element(at->second.begin(), at->second.end(), nearer);
        found.length += underlay_.distance(node, found.server);
        return found;
    }
    return std::nullopt;
}

ObjectsOutcome send_to_objects(ObjectsExperiment const& experiment) {
    auto const& settings = experiment.settings;
    auto const overlay = make_tapestry(settings);
    auto const underlay = underlay_of(settings);
    structured::Live const live{settings.nodes, 0, Rng{settings.seed}};
    ObjectPointers pointers{*overlay, *underlay, live};
    Rng placed{settings.seed, of_objects}, chance{settings.seed, of_messages};
    std::vector<Key> objects;
    std::vector<std::vector<Node>> servers(experiment.objects);
    for (std::uint64_t object = 0; object < experiment.objects; ++object) {
        objects.push_back(placed.next());
        for (unsigned server = 0; server < experiment.servers; ++server) {
            servers[object].push_back(static_cast<Node>(placed.below(settings.nodes)));
            pointers.publish(servers[object].back(), objects.back());
        }
    }
    struct Message {
        double straight, penalty;
    };
    std::vector<Message> messages;
    std::uint64_t found = 0;
    double sum = 0;
    for (std::uint64_t i = 0; i < experiment.messages; ++i) {
        auto const from = static_cast<Node>(chance.below(settings.nodes));
        auto const object = chance.below(experiment.objects);
        auto const sent = pointers.send(from, objects[object]);
        if (!sent) continue;
        ++found;
        double straight = underlay->distance(from, servers[object].front());
        for (Node const server : servers[object]) straight = std::min(straight, underlay->distance(from, server));
        if (straight > 0) messages.push_back({straight, sent->length / straight}), sum += straight;
    }
    double const mean = messages.empty() ? 0 : sum / static_cast<double>(messages.size());
    std::vector<double> all, near, far;
    for (auto const& message : messages) {
        all.push_back(message.penalty);
        (message.straight < mean ? near : far).push_back(message.penalty);
    }
    return {static_cast<double>(found) / static_cast<double>(experiment.messages), part_of(all, 0.5), part_of(all, 0.9),
            part_of(near, 0.5), part_of(far, 0.5)};
}

}  // namespace praline::simulate::applications
