#include "node/net/first_bytes.hpp"

#include <algorithm>
#include <string_view>

namespace praline::net {
namespace {

constexpr std::string_view gnutella_start = "GNUTELLA CONNECT/";
constexpr std::string_view giv_start = "GIV ";
constexpr std::size_t method_letters_max = 10;
constexpr std::size_t blank_lines_max = 2;  // in front of a request

bool could_become(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start.substr(0, text.size());
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

Protocol recognise_method(std::string_view text) {
    auto const letters =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_capital) - text.begin());
    if (letters > method_letters_max) return Protocol::unknown;
    if (letters == text.size()) return Protocol::undecided;
    bool const other_network = text.substr(0, letters) == "GNUTELLA" || text.substr(0, letters) == "QUEUE" ||
                               text.substr(0, letters) == "PUSH" || text.substr(0, letters) == "GIV";
    return letters >= 3 && text[letters] == ' ' && !other_network ? Protocol::http : Protocol::unknown;
}

/// Some HTTP clients send an empty line in front of a request; no other protocol here does.
Protocol recognise_after_blank_lines(std::string_view text) {
    for (std::size_t lines = 0; lines < blank_lines_max && could_become(text, "\r\n"); ++lines) {
        text.remove_prefix(std::min<std::size_t>(text.size(), 2));
        if (text.empty()) return Protocol::undecided;
    }
    return recognise_method(text);
}

}  // namespace

Protocol recognise(ByteView first) {
    auto const text = as_text(first);
    if (text.starts_with('\r')) return recognise_after_blank_lines(text);
    if (text.empty()) return Protocol::undecided;
    if (text[0] == '\n') {
        if (text.size() == 1) return Protocol::undecided;
        return text[1] == '\n' ? Protocol::connect_back : Protocol::unknown;
    }
    if (could_become(text, gnutella_start)) {
        return text.size() >= gnutella_start.size() ? Protocol::gnutella : Protocol::undecided;
    }
    if (could_become(text, giv_start)) return text.size() >= giv_start.size() ? Protocol::giv : Protocol::undecided;
    return recognise_method(text);
}

}  // namespace praline::net
