#include "node/net/first_bytes.hpp"

#include <algorithm>
#include <string_view>

namespace praline::net {
namespace {

constexpr std::string_view gnutella_start = "GNUTELLA CONNECT/";
constexpr std::string_view giv_start = "GIV ";
constexpr std::size_t method_letters_max = 10;

bool could_become(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start.substr(0, text.size());
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

Protocol recognise(ByteView first) {
    auto const text = as_text(first);
    if (text.empty()) return Protocol::undecided;
    if (text[0] == '\n') {
        if (text.size() == 1) return Protocol::undecided;
        return text[1] == '\n' ? Protocol::connect_back : Protocol::unknown;
    }
    if (could_become(text, gnutella_start)) {
        return text.size() >= gnutella_start.size() ? Protocol::gnutella : Protocol::undecided;
    }
    if (could_become(text, giv_start)) return text.size() >= giv_start.size() ? Protocol::giv : Protocol::undecided;

    auto const letters = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_capital) - text.begin());
    if (letters > method_letters_max) return Protocol::unknown;
    if (letters == text.size()) return Protocol::undecided;
    bool const other_network = text.substr(0, letters) == "GNUTELLA" || text.substr(0, letters) == "QUEUE" ||
                               text.substr(0, letters) == "PUSH";
    return letters >= 3 && text[letters] == ' ' && !other_network ? Protocol::http : Protocol::unknown;
}

}  // namespace praline::net
