#include "tools/praline/index_questions.hpp"

#include <algorithm>
#include <utility>

#include "index/wire/limits.hpp"
#include "search/match/hit_match.hpp"

namespace praline {
namespace {

using search::strategy::IndexFirst;

constexpr char no_words[] = "\\";  // what a query by URN alone carries instead of words

index::Query index_query(wire::Query const& query, std::optional<std::uint32_t> wanted) {
    index::Query asked;
    if (query.text != no_words) asked.words = query.text;
    if (!query.urns.empty()) asked.urn = query.urns.front();
    auto const rows_max = static_cast<std::uint32_t>(index::answer_rows_max);
    asked.wanted = static_cast<std::uint16_t>(std::min(wanted.value_or(rows_max), rows_max));
    return asked;
}

bool names_a_root_alone(wire::Query const& query) {
    return query.text == no_words && !query.urns.empty() && !query.urns.front().sha1;
}

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

}  // namespace

search::IndexCost IndexQuestions::cost_of(index::client::SearchCost const& spent) {
    search::IndexCost cost;
    cost.messages = spent.messages;
    cost.bytes = spent.bytes;
    cost.took = spent.took;
    return cost;
}

index::Query IndexQuestions::begin(Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters,
                                   search::SearchText asked, Instant now) {
    auto question = index_query(query, parameters.results_wanted);
    questions_.emplace(guid, Question{IndexFirst{parameters, {}, now}, std::move(query), std::move(asked)});
    return question;
}

IndexQuestions::Read IndexQuestions::read(Guid const& guid, index::Answer const& answer,
                                          index::client::SearchCost const& spent) const {
    auto const& question = questions_.at(guid);
    search::HitMatch const match{question.query, question.asked};
    Read read;
    for (auto const& row : answer.rows) {
        for (auto const& source : row.sources) read.hits.push_back(hit_of(row, source));
        if (match.judge(hit_of(row, {})).front() == search::HitMatch::Verdict::answers) ++read.useful;
    }
    read.cost = cost_of(spent);
    read.cost.answered = true;
    read.cost.files = answer.rows.size();
    read.cost.more = answer.more;
    if (answer.partial)
        read.cost.problem = "The index server has just started and does not know everything yet.";
    else if (names_a_root_alone(question.query))
        read.cost.problem = "The index knows files by words and by SHA-1, not by a Tiger root alone.";
    return read;
}

IndexQuestions::Question* IndexQuestions::find(Guid const& guid) {
    auto const found = questions_.find(guid);
    return found == questions_.end() ? nullptr : &found->second;
}

IndexQuestions::Step IndexQuestions::answered(Guid const& guid, std::size_t useful) {
    auto* const question = find(guid);
    return question == nullptr ? Step{} : step(guid, *question, question->first.answered(useful));
}

IndexQuestions::Step IndexQuestions::failed(Guid const& guid) {
    auto* const question = find(guid);
    return question == nullptr ? Step{} : step(guid, *question, question->first.failed());
}

IndexQuestions::Step IndexQuestions::overlay_query_phase_done(Guid const& guid) {
    auto* const question = find(guid);
    return question == nullptr ? Step{} : step(guid, *question, question->first.overlay_query_phase_done());
}

IndexQuestions::Step IndexQuestions::tick(Guid const& guid, Instant now) {
    auto* const question = find(guid);
    return question == nullptr ? Step{} : step(guid, *question, question->first.tick(now));
}

IndexQuestions::Step IndexQuestions::step(Guid const& guid, Question const& question, Next next) {
    Step step;
    if (next == Next::ask_overlay) {
        step = {Step::Act::ask_overlay, question.query, question.first.overlay_parameters(), question.asked, false};
    } else if (next == Next::finished) {
        step.act = Step::Act::finish;
        step.late_hits = question.first.asked_overlay();
        questions_.erase(guid);
    }
    return step;
}

std::vector<Guid> IndexQuestions::guids() const {
    std::vector<Guid> guids;
    for (auto const& [guid, question] : questions_) guids.push_back(guid);
    return guids;
}

}  // namespace praline
