#include "tools/simulate/applications/storage.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "tools/simulate/applications/draws.hpp"

namespace praline::simulate::applications {

using structured::Key;
using structured::Node;

namespace {

constexpr std::uint64_t of_room = 0x400A, of_files = 0xF11E5;
constexpr double nearly_full = 0.95;

}  // namespace

Storage::Storage(Settings const& settings, std::vector<Key> keys, std::vector<double> room)
    : settings_{settings},
      keys_{std::move(keys)},
      free_{std::move(room)},
      total_{std::accumulate(free_.begin(), free_.end(), 0.0)} {}

std::vector<Node> Storage::nearest(Key key) const {
    auto const count = static_cast<Node>(keys_.size());
    auto after = static_cast<Node>(std::lower_bound(keys_.begin(), keys_.end(), key) - keys_.begin()) % count;
    Node before = (after + count - 1) % count;
    std::vector<Node> nearest;
    while (nearest.size() < std::min<std::size_t>(settings_.replicas, count)) {
        bool const is_after = keys_[after] - key <= key - keys_[before];
        nearest.push_back(is_after ? after : before);
        if (is_after)
            after = (after + 1) % count;
        else
            before = (before + count - 1) % count;
    }
    return nearest;
}

std::optional<Node> Storage::divert(Node from, double bytes, std::vector<Node> const& primary,
                                    std::vector<Copy> const& taken) const {
    auto const count = static_cast<Node>(keys_.size());
    std::optional<Node> best;
    Node const reach = std::min(settings_.leaves / 2, (count - 1) / 2);
    for (Node step = 1; step <= reach; ++step)
        for (Node const one : {(from + step) % count, (from + count - step) % count}) {
            bool const is_taken =
                std::find(primary.begin(), primary.end(), one) != primary.end() ||
                std::any_of(taken.begin(), taken.end(), [&](Copy const& copy) { return copy.node == one; });
            if (!is_taken && (!best || free_[one] > free_[*best])) best = one;
        }
    return best && bytes <= settings_.accept_diverted * free_[*best] ? best : std::nullopt;
}

std::optional<std::vector<Storage::Copy>> Storage::place(Key key, double bytes) const {
    auto const primary = nearest(key);
    std::vector<Copy> copies;
    for (Node const node : primary) {
        if (bytes <= settings_.accept_own * free_[node]) {
            copies.push_back({node, false});
            continue;
        }
        auto const other = divert(node, bytes, primary, copies);
        if (!other) return std::nullopt;
        copies.push_back({*other, true});
    }
    return copies;
}

std::optional<std::vector<Storage::Copy>> Storage::put(double bytes, Rng& chance) {
    for (unsigned tried = 0; tried < settings_.keys_tried; ++tried) {
        auto copies = place(chance.next(), bytes);
        if (!copies) continue;
        for (auto const& copy : *copies) free_[copy.node] -= bytes;
        used_ += bytes * static_cast<double>(copies->size());
        return copies;
    }
    return std::nullopt;
}

void Storage::remove(std::vector<Copy> const& copies, double bytes) {
    for (auto const& copy : copies) free_[copy.node] += bytes;
    used_ -= bytes * static_cast<double>(copies.size());
}

StorageOutcome store(StorageExperiment const& experiment) {
    Rng room_chance{experiment.seed, of_room}, chance{experiment.seed, of_files};
    std::vector<double> room(experiment.nodes);
    for (auto& one : room) do
            one = experiment.room_mean + experiment.room_deviation * normal(room_chance);
        while (one < experiment.room_least || one > experiment.room_most);
    structured::Settings overlay;
    overlay.nodes = experiment.nodes;
    overlay.seed = experiment.seed;
    Storage storage{experiment.settings, keys_of(overlay), std::move(room)};
    StorageOutcome outcome;
    std::uint64_t failed = 0, copies = 0, diverted = 0;
    for (std::uint64_t file = 0; file < experiment.files; ++file) {
        double const bytes = std::ceil(log_normal(experiment.file_median, experiment.file_mean, chance));
        auto const put = storage.put(bytes, chance);
        if (!put) {
            ++failed;
        } else {
            copies += put->size();
            diverted += static_cast<std::uint64_t>(
                std::count_if(put->begin(), put->end(), [](Storage::Copy const& copy) { return copy.is_diverted; }));
        }
        if (!outcome.failed_by_95 && storage.use() >= nearly_full)
            outcome.failed_by_95 = static_cast<double>(failed) / static_cast<double>(file + 1);
    }
    outcome.use = storage.use();
    outcome.failed = static_cast<double>(failed) / static_cast<double>(experiment.files);
    outcome.diverted = copies == 0 ? 0 : static_cast<double>(diverted) / static_cast<double>(copies);
    return outcome;
}

}  // namespace praline::simulate::applications
