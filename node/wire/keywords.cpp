#include "node/wire/keywords.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "node/wire/limits.hpp"
#include "node/wire/unicode_blocks.hpp"

namespace praline::wire {
namespace {

constexpr auto decompose_options =
    static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
constexpr auto compose_options = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);

enum class Fate { keep, blank, drop };

// Nukta, kana voicing mark and virama change the letter they stand on; an accent only decorates it.
bool is_sign_of_script(utf8proc_propval_t combining_class) { return combining_class >= 7 && combining_class <= 9; }

Fate fate_of(utf8proc_int32_t code) {
    auto const* property = utf8proc_get_property(code);
    switch (property->category) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_MC: return Fate::keep;
        case UTF8PROC_CATEGORY_MN: return is_sign_of_script(property->combining_class) ? Fate::keep : Fate::drop;
        case UTF8PROC_CATEGORY_ME:
        case UTF8PROC_CATEGORY_CF: return Fate::drop;
        default: return Fate::blank;
    }
}

/// The text with a blank for each byte that is not UTF-8.
std::string repaired(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    auto const* at = reinterpret_cast<utf8proc_uint8_t const*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t code = 0;
        auto const length = utf8proc_iterate(at, left, &code);
        auto const step = std::max<utf8proc_ssize_t>(length, 1);
        if (length > 0)
            result.append(reinterpret_cast<char const*>(at), static_cast<std::size_t>(length));
        else
            result.push_back(' ');
        at += step;
        left -= step;
    }
    return result;
}

std::vector<utf8proc_int32_t> decomposed(std::string const& text) {
    auto const* data = reinterpret_cast<utf8proc_uint8_t const*>(text.data());
    auto const size = static_cast<utf8proc_ssize_t>(text.size());
    auto const count = utf8proc_decompose(data, size, nullptr, 0, decompose_options);
    std::vector<utf8proc_int32_t> codes(static_cast<std::size_t>(std::max<utf8proc_ssize_t>(count, 0)));
    utf8proc_decompose(data, size, codes.data(), std::max<utf8proc_ssize_t>(count, 0), decompose_options);
    return codes;
}

/// Drops and blanks what does not count, in place; no blank at either end, none twice.
void filter(std::vector<utf8proc_int32_t>& codes) {
    std::size_t kept = 0;
    bool owes_blank = false;
    for (auto const code : codes) {
        auto const fate = fate_of(code);
        if (fate == Fate::drop) continue;
        if (fate == Fate::blank) {
            owes_blank = kept > 0;
            continue;
        }
        // A blank takes the place of an earlier byte that was not kept, so this never overtakes the reader.
        if (owes_blank) codes[kept++] = ' ';
        owes_blank = false;
        codes[kept++] = code;
    }
    codes.resize(kept);
}

void compose(std::vector<utf8proc_int32_t>& codes) {
    auto const count =
        utf8proc_normalize_utf32(codes.data(), static_cast<utf8proc_ssize_t>(codes.size()), compose_options);
    codes.resize(static_cast<std::size_t>(std::max<utf8proc_ssize_t>(count, 0)));
}

/// Appends the character, unless the text would become longer than `canonical_bytes_max`; then it appends nothing.
bool append(std::string& text, utf8proc_int32_t code, bool blank_before) {
    utf8proc_uint8_t piece[4];
    auto const length = static_cast<std::size_t>(utf8proc_encode_char(code, piece));
    if (text.size() + (blank_before ? 1 : 0) + length > canonical_bytes_max) return false;
    if (blank_before) text.push_back(' ');
    text.append(reinterpret_cast<char const*>(piece), length);
    return true;
}

/// As UTF-8 with a blank wherever the block changes.
std::string encoded_words(std::vector<utf8proc_int32_t> const& codes) {
    std::string text;
    unsigned last_block = 0;
    bool in_word = false;
    for (auto const code : codes) {
        auto const block = unicode_block(static_cast<std::uint32_t>(code));
        bool const parts = in_word && code != ' ' && block != last_block;
        in_word = code != ' ';
        last_block = block;
        if (!append(text, code, parts)) break;
    }
    if (text.ends_with(' ')) text.pop_back();
    return text;
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The same as the long way, for what most names are made of.
std::string canonical_ascii(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    bool owes_blank = false;
    for (char c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
            owes_blank = !result.empty();
            continue;
        }
        if (owes_blank) result.push_back(' ');
        owes_blank = false;
        result.push_back(c);
    }
    return result;
}

}  // namespace

std::string canonical(std::string_view utf8) {
    utf8 = utf8.substr(0, canonical_bytes_max);
    if (is_ascii(utf8)) return canonical_ascii(utf8);
    auto codes = decomposed(repaired(utf8));
    filter(codes);
    compose(codes);
    return encoded_words(codes);
}

std::string folded(std::string_view utf8) {
    utf8 = utf8.substr(0, canonical_bytes_max);
    auto codes = decomposed(repaired(utf8));
    std::erase_if(codes, [](utf8proc_int32_t code) { return fate_of(code) == Fate::drop; });
    compose(codes);
    std::string text;
    for (auto const code : codes)
        if (!append(text, code, false)) break;
    return text;
}

std::vector<std::string> keywords(std::string_view utf8) {
    auto const text = canonical(utf8);
    std::vector<std::string> words;
    std::string_view rest = text;
    while (!rest.empty() && words.size() < words_max) {
        auto const word = rest.substr(0, rest.find(' '));
        words.emplace_back(word);
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return words;
}

std::vector<std::string> distinct_keywords(std::string_view utf8) {
    auto words = keywords(utf8);
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

bool is_unspaced(std::string_view word) {
    if (word.empty() || static_cast<unsigned char>(word.front()) < 0x80) return false;
    utf8proc_int32_t code = 0;
    auto const length = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(word.data()),
                                         static_cast<utf8proc_ssize_t>(word.size()), &code);
    return length > 0 && is_of_unspaced_script(static_cast<std::uint32_t>(code));
}

bool word_matches(std::string_view asked, std::string_view word) {
    return word.starts_with(asked) || (is_unspaced(asked) && word.find(asked) != std::string_view::npos);
}

bool has_words(std::vector<std::string> const& asked, std::vector<std::string> const& words) {
    return std::all_of(asked.begin(), asked.end(), [&](std::string const& one) {
        return std::any_of(words.begin(), words.end(),
                           [&](std::string const& word) { return word_matches(one, word); });
    });
}

bool can_lead(std::string_view word) { return word.size() > 1; }

std::size_t count_characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), begins_character));
}

std::string_view beginning(std::string_view utf8, std::size_t characters) {
    std::size_t end = 0;
    for (; end < utf8.size(); ++end)
        if (begins_character(utf8[end]) && characters-- == 0) break;
    return utf8.substr(0, end);
}

std::vector<std::string_view> pieces(std::string_view word, std::size_t characters) {
    std::vector<std::string_view> all;
    for (; !word.empty() && all.size() < pieces_max; word.remove_prefix(beginning(word, 1).size()))
        all.push_back(beginning(word, characters));
    return all;
}

}  // namespace praline::wire
