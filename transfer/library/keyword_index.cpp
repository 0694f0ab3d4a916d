#include "transfer/library/keyword_index.hpp"

#include <algorithm>
#include <unordered_set>

#include "node/base/check.hpp"
#include "transfer/library/limits.hpp"

namespace praline::library {

void KeywordIndex::add(std::uint32_t id, std::vector<std::string> const& words) {
    auto const [name, fresh] = names_.try_emplace(id);
    check(fresh);
    for (std::string const& text : words) {
        if (name->second.size() == name_words_max) break;
        auto const word = vocabulary_.try_emplace(text).first;
        auto& ids = word->second;
        auto const at = std::lower_bound(ids.begin(), ids.end(), id);
        if (at != ids.end() && *at == id) continue;
        ids.insert(at, id);
        name->second.push_back(word);
    }
    name->second.shrink_to_fit();
}

void KeywordIndex::remove(std::uint32_t id) {
    auto const name = names_.find(id);
    if (name == names_.end()) return;
    for (Word const word : name->second) {
        auto& ids = word->second;
        ids.erase(std::lower_bound(ids.begin(), ids.end(), id));
        if (ids.empty()) vocabulary_.erase(word);
    }
    names_.erase(name);
}

/// How many files the words with this beginning have, counted no further than `enough`.
std::size_t KeywordIndex::count_up_to(std::string const& beginning, std::size_t enough) const {
    std::size_t count = 0;
    for (auto word = vocabulary_.lower_bound(beginning);
         word != vocabulary_.end() && word->first.starts_with(beginning) && count < enough; ++word)
        count += word->second.size();
    return count;
}

bool KeywordIndex::matches(std::uint32_t id, std::vector<std::string> const& beginnings) const {
    auto const& words = names_.at(id);
    return std::all_of(beginnings.begin(), beginnings.end(), [&](std::string const& beginning) {
        return std::any_of(words.begin(), words.end(),
                           [&](Word const& word) { return word->first.starts_with(beginning); });
    });
}

std::vector<std::uint32_t> KeywordIndex::find(std::vector<std::string> const& beginnings, std::size_t most) const {
    std::vector<std::uint32_t> found;
    if (beginnings.empty() || beginnings.size() > query_words_max || most == 0) return found;
    // The rarest beginning names the candidates, the others only look at them.
    std::string const* rarest = &beginnings.front();
    std::size_t fewest = count_up_to(*rarest, candidates_max);
    for (std::string const& beginning : beginnings) {
        std::size_t const count = count_up_to(beginning, fewest);
        if (count < fewest) {
            fewest = count;
            rarest = &beginning;
        }
    }
    std::unordered_set<std::uint32_t> seen;
    std::size_t looked_at = 0;
    for (auto word = vocabulary_.lower_bound(*rarest);
         word != vocabulary_.end() && word->first.starts_with(*rarest); ++word)
        for (std::uint32_t const id : word->second) {
            if (++looked_at > candidates_max) return found;
            if (!matches(id, beginnings) || !seen.insert(id).second) continue;
            found.push_back(id);
            if (found.size() == most) return found;
        }
    return found;
}

std::vector<std::string> KeywordIndex::words() const {
    std::vector<std::string> all;
    all.reserve(vocabulary_.size());
    for (auto const& [word, ids] : vocabulary_) all.push_back(word);
    return all;
}

}  // namespace praline::library
