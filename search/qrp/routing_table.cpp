#include "search/qrp/routing_table.hpp"

#include <algorithm>

#include "node/base/check.hpp"

namespace praline::search::qrp {

QueryRoutingTable::QueryRoutingTable(std::uint32_t slots) : slots_{slots} { check(valid_slots(slots)); }

unsigned QueryRoutingTable::fill_percent() const { return static_cast<unsigned>(std::uint64_t{count_} * 100 / slots_); }

std::size_t QueryRoutingTable::memory_bytes() const {
    return sparse_.capacity() * sizeof(std::uint32_t) + dense_.capacity() * sizeof(std::uint64_t);
}

bool QueryRoutingTable::test(std::uint32_t slot) const {
    if (!dense_.empty()) return ((dense_[slot / 64] >> (slot % 64)) & 1) != 0;
    return std::binary_search(sparse_.begin(), sparse_.end(), slot);
}

void QueryRoutingTable::make_dense() {
    if (!dense_.empty()) return;
    dense_.assign((slots_ + 63) / 64, 0);
    for (std::uint32_t const slot : sparse_) dense_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    sparse_ = std::vector<std::uint32_t>{};  // `= {}` would keep the memory
}

bool QueryRoutingTable::set(std::uint32_t slot) {
    check(slot < slots_);
    if (test(slot)) return false;
    make_dense();
    dense_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    ++count_;
    return true;
}

bool QueryRoutingTable::clear(std::uint32_t slot) {
    check(slot < slots_);
    if (!test(slot)) return false;
    make_dense();
    dense_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    --count_;
    return true;
}

void QueryRoutingTable::merge_words(std::vector<std::uint64_t> const& words, unsigned shift) {
    // Whole groups at a time: a peer may send a full table of two million slots, and it must not cost us that many steps.
    unsigned const group = std::min(shift, 6U);
    std::uint64_t const mask = group == 6 ? ~std::uint64_t{0} : (std::uint64_t{1} << (1U << group)) - 1;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (words[at] == 0) continue;
        for (unsigned bit = 0; bit < 64; bit += 1U << group)
            if (((words[at] >> bit) & mask) != 0) set(static_cast<std::uint32_t>((at * 64 + bit) >> shift));
    }
}

void QueryRoutingTable::merge(QueryRoutingTable const& other) {
    if (other.slots_ > slots_ && !other.dense_.empty()) {
        merge_words(other.dense_, other.bits() - bits());
    } else if (other.slots_ > slots_) {
        unsigned const shift = other.bits() - bits();
        other.for_each_set([&](std::uint32_t slot) { set(slot >> shift); });
    } else {
        unsigned const shift = bits() - other.bits();
        std::uint32_t const repeat = 1U << shift;
        other.for_each_set([&](std::uint32_t slot) {
            for (std::uint32_t i = 0; i < repeat; ++i) set((slot << shift) + i);
        });
    }
}

QueryRoutingTable QueryRoutingTable::scaled(std::uint32_t slots) const {
    QueryRoutingTable result{slots};
    result.merge(*this);
    result.compact();
    return result;
}

void QueryRoutingTable::compact() {
    if (dense_.empty() || count_ >= slots_ / 32) return;
    std::vector<std::uint32_t> sparse;
    sparse.reserve(count_);
    for_each_set([&](std::uint32_t slot) { sparse.push_back(slot); });
    sparse_ = std::move(sparse);
    dense_ = std::vector<std::uint64_t>{};
}

bool QueryRoutingTable::matches(QueryTerms const& terms) const {
    if (empty()) return false;
    if (std::any_of(terms.urns.begin(), terms.urns.end(), [&](std::uint32_t product) { return has(product); }))
        return true;
    if (terms.words.empty()) return false;
    auto const has_all = [&](std::vector<std::uint32_t> const& parts) {
        return !parts.empty() &&
               std::all_of(parts.begin(), parts.end(), [&](std::uint32_t product) { return has(product); });
    };
    std::size_t found = 0;
    for (std::size_t i = 0; i < terms.words.size(); ++i)
        if (has(terms.words[i]) || (i < terms.parts.size() && has_all(terms.parts[i]))) ++found;
    return terms.words.size() < 3 ? found == terms.words.size() : found * 3 >= terms.words.size() * 2;
}

bool operator==(QueryRoutingTable const& left, QueryRoutingTable const& right) {
    if (left.slots_ != right.slots_ || left.count_ != right.count_) return false;
    bool same = true;
    left.for_each_set([&](std::uint32_t slot) { same = same && right.test(slot); });
    return same;
}

}  // namespace praline::search::qrp
