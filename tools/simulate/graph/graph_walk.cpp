// How GraphHost carries walkers.
#include <algorithm>

#include "tools/simulate/graph/graph_host.hpp"

namespace praline::simulate::graph {

using search::strategy::any_link;
using search::strategy::unused_link;
using search::strategy::WalkChances;
using search::strategy::words_for;

/// In each moment all walkers that arrive look first; those that found nothing then ask, if it is time, and go on.
world::Outcome GraphHost::random_walk(world::Node source, Walk const& walk, world::NodeSet const& holders, Rng& rng) {
    begin(source);
    if (walk.keep_state) forget_trails();
    walk_on(source, walk, 0, WalkChances{Guid::random(rng)}, holders);
    return outcome();
}

/// Their numbers begin with `first`.
void GraphHost::walk_on(world::Node source, Walk const& walk, std::uint32_t first, WalkChances const& chances,
                        world::NodeSet const& holders) {
    stands_.assign(std::size_t{first} + walk.walkers, source);
    if (walk.rules.steps_max > 0)
        for (std::uint32_t number = 0; number < walk.walkers; ++number)
            step_on(source, first + number, 1, walk, chances);
    while (calendar_.advance()) {
        arrived_.clear();
        calendar_.take([&](std::span<PackedEvent const> events) {
            for (PackedEvent const event : events) walker_came(WalkCopy::unpack(event), holders);
        });
        for (auto const [at, step, number] : arrived_) {
            if (walk.rules.ends_after(step)) continue;
            if (walk.rules.checks_after(step)) {
                ++outcome_.checks;
                if (answers_ > 0) continue;
            }
            step_on(at, number, step + 1, walk, chances);
        }
    }
}

void GraphHost::step_on(world::Node at, std::uint32_t number, std::uint32_t step, Walk const& walk,
                        WalkChances const& chances) {
    Rng choice = chances.of(number, step);
    auto const to = walk.biased ? biased_next_of(at, stands_[number], walk.keep_state, choice)
                                : next_of(at, walk.keep_state, choice);
    if (!to) return;
    ++outcome_.messages;
    stands_[number] = at;
    std::optional<std::uint32_t> delay{1};
    if (model_ != nullptr) {
        world::QueryNetwork const network = network_.turn(std::uint64_t{number} << 32 | step);
        delay = logs_events()
                    ? log_->send(at, *to, network, world::MessageSizes::query + world::MessageSizes::walker_item)
                    : network.passage(at, *to).delay_ms;
    }
    if (delay) calendar_.put(WalkCopy{*to, step, number}.pack(), *delay);
}

void GraphHost::walker_came(WalkCopy copy, world::NodeSet const& holders) {
    world::Fate fate = world::Fate::honest;
    if (logs_events()) {
        if (!log_->arrive(copy.to, calendar_.now())) return;
        fate = log_->fate(copy.to);
    }
    if (seen_.add(copy.to)) {
        ++outcome_.reach;
        if (logs_events()) log_->heard(copy.to, stands_[copy.number]);
    }
    if (fate == world::Fate::dropper) return;
    bool const has_it = holders.has(copy.to);
    if (has_it || (fate == world::Fate::liar && copy.to != source_))
        answer(copy.to, has_it, copy.step);  // and the walker ends
    else
        arrived_.push_back(copy);
}

/// Empty: it has no neighbour left that is there.
std::optional<world::Node> GraphHost::next_of(world::Node at, bool keep_state, Rng& rng) {
    std::span<world::Node const> links = graph_.neighbours(at);
    bool const all_there = !logs_events() || model_->options().away <= 0;
    if (!all_there && !keep_state) {
        links_.assign(links.begin(), links.end());
        std::erase_if(links_, [&](world::Node to) { return !log_->there(to, calendar_.now()); });
        links = links_;
    }
    if (links.empty()) return std::nullopt;
    if (!keep_state) return links[any_link(links.size(), rng)];
    std::span<std::uint64_t> const bits = trail_of(at);
    // Two rounds: in the first it may start over where it was about to come upon one that is there.
    for (std::size_t tries = all_there ? 1 : 2 * links.size(); tries > 0; --tries) {
        world::Node const to = links[unused_link(links.size(), bits, rng)];
        if (all_there || log_->there(to, calendar_.now())) return to;
    }
    return std::nullopt;
}

std::span<std::uint64_t> GraphHost::trail_of(world::Node node) {
    if (has_trail_.add(node)) trails_.push_back(node);
    return {used_bits_.data() + bits_begin_[node], words_for(graph_.degree(node))};
}

void GraphHost::forget_trails() {
    if (bits_begin_.empty()) {
        std::uint32_t words = 0;
        for (world::Node node = 0; node < graph_.nodes(); ++node) {
            bits_begin_.push_back(words);
            words += static_cast<std::uint32_t>(words_for(graph_.degree(node)));
        }
        used_bits_.assign(words, 0);
        has_trail_ = world::NodeBits{graph_.nodes()};
    }
    for (world::Node const node : trails_)
        std::fill_n(used_bits_.begin() + bits_begin_[node], words_for(graph_.degree(node)), 0);
    trails_.clear();
    has_trail_.clear();
}

}  // namespace praline::simulate::graph
