#include "node/wire/handshake.hpp"

#include <algorithm>
#include <limits>

#include "node/base/text.hpp"

namespace praline::wire {
namespace {

std::optional<std::uint32_t> parse_part(std::string_view text) {
    auto const number = parse_number(text);
    if (!number || *number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

/// Up to the first blank; `text` becomes what follows the blanks behind it.
std::string_view take_word(std::string_view& text) {
    auto const word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    return word;
}

struct Protocol {
    std::string_view name;
    Version version;
};

/// "HTTP/1.1"
std::optional<Protocol> parse_protocol(std::string_view text) {
    auto const slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0) return std::nullopt;
    auto const version = parse_version(text.substr(slash + 1));
    if (!version) return std::nullopt;
    return Protocol{text.substr(0, slash), *version};
}

bool refuses(std::string_view parameters) {
    for (auto const parameter : split(parameters, ';')) {
        if (parameter.size() < 2 || !equals_ignoring_case(parameter.substr(0, 2), "q=")) continue;
        auto const weight = parse_version(parameter.substr(2));
        return weight && *weight == Version{};
    }
    return false;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
    text = trim(text);
    text = text.substr(0, text.find_first_of(" \t"));
    auto const dot = text.find('.');
    auto const whole = parse_part(text.substr(0, dot));
    if (!whole) return std::nullopt;
    if (dot == std::string_view::npos) return Version{*whole, 0};
    auto const part = parse_part(text.substr(dot + 1));
    if (!part) return std::nullopt;
    return Version{*whole, *part};
}

std::optional<StatusLine> parse_status_line(std::string_view line) {
    auto const protocol = parse_protocol(take_word(line));
    auto const code_text = take_word(line);
    auto const code = parse_number(code_text);
    if (!protocol || !code || code_text.size() != 3 || *code < 100) return std::nullopt;
    return StatusLine{std::string{protocol->name}, protocol->version, static_cast<std::uint16_t>(*code),
                      std::string{trim(line)}};
}

std::optional<RequestLine> parse_request_line(std::string_view line) {
    // A target may hold blanks when its sender forgot to escape them, so the protocol is looked for from the end.
    line = trim(line);
    auto const method = take_word(line);
    auto const last = line.rfind(' ');
    if (method.empty() || last == std::string_view::npos) return std::nullopt;
    auto const protocol = parse_protocol(line.substr(last + 1));
    auto const target = trim(line.substr(0, last));
    if (!protocol || target.empty()) return std::nullopt;
    return RequestLine{std::string{method}, std::string{target}, std::string{protocol->name}, protocol->version};
}

std::optional<Version> parse_connect_line(std::string_view line) {
    constexpr std::string_view prefix = "GNUTELLA CONNECT/";
    if (!line.starts_with(prefix)) return std::nullopt;
    return parse_version(line.substr(prefix.size()));
}

std::vector<Endpoint> parse_hosts(std::string_view value) {
    std::vector<Endpoint> hosts;
    while (!value.empty() && hosts.size() < try_hosts_max) {
        auto const end = std::min(value.find_first_of(",;"), value.size());
        auto const entry = trim(value.substr(0, end));
        value.remove_prefix(std::min(end + 1, value.size()));
        auto const host = Endpoint::parse(entry.substr(0, entry.find_first_of(" \t")));
        if (host) hosts.push_back(*host);
    }
    return hosts;
}

std::string hosts_text(std::vector<Endpoint> const& hosts) {
    std::string text;
    for (auto const& host : hosts) {
        if (!text.empty()) text += ", ";
        text += host.text();
    }
    return text;
}

std::optional<bool> parse_bool(std::string_view value) {
    value = trim(value);
    if (equals_ignoring_case(value, "true")) return true;
    if (equals_ignoring_case(value, "false")) return false;
    return std::nullopt;
}

bool list_contains(std::string_view list, std::string_view token) {
    for (auto const entry : split(list, ',')) {
        auto const name = trim(entry.substr(0, entry.find(';')));
        if (equals_ignoring_case(name, token) && !refuses(entry.substr(std::min(name.size() + 1, entry.size()))))
            return true;
    }
    return false;
}

}  // namespace praline::wire
