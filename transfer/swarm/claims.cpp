#include "transfer/swarm/claims.hpp"

#include <algorithm>

#include "transfer/swarm/limits.hpp"

namespace praline::swarm {

namespace {

template <class T>
void remember(std::vector<T>& list, T const& value) {
    if (std::find(list.begin(), list.end(), value) != list.end()) return;
    if (list.size() >= refuted_max) list.erase(list.begin());
    list.push_back(value);
}

}  // namespace

Claims::Claim const* Claims::find(std::uint32_t source) const {
    auto const at =
        std::find_if(claims_.begin(), claims_.end(), [&](Claim const& one) { return one.source == source; });
    return at == claims_.end() ? nullptr : &*at;
}

Claims::Claim& Claims::claim_of(std::uint32_t source) {
    auto const at =
        std::find_if(claims_.begin(), claims_.end(), [&](Claim const& one) { return one.source == source; });
    if (at != claims_.end()) return *at;
    if (claims_.size() >= claims_max) claims_.erase(claims_.begin());
    return claims_.emplace_back(Claim{source});
}

bool Claims::said_size(std::uint32_t source, std::uint64_t size_bytes) {
    auto& claim = claim_of(source);
    claim.size_bytes = size_bytes;
    claim.hinted = false;
    return std::find(refuted_sizes_.begin(), refuted_sizes_.end(), size_bytes) == refuted_sizes_.end();
}

void Claims::hinted_size(std::uint32_t source, std::uint64_t size_bytes) {
    auto& claim = claim_of(source);
    if (claim.size_bytes && !claim.hinted) return;
    if (std::find(refuted_sizes_.begin(), refuted_sizes_.end(), size_bytes) != refuted_sizes_.end()) return;
    claim.size_bytes = size_bytes;
    claim.hinted = true;
}

void Claims::gave_tree(std::uint32_t source, content::TreeLevel tree) {
    auto const kept =
        std::count_if(claims_.begin(), claims_.end(), [](Claim const& one) { return one.tree.has_value(); });
    if (static_cast<std::size_t>(kept) >= kept_trees_max) {
        auto const oldest =
            std::find_if(claims_.begin(), claims_.end(), [](Claim const& one) { return one.tree.has_value(); });
        oldest->tree.reset();
    }
    claim_of(source).tree = std::move(tree);
}

void Claims::set_aside(std::uint32_t source) { claim_of(source).aside = true; }

bool Claims::is_aside(std::uint32_t source) const {
    auto const* const claim = find(source);
    if (claim == nullptr) return false;
    return claim->aside || (claim->size_bytes && size_bytes_ && *claim->size_bytes != *size_bytes_);
}

Claims::Story Claims::turn_to(std::uint32_t source) {
    auto const& believed = claim_of(source);
    if (believed.size_bytes) size_bytes_ = believed.size_bytes;
    std::optional<TigerHash> root;
    if (believed.tree) root = believed.tree->root();
    for (auto& one : claims_) one.aside = one.source != source && one.tree && (!root || one.tree->root() != *root);
    return {size_bytes_, believed.tree};
}

void Claims::absolve() {
    for (auto& one : claims_) one.aside = false;
}

void Claims::forget(std::uint32_t source) {
    std::erase_if(claims_, [&](Claim const& one) { return one.source == source; });
}

void Claims::refute_size(std::uint64_t size_bytes) {
    remember(refuted_sizes_, size_bytes);
    for (auto& one : claims_)
        if (one.hinted && one.size_bytes == size_bytes) one.size_bytes.reset();
}
void Claims::refute_root(TigerHash const& root) {
    remember(refuted_roots_, root);
    for (auto& one : claims_)
        if (one.tree && one.tree->root() == root) one.tree.reset();
}

bool Claims::is_refuted(TigerHash const& root) const {
    return std::find(refuted_roots_.begin(), refuted_roots_.end(), root) != refuted_roots_.end();
}

std::vector<std::uint32_t> Claims::saying(std::uint64_t size_bytes) const {
    std::vector<std::uint32_t> all;
    for (auto const& one : claims_)
        if (one.size_bytes == size_bytes && !one.hinted) all.push_back(one.source);
    return all;
}

std::vector<std::uint32_t> Claims::liars(std::uint64_t size_bytes, std::optional<TigerHash> const& root) const {
    std::vector<std::uint32_t> all;
    for (auto const& one : claims_) {
        bool const wrong_size = one.size_bytes && !one.hinted && *one.size_bytes != size_bytes;
        if (wrong_size || (root && one.tree && one.tree->root() != *root)) all.push_back(one.source);
    }
    return all;
}

}  // namespace praline::swarm
