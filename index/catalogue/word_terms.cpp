#include "index/catalogue/word_terms.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "node/wire/keywords.hpp"
#include "node/wire/limits.hpp"

namespace praline::index::catalogue {
namespace {

constexpr std::array<std::size_t, 7> beginning_characters{1, 2, 3, 4, 5, 6, 8};
constexpr std::array<std::size_t, 4> ascii_beginning_characters{3, 4, 6, 8};
constexpr std::string_view ascii_characters = "0123456789abcdefghijklmnopqrstuvwxyz";  // of canonical words
constexpr std::size_t pair = 2;
constexpr std::size_t terms_of_a_name = 256;  // bytes, for most names

/// All characters of a canonical word are of one block, so the first one decides.
bool is_ascii_word(std::string_view word) { return static_cast<unsigned char>(word.front()) < 0x80; }

/// An ASCII word of so many characters is a term itself, and no longer word has it as one.
bool is_widened_length(std::size_t length) { return length == 2 || length == 5; }

std::string_view longest_ascii_beginning(std::string_view word) {
    for (auto length = ascii_beginning_characters.rbegin(); length != ascii_beginning_characters.rend(); ++length)
        if (*length <= word.size()) return word.substr(0, *length);
    return {};
}

std::string_view longest_beginning(std::string_view word) {
    auto const characters = wire::count_characters(word);
    auto const length = std::find_if(beginning_characters.rbegin(), beginning_characters.rend(),
                                     [&](std::size_t one) { return one <= characters; });
    return wire::beginning(word, *length);
}

/// Words in the order of their bytes, each once.
std::vector<std::string_view> sorted_words(std::vector<std::string> const& texts) {
    std::vector<std::string_view> words;
    words.reserve(wire::words_max);
    for (std::string_view rest : texts)
        for (std::size_t count = 0; !rest.empty() && count < wire::words_max; ++count) {
            words.push_back(rest.substr(0, rest.find(' ')));
            rest.remove_prefix(std::min(words.back().size() + 1, rest.size()));
        }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

/// Gathers the terms of words that come in order, so that a term that was there before is one of the word before.
class Terms {
public:
    Terms() { text_.reserve(terms_of_a_name); }
    void add(std::string_view word) {
        auto const end = std::mismatch(word.begin(), word.end(), last_.begin(), last_.end()).first;
        last_ = word;
        auto const shared = static_cast<std::size_t>(end - word.begin());
        if (is_ascii_word(word))
            add_ascii(word, shared);
        else if (wire::is_unspaced(word))
            add_pieces(word);
        else
            add_beginnings(word, shared);
    }
    std::string take() {
        std::sort(pieces_.begin(), pieces_.end());
        pieces_.erase(std::unique(pieces_.begin(), pieces_.end()), pieces_.end());
        for (auto const piece : pieces_) put(piece);
        return std::move(text_);
    }

private:
    void put(std::string_view term) {
        if (!text_.empty()) text_ += ' ';
        text_ += term;
    }
    void add_ascii(std::string_view word, std::size_t shared) {
        for (auto const length : ascii_beginning_characters)
            if (length <= word.size() && length > shared) put(word.substr(0, length));
        if (is_widened_length(word.size())) put(word);
    }
    void add_beginnings(std::string_view word, std::size_t shared) {
        auto const characters = wire::count_characters(word);
        for (auto const length : beginning_characters) {
            if (length > characters) break;
            auto const term = wire::beginning(word, length);
            if (term.size() > shared) put(term);
        }
    }
    void add_pieces(std::string_view word) {
        for (auto const piece : wire::pieces(word, pair)) {
            pieces_.push_back(piece);
            pieces_.push_back(wire::beginning(piece, 1));
        }
    }

    std::string text_;
    std::string_view last_;
    std::vector<std::string_view> pieces_;  // of words without blanks; those of one are often those of another
};

/// What is looked up for a word, or for a part of one.
struct Lookup {
    std::string_view term;
    bool is_widened = false;  ///< or any term that is one character longer
    friend bool operator==(Lookup const&, Lookup const&) = default;
};

/// @returns whether what is looked up stands for the whole word.
bool add_lookups(std::string_view word, std::vector<Lookup>& lookups) {
    if (!wire::can_lead(word)) return false;
    if (is_ascii_word(word)) {
        bool const is_widened = is_widened_length(word.size());
        lookups.push_back({is_widened ? word : longest_ascii_beginning(word), is_widened});
        return lookups.back().term == word;
    }
    if (!wire::is_unspaced(word)) {
        lookups.push_back({longest_beginning(word)});
        return lookups.back().term == word;
    }
    auto pieces = wire::pieces(word, pair);
    if (pieces.size() > 1) pieces.pop_back();  // the last one is no pair
    for (auto const piece : pieces) lookups.push_back({piece});
    return pieces.size() == 1;
}

/// Longer words say more.
bool goes_before(Lookup const& left, Lookup const& right) {
    return left.term.size() != right.term.size() ? left.term.size() > right.term.size() : left.term < right.term;
}

/// Those beyond the limit are looked up as a term that is shorter, or not at all. @returns whether there were any.
bool narrow(std::vector<Lookup>& lookups, std::size_t widened_max) {
    std::size_t widened = 0;
    bool is_changed = false;
    for (auto& lookup : lookups) {
        if (!lookup.is_widened || widened++ < widened_max) continue;
        lookup = {longest_ascii_beginning(lookup.term)};
        is_changed = true;
    }
    std::erase_if(lookups, [](Lookup const& lookup) { return lookup.term.empty(); });
    return is_changed;
}

void put_quoted(std::string& match, std::string_view term, std::string_view more = {}) {
    match += '"';
    match += term;
    match += more;
    match += '"';
}

void put_lookup(std::string& match, Lookup const& lookup) {
    if (!lookup.is_widened) return put_quoted(match, lookup.term);
    match += '(';
    put_quoted(match, lookup.term);
    for (auto const& character : ascii_characters) {
        match += " OR ";
        put_quoted(match, lookup.term, {&character, 1});
    }
    match += ')';
}

}  // namespace

std::string terms_of_names(std::vector<std::string_view> const& names) {
    std::vector<std::string> texts;
    texts.reserve(names.size());
    for (auto const name : names) texts.push_back(wire::canonical(name));
    Terms terms;
    for (auto const word : sorted_words(texts)) terms.add(word);
    return terms.take();
}

TermQuery term_query(std::vector<std::string> const& words, TermLimits const& limits) {
    std::vector<Lookup> lookups;
    TermQuery query{{}, true};
    for (auto const& word : words) query.is_exact = add_lookups(word, lookups) && query.is_exact;
    std::sort(lookups.begin(), lookups.end(), goes_before);
    lookups.erase(std::unique(lookups.begin(), lookups.end()), lookups.end());
    if (lookups.size() > limits.words_max) {
        lookups.resize(limits.words_max);
        query.is_exact = false;
    }
    if (narrow(lookups, limits.widened_max)) query.is_exact = false;
    for (auto const& lookup : lookups) {
        if (!query.match.empty()) query.match += " AND ";
        put_lookup(query.match, lookup);
    }
    return query;
}

}  // namespace praline::index::catalogue
