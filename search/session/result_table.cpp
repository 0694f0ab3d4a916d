#include "search/session/result_table.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include "node/wire/keywords.hpp"
#include "search/session/limits.hpp"

namespace praline::search {
namespace {

template <std::size_t Bytes>
void append(std::string& key, std::array<std::uint8_t, Bytes> const& bytes) {
    key.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
}

bool is_same_source(Source const& left, Source const& right) {
    return left.servent == right.servent && left.endpoint == right.endpoint;
}

/// How much of a name is what was asked for, in thousandths; and whether it is there as it was asked for.
std::uint32_t agreement(std::vector<std::string> const& words, std::string const& canonical) {
    constexpr std::size_t all = 1000, as_asked = 500;
    if (words.empty() || canonical.empty()) return 0;
    std::string phrase;
    std::size_t letters = 0;
    for (std::string const& word : words) {
        if (canonical.find(word) != std::string::npos) letters += word.size() + 1;
        phrase += (phrase.empty() ? "" : " ") + word;
    }
    std::size_t const part = std::min(all, letters * all / (canonical.size() + 1));
    return static_cast<std::uint32_t>(part + (canonical.find(phrase) == std::string::npos ? 0 : as_asked));
}

ResultTable::Standing standing_of(Source const& source) { return {source.hops, source.cached_seconds.has_value()}; }

/// Takes over what a source says of itself now; what a cache remembers of it is older. Of several ways to it the shortest
/// tells how far away it is. @returns whether anything differs.
bool refresh(Source& known, Source&& now) {
    bool const second_hand = (now.cached_seconds && !known.cached_seconds) || (now.indexed && !known.indexed);
    if (second_hand) return false;
    bool const first_hand_before =
        known.cached_seconds.has_value() == now.cached_seconds.has_value() && known.indexed == now.indexed;
    bool const longer = first_hand_before && now.hops > known.hops;
    if (longer) now.hops = known.hops, now.via = known.via;
    bool const same = known.index == now.index && known.push_needed == now.push_needed && known.busy == now.busy &&
                      known.browsable == now.browsable && known.via == now.via && known.hops == now.hops &&
                      known.push_proxies == now.push_proxies &&
                      known.cached_seconds.has_value() == now.cached_seconds.has_value() &&
                      known.indexed == now.indexed;
    if (same) return false;
    known.cached_seconds = now.cached_seconds;
    known.indexed = now.indexed;
    known.index = now.index;
    known.push_needed = now.push_needed;
    known.busy = now.busy;
    known.browsable = now.browsable;
    known.via = now.via;
    known.hops = now.hops;
    known.push_proxies = std::move(now.push_proxies);
    return true;
}

}  // namespace

bool ResultRow::is_cached() const {
    return std::all_of(sources.begin(), sources.end(),
                       [](Source const& one) { return one.cached_seconds.has_value(); });
}

std::uint64_t ResultRow::relevance() const {
    constexpr std::uint64_t for_doubled_sources = 100;
    return agreement + for_doubled_sources * static_cast<std::uint64_t>(std::bit_width(sources.size()));
}

std::string ResultTable::key_for(Urn const& urn, std::uint64_t size_bytes, Source const& source) const {
    std::string key(1, urn.sha1 ? 's' : urn.tiger_root ? 't' : 'n');
    for (int shift = 0; shift < 64; shift += 8) key += static_cast<char>(size_bytes >> shift);
    if (urn.sha1) {
        append(key, urn.sha1->bytes);
        if (!urn.tiger_root) return key;
        // Somebody lies about the Tiger root: the download must be able to try each story by itself.
        auto const known = ids_.find(key);
        if (known == ids_.end()) return key;
        auto const& root = rows_[known->second - 1].urn.tiger_root;
        if (root && root != urn.tiger_root) append(key, urn.tiger_root->bytes);
        return key;
    }
    if (urn.tiger_root) {
        append(key, urn.tiger_root->bytes);
        return key;
    }
    append(key, source.servent.bytes);
    return key + source.name;
}

ResultTable::Outcome ResultTable::add(Urn const& urn, std::uint64_t size_bytes, Source source,
                                      SessionLimits const& limits, bool may_grow, std::uint64_t& revision) {
    if (source.name.empty() && !urn.sha1 && !urn.tiger_root) return Outcome::refused;
    std::string key = key_for(urn, size_bytes, source);
    if (auto const known = ids_.find(key); known != ids_.end())
        return add_to_row(rows_[known->second - 1], urn, std::move(source), limits, may_grow, revision);
    if (!may_grow || rows_.size() >= limits.rows_max) return Outcome::refused;
    return add_row(std::move(key), urn, size_bytes, std::move(source), revision);
}

ResultTable::Outcome ResultTable::add_row(std::string key, Urn const& urn, std::uint64_t size_bytes, Source source,
                                          std::uint64_t& revision) {
    ResultRow& row = rows_.emplace_back();
    row.id = static_cast<std::uint32_t>(rows_.size());
    row.urn = urn;
    row.size_bytes = size_bytes;
    ++kinds_[static_cast<std::size_t>(row.kind)];
    take_name(row, source.name);
    row.sources.push_back(std::move(source));
    ++sources_;
    ids_.emplace(std::move(key), row.id);
    changed(row, revision);
    return Outcome::added;
}

ResultTable::Outcome ResultTable::add_to_row(ResultRow& row, Urn const& urn, Source source, SessionLimits const& limits,
                                             bool may_grow, std::uint64_t& revision) {
    bool learned = false;
    moved_ = {};
    if (urn.tiger_root && !row.urn.tiger_root) {
        row.urn.tiger_root = urn.tiger_root;
        learned = true;
    }
    if (row.name.empty() && !source.name.empty()) {
        take_name(row, source.name);
        learned = true;
    }
    Outcome outcome = Outcome::unchanged;
    auto const known = std::find_if(row.sources.begin(), row.sources.end(),
                                    [&](Source const& one) { return is_same_source(one, source); });
    if (known != row.sources.end()) {
        auto const before = standing_of(*known);
        if (refresh(*known, std::move(source))) outcome = Outcome::updated;
        moved_ = {before, standing_of(*known)};
    } else if (may_grow && row.sources.size() < limits.sources_max) {
        row.sources.push_back(std::move(source));
        ++sources_;
        outcome = Outcome::added;
    } else {
        outcome = Outcome::refused;
    }
    if (learned && outcome != Outcome::added) outcome = Outcome::updated;
    if (outcome == Outcome::added || outcome == Outcome::updated) changed(row, revision);
    return outcome;
}

void ResultTable::take_name(ResultRow& row, std::string const& name) {
    row.name = name;
    row.canonical = wire::canonical(name);
    row.agreement = agreement(words_, row.canonical);
    --kinds_[static_cast<std::size_t>(row.kind)];
    row.kind = content_kind(name);
    ++kinds_[static_cast<std::size_t>(row.kind)];
}

void ResultTable::changed(ResultRow& row, std::uint64_t& revision) {
    row.revision = ++revision;
    log_.push_back(Change{revision, row.id});
    if (log_.size() > 2 * rows_.size() + change_log_slack)
        std::erase_if(log_, [this](Change const& change) { return !is_current(change); });
}

void ResultTable::discard(std::size_t count) {
    for (; count > 0 && !rows_.empty(); --count) {
        sources_ -= rows_.back().sources.size();
        rows_.pop_back();
        ids_.erase(ids_.begin());  // there is one for each row; which goes first is all the same
    }
}

ResultRow const* ResultTable::row(std::uint32_t id) const {
    return id == 0 || id > rows_.size() ? nullptr : &rows_[id - 1];
}

std::vector<ResultTable::Change>::const_iterator ResultTable::after(std::uint64_t revision) const {
    return std::upper_bound(log_.begin(), log_.end(), revision,
                            [](std::uint64_t wanted, Change const& change) { return wanted < change.revision; });
}

std::size_t ResultTable::changes_since(std::uint64_t revision) const {
    return static_cast<std::size_t>(log_.end() - after(revision));
}

std::vector<ResultRow const*> ResultTable::since(std::uint64_t revision, std::size_t most,
                                                 std::size_t sources_min) const {
    std::vector<ResultRow const*> out;
    auto at = after(revision);
    for (; at != log_.end() && out.size() < most; ++at)
        if (is_current(*at) && rows_[at->row - 1].sources.size() >= sources_min) out.push_back(&rows_[at->row - 1]);
    std::sort(out.begin(), out.end(), [](ResultRow const* a, ResultRow const* b) { return a->id < b->id; });
    return out;
}

}  // namespace praline::search
