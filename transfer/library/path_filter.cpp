#include "transfer/library/path_filter.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"

namespace praline::library {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string folded_for_filter(std::string_view virtual_path) {
    return is_ascii(virtual_path) ? std::string{} : wire::folded(virtual_path);
}

PathFilter::PathFilter(std::string_view text) : text_{wire::folded(trim(text))}, words_{wire::distinct_keywords(text)} {
    if (words_.size() < 2) words_.clear();
}

bool PathFilter::matches_ascii(std::string_view virtual_path) const {
    // A million paths must not take a second: nothing is copied unless the words may be there in another order.
    auto const same = [](char path, char wanted) { return lower(path) == wanted; };
    if (std::search(virtual_path.begin(), virtual_path.end(), text_.begin(), text_.end(), same) != virtual_path.end())
        return true;
    return !words_.empty() && has_words(to_lower_ascii(virtual_path));
}

bool PathFilter::matches_folded(std::string_view folded) const {
    return folded.find(text_) != std::string_view::npos || (!words_.empty() && has_words(folded));
}

bool PathFilter::has_words(std::string_view folded) const {
    // Most paths lack a word altogether; only of the others the words are made out.
    bool const may_have = std::all_of(words_.begin(), words_.end(),
                                      [&](auto const& word) { return folded.find(word) != std::string_view::npos; });
    return may_have && wire::has_words(words_, wire::keywords(folded));
}

}  // namespace praline::library
