#include "search/qrp/table_builder.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"

namespace praline::search::qrp {
namespace {

/// Without its last character.
std::string_view one_shorter(std::string_view word) {
    std::size_t size = word.size() - 1;
    while (size > 0 && (static_cast<std::uint8_t>(word[size]) & 0xC0) == 0x80) --size;
    return word.substr(0, size);
}

}  // namespace

void TableBuilder::add(std::string_view word) {
    if (word.size() > 4 && equals_ignoring_case(word.substr(0, 4), "urn:")) {
        table_.set_product(hash_product(to_lower_ascii(word)));
        return;
    }
    add_beginnings(word);
    if (!wire::is_unspaced(word)) return;
    for (auto const piece : wire::pieces(word, run_characters_max)) add_beginnings(piece);
}

void TableBuilder::add_beginnings(std::string_view word) {
    auto left = wire::count_characters(word);
    for (std::size_t cut = 0; word.size() >= word_bytes_min; ++cut, --left) {
        if (cut <= prefix_cut_max || left <= beginning_characters_max) table_.set_product(hash_product(word));
        word = one_shorter(word);
    }
}

QueryRoutingTable TableBuilder::finest() const {
    QueryRoutingTable result = table_;
    result.compact();
    return result;
}

QueryRoutingTable finest_of(std::vector<std::string> const& words) {
    TableBuilder builder;
    for (auto const& word : words) builder.add(word);
    return builder.finest();
}

QueryRoutingTable fitted(QueryRoutingTable const& finest, std::uint32_t most) {
    std::uint32_t slots = std::min(own_slots_min, most);
    while (slots < most && std::uint64_t{finest.count()} * 100 > std::uint64_t{slots} * fill_percent_max) slots *= 2;
    return finest.scaled(slots);
}

}  // namespace praline::search::qrp
