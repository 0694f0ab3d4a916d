#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "search/qrp/hash.hpp"
#include "search/qrp/limits.hpp"

namespace praline::search::qrp {

/// Which words a node, or a node and its leaves, might have something for: one bit a slot, no false negatives.
/// An empty table owns no memory, a sparse one four bytes a set slot, a full one a bit a slot.
/// @threads any, one at a time.   @source QRP; node/wire/protocol/query-routing.md
class QueryRoutingTable {
public:
    /// All slots clear. @pre valid_slots(slots).
    explicit QueryRoutingTable(std::uint32_t slots = slots_min);
    /// A power of two up to slots_max.
    [[nodiscard]] static bool valid_slots(std::uint64_t slots) {
        return slots >= slots_min && slots <= slots_max && std::has_single_bit(slots);
    }

    [[nodiscard]] std::uint32_t slots() const { return slots_; }
    [[nodiscard]] unsigned bits() const { return static_cast<unsigned>(std::countr_zero(slots_)); }
    /// Set slots.
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] unsigned fill_percent() const;
    [[nodiscard]] std::size_t memory_bytes() const;

    /// @pre slot < slots(), for these three. The latter two say whether anything changed.
    [[nodiscard]] bool test(std::uint32_t slot) const;
    bool set(std::uint32_t slot);
    bool clear(std::uint32_t slot);
    void set_product(std::uint32_t product) { set(slot_of(product, bits())); }

    /// Sets every slot that is set in `other`, whatever its size.
    void merge(QueryRoutingTable const& other);
    /// The same content in another size: halving joins neighbours, doubling repeats. @pre valid_slots(slots).
    [[nodiscard]] QueryRoutingTable scaled(std::uint32_t slots) const;
    /// Takes the smallest form; call after the last of many changes.
    void compact();

    /// Fewer than three words: all must be set; else two thirds. A set URN is a match by itself.
    [[nodiscard]] bool matches(QueryTerms const& terms) const;

    /// In ascending order.
    template <class Visit>
    void for_each_set(Visit visit) const {
        for (std::uint32_t const slot : sparse_) visit(slot);
        for (std::size_t at = 0; at < dense_.size(); ++at)
            for (std::uint64_t word = dense_[at]; word != 0; word &= word - 1)
                visit(static_cast<std::uint32_t>(at * 64) + static_cast<std::uint32_t>(std::countr_zero(word)));
    }

    /// Same size, same slots set; the form does not matter.
    friend bool operator==(QueryRoutingTable const& left, QueryRoutingTable const& right);

private:
    void make_dense();
    void merge_words(std::vector<std::uint64_t> const& words, unsigned shift);
    [[nodiscard]] bool has(std::uint32_t product) const { return test(slot_of(product, bits())); }

    std::uint32_t slots_;
    std::uint32_t count_ = 0;
    std::vector<std::uint32_t> sparse_;  // ascending; empty whenever dense_ is not
    std::vector<std::uint64_t> dense_;
};

}  // namespace praline::search::qrp
