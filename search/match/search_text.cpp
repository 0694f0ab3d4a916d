#include "search/match/search_text.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"
#include "search/match/limits.hpp"

namespace praline::search {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// One piece of the text: a word, or what stands between quotes.
struct Piece {
    std::string_view inner;  ///< without minus and quotes
    bool minus = false, quoted = false;
};

/// Takes the next piece from the front of `rest`, which begins with no blank.
Piece take_piece(std::string_view& rest) {
    Piece piece;
    std::size_t at = std::min(rest.find_first_not_of('-'), rest.size());
    // A minus alone excludes nothing: "artist - title".
    piece.minus = at > 0 && at < rest.size() && !is_blank(rest[at]);
    if (at < rest.size() && rest[at] == '"') {
        if (auto const end = rest.find('"', at + 1); end != std::string_view::npos) {
            piece.quoted = true;
            piece.inner = rest.substr(at + 1, end - at - 1);
            rest.remove_prefix(end + 1);
            return piece;
        }
    }
    // A quote inside begins a piece of its own: foo"bar baz".
    auto const end =
        std::min(rest.find_first_of(" \t\n\r\"", at + (at < rest.size() && rest[at] == '"' ? 1 : 0)), rest.size());
    piece.inner = rest.substr(at, end - at);
    rest.remove_prefix(std::max<std::size_t>(end, 1));
    return piece;
}

SearchText::Part part_of(std::string_view inner) {
    std::string canonical = wire::canonical(inner);
    std::string shown{trim(inner)};
    if (shown.size() > shown_bytes_max) shown = canonical.substr(0, canonical.find(' '));
    return {std::move(shown), std::move(canonical)};
}

}  // namespace

SearchText split_search_text(std::string_view text) {
    SearchText out;
    for (std::string_view rest = trim(text); !rest.empty(); rest = trim(rest)) {
        Piece const piece = take_piece(rest);
        if (!piece.quoted && out.conditions.take(piece.inner, piece.minus)) continue;
        auto part = part_of(piece.inner);
        if (piece.minus && !part.canonical.empty()) {
            if (out.excluded.size() <= exclusions_max) out.excluded.push_back(std::move(part));
            continue;
        }
        if (piece.inner.empty()) continue;
        (out.wanted += out.wanted.empty() ? "" : " ") += piece.inner;
        bool const several = part.canonical.find(' ') != std::string::npos;
        if (piece.quoted && several && out.phrases.size() <= phrases_max) out.phrases.push_back(std::move(part));
    }
    return out;
}

std::string literal_search_text(std::string_view text) {
    std::string out;
    bool begins = true;
    for (char const c : text) {
        bool const sign = c == '"' || c == ':' || (c == '-' && begins);
        out += sign ? ' ' : c;
        begins = sign || is_blank(c);
    }
    return out;
}

std::string SearchText::problem() const {
    if (excluded.size() > exclusions_max)
        return "At most " + std::to_string(exclusions_max) + " words can be left out of a search.";
    if (phrases.size() > phrases_max)
        return "At most " + std::to_string(phrases_max) + " phrases can stand in a search.";
    if (!conditions.problem().empty()) return conditions.problem();
    auto const words = wire::keywords(wanted);
    if (words.empty() && !conditions.shown().empty() && excluded.empty())
        return "\"" + conditions.shown().front() +
               "\" only narrows a search. Write at least one word to look for as well.";
    if (words.empty() && !excluded.empty())
        return "\"-" + excluded.front().shown +
               "\" only leaves results out. Write at least one word to look for as well.";
    for (auto const& part : excluded)
        for (auto const& word : words)
            if (holds(word, part.canonical))
                return "\"" + word + "\" is asked for, and \"-" + part.shown +
                       "\" leaves out every name that holds it. Take one of them away.";
    return {};
}

bool holds(std::string_view canonical_name, std::string_view canonical_part) {
    if (canonical_part.empty()) return true;
    bool const anywhere = wire::is_unspaced(canonical_part.substr(0, canonical_part.find(' ')));
    for (std::size_t at = canonical_name.find(canonical_part); at != std::string_view::npos;
         at = canonical_name.find(canonical_part, at + 1))
        if (anywhere || at == 0 || canonical_name[at - 1] == ' ') return true;
    return false;
}

}  // namespace praline::search
