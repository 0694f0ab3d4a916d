#include "webui/api/access.hpp"

#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "node/base/bytes.hpp"
#include "node/base/text.hpp"
#include "webui/api/limits.hpp"

namespace praline::webui {
namespace {

constexpr std::size_t code_bytes = 16;
constexpr std::size_t session_bytes = 32;

std::string random_hex(std::size_t bytes) {
    Bytes octets(bytes);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(bytes)) != 1)
        throw std::runtime_error{"The system has no random numbers to give."};
    return to_hex(octets);
}

/// Only the length can be learned from the time this takes, and that is no secret.
bool same(std::string_view left, std::string_view right) {
    return !left.empty() && left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::optional<ApiResponse> forbidden(std::string_view code, std::string_view message) {
    return error_response(403, code, message);
}

}  // namespace

Access::Access(std::string token, std::uint16_t port) : token_{std::move(token)}, cookie_name_{"praline_session_" + std::to_string(port)} {}

bool Access::token_matches(std::string_view given) const { return same(token_, given); }

bool Access::session_matches(std::string_view given) const {
    bool found = false;
    for (auto const& session : sessions_) found |= same(session, given);
    return found;
}

Access::Proof Access::proof(ApiRequest const& request) const {
    if (auto const given = request.count("Authorization"); given > 0) {
        constexpr std::string_view scheme = "bearer ";
        auto const value = request.header("Authorization");
        bool const bearer = given == 1 && equals_ignoring_case(value.substr(0, scheme.size()), scheme);
        return bearer && token_matches(trim(value.substr(scheme.size()))) ? Proof::bearer : Proof::none;
    }
    for (auto const& [key, value] : request.headers) {
        if (!equals_ignoring_case(key, "Cookie")) continue;
        for (std::string_view const cookie : split(value, ';')) {
            auto const equals = cookie.find('=');
            if (equals == std::string_view::npos || cookie.substr(0, equals) != cookie_name_) continue;
            if (session_matches(cookie.substr(equals + 1))) return Proof::cookie;
        }
    }
    return Proof::none;
}

std::string Access::new_login_code(Instant now) {
    if (codes_.size() >= login_codes_max) codes_.pop_front();
    codes_.push_back(Code{random_hex(code_bytes), now + login_code_time});
    return codes_.back().text;
}

bool Access::redeem(std::string_view code, Instant now) {
    std::erase_if(codes_, [now](Code const& known) { return known.until <= now; });
    return std::erase_if(codes_, [code](Code const& known) { return same(known.text, code); }) > 0;
}

std::string Access::new_session_cookie() {
    if (sessions_.size() >= sessions_max) sessions_.pop_front();
    sessions_.push_back(random_hex(session_bytes));
    return cookie_name_ + "=" + sessions_.back() + "; HttpOnly; SameSite=Strict; Path=/";
}

std::optional<ApiResponse> refuse_strangers(ApiRequest const& request, std::string_view address, std::uint16_t port) {
    // A foreign name that resolves to this machine (DNS rebinding) shows in Host.
    std::string const suffix = ":" + std::to_string(port);
    auto const host = request.header("Host");
    bool const ours = host == std::string{address} + suffix || host == "localhost" + suffix;
    if (request.count("Host") != 1 || !ours)
        return forbidden("wrong_host", "This address is not the one the node listens on. Use http://" +
                                           std::string{address} + suffix + ".");
    if (auto const given = request.count("Origin"); given > 0)
        if (given != 1 || request.header("Origin") != "http://" + std::string{host})
            return forbidden("wrong_origin", "Only the node's own page may ask.");
    // Another port of this machine is "same-site" to a browser, yet it is not us.
    for (auto const& [key, value] : request.headers)
        if (equals_ignoring_case(key, "Sec-Fetch-Site") && value != "same-origin" && value != "none")
            return forbidden("cross_site", "Only the node's own page may ask.");
    return std::nullopt;
}

}  // namespace praline::webui
