#pragma once

#include "tools/praline/running_settings.hpp"
#include "tools/praline/user_searches.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/library/library.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// The searches under way and their results.
class SearchesApi final : public webui::SearchControl {
public:
    SearchesApi(UserSearches& searches, RunningSettings const& settings, library::Library const& library,
                download::DownloadManager const& downloads)
        : searches_{searches}, settings_{settings}, library_{library}, downloads_{downloads} {}
    std::vector<webui::StrategyView> strategies() override;
    webui::Outcome<webui::SearchView> start_search(webui::NewSearch const& wanted) override;
    webui::Outcome<webui::SearchView> browse(webui::NewBrowse const& wanted) override;
    std::vector<webui::SearchView> searches() override;
    webui::Outcome<webui::SearchView> search(std::uint32_t id) override;
    webui::Outcome<std::vector<webui::ResultView>> results(std::uint32_t id, std::uint64_t since,
                                                           std::size_t most) override;
    webui::Outcome<webui::ResultPage> result_page(std::uint32_t id, webui::ResultQuery const& query) override;
    webui::Outcome<webui::Done> stop_search(std::uint32_t id) override;
    webui::Outcome<webui::Done> delete_search(std::uint32_t id) override;
    void keep_searches(std::vector<std::uint32_t> const& ids) override;

private:
    [[nodiscard]] std::vector<webui::ResultView> views_of(std::uint32_t search,
                                                          std::vector<search::ResultRow const*> const& rows) const;

    UserSearches& searches_;
    RunningSettings const& settings_;
    library::Library const& library_;
    download::DownloadManager const& downloads_;
};

/// The searches that have ended, and those that are repeated.
class KeptSearchesApi final : public webui::KeptSearchControl {
public:
    KeptSearchesApi(UserSearches& searches, RunningSettings const& settings)
        : searches_{searches}, settings_{settings} {}
    webui::HistoryPage history(std::size_t offset, std::size_t count) override;
    webui::Outcome<webui::Done> forget_history(std::optional<std::uint64_t> id) override;
    std::vector<webui::SavedSearchView> saved_searches() override;
    webui::Outcome<webui::SavedSearchView> save_search(webui::NewSavedSearch const& wanted) override;
    webui::Outcome<webui::SavedSearchView> run_saved_search(std::uint64_t id) override;
    webui::Outcome<webui::Done> delete_saved_search(std::uint64_t id) override;

private:
    UserSearches& searches_;
    RunningSettings const& settings_;
};

}  // namespace praline
