#include "transfer/library/left_out.hpp"

#include <algorithm>

#include "transfer/library/limits.hpp"
#include "transfer/library/virtual_name.hpp"

namespace praline::library {
namespace {

struct Words {
    std::string_view name, explanation;
};

constexpr std::array<Words, left_out_reasons> words{{
    {"hidden", "whose names begin with a dot (hidden)"},
    {"link", "that are symbolic links"},
    {"special", "that are no files: pipes, sockets, devices, or the kernel's own"},
    {"empty", "without content"},
    {"own_data", "of the node itself"},
    {"unreadable", "that cannot be read"},
    {"changing", "that changed each time they were hashed"},
    {"too_deep", "below more folders than are visited"},
    {"too_many", "beyond the number that is taken"},
}};

std::size_t at(LeftOutReason reason) { return static_cast<std::size_t>(reason); }

/// The components of `path` below `root` as they may be shown.
std::string shown(std::string const& root, std::string const& path) {
    std::string_view rest = path;
    if (rest.starts_with(root)) rest.remove_prefix(root.size());
    std::string clean;
    while (!rest.empty()) {
        if (rest.front() == '/') {
            rest.remove_prefix(1);
            continue;
        }
        auto const end = std::min(rest.find('/'), rest.size());
        clean += (clean.empty() ? "" : "/") + clean_name(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    return clean.empty() ? "." : clean;
}

}  // namespace

std::string_view name_of(LeftOutReason reason) { return words[at(reason)].name; }
std::string_view explanation_of(LeftOutReason reason) { return words[at(reason)].explanation; }

bool is_hidden(std::string_view name) {
    if (!name.starts_with('.')) return false;
    auto const text = name.find_first_not_of('.');
    return text == std::string_view::npos || text < 3;
}

void LeftOut::subtract(OfDirectory const& gone) {
    for (std::size_t reason = 0; reason < left_out_reasons; ++reason) counts_[reason] -= gone.counts[reason];
}

void LeftOut::replace(std::string const& directory, std::vector<LeftOutEntry> const& entries) {
    OfDirectory now;
    for (LeftOutEntry const& entry : entries)
        if (now.counts[at(entry.reason)]++ < left_out_names_max) now.named.push_back(entry);
    auto const known = directories_.find(directory);
    if (known == directories_.end() ? entries.empty() : known->second == now) return;
    ++version_;
    if (known != directories_.end()) {
        subtract(known->second);
        directories_.erase(known);
    }
    if (entries.empty()) return;
    for (std::size_t reason = 0; reason < left_out_reasons; ++reason) counts_[reason] += now.counts[reason];
    directories_.emplace(directory, std::move(now));
}

void LeftOut::add(std::string const& path, LeftOutReason reason) {
    if (auto const known = files_.find(path); known != files_.end() && known->second == reason) return;
    remove(path);
    files_.emplace(path, reason);
    ++counts_[at(reason)];
    ++version_;
}

void LeftOut::remove(std::string const& path) {
    auto const known = files_.find(path);
    if (known == files_.end()) return;
    --counts_[at(known->second)];
    files_.erase(known);
    ++version_;
}

void LeftOut::forget(std::string const& directory) {
    for (auto it = directories_.lower_bound(directory); it != directories_.end() && it->first.starts_with(directory);) {
        if (!is_within(it->first, directory)) {
            ++it;
            continue;
        }
        subtract(it->second);
        it = directories_.erase(it);
        ++version_;
    }
    for (auto it = files_.lower_bound(directory); it != files_.end() && it->first.starts_with(directory);) {
        if (!is_within(it->first, directory)) {
            ++it;
            continue;
        }
        --counts_[at(it->second)];
        it = files_.erase(it);
        ++version_;
    }
}

std::vector<LeftOutGroup> LeftOut::groups(std::string const& root) const {
    std::array<std::vector<std::string>, left_out_reasons> names;
    std::size_t full = 0, wanted = 0;
    for (std::uint64_t const count : counts_) wanted += count > 0 ? 1 : 0;
    auto const name = [&](LeftOutReason reason, std::string const& path) {
        auto& list = names[at(reason)];
        if (list.size() >= left_out_names_max) return;
        list.push_back(shown(root, path));
        if (list.size() == std::min<std::uint64_t>(left_out_names_max, counts_[at(reason)])) ++full;
    };
    for (auto it = files_.begin(); it != files_.end() && full < wanted; ++it) name(it->second, it->first);
    for (auto it = directories_.begin(); it != directories_.end() && full < wanted; ++it)
        for (LeftOutEntry const& entry : it->second.named) name(entry.reason, it->first + '/' + entry.name);
    std::vector<LeftOutGroup> all;
    for (std::size_t reason = 0; reason < left_out_reasons; ++reason)
        if (counts_[reason] > 0)
            all.push_back({static_cast<LeftOutReason>(reason), counts_[reason], std::move(names[reason])});
    return all;
}

}  // namespace praline::library
