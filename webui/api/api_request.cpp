#include "webui/api/api_request.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "node/base/path_text.hpp"
#include "node/base/text.hpp"

namespace praline::webui {
namespace {

std::string_view find(Headers const& headers, std::string_view name) {
    for (auto const& [key, value] : headers)
        if (equals_ignoring_case(key, name)) return value;
    return {};
}

std::string plus_to_blank(std::string_view text) {
    std::string out{text};
    std::replace(out.begin(), out.end(), '+', ' ');
    return out;
}

std::string html_escape(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

}  // namespace

std::string_view ApiRequest::header(std::string_view name) const { return find(headers, name); }
std::string_view ApiResponse::header(std::string_view name) const { return find(headers, name); }

std::size_t ApiRequest::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(
        headers.begin(), headers.end(), [&](auto const& header) { return equals_ignoring_case(header.first, name); }));
}

std::string_view ApiRequest::path() const {
    std::string_view const all{target};
    return all.substr(0, all.find('?'));
}

std::optional<std::string> ApiRequest::query(std::string_view name) const {
    auto const mark = target.find('?');
    if (mark == std::string::npos) return std::nullopt;
    for (std::string_view const field : split(std::string_view{target}.substr(mark + 1), '&')) {
        auto const equals = field.find('=');
        if (field.substr(0, equals) != name) continue;
        if (equals == std::string_view::npos) return std::string{};
        return percent_decode(plus_to_blank(field.substr(equals + 1)));
    }
    return std::nullopt;
}

ApiResponse error_response(int status, std::string_view code, std::string_view message) {
    ApiResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
    boost::json::object const error{{"code", code}, {"message", readable_text(message)}};
    response.body = boost::json::serialize(boost::json::object{{"error", error}});
    add_strict_headers(response);
    return response;
}

ApiResponse sentence_page(int status, std::string_view title, std::string_view text) {
    ApiResponse response;
    response.status = status;
    response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
    response.body =
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
        html_escape(title) + "</title>\n<h1>" + html_escape(title) + "</h1>\n<p>" + html_escape(text) +
        "</p>\n<p><a href=\"/\">To the page</a></p>\n</html>\n";
    add_strict_headers(response);
    return response;
}

bool wants_html(ApiRequest const& request) {
    auto const accept = to_lower_ascii(request.header("Accept"));
    return accept.find("application/json") == std::string::npos || accept.find("text/html") != std::string::npos;
}

void add_strict_headers(ApiResponse& response) {
    add_strict_headers(response,
                       "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; "
                       "frame-ancestors 'none'; form-action 'self'");
}

void add_strict_headers(ApiResponse& response, std::string_view content_security_policy) {
    auto& headers = response.headers;
    headers.emplace_back("Content-Security-Policy", content_security_policy);
    headers.emplace_back("X-Frame-Options", "DENY");
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("Referrer-Policy", "no-referrer");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace praline::webui
