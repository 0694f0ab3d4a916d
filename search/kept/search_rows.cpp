#include "search/kept/search_rows.hpp"

#include <chrono>
#include <sstream>

#include "node/base/text.hpp"

namespace praline::search::kept {
namespace {

void bind_optional(store::Statement& statement, int at, std::optional<std::uint64_t> const& value) {
    if (value)
        statement.bind(at, static_cast<std::int64_t>(*value));
    else
        statement.bind_null(at);
}

std::optional<std::uint64_t> optional_number(store::Statement const& statement, int column) {
    if (statement.is_null(column)) return std::nullopt;
    return static_cast<std::uint64_t>(statement.integer(column));
}

std::uint64_t number(store::Statement const& statement, int column) {
    return static_cast<std::uint64_t>(statement.integer(column));
}

std::optional<std::uint64_t> optional_milliseconds(std::optional<Duration> const& time) {
    return time ? std::optional{static_cast<std::uint64_t>(rounded_milliseconds(*time))} : std::nullopt;
}

std::optional<Duration> optional_duration(std::optional<std::uint64_t> const& milliseconds) {
    if (!milliseconds) return std::nullopt;
    return std::chrono::milliseconds{static_cast<std::int64_t>(*milliseconds)};
}

/// "1:20 3:5": five hits from three hops away.
std::string text_of_hops(decltype(SearchCost::hits_by_hops) const& counts) {
    std::string text;
    for (std::size_t hops = 0; hops < counts.size(); ++hops)
        if (counts[hops] > 0)
            text += (text.empty() ? "" : " ") + std::to_string(hops) + ':' + std::to_string(counts[hops]);
    return text;
}

void read_hops(std::string const& text, decltype(SearchCost::hits_by_hops)& counts) {
    for (auto const piece : split(text, ' ')) {
        auto const colon = piece.find(':');
        if (colon == std::string_view::npos) continue;
        auto const hops = parse_number(piece.substr(0, colon));
        auto const hits = parse_number(piece.substr(colon + 1));
        if (hops && hits && *hops < counts.size() && *hits <= UINT32_MAX)
            counts[*hops] = static_cast<std::uint32_t>(*hits);
    }
}

/// "2 640 3500 20 1 a sentence": messages, bytes, microseconds (empty: -), files, whether there are more, what was wrong.
std::string text_of_index(IndexCost const& index) {
    auto const took = index.took ? std::to_string(index.took->count()) : std::string{"-"};
    return std::to_string(index.messages) + ' ' + std::to_string(index.bytes) + ' ' + took + ' ' +
           std::to_string(index.files) + ' ' + (index.more ? "1 " : "0 ") + index.problem;
}

std::optional<IndexCost> read_index(std::string const& text) {
    std::istringstream in{text};
    IndexCost index;
    std::string took;
    int more = 0;
    if (!(in >> index.messages >> index.bytes >> took >> index.files >> more)) return std::nullopt;
    if (auto const micros = parse_number(took)) index.took = Duration{static_cast<std::int64_t>(*micros)};
    index.more = more != 0;
    in.get();
    std::getline(in, index.problem, '\0');
    return index;
}

}  // namespace

void bind_parameters(store::Statement& statement, int at, ParameterValues const& p) {
    bind_optional(statement, at, p.ttl);
    bind_optional(statement, at + 1, p.walkers);
    bind_optional(statement, at + 2, p.check_every);
    bind_optional(statement, at + 3, p.max_steps);
    bind_optional(statement, at + 4, p.state ? std::optional{std::uint64_t{*p.state}} : std::nullopt);
    bind_optional(statement, at + 5, p.results_wanted);
}

ParameterValues read_parameters(store::Statement const& statement, int column) {
    ParameterValues p;
    p.ttl = optional_number(statement, column);
    p.walkers = optional_number(statement, column + 1);
    p.check_every = optional_number(statement, column + 2);
    p.max_steps = optional_number(statement, column + 3);
    if (auto const state = optional_number(statement, column + 4)) p.state = *state != 0;
    p.results_wanted = optional_number(statement, column + 5);
    return p;
}

void bind_cost(store::Statement& statement, int at, SearchCost const& cost) {
    statement.bind(at, static_cast<std::int64_t>(cost.messages))
        .bind(at + 1, static_cast<std::int64_t>(cost.bytes))
        .bind(at + 2, static_cast<std::int64_t>(cost.origins))
        .bind(at + 3, std::int64_t{cost.origins_at_least})
        .bind(at + 4, static_cast<std::int64_t>(cost.reach_about))
        .bind(at + 5, static_cast<std::int64_t>(cost.cached_hits))
        .bind(at + 6, std::string_view{text_of_hops(cost.hits_by_hops)});
    bind_optional(statement, at + 7, optional_milliseconds(cost.first_result));
    bind_optional(statement, at + 8, optional_milliseconds(cost.tenth_result));
    if (cost.index)
        statement.bind(at + 9, std::string_view{text_of_index(*cost.index)});
    else
        statement.bind_null(at + 9);
    auto const left_out = std::to_string(cost.hidden_hits) + ' ' + std::to_string(cost.excluded_hits);
    statement.bind(at + 10, std::string_view{left_out});
}

SearchCost read_cost(store::Statement const& statement, int column) {
    SearchCost cost;
    cost.messages = number(statement, column);
    cost.bytes = number(statement, column + 1);
    cost.origins = number(statement, column + 2);
    cost.origins_at_least = statement.integer(column + 3) != 0;
    cost.reach_about = number(statement, column + 4);
    cost.cached_hits = number(statement, column + 5);
    read_hops(statement.text(column + 6), cost.hits_by_hops);
    cost.first_result = optional_duration(optional_number(statement, column + 7));
    cost.tenth_result = optional_duration(optional_number(statement, column + 8));
    if (!statement.is_null(column + 9)) cost.index = read_index(statement.text(column + 9));
    std::istringstream left_out{statement.is_null(column + 10) ? std::string{} : statement.text(column + 10)};
    left_out >> cost.hidden_hits >> cost.excluded_hits;
    return cost;
}

std::int64_t rounded_milliseconds(Duration time) { return (time.count() + 500) / 1000; }

std::string places(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
    return text;
}

}  // namespace praline::search::kept
