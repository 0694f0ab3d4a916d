// Searches as the API shows them, and what the API asks of them.
#include <chrono>

#include "node/base/text.hpp"
#include "search/session/search_parameters.hpp"
#include "tools/praline/views.hpp"

namespace praline {
namespace {

std::optional<double> seconds_of(std::optional<Duration> const& time) {
    return time ? std::optional{std::chrono::duration<double>(*time).count()} : std::nullopt;
}

std::string_view name_of(search::SearchState state) {
    switch (state) {
        case search::SearchState::asking: return "asking";
        case search::SearchState::listening: return "listening";
        case search::SearchState::closed: return "closed";
    }
    return {};
}

std::string names_of_strategies() {
    std::string names;
    for (auto const& one : search::strategy_names()) names += (names.empty() ? "" : ", ") + std::string{one.name};
    return names;
}

}  // namespace

webui::PriceView view_of(search::SearchCost const& price) {
    webui::PriceView view;
    view.messages = price.messages;
    view.bytes = price.bytes;
    view.origins = price.origins;
    view.origins_at_least = price.origins_at_least;
    view.reach_about = price.reach_about;
    view.cached_hits = price.cached_hits;
    view.hidden_hits = price.hidden_hits;
    view.excluded_hits = price.excluded_hits;
    for (std::size_t hops = 0; hops < price.hits_by_hops.size(); ++hops)
        if (price.hits_by_hops[hops] > 0)
            view.hits_by_hops.push_back({static_cast<std::uint32_t>(hops), price.hits_by_hops[hops]});
    view.first_result_seconds = seconds_of(price.first_result);
    view.tenth_result_seconds = seconds_of(price.tenth_result);
    if (price.index) {
        std::optional<double> milliseconds;
        if (price.index->took) milliseconds = std::chrono::duration<double, std::milli>(*price.index->took).count();
        view.index = {price.index->messages, price.index->bytes, milliseconds,
                      price.index->files,    price.index->more,  price.index->problem};
    }
    return view;
}

webui::SearchParameters view_of(search::ParameterValues const& values) {
    return {values.ttl, values.walkers, values.check_every, values.max_steps, values.results_wanted, values.state};
}

webui::SearchView view_of(search::SearchInfo const& info, Instant now) {
    webui::SearchView view;
    view.id = info.id;
    view.text = info.text;
    view.open = info.open;
    view.state = name_of(info.state);
    view.strategy = search::name_of(info.parameters.kind);
    view.parameters = view_of(search::values_of(info.parameters));
    view.age_seconds = seconds_between(info.started, now);
    view.revision = info.revision;
    view.rows = info.rows;
    view.hits = info.hits;
    view.dropped = info.dropped;
    view.price = view_of(info.cost);
    for (auto const& part : info.without) view.without.push_back(part.shown);
    view.conditions = info.conditions;
    return view;
}

webui::HistoryView view_of(search::kept::HistoryEntry const& entry) {
    webui::HistoryView view;
    view.id = entry.id;
    view.text = entry.terms.text;
    view.strategy = entry.terms.strategy;
    view.parameters = view_of(entry.terms.parameters);
    view.started_at = entry.started_at;
    view.lasted_seconds = std::chrono::duration<double>(entry.lasted).count();
    view.interrupted = entry.interrupted;
    view.rows = entry.rows;
    view.hits = entry.hits;
    view.dropped = entry.dropped;
    view.saved_search = entry.saved_search;
    view.price = view_of(entry.cost);
    return view;
}

webui::SavedSearchView view_of(search::kept::SavedSearch const& saved) {
    webui::SavedSearchView view;
    view.id = saved.id;
    view.text = saved.terms.text;
    view.strategy = saved.terms.strategy;
    view.parameters = view_of(saved.terms.parameters);
    view.repeat_seconds = saved.budget.repeat_seconds;
    view.messages_per_run = saved.budget.messages_per_run;
    view.messages_per_day = saved.budget.messages_per_day;
    view.created_at = saved.created_at;
    view.next_at = saved.next_at;
    view.last_at = saved.last_at;
    view.runs = saved.runs;
    view.skips = saved.skips;
    view.last_skip = saved.last_skip;
    view.messages_today = saved.messages_today;
    view.results_known = saved.results_known;
    view.new_results = saved.new_results;
    return view;
}

search::kept::SearchTerms terms_of(webui::NewSearch const& wanted) {
    auto const& p = wanted.parameters;
    return {wanted.text, wanted.strategy, {p.ttl, p.walkers, p.check_every, p.max_steps, p.results_wanted, p.state}};
}

std::vector<webui::StrategyView> strategy_views() {
    std::vector<webui::StrategyView> views;
    for (auto const& one : search::strategy_names()) {
        views.push_back({std::string{one.name}, std::string{one.explanation}, {}});
        for (auto const name : split(one.heeds, ' ')) views.back().heeds.emplace_back(name);
    }
    return views;
}

webui::Outcome<search::strategy::Parameters> parameters_of(search::kept::SearchTerms const& wanted) {
    auto const kind = search::strategy_named(wanted.strategy);
    if (!kind)
        return bad_request("There is no strategy \"" + wanted.strategy + "\". There are " + names_of_strategies() +
                           ".");
    search::ParameterWish const wish{wanted.parameters, *kind};
    if (auto const problem = search::problem_of(wish); !problem.empty()) return bad_request(problem);
    return search::parameters_of(wish);
}

webui::Outcome<search::RowQuery> row_query_of(webui::ResultQuery const& wanted) {
    search::RowQuery choice;
    auto const order = search::row_order_named(wanted.sort);
    if (!order)
        return bad_request("`sort` must be arrival, name, size, sources, kind or relevance, not \"" + wanted.sort +
                           "\".");
    if (!wanted.kind.empty()) {
        choice.kind = search::content_kind_named(wanted.kind);
        if (!choice.kind)
            return bad_request("`kind` must be archive, audio, document, image, other, program or video, not \"" +
                               wanted.kind + "\".");
    }
    choice.text = wanted.filter;
    choice.size_min = wanted.size_min;
    choice.size_max = wanted.size_max;
    choice.sources_min = wanted.sources_min;
    choice.fresh_only = wanted.fresh;
    choice.order = *order;
    choice.descending = wanted.descending;
    return choice;
}

}  // namespace praline
