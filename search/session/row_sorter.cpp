#include "search/session/row_sorter.hpp"

#include <algorithm>
#include <string_view>

#include "search/session/limits.hpp"

namespace praline::search {
namespace {

constexpr std::size_t key_bytes = 8;

/// The bytes of a text from `depth` on as a number that compares as they do.
std::uint64_t number_at(std::string_view text, std::size_t depth, std::size_t bytes = key_bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = depth; i < depth + bytes; ++i)
        value = (value << 8) | (i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U);
    return value;
}

/// No canonical name holds a zero: a key that ends in one holds the end of its name.
bool holds_end(std::uint64_t key) { return (key & 0xFF) == 0; }

/// A key of a kind holds the kind and so much of the name.
constexpr std::size_t beside_kind = key_bytes - 1;

}  // namespace

RowSorter::RowSorter(RowQuery const& choice) : order_{choice.order}, descending_{choice.descending} {}

std::uint64_t RowSorter::key_of(ResultRow const& row) const {
    switch (order_) {
        case RowOrder::arrival: return row.id;
        case RowOrder::name: return number_at(row.canonical, 0);
        case RowOrder::size: return row.size_bytes;
        case RowOrder::sources: return row.sources.size();
        case RowOrder::kind:
            return (std::uint64_t{static_cast<std::uint8_t>(row.kind)} << 56) |
                   number_at(row.canonical, 0, beside_kind);
        case RowOrder::relevance: return row.relevance();
    }
    return row.id;
}

bool RowSorter::precedes(RowEntry const& left, RowEntry const& right) const {
    if (left.key != right.key) return descending_ ? left.key > right.key : left.key < right.key;
    return left.row < right.row;
}

bool RowSorter::before(ResultTable const& table, RowEntry const& left, RowEntry const& right) const {
    bool const by_text = order_ == RowOrder::name || order_ == RowOrder::kind;
    if (left.key == right.key && by_text && !holds_end(left.key)) {
        int const compared = table.row(left.row)->canonical.compare(table.row(right.row)->canonical);
        if (compared != 0) return descending_ ? compared > 0 : compared < 0;
    }
    return precedes(left, right);
}

void RowSorter::begin(std::size_t count) {
    parts_.clear();
    parts_.push_back({0, count, 0, count, order_ == RowOrder::name || order_ == RowOrder::kind});
}

bool RowSorter::step(ResultTable const& table, std::span<RowEntry> entries, std::size_t& budget) {
    auto const pay = [&budget](std::size_t cost) { budget -= std::min(budget, cost); };
    while (!parts_.empty() && budget > 0) {
        Part& part = parts_.back();
        if (part.loaded < part.last) {
            load(table, entries, part, budget);
            continue;
        }
        Part const ready = part;
        std::size_t const size = ready.last - ready.first;
        parts_.pop_back();
        if (size <= sorted_at_once_max) {
            finish(table, entries, ready);
            pay(size * sort_cost);
        } else {
            split(entries, ready);
            pay(size / entries_split_for_one);
        }
    }
    return parts_.empty();
}

void RowSorter::load(ResultTable const& table, std::span<RowEntry> entries, Part& part, std::size_t& budget) const {
    std::size_t const end = part.loaded + std::min(budget, part.last - part.loaded);
    budget -= end - part.loaded;
    for (; part.loaded < end; ++part.loaded) {
        RowEntry& one = entries[part.loaded];
        one.key = number_at(table.row(one.row)->canonical, part.depth);
    }
}

void RowSorter::finish(ResultTable const& table, std::span<RowEntry> entries, Part const& part) const {
    auto const own = entries.subspan(part.first, part.last - part.first);
    if (part.by_text)
        sort(table, own, part.depth);
    else
        std::sort(own.begin(), own.end(),
                  [this](RowEntry const& left, RowEntry const& right) { return precedes(left, right); });
    if (part.key)
        for (RowEntry& one : own) one.key = *part.key;
}

void RowSorter::split(std::span<RowEntry> entries, Part const& part) {
    if (part.by_text) return split_by_text(entries, part);
    auto const own = entries.subspan(part.first, part.last - part.first);
    auto const order = [this](RowEntry const& left, RowEntry const& right) { return precedes(left, right); };
    if (std::is_sorted(own.begin(), own.end(), order)) {
        if (part.key)
            for (RowEntry& one : own) one.key = *part.key;
        return;
    }
    std::size_t const middle = part.first + own.size() / 2;
    std::nth_element(own.begin(), entries.begin() + static_cast<std::ptrdiff_t>(middle), own.end(), order);
    parts_.push_back({middle, part.last, part.depth, part.last, false, part.key});
    parts_.push_back({part.first, middle, part.depth, middle, false, part.key});
}

/// Peers choose the names: the exact median, which costs the same whatever they choose, and not a guess at it.
void RowSorter::split_by_text(std::span<RowEntry> entries, Part const& part) {
    auto const own = entries.subspan(part.first, part.last - part.first);
    auto const middle = own.begin() + static_cast<std::ptrdiff_t>(own.size() / 2);
    std::nth_element(own.begin(), middle, own.end(),
                     [this](RowEntry const& left, RowEntry const& right) { return precedes(left, right); });
    std::uint64_t const key = middle->key;
    auto const low = std::partition(own.begin(), middle, [&](RowEntry const& one) { return one.key != key; });
    auto const high = std::partition(middle, own.end(), [&](RowEntry const& one) { return one.key == key; });
    std::size_t const equal = part.first + static_cast<std::size_t>(low - own.begin());
    std::size_t const greater = part.first + static_cast<std::size_t>(high - own.begin());
    if (greater < part.last) parts_.push_back({greater, part.last, part.depth, part.last, true, part.key});
    if (equal > part.first) parts_.push_back({part.first, equal, part.depth, equal, true, part.key});
    if (holds_end(key)) {
        parts_.push_back({equal, greater, part.depth, greater, false, part.key});
    } else {
        std::size_t const told = order_ == RowOrder::kind && !part.key ? beside_kind : key_bytes;
        parts_.push_back({equal, greater, part.depth + told, equal, true, part.key ? part.key : std::optional{key}});
    }
}

/// Eight bytes of the text at a time, as numbers: comparing names through their rows would fetch each from memory some
/// twenty times.
void RowSorter::sort(ResultTable const& table, std::span<RowEntry> entries, std::size_t depth) const {
    if (entries.empty()) return;
    auto const same = [&](RowEntry const& one) { return one.key == entries.front().key; };
    if (!std::all_of(entries.begin(), entries.end(), same) || holds_end(entries.front().key))
        std::sort(entries.begin(), entries.end(),
                  [this](RowEntry const& left, RowEntry const& right) { return precedes(left, right); });
    std::size_t const told = order_ == RowOrder::kind && depth == 0 ? beside_kind : key_bytes;
    while (!entries.empty()) {
        auto const key = entries.front().key;
        auto const end =
            std::find_if(entries.begin(), entries.end(), [&](RowEntry const& one) { return one.key != key; });
        auto const equal = entries.first(static_cast<std::size_t>(end - entries.begin()));
        entries = entries.subspan(equal.size());
        if (equal.size() == 1 || holds_end(key)) continue;
        for (RowEntry& one : equal) one.key = number_at(table.row(one.row)->canonical, depth + told);
        sort(table, equal, depth + told);
        for (RowEntry& one : equal) one.key = key;
    }
}

}  // namespace praline::search
