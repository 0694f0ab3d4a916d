#include "webui/api/access.hpp"

#include <algorithm>
#include <chrono>

#include "node/base/text.hpp"
#include "webui/api/limits.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui {
namespace {

constexpr std::size_t code_bytes = 16;

std::optional<ApiResponse> forbidden(std::string_view code, std::string_view message) {
    return error_response(403, code, message);
}

}  // namespace

Access::Access(std::string token, Endpoint listen)
    : token_{std::move(token)},
      address_{listen.text()},
      cookie_name_{"praline_session_" + std::to_string(listen.port)} {}

bool Access::token_matches(std::string_view given) const { return same_secret(token_, given); }

template <class Test>
bool Access::any_cookie(ApiRequest const& request, Test test) const {
    for (auto const& [key, value] : request.headers) {
        if (!equals_ignoring_case(key, "Cookie")) continue;
        for (std::string_view const cookie : split(value, ';')) {
            auto const equals = cookie.find('=');
            if (equals == std::string_view::npos || cookie.substr(0, equals) != cookie_name_) continue;
            if (test(cookie.substr(equals + 1))) return true;
        }
    }
    return false;
}

Access::Verdict Access::proof_of(ApiRequest const& request, Instant now) const {
    if (auto const given = request.count("Authorization"); given > 0) {
        constexpr std::string_view scheme = "bearer ";
        auto const value = request.header("Authorization");
        if (given != 1 || !equals_ignoring_case(value.substr(0, scheme.size()), scheme)) return {};
        auto const secret = trim(value.substr(scheme.size()));
        if (token_matches(secret)) return {Proof::bearer, Scope::admin};
        auto const* const named = tokens_.find(secret);
        return named != nullptr ? Verdict{Proof::bearer, named->scope, named->hash} : Verdict{};
    }
    if (request.count(session_key_header) != 1) return {};
    auto const key = request.header(session_key_header);
    Verdict found;
    (void)any_cookie(request, [&](std::string_view cookie) {
        bool const matches = sessions_.matches(cookie, key, now);
        if (matches) found = {Proof::session, Scope::admin, secret_hash(cookie)};
        return matches;
    });
    return found;
}

Access::Verdict Access::verdict(ApiRequest const& request, Instant now) {
    auto found = proof_of(request, now);
    if (found.proof == Proof::none && request.count("Authorization") > 0) found.hold = wrong_guess(now);
    return found;
}

Access::Verdict Access::link_verdict(ApiRequest const& request, std::string_view scope, Instant now) {
    auto const* const link = links_.find(request.query("link").value_or(""), scope, now);
    if (link == nullptr) return {.hold = wrong_guess(now)};
    if (link->session.empty()) {
        bool const stands = link->token.empty() || tokens_.knows_hash(link->token);
        return stands ? Verdict{Proof::link, Scope::read, link->token} : Verdict{};
    }
    bool const of_session = any_cookie(request, [&](std::string_view cookie) {
        return same_secret(link->session, secret_hash(cookie)) && sessions_.knows_cookie(cookie, now);
    });
    return of_session ? Verdict{Proof::link, Scope::read, link->session} : Verdict{};
}

std::string Access::new_content_link(ApiRequest const& request, std::string scope, Instant now) {
    auto by = proof_of(request, now);
    ContentLinks::Link link{std::move(scope), {}, {}};
    (by.proof == Proof::session ? link.session : link.token) = std::move(by.caller);
    return links_.make(std::move(link), now);
}

bool Access::has_session_cookie(ApiRequest const& request, Instant now) const {
    return any_cookie(request, [&](std::string_view cookie) { return sessions_.knows_cookie(cookie, now); });
}

std::string Access::new_login_code(Instant now) {
    if (codes_.size() >= login_codes_max) codes_.pop_front();
    codes_.push_back(Code{random_hex(code_bytes), now + login_code_time});
    return codes_.back().text;
}

bool Access::redeem(std::string_view code, Instant now) {
    std::erase_if(codes_, [now](Code const& known) { return known.until <= now; });
    return std::erase_if(codes_, [code](Code const& known) { return same_secret(known.text, code); }) > 0;
}

bool Access::code_is_good(std::string_view code, Instant now) const {
    return std::any_of(codes_.begin(), codes_.end(),
                       [&](Code const& known) { return same_secret(known.text, code) && now < known.until; });
}

Access::Login Access::log_in(ApiRequest const& request, Instant now) {
    (void)any_cookie(request, [&](std::string_view cookie) {
        sessions_.close(cookie);
        return false;
    });
    auto session = sessions_.open(now, request.header("User-Agent"));
    sessions_changed_ = true;
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(session_time).count();
    return {
        cookie_name_ + "=" + session.cookie + "; HttpOnly; SameSite=Strict; Path=/; Max-Age=" + std::to_string(seconds),
        std::move(session.key)};
}

void Access::keep_sessions(SessionKeeping keeping, Instant now, UnixSeconds unix_now) {
    keeping_ = std::move(keeping);
    sessions_changed_ = sessions_.restore(keeping_.kept, now, unix_now);
    keeping_.kept.clear();
    keep_if_changed(now, unix_now);
}

TokenTable::Change Access::revoke_token(std::string_view name) {
    auto revoked = tokens_.revoke(name);
    if (revoked.ended.empty()) return revoked;
    ended_.push_back(revoked.ended);
    // An admin's token may have made some.
    codes_.clear();
    return revoked;
}

bool Access::revoke_session(std::string_view id, Instant now) {
    auto hash = sessions_.revoke(id, now);
    if (hash.empty()) return false;
    ended_.push_back(std::move(hash));
    sessions_changed_ = true;
    return true;
}

std::string Access::keep_if_changed(Instant now, UnixSeconds unix_now) {
    if (!sessions_changed_ || !keeping_.keep) return {};
    auto problem = keeping_.keep(sessions_.text(now, unix_now));
    sessions_changed_ = !problem.empty();
    return problem;
}

std::string Access::proof_of_node(std::string_view nonce) const { return node_proof(token_, nonce, address_); }

std::string content_scope(std::string_view pattern, std::string_view id) {
    return std::string{pattern} + ' ' + std::string{id};
}

std::optional<ApiResponse> refuse_strangers(ApiRequest const& request, std::string_view address, std::uint16_t port) {
    // A foreign name that resolves to this machine (DNS rebinding) shows in Host.
    std::string const suffix = ":" + std::to_string(port);
    auto const host = to_lower_ascii(request.header("Host"));
    bool const ours = host == std::string{address} + suffix || host == "localhost" + suffix;
    if (request.count("Host") != 1 || !ours)
        return forbidden("wrong_host", "This address is not the one the node listens on. Use http://" +
                                           std::string{address} + suffix + ".");
    if (auto const given = request.count("Origin"); given > 0)
        if (given != 1 || request.header("Origin") != "http://" + host)
            return forbidden("wrong_origin", "Only the node's own page may ask.");
    // Another port of this machine is "same-site" to a browser, yet it is not us.
    for (auto const& [key, value] : request.headers)
        if (equals_ignoring_case(key, "Sec-Fetch-Site") && value != "same-origin" && value != "none")
            return forbidden("cross_site", "Only the node's own page may ask.");
    return std::nullopt;
}

}  // namespace praline::webui
