#include "tools/praline/search_rows.hpp"

#include <cmath>
#include <sstream>

#include "node/base/text.hpp"

namespace praline {
namespace {

void bind_optional(store::Statement& statement, int at, std::optional<std::uint64_t> const& value) {
    if (value) statement.bind(at, static_cast<std::int64_t>(*value));
    else statement.bind_null(at);
}

std::optional<std::uint64_t> optional_number(store::Statement const& statement, int column) {
    if (statement.is_null(column)) return std::nullopt;
    return static_cast<std::uint64_t>(statement.integer(column));
}

std::uint64_t number(store::Statement const& statement, int column) { return static_cast<std::uint64_t>(statement.integer(column)); }

std::optional<std::uint64_t> milliseconds(std::optional<double> const& seconds) {
    return seconds ? std::optional{static_cast<std::uint64_t>(std::llround(*seconds * 1000))} : std::nullopt;
}

std::optional<double> seconds(std::optional<std::uint64_t> const& milliseconds) {
    return milliseconds ? std::optional{static_cast<double>(*milliseconds) / 1000} : std::nullopt;
}

/// "1:20 3:5": five hits from three hops away.
std::string text_of(std::vector<webui::HopCount> const& counts) {
    std::string text;
    for (auto const& one : counts) text += (text.empty() ? "" : " ") + std::to_string(one.hops) + ':' + std::to_string(one.hits);
    return text;
}

std::vector<webui::HopCount> counts_of(std::string const& text) {
    std::vector<webui::HopCount> counts;
    for (auto const piece : split(text, ' ')) {
        auto const colon = piece.find(':');
        auto const hops = parse_number(piece.substr(0, colon));
        auto const hits = colon == std::string_view::npos ? std::nullopt : parse_number(piece.substr(colon + 1));
        if (hops && hits && *hops <= UINT8_MAX) counts.push_back({static_cast<std::uint32_t>(*hops), *hits});
    }
    return counts;
}

/// "2 640 3500 20 1 a sentence": messages, octets, microseconds (empty: -), files, whether there are more, what was wrong.
std::string text_of(webui::IndexPriceView const& index) {
    auto const took = index.milliseconds ? std::to_string(std::llround(*index.milliseconds * 1000)) : std::string{"-"};
    return std::to_string(index.messages) + ' ' + std::to_string(index.bytes) + ' ' + took + ' ' + std::to_string(index.files) + ' ' +
           (index.more ? "1 " : "0 ") + index.problem;
}

std::optional<webui::IndexPriceView> index_price_of(std::string const& text) {
    std::istringstream in{text};
    webui::IndexPriceView index;
    std::string took;
    int more = 0;
    if (!(in >> index.messages >> index.bytes >> took >> index.files >> more)) return std::nullopt;
    if (auto const micros = parse_number(took)) index.milliseconds = static_cast<double>(*micros) / 1000;
    index.more = more != 0;
    in.get();
    std::getline(in, index.problem, '\0');
    return index;
}

}  // namespace

void bind_parameters(store::Statement& statement, int at, webui::SearchParameters const& p) {
    bind_optional(statement, at, p.ttl);
    bind_optional(statement, at + 1, p.walkers);
    bind_optional(statement, at + 2, p.check_every);
    bind_optional(statement, at + 3, p.max_steps);
    bind_optional(statement, at + 4, p.state ? std::optional{std::uint64_t{*p.state}} : std::nullopt);
    bind_optional(statement, at + 5, p.results_wanted);
}

webui::SearchParameters read_parameters(store::Statement const& statement, int column) {
    webui::SearchParameters p;
    p.ttl = optional_number(statement, column);
    p.walkers = optional_number(statement, column + 1);
    p.check_every = optional_number(statement, column + 2);
    p.max_steps = optional_number(statement, column + 3);
    if (auto const state = optional_number(statement, column + 4)) p.state = *state != 0;
    p.results_wanted = optional_number(statement, column + 5);
    return p;
}

void bind_price(store::Statement& statement, int at, webui::PriceView const& price) {
    statement.bind(at, static_cast<std::int64_t>(price.messages))
        .bind(at + 1, static_cast<std::int64_t>(price.bytes))
        .bind(at + 2, static_cast<std::int64_t>(price.origins))
        .bind(at + 3, std::int64_t{price.origins_at_least})
        .bind(at + 4, static_cast<std::int64_t>(price.reach_about))
        .bind(at + 5, static_cast<std::int64_t>(price.cached_hits))
        .bind(at + 6, std::string_view{text_of(price.hits_by_hops)});
    bind_optional(statement, at + 7, milliseconds(price.first_result_seconds));
    bind_optional(statement, at + 8, milliseconds(price.tenth_result_seconds));
    if (price.index) statement.bind(at + 9, std::string_view{text_of(*price.index)});
    else statement.bind_null(at + 9);
    auto const left_out = std::to_string(price.hidden_hits) + ' ' + std::to_string(price.excluded_hits);
    statement.bind(at + 10, std::string_view{left_out});
}

webui::PriceView read_price(store::Statement const& statement, int column) {
    webui::PriceView price;
    price.messages = number(statement, column);
    price.bytes = number(statement, column + 1);
    price.origins = number(statement, column + 2);
    price.origins_at_least = statement.integer(column + 3) != 0;
    price.reach_about = number(statement, column + 4);
    price.cached_hits = number(statement, column + 5);
    price.hits_by_hops = counts_of(statement.text(column + 6));
    price.first_result_seconds = seconds(optional_number(statement, column + 7));
    price.tenth_result_seconds = seconds(optional_number(statement, column + 8));
    if (!statement.is_null(column + 9)) price.index = index_price_of(statement.text(column + 9));
    std::istringstream left_out{statement.is_null(column + 10) ? std::string{} : statement.text(column + 10)};
    left_out >> price.hidden_hits >> price.excluded_hits;
    return price;
}

std::string places(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
    return text;
}

}  // namespace praline
