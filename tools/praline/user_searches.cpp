#include "tools/praline/user_searches.hpp"

#include <algorithm>
#include <utility>

#include "node/base/text.hpp"
#include "node/log/log.hpp"
#include "search/session/query_text.hpp"
#include "search/session/search_parameters.hpp"
#include "tools/praline/views.hpp"
#include "transfer/content/magnet.hpp"

namespace praline {
namespace {

/// Longer than it may take to read a list: it ends before, and says why.
constexpr std::chrono::minutes browse_open_for{15};

constexpr char nothing_to_search[] = "Write at least one word of two letters or more, a magnet link or a URN.";

/// Carries out what touches the disk; a search goes on without its record.
template <class Act>
void on_disk(Act act) {
    try {
        act();
    } catch (store::DatabaseError const& error) {
        log::warn("The record of searches could not be written. {}", error.what());
    }
}

search::kept::HistoryEntry entry_of(search::SearchInfo const& info, UnixSeconds started, std::uint64_t saved_search) {
    search::kept::HistoryEntry entry;
    entry.terms = {info.text, std::string{search::name_of(info.parameters.kind)}, search::values_of(info.parameters)};
    entry.started_at = started;
    entry.lasted = info.lasted;
    entry.rows = info.rows;
    entry.hits = info.hits;
    entry.dropped = info.dropped;
    entry.saved_search = saved_search;
    entry.cost = info.cost;
    return entry;
}

}  // namespace

UserSearches::UserSearches(std::string const& database_file, search::SessionLimits limits, Host host)
    : sessions_{limits},
      searches_max_{limits.searches_max},
      host_{std::move(host)},
      history_{database_file},
      saved_{database_file} {}

webui::Outcome<UserSearches::Words> UserSearches::words_of(std::string const& text) {
    Words words{text, std::nullopt};
    if (to_lower_ascii(trim(text)).starts_with("magnet:")) {
        auto const magnet = content::parse_magnet(trim(text));
        if (!magnet) return bad_request("This magnet link cannot be read.");
        words = {search::literal_search_text(magnet->name), magnet->urn()};
    } else if ((words.urn = Urn::parse(trim(text)))) {
        words.text.clear();
    } else if (auto problem = search::split_search_text(text).problem(); !problem.empty()) {
        return bad_request(std::move(problem));
    }
    if (!search::make_query(words.text, words.urn, search::SessionLimits{}.text_bytes_max))
        return bad_request(nothing_to_search);
    return words;
}

webui::Outcome<webui::SearchView> UserSearches::start(webui::NewSearch const& wanted, Moment moment) {
    auto const words = words_of(wanted.text);
    if (!words.value) return words.refusal;
    auto const parameters = parameters_of(terms_of(wanted));
    if (!parameters.value) return parameters.refusal;
    if (search::strategy::asks_index(parameters.value->kind) && !knows_index())
        return webui::Refusal{409, "no_index",
                              "This node knows no index server. Name one in the setting `index`, or start the node "
                              "with --index HOST:PORT."};
    auto const id = open(*words.value, *parameters.value, 0, moment);
    if (!id) return too_many();
    return find(*id, moment.now);
}

webui::Refusal UserSearches::too_many() const {
    return {409, "too_many_searches",
            "There are " + std::to_string(searches_max_) +
                " searches, and each still asks or is open on a page. Close one first."};
}

webui::Outcome<webui::SearchView> UserSearches::browse(browse::Target target, std::string result, Moment moment) {
    if (!make_room(moment)) return too_many();
    auto const guid = host_.new_guid();
    auto const name = target.name();
    if (!host_.browse(guid, std::move(target)))
        return webui::Refusal{409, "too_many_browsed",
                              "Several hosts are asked for their files already. Wait for one of them, or stop it."};
    auto const id = sessions_.open_list("Files of " + name, guid, moment.now, browse_open_for);
    if (!id) {
        host_.stop_browsing(guid);
        return too_many();
    }
    Run run{moment.unix_seconds, 0, 0, guid, {}, {}};
    run.browse = webui::BrowseView{name, std::move(result), 0, false, {}};
    begin_run(*id, std::move(run), moment.now);
    notify_search(*id);
    return find(*id, moment.now);
}

void UserSearches::begin_run(std::uint32_t id, Run run, Instant now) {
    std::erase_if(runs_, [&](auto const& one) { return !sessions_.info(one.first); });
    runs_[id] = std::move(run);
    places_.read(id, now);
}

std::optional<std::uint32_t> UserSearches::open(Words const& words, search::strategy::Parameters const& parameters,
                                                std::uint64_t saved, Moment moment) {
    if (!make_room(moment)) return std::nullopt;
    auto const guid = host_.new_guid();
    auto opened = sessions_.open(words.text, words.urn, guid, moment.now, parameters);
    if (!opened) return std::nullopt;
    begin_run(opened->id, {moment.unix_seconds, saved, 0, guid, {host_.links(), false}, {}}, moment.now);
    auto const asked = search::split_search_text(words.text);
    // Before anything is found: our own cache may answer at once.
    on_disk([&] {
        runs_.at(opened->id).entry = history_.begin(entry_of(*sessions_.info(opened->id), moment.unix_seconds, saved));
    });
    if (search::strategy::asks_index(parameters.kind)) {
        auto question = index_questions_.begin(guid, std::move(opened->query), parameters, asked, moment.now);
        (void)sessions_.index_cost(guid, {});
        host_.ask_index(guid, std::move(question));
    } else
        launch(guid, std::move(opened->query), parameters, asked);
    notify_search(opened->id);
    return opened->id;
}

std::vector<SearchPlaces::Candidate> UserSearches::candidates() const {
    std::vector<SearchPlaces::Candidate> all;
    for (auto const& info : sessions_.list()) {
        auto const run = runs_.find(info.id);
        all.push_back(
            {info.id, info.state == search::SearchState::asking, run != runs_.end() && run->second.saved != 0});
    }
    return all;
}

/// False: every search there is still asks or is open somewhere.
bool UserSearches::make_room(Moment moment) {
    auto const all = candidates();
    if (all.size() < searches_max_) return true;
    auto const victim = places_.victim(all, moment.now);
    return victim && erase(*victim, moment).value.has_value();
}

UserSearches::Run* UserSearches::run_of(Guid const& guid) {
    auto const at = std::find_if(runs_.begin(), runs_.end(), [&](auto const& one) { return one.second.guid == guid; });
    return at == runs_.end() ? nullptr : &at->second;
}

void UserSearches::launch(Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters,
                          search::SearchText const& asked) {
    auto const held = [this] { return host_.held_by_tables ? host_.held_by_tables() : 0; };
    auto const before = held();
    host_.launch(guid, std::move(query), parameters, asked);
    if (Run* const run = run_of(guid); run != nullptr && held() > before) run->reach.tables_answered = true;
}

webui::Outcome<webui::Done> UserSearches::stop(std::uint32_t id, Moment moment) {
    auto const info = sessions_.info(id);
    if (!info) return not_found("Search " + std::to_string(id));
    if (info->open) {
        sessions_.close(id, moment.now);
        finish(id);
    }
    return webui::Done{};
}

webui::Outcome<webui::Done> UserSearches::erase(std::uint32_t id, Moment moment) {
    auto const stopped = stop(id, moment);
    if (!stopped.value) return stopped;
    sessions_.erase(id);
    runs_.erase(id);
    places_.forget(id);
    notify_search(id);
    return webui::Done{};
}

webui::SearchView UserSearches::view(search::SearchInfo const& info, Instant now) const {
    auto bounded = info;
    bound_reach(bounded.cost);
    auto shown = view_of(bounded, now);
    if (auto const run = runs_.find(info.id); run != runs_.end()) {
        shown.saved_search = run->second.saved;
        shown.browse = run->second.browse;
    }
    if (shown.browse) shown.strategy = "browse";
    shown.unasked = unasked(info);
    auto const left = std::chrono::duration<double>(info.started + info.open_for - now).count();
    shown.closes_in_seconds = info.open ? std::max(left, 0.0) : 0;
    return shown;
}

void UserSearches::bound_reach(search::SearchCost& price) const {
    if (auto const nodes = host_.nodes_max())
        price.reach_about = std::min(price.reach_about, std::max(*nodes, price.origins));
}

std::vector<webui::SearchView> UserSearches::list(Instant now) const {
    std::vector<webui::SearchView> views;
    for (auto const& info : sessions_.list()) views.push_back(view(info, now));
    return views;
}

std::string UserSearches::unasked(search::SearchInfo const& info) const {
    auto const run = runs_.find(info.id);
    if (run == runs_.end() || run->second.browse) return {};
    return info.open ? why_unasked(info.cost, info.parameters.kind, run->second.reach, host_.links())
                     : run->second.unasked;
}

void UserSearches::keep(std::vector<std::uint32_t> const& ids, Instant now) {
    for (auto const id : ids)
        if (sessions_.info(id)) places_.keep(id, now);
}

webui::Outcome<std::vector<search::ResultRow const*>> UserSearches::rows_since(std::uint32_t id, std::uint64_t revision,
                                                                               std::size_t most, Instant now) {
    if (!sessions_.info(id)) return not_found("Search " + std::to_string(id));
    places_.read(id, now);
    return sessions_.rows_since(id, revision, most);
}

webui::Outcome<webui::SearchView> UserSearches::find(std::uint32_t id, Instant now) {
    auto const info = sessions_.info(id);
    if (!info) return not_found("Search " + std::to_string(id));
    places_.read(id, now);
    return view(*info, now);
}

webui::Outcome<search::RowPage> UserSearches::page(std::uint32_t id, webui::ResultQuery const& wanted, Instant now) {
    if (!sessions_.info(id)) return not_found("Search " + std::to_string(id));
    places_.read(id, now);
    auto const choice = row_query_of(wanted);
    if (!choice.value) return choice.refusal;
    return sessions_.page(id, *choice.value, wanted.offset, wanted.limit);
}

webui::HistoryPage UserSearches::history(std::size_t offset, std::size_t count) {
    webui::HistoryPage page{history_.size(), {}};
    for (auto const& entry : history_.page(offset, count)) page.entries.push_back(view_of(entry));
    return page;
}

webui::Outcome<webui::Done> UserSearches::forget_history(std::optional<std::uint64_t> id) {
    if (!id)
        history_.erase_all();
    else if (!history_.erase(*id))
        return not_found("Entry " + std::to_string(*id) + " of the history");
    host_.notify("history", {});
    return webui::Done{};
}

std::vector<webui::SavedSearchView> UserSearches::saved() const {
    std::vector<webui::SavedSearchView> views;
    for (auto const& [id, saved] : saved_.all()) views.push_back(view(saved));
    return views;
}

std::vector<std::uint32_t> UserSearches::runs_of(std::uint64_t saved) const {
    std::vector<std::uint32_t> ids;
    for (auto const& [id, run] : runs_)
        if (run.saved == saved && sessions_.info(id)) ids.push_back(id);
    return ids;
}

webui::SavedSearchView UserSearches::view(search::kept::SavedSearch const& saved) const {
    auto view = view_of(saved);
    if (auto const runs = runs_of(saved.id); !runs.empty()) view.search = runs.back();
    return view;
}

webui::Outcome<webui::SavedSearchView> UserSearches::save(webui::NewSavedSearch const& wanted, Moment moment) {
    search::kept::RunBudget const budget{wanted.repeat_seconds, wanted.messages_per_run, wanted.messages_per_day};
    if (auto const problem = search::kept::problem_of(budget); !problem.empty()) return bad_request(problem);
    if (auto const words = words_of(wanted.search.text); !words.value) return words.refusal;
    auto terms = terms_of(wanted.search);
    auto const parameters = parameters_of(terms);
    if (!parameters.value) return parameters.refusal;
    if (saved_.is_full())
        return webui::Refusal{409, "too_many_saved",
                              "There are " + std::to_string(search::kept::SavedLimits::searches_max) +
                                  " saved searches already. Remove one first."};
    try {
        auto const id = saved_.add(std::move(terms), budget, moment.unix_seconds);
        host_.notify("saved", {});
        return view_of(*saved_.find(id));
    } catch (store::DatabaseError const& error) {
        return webui::Refusal{507, "not_saved", error.what()};
    }
}

webui::Outcome<webui::SavedSearchView> UserSearches::run_saved(std::uint64_t id, Moment moment) {
    auto const* const saved = saved_.find(id);
    if (saved == nullptr) return not_found("Saved search " + std::to_string(id));
    try_run(*saved, moment);
    if (!saved->last_skip.empty()) return webui::Refusal{409, "skipped", saved->last_skip};
    return view(*saved);
}

webui::Outcome<webui::Done> UserSearches::erase_saved(std::uint64_t id) {
    if (saved_.find(id) == nullptr) return not_found("Saved search " + std::to_string(id));
    try {
        saved_.erase(id);
    } catch (store::DatabaseError const& error) {
        return webui::Refusal{507, "not_saved", error.what()};
    }
    for (auto& [search, run] : runs_)
        if (run.saved == id) run.saved = 0;  // its last run stays, as a search like any other
    host_.notify("saved", {});
    return webui::Done{};
}

/// Only the last run of a saved search stays among the searches: its results are what the next one is compared with.
void UserSearches::try_run(search::kept::SavedSearch const& saved, Moment moment) {
    auto const words = words_of(saved.terms.text);
    auto const parameters = parameters_of(saved.terms);
    auto const before = runs_of(saved.id);
    search::kept::RunChances chances;
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
        saved_.begin_run(saved.id, moment.unix_seconds);
        (void)open(*words.value, *parameters.value, saved.id, moment);
        saved_.flush();  // what it has sent at once
    } else {
        log::info("Saved search {} was skipped. {}", saved.id, reason);
        saved_.skip_run(saved.id, std::move(reason), moment.unix_seconds);
    }
    host_.notify("saved", {});
}

/// The search has just been closed.
void UserSearches::finish(std::uint32_t id) {
    auto const info = sessions_.info(id);
    if (!info) return;
    if (auto const at = runs_.find(id); at != runs_.end() && at->second.browse) {
        host_.stop_browsing(info->guid);
        return notify_search(id);
    }
    host_.stop_querying(info->guid);
    host_.close(info->guid);
    if (index_questions_.erase(info->guid)) host_.drop_index(info->guid);
    if (auto const run = runs_.find(id); run != runs_.end())
        run->second.unasked = why_unasked(info->cost, info->parameters.kind, run->second.reach, host_.links());
    auto const run = runs_.contains(id) ? runs_.at(id) : Run{};
    auto entry = entry_of(*info, run.started, run.saved);
    bound_reach(entry.cost);
    on_disk([&] { history_.end(run.entry, entry); });
    if (saved_.find(run.saved) != nullptr) {
        saved_.end_run(run.saved, sessions_.rows_since(id, 0, search::kept::SavedLimits::results_known_max));
        host_.notify("saved", {});
    }
    notify_search(id);
    host_.notify("history", {});
}

bool UserSearches::found(Guid const& guid, PeerId via, Hops hops, wire::QueryHit const& hit, Instant now,
                         std::optional<std::uint32_t> cached_seconds) {
    auto const changed = sessions_.add_hit(guid, via, hops, hit, now, cached_seconds);
    if (changed) notify_search(*changed);
    return changed.has_value();
}

void UserSearches::spent(Guid const& guid, std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach,
                         Moment moment) {
    auto const id = sessions_.spent(guid, messages, bytes, reach);
    if (!id) return;
    notify_search(*id);
    auto const run = runs_.find(*id);
    if (run == runs_.end() || !saved_.count_messages(run->second.saved, messages, moment.unix_seconds)) return;
    host_.stop_querying(guid);
    query_phase_done(guid, moment);
}

void UserSearches::query_phase_done(Guid const& guid, Moment moment) {
    if (index_questions_.contains(guid))
        return carry_out(guid, index_questions_.overlay_query_phase_done(guid), moment.now);
    if (auto const id = sessions_.query_phase_done(guid)) notify_search(*id);
}

void UserSearches::index_answered(Guid const& guid, index::Answer const& answer, index::client::SearchCost const& price,
                                  Moment moment) {
    if (!index_questions_.contains(guid)) return;
    auto read = index_questions_.read(guid, answer, price);
    for (auto const& hit : read.hits) (void)sessions_.add_indexed(guid, hit, moment.now);
    if (auto const id = sessions_.index_cost(guid, std::move(read.cost))) notify_search(*id);
    carry_out(guid, index_questions_.answered(guid, read.useful), moment.now);
}

void UserSearches::index_failed(Guid const& guid, std::string const& sentence, index::client::SearchCost const& price,
                                Moment moment) {
    if (!index_questions_.contains(guid)) return;
    auto cost = IndexQuestions::cost_of(price);
    cost.problem = sentence;
    if (auto const id = sessions_.index_cost(guid, std::move(cost))) notify_search(*id);
    carry_out(guid, index_questions_.failed(guid), moment.now);
}

/// Launching may come back with `query_phase_done` before it returns.
void UserSearches::carry_out(Guid const& guid, IndexQuestions::Step step, Instant now) {
    using Act = IndexQuestions::Step::Act;
    if (step.act == Act::ask_overlay) launch(guid, std::move(step.query), step.parameters, step.asked);
    if (step.act != Act::finish) return;
    auto const id = sessions_.query_phase_done(guid);
    if (!id) return;
    if (step.late_hits) return notify_search(*id);
    sessions_.close(*id, now);
    finish(*id);
}

void UserSearches::browsed(Guid const& guid, std::vector<wire::QueryHit> const& hits, std::uint64_t bytes,
                           Instant now) {
    if (Run* const run = run_of(guid); run != nullptr && run->browse) run->browse->bytes += bytes;
    for (auto const& hit : hits) (void)found(guid, PeerId{}, Hops{0}, hit, now);
}

void UserSearches::browse_ended(Guid const& guid, std::string const& problem, Moment moment) {
    for (auto& [id, run] : runs_) {
        if (run.guid != guid || !run.browse) continue;
        run.browse->problem = problem;
        run.browse->complete = problem.empty();
        return (void)stop(id, moment);
    }
}

void UserSearches::tick(Moment moment) {
    for (auto const id : sessions_.expire(moment.now)) finish(id);
    for (auto const& guid : index_questions_.guids())
        carry_out(guid, index_questions_.tick(guid, moment.now), moment.now);
    for (auto const id : saved_.due(moment.unix_seconds))
        if (auto const* const saved = saved_.find(id)) try_run(*saved, moment);
    saved_.flush();
}

void UserSearches::shut_down(Moment moment) {
    for (auto const& info : sessions_.list()) (void)stop(info.id, moment);
    saved_.flush();
}

void UserSearches::notify_search(std::uint32_t id) { host_.notify("search", std::to_string(id)); }

}  // namespace praline
