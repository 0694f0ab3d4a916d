#include "tools/praline/api_searches.hpp"

#include "node/net/system_clock.hpp"
#include "search/session/content_kind.hpp"
#include "search/session/search_parameters.hpp"
#include "tools/praline/browse_target.hpp"
#include "tools/praline/views.hpp"

namespace praline {
namespace {

Moment moment() { return {net::now(), net::unix_now()}; }

webui::NewSearch with_strategy(webui::NewSearch wanted, RunningSettings const& settings) {
    if (wanted.strategy.empty()) wanted.strategy = search::name_of(settings.config().strategy);
    return wanted;
}

}  // namespace

std::vector<webui::StrategyView> SearchesApi::strategies() { return strategy_views(); }

webui::Outcome<webui::SearchView> SearchesApi::start_search(webui::NewSearch const& wanted) {
    return searches_.start(with_strategy(wanted, settings_), moment());
}

webui::Outcome<webui::SearchView> SearchesApi::browse(webui::NewBrowse const& wanted) {
    auto target = browse_target(wanted, searches_.sessions());
    if (auto* const problem = std::get_if<std::string>(&target)) return bad_request(std::move(*problem));
    return searches_.browse(std::move(std::get<browse::Target>(target)), wanted.result, moment());
}

std::vector<webui::SearchView> SearchesApi::searches() { return searches_.list(net::now()); }
webui::Outcome<webui::SearchView> SearchesApi::search(std::uint32_t id) { return searches_.find(id, net::now()); }

webui::Outcome<std::vector<webui::ResultView>> SearchesApi::results(std::uint32_t id, std::uint64_t since,
                                                                    std::size_t most) {
    auto const rows = searches_.rows_since(id, since, most, net::now());
    if (!rows.value) return rows.refusal;
    return views_of(id, *rows.value);
}

webui::Outcome<webui::ResultPage> SearchesApi::result_page(std::uint32_t id, webui::ResultQuery const& query) {
    auto const page = searches_.page(id, query, net::now());
    if (!page.value) return page.refusal;
    auto const info = searches_.sessions().info(id);
    webui::ResultPage results{
        info->revision, info->open, page.value->total, page.value->matching, query.offset, {}, {}};
    for (std::size_t kind = 0; kind < search::content_kinds; ++kind) {
        if (auto const count = page.value->kinds[kind]; count > 0)
            results.kinds.emplace_back(search::name_of(static_cast<search::ContentKind>(kind)), count);
    }
    results.rows = views_of(id, page.value->rows);
    results.ready = page.value->ready;
    return results;
}

webui::Outcome<webui::Done> SearchesApi::stop_search(std::uint32_t id) { return searches_.stop(id, moment()); }
webui::Outcome<webui::Done> SearchesApi::delete_search(std::uint32_t id) { return searches_.erase(id, moment()); }
void SearchesApi::keep_searches(std::vector<std::uint32_t> const& ids) { searches_.keep(ids, net::now()); }

std::vector<webui::ResultView> SearchesApi::views_of(std::uint32_t search,
                                                     std::vector<search::ResultRow const*> const& rows) const {
    std::vector<webui::ResultView> views;
    views.reserve(rows.size());
    for (auto const* row : rows) {
        auto& view = views.emplace_back(view_of(search, *row));
        view.in_library = row->urn.sha1 && library_.by_sha1(*row->urn.sha1) != nullptr;
        view.download = downloads_.id_of(row->urn).value_or("");
    }
    return views;
}

webui::HistoryPage KeptSearchesApi::history(std::size_t offset, std::size_t count) {
    return searches_.history(offset, count);
}
webui::Outcome<webui::Done> KeptSearchesApi::forget_history(std::optional<std::uint64_t> id) {
    return searches_.forget_history(id);
}
std::vector<webui::SavedSearchView> KeptSearchesApi::saved_searches() { return searches_.saved(); }

webui::Outcome<webui::SavedSearchView> KeptSearchesApi::save_search(webui::NewSavedSearch const& wanted) {
    return searches_.save({with_strategy(wanted.search, settings_), wanted.repeat_seconds, wanted.messages_per_run,
                           wanted.messages_per_day},
                          moment());
}

webui::Outcome<webui::SavedSearchView> KeptSearchesApi::run_saved_search(std::uint64_t id) {
    return searches_.run_saved(id, moment());
}
webui::Outcome<webui::Done> KeptSearchesApi::delete_saved_search(std::uint64_t id) { return searches_.erase_saved(id); }

}  // namespace praline
