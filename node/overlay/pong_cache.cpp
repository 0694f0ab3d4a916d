#include "node/overlay/pong_cache.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace praline::overlay {

namespace {

/// Upstream in kbit/s at which the next class begins: modems, slow lines, broadband, fibre.
constexpr std::array<std::uint32_t, 3> class_begins{128, 2'000, 20'000};

std::size_t class_of(std::uint32_t kbits) {
    return static_cast<std::size_t>(std::upper_bound(class_begins.begin(), class_begins.end(), kbits) -
                                    class_begins.begin());
}

}  // namespace

bool capacities_match(std::uint32_t kbits, std::uint32_t other_kbits) noexcept {
    return kbits == 0 || other_kbits == 0 || class_of(kbits) == class_of(other_kbits);
}

void PongCache::insert(Cached pong) {
    if (limits_->pongs_cached_max == 0 || limits_->pongs_cached_per_link_max == 0) return;
    std::erase_if(pongs_, [&](Cached const& one) {
        return one.pong.endpoint == pong.pong.endpoint || pong.at - one.at > limits_->pongs_cached_for;
    });
    auto const of_link = [&](Cached const& one) { return one.from == pong.from; };
    if (static_cast<std::size_t>(std::count_if(pongs_.begin(), pongs_.end(), of_link)) >=
        limits_->pongs_cached_per_link_max) {
        pongs_.erase(std::find_if(pongs_.begin(), pongs_.end(), of_link));
    } else if (pongs_.size() >= limits_->pongs_cached_max) {
        pongs_.erase(pongs_.begin());
    }
    pongs_.emplace_back(std::move(pong));
}

std::vector<PongCache::Cached const*> PongCache::choose(Wanted const& wanted, Instant now, Rng& rng) const {
    std::vector<Cached const*> fresh;
    for (Cached const& one : pongs_)
        if (one.from != wanted.not_from && now - one.at <= limits_->pongs_cached_for) fresh.emplace_back(&one);
    for (std::size_t left = fresh.size(); left > 1; --left) std::swap(fresh[left - 1], fresh[rng.below(left)]);
    std::vector<Cached const*> chosen;
    std::array<std::size_t, 256> level{};
    for (bool const matching : {true, false}) {
        std::vector<Cached const*> spare;
        for (Cached const* one : fresh) {
            if (capacities_match(one->capacity_kbits, wanted.capacity_kbits) != matching ||
                chosen.size() == wanted.count)
                continue;
            auto& taken = level[one->hops.value()];
            (taken++ < wanted.per_level ? chosen : spare).emplace_back(one);
        }
        for (Cached const* one : spare)
            if (chosen.size() < wanted.count) chosen.emplace_back(one);
    }
    return chosen;
}

void PongCache::forget(PeerId from) {
    std::erase_if(pongs_, [&](Cached const& one) { return one.from == from; });
}

}  // namespace praline::overlay
