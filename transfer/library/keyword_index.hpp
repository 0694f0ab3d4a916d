#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace praline::library {

/// Which files have which words in their names; answers "every one of these is the beginning of a word of the name".
/// The vocabulary is sorted, so that the words with one beginning stand together.
/// @threads one at a time: pure.   @source 03-search section 1.2 of our protocol notes.
class KeywordIndex {
public:
    /// Words beyond `name_words_max` and repeated ones are left out. @pre `id` is not in the index.
    void add(std::uint32_t id, std::vector<std::string> const& words);
    /// Of an id that is not there: nothing happens.
    void remove(std::uint32_t id);
    /// At most `most` ids, each once, that match all of `beginnings`; none when there are no beginnings. Looks at no
    /// more than `candidates_max` files, so a query of very common beginnings may miss some.
    [[nodiscard]] std::vector<std::uint32_t> find(std::vector<std::string> const& beginnings, std::size_t most) const;
    [[nodiscard]] std::vector<std::string> words() const;
    [[nodiscard]] std::size_t word_count() const { return vocabulary_.size(); }

private:
    using Vocabulary = std::map<std::string, std::vector<std::uint32_t>, std::less<>>;
    using Word = Vocabulary::iterator;
    [[nodiscard]] std::size_t count_up_to(std::string const& beginning, std::size_t enough) const;
    [[nodiscard]] bool matches(std::uint32_t id, std::vector<std::string> const& beginnings) const;

    Vocabulary vocabulary_;                                   ///< word -> ids, ascending
    std::map<std::uint32_t, std::vector<Word>> names_;        ///< ordered: it grows without moving all of itself
};

}  // namespace praline::library
