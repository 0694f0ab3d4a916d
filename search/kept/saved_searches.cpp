#include "search/kept/saved_searches.hpp"

#include <utility>

#include "node/log/log.hpp"

namespace praline::search::kept {

SavedSearches::SavedSearches(std::string const& database_file) : store_{database_file} {
    for (auto& one : store_.load()) all_.emplace(one.id, std::move(one));
}

SavedSearch const* SavedSearches::find(std::uint64_t id) const {
    auto const found = all_.find(id);
    return found == all_.end() ? nullptr : &found->second;
}

std::uint64_t SavedSearches::add(SearchTerms terms, RunBudget const& budget, UnixSeconds now) {
    SavedSearch saved;
    saved.terms = std::move(terms);
    saved.budget = budget;
    saved.created_at = saved.next_at = now;
    store_.add(saved);
    return all_.emplace(saved.id, saved).first->first;
}

void SavedSearches::erase(std::uint64_t id) {
    store_.erase(id);
    all_.erase(id);
    unwritten_.erase(id);
}

void SavedSearches::begin_run(std::uint64_t id, UnixSeconds now) {
    auto const at = all_.find(id);
    if (at == all_.end()) return;
    kept::begin_run(at->second, now);
    update(at->second);
}

void SavedSearches::skip_run(std::uint64_t id, std::string reason, UnixSeconds now) {
    auto const at = all_.find(id);
    if (at == all_.end()) return;
    kept::skip_run(at->second, std::move(reason), now);
    update(at->second);
}

bool SavedSearches::count_messages(std::uint64_t id, std::uint64_t messages, UnixSeconds now) {
    auto const at = all_.find(id);
    if (at == all_.end()) return false;
    kept::count_messages(at->second, messages, now);
    unwritten_.insert(id);
    return is_spent(at->second, now);
}

void SavedSearches::end_run(std::uint64_t id, std::vector<ResultRow const*> const& rows) {
    auto const at = all_.find(id);
    if (at == all_.end()) return;
    auto& saved = at->second;
    try {
        auto const first_found = store_.remember(id, rows);
        saved.new_results = saved.has_base ? first_found : 0;
        saved.has_base = true;
        saved.results_known = store_.results_known(id);
    } catch (store::DatabaseError const& error) {
        log::warn("The results of saved search {} could not be remembered. {}", id, error.what());
    }
    update(saved);
}

std::vector<std::uint64_t> SavedSearches::due(UnixSeconds now) {
    std::vector<std::uint64_t> ids;
    for (auto& [id, saved] : all_) {
        if (correct_times(saved, now)) update(saved);
        if (saved.next_at <= now) ids.push_back(id);
    }
    return ids;
}

void SavedSearches::flush() {
    for (auto const id : std::exchange(unwritten_, {})) update(all_.at(id));
}

void SavedSearches::update(SavedSearch const& saved) {
    try {
        store_.update(saved);
    } catch (store::DatabaseError const& error) {
        log::warn("Saved search {} could not be written. {}", saved.id, error.what());
    }
}

}  // namespace praline::search::kept
