#include "search/match/hit_match.hpp"

#include <algorithm>
#include <optional>

#include "node/wire/keywords.hpp"
#include "node/wire/limits.hpp"
#include "search/match/limits.hpp"

namespace praline::search {
namespace {

/// Programs set blanks differently, between scripts above all.
std::string without_blanks(std::string_view canonical) {
    std::string text{canonical};
    std::erase(text, ' ');
    return text;
}

bool contradicts(Urn const& wanted, Urn const& offered) {
    return wanted.sha1 && offered.sha1 && *wanted.sha1 != *offered.sha1;
}

bool agrees(Urn const& wanted, Urn const& offered) {
    if (contradicts(wanted, offered)) return false;
    return (wanted.sha1 && offered.sha1) || (wanted.tiger_root && offered.tiger_root == wanted.tiger_root);
}

}  // namespace

HitMatch::HitMatch(wire::Query const& query, SearchText const& asked) : conditions_{asked.conditions} {
    for (Urn const& urn : query.urns)
        if (urn.sha1 || urn.tiger_root) urns_.push_back(urn);
    for (auto const& part : asked.phrases) phrases_.push_back(part.canonical);
    for (auto const& part : asked.excluded) excluded_.push_back(part.canonical);
    auto words = wire::keywords(query.text);
    bool const some_tell =
        std::any_of(words.begin(), words.end(), [](auto const& word) { return word.size() >= telling_bytes; });
    std::erase_if(words, [&](auto const& word) { return some_tell && word.size() < telling_bytes; });
    words_ = std::move(words);
}

bool HitMatch::is_wanted(Urn const& offered) const {
    return std::any_of(urns_.begin(), urns_.end(), [&](Urn const& wanted) { return agrees(wanted, offered); });
}

bool HitMatch::has_a_word(std::string_view text) const {
    auto const joined = without_blanks(wire::canonical(text));
    return std::any_of(words_.begin(), words_.end(),
                       [&](auto const& word) { return joined.find(word) != std::string::npos; });
}

/// In slices that overlap, since a text is compared up to a length only.
bool HitMatch::metadata_has_a_word(std::string_view text) const {
    for (;; text.remove_prefix(wire::canonical_bytes_max - slice_overlap_bytes)) {
        if (has_a_word(text.substr(0, wire::canonical_bytes_max))) return true;
        if (text.size() <= wire::canonical_bytes_max) return false;
    }
}

HitMatch::Verdict HitMatch::judge(wire::HitRecord const& record) const {
    if (!urns_.empty()) {
        if (!is_wanted(record.urn)) return Verdict::other_content;
    } else if (!words_.empty() && !has_a_word(record.name)) {
        return Verdict::no_words;
    }
    bool const fits = conditions_.fits(record.name, record.size_bytes);
    return !fits || is_excluded(record.name) ? Verdict::excluded : Verdict::answers;
}

bool HitMatch::is_excluded(std::string_view name) const {
    if (excluded_.empty() && phrases_.empty()) return false;
    auto const canonical = wire::canonical(name);
    auto const in_name = [&](auto const& part) { return holds(canonical, part); };
    return std::any_of(excluded_.begin(), excluded_.end(), in_name) ||
           !std::all_of(phrases_.begin(), phrases_.end(), in_name);
}

std::vector<HitMatch::Verdict> HitMatch::judge(wire::QueryHit const& hit) const {
    std::vector<Verdict> verdicts;
    verdicts.reserve(hit.records.size());
    std::optional<bool> metadata_has_one;  // looked at once for all records, and only if a name does not do
    for (auto const& record : hit.records) {
        auto verdict = judge(record);
        if (verdict == Verdict::no_words) {
            if (!metadata_has_one) metadata_has_one = metadata_has_a_word(hit.metadata.text);
            if (*metadata_has_one) verdict = is_excluded(record.name) ? Verdict::excluded : Verdict::answers;
        }
        verdicts.push_back(verdict);
    }
    return verdicts;
}

}  // namespace praline::search
