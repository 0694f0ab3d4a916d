#include "search/engine/own_searches.hpp"

#include <algorithm>
#include <utility>

#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"
#include "search/strategy/dynamic_rules.hpp"

namespace praline::search {
namespace {

wire::QueryPtr launched_query(wire::Query query) {
    (void)wire::remove_steps(query);  // whether it goes as a walker or a key request is the strategy's decision
    return wire::routed(std::move(query));
}

/// FNV-1a: two results that share one number cost a search a result at most.
std::uint64_t result_number(Guid const& servent, wire::HitRecord const& record) {
    std::uint64_t number = 0xCBF29CE484222325;
    auto const mix = [&](std::uint8_t byte) { number = (number ^ byte) * 0x100000001B3; };
    for (auto const byte : servent.bytes) mix(byte);
    for (unsigned shift = 0; shift < 32; shift += 8) mix(static_cast<std::uint8_t>(record.index >> shift));
    for (char const letter : record.name) mix(static_cast<std::uint8_t>(letter));
    return number;
}

}  // namespace

OwnSearch::OwnSearch(Launch&& launch, Instant now)
    : guid_{launch.guid},
      query_{launched_query(std::move(launch.query))},
      parameters_{launch.parameters},
      started_{now},
      active_at_{now},
      cost_{launch.guid},
      match_{query_->query, launch.asked} {}

bool OwnSearch::is_called(Guid const& name) const {
    return guid_ == name || std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::size_t OwnSearch::count_new_results(wire::QueryHit const& hit, EngineLimits const& limits) {
    std::size_t fresh = 0;
    auto const verdicts = match_.judge(hit);
    for (std::size_t i = 0; i < hit.records.size(); ++i) {
        if (verdicts[i] != HitMatch::Verdict::answers) continue;
        if (known_.size() >= limits.results_known_max)
            ++fresh;
        else
            fresh += known_.insert(result_number(hit.servent, hit.records[i])).second ? 1 : 0;
    }
    return fresh;
}

OwnSearch* OwnSearches::find(Guid const& name) {
    auto const one = std::find_if(searches_.begin(), searches_.end(),
                                  [&](OwnSearch const& search) { return search.is_called(name); });
    return one == searches_.end() ? nullptr : &*one;
}

std::optional<Guid> OwnSearches::victim() const {
    return searches_.empty() || searches_.size() < limits_.searches_max ? std::nullopt
                                                                        : std::optional{searches_.front().guid()};
}

OwnSearch& OwnSearches::open(Launch&& launch, Instant now) { return searches_.emplace_back(std::move(launch), now); }

std::optional<OwnSearch> OwnSearches::close(Guid const& name) {
    OwnSearch* const one = find(name);
    if (one == nullptr) return std::nullopt;
    std::optional<OwnSearch> closed{std::move(*one)};
    searches_.erase(searches_.begin() + (one - searches_.data()));
    return closed;
}

bool OwnSearches::add_name(Guid const& search, Guid const& name) {
    OwnSearch* const own = find(search);
    if (own == nullptr || own->names_.size() >= limits_.names_max) return false;
    own->names_.push_back(name);
    return true;
}

// ---- the cost ----

void OwnSearches::count(OwnSearch& search, std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach) const {
    search.messages_ += messages;
    search.cost_.messages += messages;
    search.cost_.bytes += bytes;
    search.cost_.reach = std::min(search.cost_.reach + std::min(reach, limits_.reach_max), limits_.reach_max);
}

void OwnSearches::count_copies(Guid const& name, std::span<PeerId const> to, strategy::Hop const& as,
                               std::size_t payload_bytes) {
    OwnSearch* const search = find(name);
    if (search == nullptr) return;
    std::uint64_t reach = 0;
    for (PeerId const peer : to) {
        Neighbour const* const one = neighbourhood_.find(peer);
        bool const spreads = one != nullptr && one->ultrapeer && !as.walker && !as.key_request;
        std::uint32_t const degree = !one || one->degree == 0
                                         ? limits_.degree_assumed
                                         : std::min<std::uint32_t>(one->degree, limits_.degree_max);
        reach += spreads ? std::min(strategy::horizon(degree, as.ttl.value()), limits_.reach_max) : 1;
    }
    search->walks_ = search->walks_ || as.walker.has_value();
    count(*search, to.size(), to.size() * (wire::header_bytes + payload_bytes), reach);
}

void OwnSearches::count_message(OwnSearch& search, std::size_t bytes, std::uint64_t reach) const {
    count(search, 1, bytes, reach);
}

// ---- the end ----

void OwnSearches::settle(OwnSearch& search, Turn const& turn) const {
    if (search.cost_.messages > 0) turn.out.costs.push_back(std::exchange(search.cost_, CostUpdate{search.guid_}));
    if (search.query_phase_done_ || strategies_.may_query_more(search.guid_)) return;
    // Walkers that end by themselves say nothing.
    if (search.walks_ && strategies_.wants_more(search.guid_) && turn.now < search.active_at_ + limits_.walk_quiet_for)
        return;
    search.query_phase_done_ = true;
    turn.out.query_phase_done.push_back(search.guid_);
}

void OwnSearches::settle_all(Turn const& turn) {
    for (OwnSearch& search : searches_) settle(search, turn);
}

std::optional<Instant> OwnSearches::next_deadline() const {
    std::optional<Instant> earliest;
    for (OwnSearch const& search : searches_) {
        // While its strategy has more to do, that has a deadline of its own: one gone by would wake us without end.
        if (search.query_phase_done_ || !search.walks_ || strategies_.may_query_more(search.guid_)) continue;
        Instant const due = search.active_at_ + limits_.walk_quiet_for;
        if (!earliest || due < *earliest) earliest = due;
    }
    return earliest;
}

}  // namespace praline::search
