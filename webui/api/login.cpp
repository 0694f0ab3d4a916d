#include "webui/api/login.hpp"

#include <string>

#include "webui/api/route_tools.hpp"
#include "webui/api/secrets.hpp"

namespace praline::webui {
namespace {

/// What /login.js reads. The key is in the page's text and not in its address, so that it is in no history.
std::string login_page(std::string_view key) {
    return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"color-scheme\" content=\"light "
           "dark\">\n<title>Praline</title>\n"
           "<body data-key=\"" +
           std::string{key} +
           "\">\n<p id=\"say\">Logging in…</p>\n"
           "<noscript>Praline's page needs JavaScript. The command line works without it: praline --help</noscript>\n"
           "<script src=\"/login.js\"></script>\n</body>\n</html>\n";
}

ApiResponse logged_in(Access::Login const& login) {
    auto response = answer(json::object{{"done", true}, {"key", login.key}});
    response.headers.emplace_back("Set-Cookie", login.set_cookie);
    return response;
}

ApiResponse to_the_page() {
    ApiResponse response;
    response.status = 303;
    response.headers = {{"Location", "/"}, {"Cache-Control", "no-store"}};
    add_strict_headers(response);
    return response;
}

ApiResponse bad_link(Access& access, ApiRequest const& request, Instant now, LoginWords const& words) {
    std::string const sentence =
        "This login link was used already or is older than ten minutes. A fresh one is printed by: " +
        std::string{words.link_command};
    auto response = wants_html(request) ? sentence_page(401, "This login link is over", sentence)
                                        : error_response(401, "bad_code", sentence);
    if (request.query("code")) response.hold = access.wrong_guess(now);
    return response;
}

}  // namespace

ApiResponse login_by_link(Access& access, ApiRequest const& request, Instant now, LoginWords const& words) {
    auto const code = request.query("code").value_or("");
    bool const good = request.head ? access.code_is_good(code, now) : access.redeem(code, now);
    if (!good && wants_html(request) && access.has_session_cookie(request, now)) return to_the_page();
    if (!good) return bad_link(access, request, now, words);
    if (request.head) return answer(json::object{{"done", true}});
    auto const login = access.log_in(request, now);
    if (!wants_html(request)) return logged_in(login);
    ApiResponse response;
    response.headers = {
        {"Content-Type", "text/html; charset=utf-8"}, {"Set-Cookie", login.set_cookie}, {"Cache-Control", "no-store"}};
    response.body = login_page(login.key);
    add_strict_headers(response);
    return response;
}

ApiResponse login_by_token(Access& access, ApiRequest const& request, Instant now, LoginWords const& words) {
    auto const token = body_field(request, "token");
    if (!token) return bad("The body must be a JSON object with the text field \"token\".");
    if (access.token_matches(*token)) return logged_in(access.log_in(request, now));
    auto response = error_response(401, "bad_token", "This is not " + std::string{words.whose_token} + " token.");
    response.hold = access.wrong_guess(now);
    return response;
}

ApiResponse prove_node(Access const& access, ApiRequest const& request) {
    auto const nonce = request.query("nonce").value_or("");
    if (!nonce_is_usable(nonce)) return bad("`nonce` must be 32 to 128 hexadecimal digits.");
    return answer(json::object{{"proof", access.proof_of_node(nonce)}});
}

ApiResponse unauthorised(Access::Verdict const& verdict, std::string_view message) {
    auto response = error_response(401, "unauthorised", message);
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    response.hold = verdict.hold;
    return response;
}

ApiResponse beyond_scope(Scope given, Scope needed) {
    return error_response(403, "scope",
                          "This token has the scope " + std::string{to_string(given)} + "; this needs " +
                              std::string{to_string(needed)} + ". `praline token add NAME --scope " +
                              std::string{to_string(needed)} + "` makes one that may.");
}

ApiResponse wrong_method(std::string_view allowed) {
    auto response = error_response(405, "method_not_allowed", "This address takes only " + std::string{allowed} + ".");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

bool change_was_meant(ApiRequest const& request) {
    return request.count("Origin") == 1 || request.header("X-Praline") == "1";
}

}  // namespace praline::webui
