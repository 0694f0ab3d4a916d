#include "tools/praline/user_searches.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "node/base/text.hpp"
#include "search/session/query_text.hpp"
#include "tools/praline/views.hpp"
#include "transfer/content/magnet.hpp"

namespace praline {
namespace {

webui::Refusal not_found(std::string const& what) { return {404, "not_found", what + " does not exist."}; }
webui::Refusal bad_request(std::string sentence) { return {400, "bad_request", std::move(sentence)}; }

constexpr char nothing_to_search[] = "Write at least one word of two letters or more, a magnet link or a URN.";

/// Carries out what touches the disk; a search goes on without its record.
template <class Act>
void on_disk(Act act) {
    try {
        act();
    } catch (store::DatabaseError const& error) {
        spdlog::warn("The record of searches could not be written. {}", error.what());
    }
}

}  // namespace

UserSearches::UserSearches(std::string const& database_file, search::SessionLimits limits, Host host)
    : sessions_{limits}, searches_max_{limits.searches_max}, open_for_{limits.open_for}, host_{std::move(host)}, history_{database_file}, saved_store_{database_file} {
    for (auto& one : saved_store_.load()) saved_.emplace(one.view.id, std::move(one));
}

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
    if (!search::make_query(words.text, words.urn, search::SessionLimits{}.text_bytes_max)) return bad_request(nothing_to_search);
    return words;
}

webui::Outcome<webui::SearchView> UserSearches::start(webui::NewSearch const& wanted, Moment moment) {
    auto const words = words_of(wanted.text);
    if (!words.value) return words.refusal;
    auto const parameters = parameters_of(wanted);
    if (!parameters.value) return parameters.refusal;
    if (search::strategy::asks_index(parameters.value->kind) && !knows_index())
        return webui::Refusal{409, "no_index", "This node knows no index server. Name one in the setting `index`, or start the node with --index HOST:PORT."};
    auto const id = open(*words.value, *parameters.value, 0, moment);
    if (!id) return webui::Refusal{409, "too_many_searches", "There are " + std::to_string(searches_max_) + " searches, and each still asks or is open on a page. Close one first."};
    return find(*id, moment.now);
}

std::optional<std::uint32_t> UserSearches::open(Words const& words, search::strategy::Parameters const& parameters, std::uint64_t saved,
                                                Moment moment) {
    if (!make_room(moment)) return std::nullopt;
    auto const guid = host_.new_guid();
    auto opened = sessions_.open(words.text, words.urn, guid, moment.now, parameters);
    if (!opened) return std::nullopt;
    std::erase_if(runs_, [&](auto const& run) { return !sessions_.info(run.first); });
    runs_[opened->id] = {moment.unix_seconds, saved, 0, guid, {host_.links(), false}, {}};
    places_.read(opened->id, moment.now);
    auto const asked = search::split_search_text(words.text);
    // Before anything is found: our own cache may answer at once.
    on_disk([&] { runs_.at(opened->id).entry = history_.begin(history_of(*sessions_.info(opened->id), moment.unix_seconds, saved)); });
    if (search::strategy::asks_index(parameters.kind)) ask_index(guid, std::move(opened->query), parameters, asked, moment.now);
    else launch(guid, std::move(opened->query), parameters, asked);
    tell(opened->id);
    return opened->id;
}

std::vector<SearchPlaces::Candidate> UserSearches::candidates() const {
    std::vector<SearchPlaces::Candidate> all;
    for (auto const& info : sessions_.list()) {
        auto const run = runs_.find(info.id);
        all.push_back({info.id, info.state == search::SearchState::asking, run != runs_.end() && run->second.saved != 0});
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

void UserSearches::launch(Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters, search::SearchText const& asked) {
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
    tell(id);
    return webui::Done{};
}

webui::SearchView UserSearches::view(search::SearchInfo const& info, Instant now) const {
    auto shown = view_of(info, now);
    if (auto const run = runs_.find(info.id); run != runs_.end()) shown.saved_search = run->second.saved;
    shown.unasked = unasked(info);
    auto const left = std::chrono::duration<double>(info.started + open_for_ - now).count();
    shown.closes_in_seconds = info.open ? std::max(left, 0.0) : 0;
    bound_reach(shown.price);
    return shown;
}

void UserSearches::bound_reach(webui::PriceView& price) const {
    if (auto const nodes = host_.nodes_max()) price.reach_about = std::min(price.reach_about, std::max(*nodes, price.origins));
}

std::vector<webui::SearchView> UserSearches::list(Instant now) const {
    std::vector<webui::SearchView> views;
    for (auto const& info : sessions_.list()) views.push_back(view(info, now));
    return views;
}

std::string UserSearches::unasked(search::SearchInfo const& info) const {
    auto const run = runs_.find(info.id);
    if (run == runs_.end()) return {};
    return info.open ? why_unasked(info.price, info.parameters.kind, run->second.reach, host_.links()) : run->second.unasked;
}

void UserSearches::keep(std::vector<std::uint32_t> const& ids, Instant now) {
    for (auto const id : ids)
        if (sessions_.info(id)) places_.keep(id, now);
}

webui::Outcome<std::vector<search::ResultRow const*>> UserSearches::rows_since(std::uint32_t id, std::uint64_t revision, std::size_t most, Instant now) {
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

webui::Outcome<search::RowPage> UserSearches::page(std::uint32_t id, webui::ResultChoice const& wanted, Instant now) {
    if (!sessions_.info(id)) return not_found("Search " + std::to_string(id));
    places_.read(id, now);
    auto const choice = choice_of(wanted);
    if (!choice.value) return choice.refusal;
    return sessions_.page(id, *choice.value, wanted.offset, wanted.limit);
}

webui::NodeControl::HistoryPage UserSearches::history(std::size_t offset, std::size_t count) {
    return {history_.size(), history_.page(offset, count)};
}

webui::Outcome<webui::Done> UserSearches::forget_history(std::optional<std::uint64_t> id) {
    if (!id) history_.erase_all();
    else if (!history_.erase(*id)) return not_found("Entry " + std::to_string(*id) + " of the history");
    host_.notify("history", {});
    return webui::Done{};
}

/// The search has just been closed.
void UserSearches::finish(std::uint32_t id) {
    auto const info = sessions_.info(id);
    if (!info) return;
    host_.stop_querying(info->guid);
    host_.close(info->guid);
    if (index_asks_.erase(info->guid) > 0) host_.drop_index(info->guid);
    if (auto const run = runs_.find(id); run != runs_.end())
        run->second.unasked = why_unasked(info->price, info->parameters.kind, run->second.reach, host_.links());
    auto const run = runs_.contains(id) ? runs_.at(id) : Run{};
    auto entry = history_of(*info, run.started, run.saved);
    bound_reach(entry.price);
    on_disk([&] { history_.end(run.entry, entry); });
    if (auto const saved = saved_.find(run.saved); saved != saved_.end()) count_new(saved->second, id);
    tell(id);
    host_.notify("history", {});
}

bool UserSearches::found(Guid const& guid, PeerId via, Hops hops, wire::QueryHit const& hit, Instant now,
                         std::optional<std::uint32_t> cached_seconds) {
    auto const changed = sessions_.add_hit(guid, via, hops, hit, now, cached_seconds);
    if (changed) tell(*changed);
    return changed.has_value();
}

void UserSearches::spent(Guid const& guid, std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach, Moment moment) {
    auto const id = sessions_.spent(guid, messages, bytes, reach);
    if (!id) return;
    tell(*id);
    auto const saved = runs_.contains(*id) ? saved_.find(runs_.at(*id).saved) : saved_.end();
    if (saved == saved_.end()) return;
    spend(saved->second, messages, moment.unix_seconds);
    spending_.insert(saved->first);
    auto const left = messages_left(saved->second, moment.unix_seconds);
    bool const run_is_dear = saved->second.view.messages_per_run > 0 && saved->second.last_cost >= saved->second.view.messages_per_run;
    if (!run_is_dear && (!left || *left > 0)) return;
    host_.stop_querying(guid);
    query_phase_done(guid, moment);
}

void UserSearches::query_phase_done(Guid const& guid, Moment moment) {
    if (auto const asked = index_asks_.find(guid); asked != index_asks_.end()) return go_on(guid, asked->second.first.overlay_query_phase_done(), moment.now);
    if (auto const id = sessions_.query_phase_done(guid)) tell(*id);
}

void UserSearches::tick(Moment moment) {
    for (auto const id : sessions_.expire(moment.now)) finish(id);
    tick_index(moment.now);
    for (auto& [id, saved] : saved_) {
        if (mend_times(saved, moment.unix_seconds)) keep(saved);
        if (saved.view.next_at <= moment.unix_seconds) try_run(saved, moment);
    }
    for (auto const id : std::exchange(spending_, {}))
        if (auto const saved = saved_.find(id); saved != saved_.end()) keep(saved->second);
}

void UserSearches::shut_down(Moment moment) {
    for (auto const& info : sessions_.list()) (void)stop(info.id, moment);
}

void UserSearches::tell(std::uint32_t id) { host_.notify("search", std::to_string(id)); }

}  // namespace praline
