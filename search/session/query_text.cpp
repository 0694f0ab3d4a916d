#include "search/session/query_text.hpp"

#include <algorithm>
#include <vector>

#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"
#include "search/match/search_text.hpp"

namespace praline::search {
namespace {

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() && equals_ignoring_case(text.substr(0, start.size()), start);
}

std::string joined_words(std::string_view text, std::size_t bytes_max) {
    std::string out;
    std::vector<std::string> taken;
    bool searchable = false;
    for (std::string& word : wire::keywords(text)) {
        if (std::find(taken.begin(), taken.end(), word) != taken.end()) continue;
        if (out.size() + word.size() + (out.empty() ? 0 : 1) > bytes_max) break;
        if (!out.empty()) out += ' ';
        out += word;
        searchable = searchable || wire::can_lead(word);
        taken.push_back(std::move(word));
    }
    return searchable ? out : std::string{};
}

}  // namespace

std::optional<wire::Query> make_query(std::string_view text, std::optional<Urn> urn, std::size_t text_bytes_max) {
    text = trim(text);
    if (!urn) urn = Urn::parse(text);
    if (urn && !urn->sha1 && !urn->tiger_root) urn.reset();
    bool const is_link = starts_with_ignoring_case(text, "magnet:") || starts_with_ignoring_case(text, "urn:");
    wire::Query query;
    if (!is_link) query.text = joined_words(split_search_text(text).wanted, text_bytes_max);
    if (urn) query.urns.push_back(*urn);
    if (query.text.empty()) {
        if (!urn) return std::nullopt;
        query.text = "\\";
    }
    return query;
}

}  // namespace praline::search
