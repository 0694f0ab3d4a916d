#include "index/server/server_identity.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <stdexcept>

#include "index/wire/limits.hpp"
#include "node/base/bytes.hpp"
#include "node/base/text.hpp"
#include "node/store/durable_file.hpp"

namespace praline::index::server {
namespace {

std::optional<ServerId> parse_id(std::string_view text) {
    auto const bytes = from_hex(text);
    if (!bytes || bytes->size() != sizeof(std::uint64_t)) return std::nullopt;
    std::uint64_t value = 0;
    for (auto const byte : *bytes) value = (value << 8) | std::to_integer<std::uint64_t>(byte);
    return ServerId{value};
}

std::optional<ServerIdentity> parse_identity(std::string_view line) {
    auto const words = split(line, ' ');
    if (words.size() != 2) return std::nullopt;
    auto const id = parse_id(words[0]);
    auto const incarnation = parse_number(words[1]);
    if (!id || id->value() == 0 || !incarnation) return std::nullopt;
    return ServerIdentity{*id, *incarnation};
}

}  // namespace

std::string id_text(ServerId id) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(id.value()));
    return text;
}

ServerIdentity next_identity(std::string const& folder, std::uint64_t drawn, std::uint64_t clock_ms) {
    std::string const file = folder + "/server.id";
    ServerIdentity identity{ServerId{std::max<std::uint64_t>(drawn, 1)}, 0};
    if (auto const kept = store::read_small_file(file)) {
        auto const known = parse_identity(*kept);
        if (!known)
            throw std::runtime_error{"The file " + file +
                                     " does not hold the id of a server. Remove it: the server then gets a new id, and "
                                     "the others forget the old one."};
        identity = *known;
    }
    identity.incarnation = std::max(identity.incarnation + 1, clock_ms);
    store::write_file_durably(file, id_text(identity.id) + ' ' + std::to_string(identity.incarnation) + '\n', 0600);
    return identity;
}

std::string members_text(std::vector<Member> const& members) {
    std::string text;
    for (Member const& member : members)
        text += id_text(member.id) + ' ' + std::to_string(member.incarnation) + ' ' + member.endpoint.text() + '\n';
    return text;
}

std::vector<Member> parse_members(std::string_view text) {
    std::vector<Member> members;
    for (std::string_view const line : split(text, '\n')) {
        auto const words = split(line, ' ');
        if (words.size() != 3 || members.size() == members_max) continue;
        auto const id = parse_id(words[0]);
        auto const incarnation = parse_number(words[1]);
        auto const endpoint = Endpoint::parse(words[2]);
        if (id && incarnation && endpoint) members.push_back(Member{*id, *incarnation, *endpoint, 0});
    }
    return members;
}

}  // namespace praline::index::server
