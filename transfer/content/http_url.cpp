#include "transfer/content/http_url.hpp"

#include <cstdint>

#include <boost/system/result.hpp>

#include "node/base/text.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content {
namespace {

constexpr std::string_view plain_scheme = "http://", secure_scheme = "https://";
constexpr std::uint16_t plain_port = 80, secure_port = 443;

bool begins(std::string_view text, std::string_view scheme) {
    return equals_ignoring_case(text.substr(0, scheme.size()), scheme);
}

bool has_control(std::string_view text) {
    for (char const c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
    return false;
}

/// What may not stand in a path or a query as it is.
std::string escaped(std::string_view text) {
    constexpr std::string_view unwise = " \"<>\\^`{|}";
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        bool const is_foreign =
            static_cast<unsigned char>(text[at]) >= 0x7F || unwise.find(text[at]) != std::string_view::npos;
        out += is_foreign ? percent_encode(text.substr(at, 1)) : std::string{text[at]};
    }
    return out;
}

struct Parts {
    bool is_secure = false;
    std::string_view authority, target;
};

std::optional<Parts> parts_of(std::string_view text) {
    Parts parts;
    if (begins(text, plain_scheme)) {
        text.remove_prefix(plain_scheme.size());
    } else if (begins(text, secure_scheme)) {
        text.remove_prefix(secure_scheme.size());
        parts.is_secure = true;
    } else {
        return std::nullopt;
    }
    text = text.substr(0, text.find('#'));
    auto const end = text.find_first_of("/?");
    parts.authority = text.substr(0, end);
    if (end != std::string_view::npos) parts.target = text.substr(end);
    return parts;
}

/// A name as the domain name system has it; one with other letters is written in its "xn--" form.
bool is_plain_name(std::string_view host) {
    return host.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_") ==
           std::string_view::npos;
}

boost::system::result<HostPort, HostPortError> host_of(Parts const& parts) {
    // "host:" without a number is allowed and means the usual port.
    auto authority = parts.authority;
    if (authority.ends_with(':')) authority.remove_suffix(1);
    auto host = HostPort::parse(authority, {.usual_port = parts.is_secure ? secure_port : plain_port});
    if (!host || host->address) return host;
    if (!is_plain_name(host->host)) return HostPortError::bad_host;
    host->host = to_lower_ascii(host->host);
    return host;
}

}  // namespace

std::string HttpUrl::problem(std::string_view text) {
    text = trim(text);
    if (text.size() > url_bytes_max) return "This URL is too long.";
    if (has_control(text)) return "This URL holds control characters.";
    auto const parts = parts_of(text);
    if (!parts) return "This is no URL of a web server: one begins with \"http://\" or \"https://\".";
    if (parts->authority.find('@') != std::string_view::npos)
        return "This URL holds a user name or a password, which are not sent.";
    auto const host = host_of(*parts);
    if (!host) return "The host of this URL is wrong: " + std::string{to_string(host.error())} + ".";
    return {};
}

std::optional<HttpUrl> HttpUrl::parse(std::string_view text) {
    text = trim(text);
    if (!problem(text).empty()) return std::nullopt;
    auto const parts = parts_of(text);
    HttpUrl url;
    url.is_secure = parts->is_secure;
    url.host = *host_of(*parts);
    url.target = escaped(parts->target);
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    return url;
}

std::string HttpUrl::authority() const {
    auto text = host.address && host.address->is_v6() ? "[" + host.address->text() + "]" : host.host;
    if (host.port != (is_secure ? secure_port : plain_port)) text += ":" + std::to_string(host.port);
    return text;
}

std::string HttpUrl::text() const {
    return std::string{is_secure ? secure_scheme : plain_scheme} + authority() + target;
}

std::string HttpUrl::file_name() const {
    auto const path = std::string_view{target}.substr(0, target.find('?'));
    auto const name = percent_decode(path.substr(path.rfind('/') + 1));
    return name && is_valid_utf8(*name) ? *name : std::string{};
}

std::optional<HttpUrl> HttpUrl::redirected_to(std::string_view location) const {
    location = trim(location);
    if (location.size() > url_bytes_max || has_control(location)) return std::nullopt;
    if (begins(location, plain_scheme) || begins(location, secure_scheme)) return parse(location);
    auto const scheme = std::string{is_secure ? secure_scheme : plain_scheme};
    if (location.starts_with("//")) return parse(scheme + std::string{location.substr(2)});
    // Another scheme, not a path.
    if (location.find(':') < location.find_first_of("/?#")) return std::nullopt;
    auto const here = scheme + authority();
    if (location.starts_with('/')) return parse(here + std::string{location});
    auto const path = target.substr(0, target.find('?'));
    if (location.empty() || location.starts_with('?') || location.starts_with('#'))
        return parse(here + path + std::string{location});
    return parse(here + path.substr(0, path.rfind('/') + 1) + std::string{location});
}

}  // namespace praline::content
