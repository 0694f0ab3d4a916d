#include "node/overlay/pong_cache.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace praline::overlay {

void PongCache::insert(wire::Pong pong, Hops hops, PeerId from, Instant now) {
    if (pongs_max_ == 0) return;
    std::erase_if(pongs_, [&](Cached const& one) { return one.pong.endpoint == pong.endpoint || now - one.at > keep_for_; });
    if (pongs_.size() >= pongs_max_) pongs_.erase(pongs_.begin());
    pongs_.emplace_back(Cached{std::move(pong), hops, from, now});
}

std::vector<PongCache::Cached const*> PongCache::choose(std::size_t count, std::size_t per_level, PeerId not_from, Instant now, Rng& rng) const {
    std::vector<Cached const*> fresh;
    for (Cached const& one : pongs_)
        if (one.from != not_from && now - one.at <= keep_for_) fresh.emplace_back(&one);
    for (std::size_t left = fresh.size(); left > 1; --left) std::swap(fresh[left - 1], fresh[rng.below(left)]);
    std::vector<Cached const*> chosen, spare;
    std::array<std::size_t, 256> level{};
    for (Cached const* one : fresh) {
        auto& taken = level[one->hops.value()];
        if (taken < per_level && chosen.size() < count) {
            ++taken;
            chosen.emplace_back(one);
        } else {
            spare.emplace_back(one);
        }
    }
    for (Cached const* one : spare)
        if (chosen.size() < count) chosen.emplace_back(one);
    return chosen;
}

void PongCache::forget(PeerId from) {
    std::erase_if(pongs_, [&](Cached const& one) { return one.from == from; });
}

}  // namespace praline::overlay
