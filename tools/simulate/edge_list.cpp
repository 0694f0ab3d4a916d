#include "tools/simulate/edge_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <zlib.h>

#include "tools/simulate/limits.hpp"

namespace praline::simulate {
namespace {

constexpr std::string_view blanks = " \t\r,";

/// Takes a number off the front.
bool take_number(std::string_view& text, Node& number) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return text.empty() || blanks.find(text.front()) != std::string_view::npos;
}

}  // namespace

void EdgeListParser::line(std::string_view text) {
    ++lines_;
    auto const begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos || text[begin] == '#') return;
    Link link;
    if (!take_number(text, link.first) || !take_number(text, link.second))
        throw BadInput{"is no edge list: line " + std::to_string(lines_) + " is not two node numbers"};
    if (links_.size() >= 2 * links_max) throw BadInput{"has more lines than " + std::to_string(2 * links_max)};
    links_.push_back(link);
}

Graph EdgeListParser::finish() {
    std::vector<Node> names;
    names.reserve(2 * links_.size());
    for (auto const& [from, to] : links_) names.push_back(from), names.push_back(to);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (names.size() > nodes_max) throw BadInput{"has more nodes than " + std::to_string(nodes_max)};
    auto const number = [&](Node name) {
        return static_cast<Node>(std::lower_bound(names.begin(), names.end(), name) - names.begin());
    };
    for (auto& [from, to] : links_) from = number(from), to = number(to);
    return Graph{static_cast<Node>(names.size()), std::move(links_)};
}

Graph read_edge_list(std::string const& path) {
    struct Close { void operator()(gzFile_s* file) const { gzclose(file); } };
    std::unique_ptr<gzFile_s, Close> const file{gzopen(path.c_str(), "rb")};
    if (!file) throw BadInput{"cannot be opened"};
    EdgeListParser parser;
    std::array<char, line_bytes_max> buffer{};
    while (gzgets(file.get(), buffer.data(), static_cast<int>(buffer.size())) != nullptr) {
        std::string_view text{buffer.data()};
        if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
        else if (gzeof(file.get()) == 0) throw BadInput{"is no edge list: it has a line of more than " + std::to_string(line_bytes_max) + " characters"};
        parser.line(text);
    }
    int code = Z_OK;
    gzerror(file.get(), &code);
    if (code != Z_OK && code != Z_STREAM_END) throw BadInput{"cannot be read, or is damaged or cut short"};
    return parser.finish();
}

}  // namespace praline::simulate
