#include "transfer/download/rank.hpp"

namespace praline::download {

char const* to_string(Priority priority) noexcept {
    switch (priority) {
        case Priority::high: return "high";
        case Priority::normal: return "normal";
        case Priority::low: return "low";
    }
    return "normal";
}

std::optional<Priority> parse_priority(std::string_view word) noexcept {
    for (auto const one : {Priority::high, Priority::normal, Priority::low})
        if (word == to_string(one)) return one;
    return std::nullopt;
}

std::optional<Move> parse_move(std::string_view word) noexcept {
    if (word == "first") return Move::first;
    if (word == "earlier") return Move::earlier;
    if (word == "later") return Move::later;
    if (word == "last") return Move::last;
    return std::nullopt;
}

}  // namespace praline::download
