#include "transfer/library/keyword_index.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "node/base/check.hpp"
#include "node/wire/keywords.hpp"
#include "transfer/library/limits.hpp"

namespace praline::library {
namespace {

/// Sorted by text and id.
using Removals = std::vector<std::pair<std::string, std::uint32_t>>;

void remove_from(CountedWords& words, Removals& removals) {
    std::sort(removals.begin(), removals.end());
    std::vector<std::uint32_t> ids;
    for (auto at = removals.begin(); at != removals.end();) {
        auto const& text = at->first;
        ids.clear();
        auto const next = std::find_if(at, removals.end(), [&](auto const& one) { return one.first != text; });
        std::transform(at, next, std::back_inserter(ids), [](auto const& one) { return one.second; });
        words.remove(text, ids);
        at = next;
    }
}

}  // namespace

void KeywordIndex::add(std::uint32_t id, std::vector<std::string> const& words) {
    auto const [name, fresh] = names_.try_emplace(id);
    check(fresh);
    for (std::string const& text : words) {
        if (name->second.size() == name_words_max) break;
        auto const* const word = words_.add(text, id);
        if (!word) continue;
        name->second.push_back(word);
        if (!wire::is_unspaced(text)) continue;
        for (auto const piece : wire::pieces(text, piece_characters)) pieces_.add(piece, id);
    }
    std::sort(name->second.begin(), name->second.end(), [](Word left, Word right) { return left->text < right->text; });
    name->second.shrink_to_fit();
}

void KeywordIndex::remove(std::vector<std::uint32_t> ids) {
    Removals words, pieces;
    for (auto const id : ids) {
        auto const name = names_.find(id);
        if (name == names_.end()) continue;
        for (Word const word : name->second) {
            words.emplace_back(word->text, id);
            if (!wire::is_unspaced(word->text)) continue;
            for (auto const piece : wire::pieces(word->text, piece_characters)) pieces.emplace_back(piece, id);
        }
        names_.erase(name);
    }
    remove_from(words_, words);
    remove_from(pieces_, pieces);
}

bool KeywordIndex::matches(Name const& name, std::string const& asked) {
    if (wire::is_unspaced(asked))
        return std::any_of(name.begin(), name.end(), [&](Word word) { return wire::word_matches(asked, word->text); });
    auto const word = std::partition_point(name.begin(), name.end(), [&](Word one) { return one->text < asked; });
    return word != name.end() && wire::word_matches(asked, (*word)->text);
}

/// Takes the files of this word, or of a piece of it, if there are fewer of them.
void KeywordIndex::consider(std::vector<std::string> const& asked, std::size_t word, Matches& result,
                            Lead& best) const {
    auto const take = [&](CountedWords const& vocabulary, std::string_view text, bool is_whole) {
        result.steps += lookup_steps;
        auto const range = vocabulary.range(text);
        if (!best.vocabulary || range.count < best.range.count) best = {&vocabulary, range, word, is_whole};
    };
    std::string_view const text = asked[word];
    if (!wire::is_unspaced(text)) return take(words_, text, true);
    auto const characters = wire::count_characters(text);
    if (characters <= piece_characters) return take(pieces_, text, true);
    auto pieces = wire::pieces(text, piece_characters);
    pieces.pop_back();  // the last one has one character
    if (pieces.size() > pieces_looked_up_max) pieces.resize(pieces_looked_up_max);
    for (auto const piece : pieces) take(pieces_, piece, false);
}

KeywordIndex::Lead KeywordIndex::choose(std::vector<std::string> const& asked, Matches& result) const {
    Lead best;
    bool const has_long = asked.front().size() >= choosing_bytes_min;
    for (std::size_t word = 0; word < asked.size(); ++word) {
        if (has_long ? asked[word].size() < choosing_bytes_min : !wire::can_lead(asked[word])) break;
        consider(asked, word, result, best);
        if (best.range.count <= rare_files) break;
    }
    return best;
}

Matches KeywordIndex::find(std::vector<std::string> asked, MatchWish const& wish) const {
    Matches result;
    // The longest first: it is likely to be the rarest, and the words that may not choose are the last.
    std::sort(asked.begin(), asked.end(), [](auto const& left, auto const& right) {
        return left.size() != right.size() ? left.size() > right.size() : left < right;
    });
    asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
    if (asked.empty() || asked.size() > query_words_max || wish.most == 0) return result;
    auto const lead = choose(asked, result);
    if (!lead.vocabulary) return result;
    if (lead.is_whole) asked.erase(asked.begin() + static_cast<std::ptrdiff_t>(lead.word));
    std::unordered_set<std::uint32_t> seen;
    lead.vocabulary->walk(lead.range, wish.start, [&](std::uint32_t id) {
        if (result.steps >= query_steps_max || result.ids.size() == wish.most) {
            result.all_looked_at = false;
            return false;
        }
        ++result.steps;
        auto const& name = names_.at(id);
        for (auto const& word : asked) {
            result.steps += wire::is_unspaced(word) ? unspaced_steps : 1;
            if (!matches(name, word)) return true;
        }
        if (!seen.contains(id) && (!wish.accept || wish.accept(id))) {
            seen.insert(id);
            result.ids.push_back(id);
        }
        return true;
    });
    return result;
}

}  // namespace praline::library
