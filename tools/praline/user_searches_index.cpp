// Searches of the user that ask an index server, alone or before the overlay.
#include <algorithm>
#include <utility>
#include <vector>

#include "index/wire/limits.hpp"
#include "search/match/hit_match.hpp"
#include "tools/praline/user_searches.hpp"

namespace praline {
namespace {

using search::strategy::IndexFirst;

constexpr char no_words[] = "\\";   // what a query by URN alone carries instead of words

index::Query index_query(wire::Query const& query, std::optional<std::uint32_t> wanted) {
    index::Query asked;
    if (query.text != no_words) asked.words = query.text;
    if (!query.urns.empty()) asked.urn = query.urns.front();
    auto const rows_max = static_cast<std::uint32_t>(index::answer_rows_max);
    asked.wanted = static_cast<std::uint16_t>(std::min(wanted.value_or(rows_max), rows_max));
    return asked;
}

bool names_a_root_alone(wire::Query const& query) { return query.text == no_words && !query.urns.empty() && !query.urns.front().sha1; }

/// As if the source had answered itself.
wire::QueryHit hit_of(index::Row const& row, index::Publisher const& source) {
    wire::QueryHit hit;
    hit.endpoint = source.transfer;
    hit.servent = source.servent;
    hit.vendor = "PRLN";
    hit.push_needed = source.push_needed;
    wire::HitRecord record;
    record.size_bytes = row.entry.size_bytes;
    record.name = row.entry.name;
    record.urn = Urn{row.entry.sha1, row.entry.tiger_root};
    hit.records.push_back(std::move(record));
    return hit;
}

search::IndexCost cost_of(index::IndexPrice const& price) {
    search::IndexCost cost;
    cost.messages = price.messages;
    cost.bytes = price.octets;
    cost.took = price.took;
    return cost;
}

}  // namespace

void UserSearches::ask_index(Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters, search::SearchText asked_text, Instant now) {
    auto asked = index_query(query, parameters.results_wanted);
    index_asks_.emplace(guid, IndexAsk{IndexFirst{parameters, {}, now}, std::move(query), std::move(asked_text)});
    (void)sessions_.index_cost(guid, {});
    host_.ask_index(guid, std::move(asked));
}

void UserSearches::index_answered(Guid const& guid, index::Answer const& answer, index::IndexPrice const& price, Moment moment) {
    auto const asked = index_asks_.find(guid);
    if (asked == index_asks_.end()) return;
    search::HitMatch const match{asked->second.query, asked->second.asked};
    std::size_t of_use = 0;   // what the user leaves out does not count as found
    for (auto const& row : answer.rows) {
        for (auto const& source : row.sources) (void)sessions_.add_indexed(guid, hit_of(row, source), moment.now);
        if (match.judge(hit_of(row, {})).front() == search::HitMatch::Verdict::answers) ++of_use;
    }
    auto cost = cost_of(price);
    cost.answered = true;
    cost.files = answer.rows.size();
    cost.more = answer.more;
    if (answer.partial) cost.problem = "The index server is young and does not know everything yet.";
    else if (names_a_root_alone(asked->second.query)) cost.problem = "The index knows files by words and by SHA-1, not by a Tiger root alone.";
    if (auto const id = sessions_.index_cost(guid, std::move(cost))) tell(*id);
    go_on(guid, asked->second.first.answered(of_use), moment.now);
}

void UserSearches::index_failed(Guid const& guid, std::string const& sentence, index::IndexPrice const& price, Moment moment) {
    auto const asked = index_asks_.find(guid);
    if (asked == index_asks_.end()) return;
    auto cost = cost_of(price);
    cost.problem = sentence;
    if (auto const id = sessions_.index_cost(guid, std::move(cost))) tell(*id);
    go_on(guid, asked->second.first.failed(), moment.now);
}

/// Launching may come back with `query_phase_done` before it returns.
void UserSearches::go_on(Guid const& guid, IndexFirst::Next next, Instant now) {
    auto const asked = index_asks_.find(guid);
    if (asked == index_asks_.end()) return;
    if (next == IndexFirst::Next::ask_overlay) launch(guid, asked->second.query, asked->second.first.overlay_parameters(), asked->second.asked);
    if (next != IndexFirst::Next::finished) return;
    bool const late_hits = asked->second.first.asked_overlay();
    index_asks_.erase(asked);
    auto const id = sessions_.query_phase_done(guid);
    if (!id) return;
    if (late_hits) return tell(*id);
    sessions_.close(*id, now);
    finish(*id);
}

void UserSearches::tick_index(Instant now) {
    std::vector<Guid> asking;
    for (auto const& [guid, asked] : index_asks_) asking.push_back(guid);
    for (auto const& guid : asking)
        if (auto const asked = index_asks_.find(guid); asked != index_asks_.end()) go_on(guid, asked->second.first.tick(now), now);
}

}  // namespace praline
