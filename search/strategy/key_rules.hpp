#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "node/base/rng.hpp"
#include "node/wire/message.hpp"

/// What key routing decides by: keys, their distance, and which neighbour is known to lead to which. The node's
/// strategy and the simulator share it.
/// @source Freenet. There keys are hashes of 160 bits; which bits they are makes no
/// difference to which is nearest, so ours have 64.
namespace praline::search::strategy {

/// Spreads numbers over the circle of keys: neighbouring numbers get keys that have nothing in common.
[[nodiscard]] constexpr std::uint64_t key_of_number(std::uint64_t number) { return Rng{number}.next(); }

/// FNV-1a of 64 bits over the bytes, then spread: the same on every node, and not to be confused with a digest.
[[nodiscard]] constexpr std::uint64_t key_of_text(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (char const byte : text) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3ULL;
    return key_of_number(hash);
}

/// The key by which a query travels: of its first hash ("urn:sha1:…" before "urn:tree:tiger:…"), else of its canonical
/// words, each once and sorted, so that their order makes no difference. Empty: it asks for nothing that could be hashed.
[[nodiscard]] std::optional<std::uint64_t> routing_key(wire::Query const& query);

/// Keys lie on a circle: the shorter way round counts.
[[nodiscard]] constexpr std::uint64_t key_distance(std::uint64_t one, std::uint64_t other) {
    return std::min(one - other, other - one);
}

/// Which neighbour is known to lead to which keys: at most so many keys, the one longest unused is evicted. One neighbour may lead to many.
/// @tparam Who  ordered; names whom a request can be sent to.
/// @threads any, one at a time: a value.
template <class Who>
class KeyReferences {
public:
    struct Reference {
        std::uint64_t key;
        Who who;
    };
    explicit KeyReferences(std::size_t most) : most_{most} {}

    /// `who` leads to `key`, as of now the newest reference. What was known of this key is replaced.
    void learn(std::uint64_t key, Who who) {
        if (most_ == 0) return;
        forget_if([&](Reference const& one) { return one.key == key; });
        if (references_.size() >= most_) references_.erase(references_.begin());
        references_.push_back(Reference{key, who});
    }
    void forget(Who who) {
        forget_if([&](Reference const& one) { return one.who == who; });
    }
    /// Of those that `may` be asked, the one with the nearest key; of several as near, the lowest.
    template <class May>
    [[nodiscard]] std::optional<Who> nearest(std::uint64_t key, May may) const {
        Reference const* best = nullptr;
        std::uint64_t least = 0;
        for (Reference const& one : references_) {
            std::uint64_t const far = key_distance(one.key, key);
            if (best != nullptr && (far > least || (far == least && !(one.who < best->who)))) continue;
            if (may(one.who)) best = &one, least = far;
        }
        return best == nullptr ? std::nullopt : std::optional{best->who};
    }
    /// Longest unused first.
    [[nodiscard]] std::span<Reference const> all() const { return references_; }
    [[nodiscard]] std::size_t size() const { return references_.size(); }

private:
    template <class Condition>
    void forget_if(Condition condition) {
        references_.erase(std::remove_if(references_.begin(), references_.end(), condition), references_.end());
    }
    std::size_t most_;
    std::vector<Reference> references_;  // in the order of their last use
};

/// Of `open`, the one whose known keys are nearest to `key`. For one of which nothing is known `start_key(who)` counts: a place
/// on the circle to begin with. Of several as near, the lowest.
/// @param open     sorted.
/// @param scratch  kept by the caller, so that a choice allocates nothing.
template <class Who, class StartKey>
[[nodiscard]] std::optional<Who> nearest_of(std::span<Who const> open, std::uint64_t key,
                                            KeyReferences<Who> const& known, StartKey start_key,
                                            std::vector<std::optional<std::uint64_t>>& scratch) {
    scratch.assign(open.size(), std::nullopt);
    for (auto const& reference : known.all()) {
        auto const at = std::lower_bound(open.begin(), open.end(), reference.who);
        if (at == open.end() || reference.who < *at) continue;
        auto& least = scratch[static_cast<std::size_t>(at - open.begin())];
        std::uint64_t const far = key_distance(reference.key, key);
        if (!least || far < *least) least = far;
    }
    std::optional<std::pair<std::uint64_t, Who>> best;
    for (std::size_t at = 0; at < open.size(); ++at) {
        std::uint64_t const far = scratch[at] ? *scratch[at] : key_distance(start_key(open[at]), key);
        if (!best || far < best->first) best.emplace(far, open[at]);
    }
    return best ? std::optional{best->second} : std::nullopt;
}

/// The items a node of the simulator holds copies of: at most so many, the one longest unasked for is evicted.
/// @threads any, one at a time: a value.
class KeyStore {
public:
    explicit KeyStore(std::size_t most) : most_{most} {}
    /// Counts as asked for.
    bool fetch(std::uint64_t key) {
        auto const at = std::find(keys_.begin(), keys_.end(), key);
        if (at == keys_.end()) return false;
        std::rotate(at, at + 1, keys_.end());
        return true;
    }
    [[nodiscard]] bool has(std::uint64_t key) const {
        return std::find(keys_.begin(), keys_.end(), key) != keys_.end();
    }
    void put(std::uint64_t key) {
        if (most_ == 0 || fetch(key)) return;
        if (keys_.size() >= most_) keys_.erase(keys_.begin());
        keys_.push_back(key);
    }
    [[nodiscard]] std::size_t size() const { return keys_.size(); }

private:
    std::size_t most_;
    std::vector<std::uint64_t> keys_;  // longest unasked for first
};

}  // namespace praline::search::strategy
