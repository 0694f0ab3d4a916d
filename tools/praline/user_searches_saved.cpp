// The searches that are repeated.
#include <spdlog/spdlog.h>

#include "search/session/search_parameters.hpp"
#include "tools/praline/user_searches.hpp"
#include "tools/praline/views.hpp"

namespace praline {
namespace {

webui::Refusal not_found(std::uint64_t id) { return {404, "not_found", "Saved search " + std::to_string(id) + " does not exist."}; }

webui::NewSearch search_of(webui::SavedSearchView const& saved) { return {saved.text, saved.strategy, saved.parameters}; }

}  // namespace

std::vector<webui::SavedSearchView> UserSearches::saved() const {
    std::vector<webui::SavedSearchView> views;
    for (auto const& [id, saved] : saved_) {
        views.push_back(saved.view);
        for (auto const& [search, run] : runs_)
            if (run.saved == id && sessions_.info(search)) views.back().search = search;
    }
    return views;
}

webui::Outcome<webui::SavedSearchView> UserSearches::save(webui::NewSavedSearch const& wanted, Moment moment) {
    if (auto const problem = problem_of(wanted); !problem.empty()) return webui::Refusal{400, "bad_request", problem};
    if (auto const words = words_of(wanted.search.text); !words.value) return words.refusal;
    auto const parameters = parameters_of(wanted.search);
    if (!parameters.value) return parameters.refusal;
    if (saved_.size() >= SavedLimits::searches_max)
        return webui::Refusal{409, "too_many_saved", "There are " + std::to_string(SavedLimits::searches_max) + " saved searches already. Remove one first."};
    SavedSearch saved;
    saved.view.text = wanted.search.text;
    saved.view.strategy = search::name_of(parameters.value->kind);
    saved.view.parameters = wanted.search.parameters;
    saved.view.repeat_seconds = wanted.repeat_seconds;
    saved.view.messages_per_run = wanted.messages_per_run;
    saved.view.messages_per_day = wanted.messages_per_day;
    saved.view.created_at = saved.view.next_at = moment.unix_seconds;
    try {
        saved_store_.add(saved);
    } catch (store::DatabaseError const& error) {
        return webui::Refusal{507, "not_saved", error.what()};
    }
    auto const view = saved_.emplace(saved.view.id, saved).first->second.view;
    host_.notify("saved", {});
    return view;
}

webui::Outcome<webui::SavedSearchView> UserSearches::run_saved(std::uint64_t id, Moment moment) {
    auto const at = saved_.find(id);
    if (at == saved_.end()) return not_found(id);
    try_run(at->second, moment);
    if (!at->second.view.last_skip.empty()) return webui::Refusal{409, "skipped", at->second.view.last_skip};
    for (auto const& view : saved())
        if (view.id == id) return view;
    return not_found(id);
}

webui::Outcome<webui::Done> UserSearches::erase_saved(std::uint64_t id) {
    if (!saved_.contains(id)) return not_found(id);
    try {
        saved_store_.erase(id);
    } catch (store::DatabaseError const& error) {
        return webui::Refusal{507, "not_saved", error.what()};
    }
    saved_.erase(id);
    for (auto& [search, run] : runs_)
        if (run.saved == id) run.saved = 0;  // its last run stays, as a search like any other
    host_.notify("saved", {});
    return webui::Done{};
}

/// Only the last run of a saved search stays among the searches: its results are what the next one is compared with.
void UserSearches::try_run(SavedSearch& saved, Moment moment) {
    auto const words = words_of(saved.view.text);
    auto const parameters = parameters_of(search_of(saved.view));
    std::vector<std::uint32_t> before;
    for (auto const& [search, run] : runs_)
        if (run.saved == saved.view.id && sessions_.info(search)) before.push_back(search);
    RunChances chances;
    bool const by_index = parameters.value && search::strategy::asks_index(parameters.value->kind) && knows_index();
    chances.links = by_index ? std::max<std::size_t>(host_.links(), 1) : host_.links();
    auto const all = candidates();
    chances.room = all.size() < searches_max_ || !before.empty() || places_.victim(all, moment.now).has_value();
    chances.at_once = parameters.value && parameters.value->kind == search::strategy::Kind::flood;
    auto reason = reason_to_skip(saved, chances, moment.unix_seconds);
    if (!words.value) reason = words.refusal.message;
    if (!parameters.value) reason = parameters.refusal.message;
    if (reason.empty()) {
        for (auto const search : before) (void)erase(search, moment);
        begin_run(saved, moment.unix_seconds);
        (void)open(*words.value, *parameters.value, saved.view.id, moment);
    } else {
        spdlog::info("The saved search {} was skipped. {}", saved.view.id, reason);
        skip_run(saved, std::move(reason), moment.unix_seconds);
    }
    keep(saved);
    host_.notify("saved", {});
}

void UserSearches::count_new(SavedSearch& saved, std::uint32_t search) {
    try {
        auto const first_found = saved_store_.remember(saved.view.id, sessions_.rows_since(search, 0, SavedLimits::results_known_max));
        saved.view.new_results = saved.has_base ? first_found : 0;
        saved.has_base = true;
        saved.view.results_known = saved_store_.results_known(saved.view.id);
    } catch (store::DatabaseError const& error) {
        spdlog::warn("What the saved search {} found could not be remembered. {}", saved.view.id, error.what());
    }
    keep(saved);
    host_.notify("saved", {});
}

void UserSearches::keep(SavedSearch const& saved) {
    try {
        saved_store_.update(saved);
    } catch (store::DatabaseError const& error) {
        spdlog::warn("The saved search {} could not be written. {}", saved.view.id, error.what());
    }
}

}  // namespace praline
