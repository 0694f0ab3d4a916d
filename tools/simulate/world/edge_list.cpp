#include "tools/simulate/world/edge_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>

#include <zlib.h>

#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::world {
namespace {

constexpr std::string_view separators = " \t,;";
constexpr std::string_view edge_list_mark = "\xEF\xBB\xBF";
constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::size_t magic_bytes = 6;  // of the longest below

/// Takes a number off the front.
bool take_number(std::string_view& text, std::uint64_t& number) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return text.empty() || separators.find(text.front()) != std::string_view::npos;
}

bool is_comment(std::string_view text) {
    return text.starts_with('#') || text.starts_with('%') || text.starts_with("//");
}

/// Names of columns, as the first line of a CSV file has them: neither of the first two is a number.
bool is_heading(std::string_view text) {
    auto const end = text.find_first_of(separators);
    if (end == std::string_view::npos) return false;
    auto const second = text.find_first_not_of(separators, end);
    auto const is_name = [&](std::size_t at) {
        char const c = text[at];
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '"';
    };
    return second != std::string_view::npos && is_name(0) && is_name(second);
}

/// Pairs of names, numbered in the order of the names.
template <class Name>
Graph numbered(std::vector<std::pair<Name, Name>> pairs) {
    std::vector<Name> names;
    names.reserve(2 * pairs.size());
    for (auto const& [from, to] : pairs) names.push_back(from), names.push_back(to);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (names.size() > nodes_max) throw BadInput{"has more nodes than " + std::to_string(nodes_max)};
    auto const number = [&](Name name) {
        return static_cast<Node>(std::lower_bound(names.begin(), names.end(), name) - names.begin());
    };
    if constexpr (sizeof(Name) == sizeof(Node)) {
        for (auto& [from, to] : pairs) from = number(from), to = number(to);
        return Graph{static_cast<Node>(names.size()), std::move(pairs)};
    } else {
        std::vector<Link> links;
        links.reserve(pairs.size());
        for (auto const& [from, to] : pairs) links.emplace_back(number(from), number(to));
        pairs = {};
        return Graph{static_cast<Node>(names.size()), std::move(links)};
    }
}

/// Says what a file is that looks like one we cannot read.
void refuse_other_forms(std::string_view first) {
    struct Form {
        std::string_view magic;
        char const* sentence;
    };
    static constexpr std::array<Form, 6> forms{{
        {"\xFF\xFE", "is text in UTF-16; save it as plain text or UTF-8"},
        {"\xFE\xFF", "is text in UTF-16; save it as plain text or UTF-8"},
        {"BZh", "is compressed with bzip2, which is not read; unpack it, or compress it with gzip"},
        {"\xFD"
         "7zXZ",
         "is compressed with xz, which is not read; unpack it, or compress it with gzip"},
        {"\x28\xB5\x2F\xFD", "is compressed with zstd, which is not read; unpack it, or compress it with gzip"},
        {"PK\x03\x04", "is a zip archive, which is not read; unpack it, or compress its edge list with gzip"},
    }};
    for (Form const& form : forms)
        if (first.starts_with(form.magic)) throw BadInput{form.sentence};
}

}  // namespace

void EdgeListParser::feed(std::string_view bytes) {
    for (char const c : bytes) {
        bool const ends = c == '\n' || c == '\r';
        bool const is_second_half = c == '\n' && after_return_;
        after_return_ = c == '\r';
        if (is_second_half) continue;
        if (ends) {
            end_line();
        } else if (line_.size() < line_bytes_max) {
            line_ += c;
        } else if (!is_cut_) {
            auto const begin = line_.find_first_not_of(separators);
            if (begin == std::string::npos || !is_comment(std::string_view{line_}.substr(begin)))
                throw BadInput{"is no edge list: line " + std::to_string(lines_ + 1) + " is longer than " +
                               std::to_string(line_bytes_max) + " characters"};
            is_cut_ = true;
        }
    }
}

void EdgeListParser::end_line() {
    ++lines_;
    std::string_view text = line_;
    if (lines_ == 1 && text.starts_with(edge_list_mark)) text.remove_prefix(edge_list_mark.size());
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (lines_ == 1 && text.starts_with("%%MatrixMarket")) awaited_ = Awaited::sizes;
    if (!text.empty() && !is_comment(text)) take(text);
    line_.clear();
    is_cut_ = false;
}

void EdgeListParser::take(std::string_view text) {
    auto const awaited = std::exchange(awaited_, Awaited::links);
    if (awaited == Awaited::sizes || (awaited == Awaited::head && is_heading(text))) return;
    std::uint64_t from = 0, to = 0;
    if (!take_number(text, from) || !take_number(text, to))
        throw BadInput{"is no edge list: line " + std::to_string(lines_) + " is not two node numbers"};
    add(from, to);
}

void EdgeListParser::add(std::uint64_t from, std::uint64_t to) {
    if (links_.size() + wide_.size() >= 2 * links_max)
        throw BadInput{"has more lines than " + std::to_string(2 * links_max)};
    constexpr std::uint64_t narrow_max = std::numeric_limits<Node>::max();
    // Few lists have such numbers, and those that have none are read in half the memory.
    if (wide_.empty() && from <= narrow_max && to <= narrow_max) {
        links_.emplace_back(static_cast<Node>(from), static_cast<Node>(to));
        return;
    }
    if (!links_.empty()) {
        wide_.assign(links_.begin(), links_.end());
        links_ = {};
    }
    wide_.emplace_back(from, to);
}

Graph EdgeListParser::finish() {
    if (!line_.empty()) end_line();
    return wide_.empty() ? numbered(std::move(links_)) : numbered(std::move(wide_));
}

Graph read_edge_list(std::string const& path) {
    struct Close {
        void operator()(gzFile_s* file) const { gzclose(file); }
    };
    std::unique_ptr<gzFile_s, Close> const file{gzopen(path.c_str(), "rb")};
    if (!file) throw BadInput{"cannot be opened"};
    EdgeListParser parser;
    std::vector<char> buffer(block_bytes);
    for (bool first = true;; first = false) {
        int const count = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
        if (count < 0) throw BadInput{"cannot be read, or is damaged or cut short"};
        std::string_view const bytes{buffer.data(), static_cast<std::size_t>(count)};
        if (first) refuse_other_forms(bytes.substr(0, magic_bytes));
        parser.feed(bytes);
        if (bytes.size() < buffer.size()) break;
    }
    int code = Z_OK;
    gzerror(file.get(), &code);
    if (code != Z_OK && code != Z_STREAM_END) throw BadInput{"cannot be read, or is damaged or cut short"};
    return parser.finish();
}

}  // namespace praline::simulate::world
