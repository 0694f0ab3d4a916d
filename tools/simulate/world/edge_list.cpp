#include "tools/simulate/world/edge_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>

#include <zlib.h>
#ifdef PRALINE_ZSTD
#include <zstd.h>
#endif

#include "tools/simulate/world/graphml.hpp"
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

constexpr std::string_view zstd_magic = "\x28\xB5\x2F\xFD";

/// A word off the front, in quotes or without. Empty: there is none.
std::string_view take_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.starts_with('"')) {
        auto const end = text.find('"', 1);
        auto const word = end == std::string_view::npos ? std::string_view{} : text.substr(1, end - 1);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        return word;
    }
    auto const word = text.substr(0, text.find_first_of(separators));
    text.remove_prefix(word.size());
    return word;
}

/// The usual names of the two columns.
bool is_usual_heading(std::string_view from, std::string_view to) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> usual{
        {{"from", "to"}, {"source", "target"}, {"src", "dst"}, {"fromnodeid", "tonodeid"}, {"node1", "node2"}}};
    auto const same = [](std::string_view text, std::string_view lower) {
        return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char one, char other) {
            return (one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one) == other;
        });
    };
    return std::any_of(usual.begin(), usual.end(),
                       [&](auto const& pair) { return same(from, pair.first) && same(to, pair.second); });
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
        {zstd_magic,
         "is compressed with zstd, which this program was built without; unpack it, or compress it with gzip"},
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
    if (ids_ == NodeIds::names && awaited != Awaited::sizes) return take_names(text);
    if (awaited == Awaited::sizes || (awaited == Awaited::head && is_heading(text))) return;
    std::uint64_t from = 0, to = 0;
    if (!take_number(text, from) || !take_number(text, to))
        throw BadInput{"is no edge list: line " + std::to_string(lines_) + " is not two node numbers"};
    add(from, to);
}

void EdgeListParser::take_names(std::string_view text) {
    auto const from = take_word(text), to = take_word(text);
    if (from.empty() || to.empty())
        throw BadInput{"is no edge list: line " + std::to_string(lines_) + " is not two names of nodes"};
    if (links_.empty() && is_usual_heading(from, to)) return;
    auto const number = [&](std::string_view name) {
        if (names_.size() >= nodes_max) throw BadInput{"has more nodes than " + std::to_string(nodes_max)};
        return names_.emplace(name, static_cast<Node>(names_.size())).first->second;
    };
    Node const one = number(from);
    add(one, number(to));
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
    if (ids_ == NodeIds::numbers) return wide_.empty() ? numbered(std::move(links_)) : numbered(std::move(wide_));
    // By name, so that the order of the lines makes no difference.
    std::vector<std::pair<std::string, Node>> sorted{names_.begin(), names_.end()};
    names_ = {};
    std::sort(sorted.begin(), sorted.end());
    std::vector<Node> place(sorted.size());
    for (Node node = 0; node < sorted.size(); ++node) place[sorted[node].second] = node;
    for (auto& [from, to] : links_) from = place[from], to = place[to];
    return Graph{static_cast<Node>(sorted.size()), std::move(links_)};
}

namespace {

constexpr char const* damaged = "cannot be read, or is damaged or cut short";

/// Gives the bytes of a plain or gzipped file to `take`, a block at a time.
template <class Take>
void read_plain(std::string const& path, Take take) {
    struct Close {
        void operator()(gzFile_s* file) const { gzclose(file); }
    };
    std::unique_ptr<gzFile_s, Close> const file{gzopen(path.c_str(), "rb")};
    if (!file) throw BadInput{"cannot be opened"};
    std::vector<char> buffer(block_bytes);
    for (std::size_t bytes = block_bytes; bytes == block_bytes;) {
        int const count = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
        if (count < 0) throw BadInput{damaged};
        bytes = static_cast<std::size_t>(count);
        take(std::string_view{buffer.data(), bytes});
    }
    int code = Z_OK;
    gzerror(file.get(), &code);
    if (code != Z_OK && code != Z_STREAM_END) throw BadInput{damaged};
}

#ifdef PRALINE_ZSTD

/// Takes the bytes of a file apart that zstd has compressed.
class Zstd {
public:
    template <class Take>
    void feed(std::string_view bytes, Take take) {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        // Whatever it still has goes out with a buffer that it does not fill.
        for (bool is_full = true; in.pos < in.size || is_full;) {
            ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
            left_ = ZSTD_decompressStream(stream_.get(), &out, &in);
            if (ZSTD_isError(left_) != 0) throw BadInput{damaged};
            take(std::string_view{buffer_.data(), out.pos});
            is_full = out.pos == out.size;
        }
    }
    [[nodiscard]] bool is_whole() const { return left_ == 0; }

private:
    struct Free {
        void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
    };
    std::unique_ptr<ZSTD_DStream, Free> stream_{ZSTD_createDStream()};
    std::vector<char> buffer_ = std::vector<char>(block_bytes);
    std::size_t left_ = 1;
};

#endif

/// As `read_plain`, also of what zstd has compressed.
template <class Take>
void read_any(std::string const& path, Take take) {
    bool is_first = true;
#ifdef PRALINE_ZSTD
    std::unique_ptr<Zstd> zstd;
    read_plain(path, [&](std::string_view bytes) {
        if (is_first && bytes.starts_with(zstd_magic)) zstd = std::make_unique<Zstd>();
        if (is_first && !zstd) refuse_other_forms(bytes.substr(0, magic_bytes));
        is_first = false;
        if (zstd)
            zstd->feed(bytes, take);
        else
            take(bytes);
    });
    if (zstd && !zstd->is_whole()) throw BadInput{damaged};
#else
    read_plain(path, [&](std::string_view bytes) {
        if (is_first) refuse_other_forms(bytes.substr(0, magic_bytes));
        is_first = false;
        take(bytes);
    });
#endif
}

}  // namespace

Graph read_edge_list(std::string const& path, NodeIds ids) {
    EdgeListParser parser{ids};
    std::optional<std::string> document;  // of GraphML, whole
    bool has_begun = false;
    read_any(path, [&](std::string_view bytes) {
        if (!has_begun) {
            auto head = bytes;
            if (head.starts_with(edge_list_mark)) head.remove_prefix(edge_list_mark.size());
            head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
            if (head.starts_with('<')) document.emplace();
            has_begun = !bytes.empty();
        }
        if (!document) return parser.feed(bytes);
        if (document->size() + bytes.size() > graphml_bytes_max)
            throw BadInput{"is GraphML of more than " + std::to_string(graphml_bytes_max) + " bytes"};
        *document += bytes;
    });
    return document ? parse_graphml(*document) : parser.finish();
}

}  // namespace praline::simulate::world
