#include "transfer/download/url_way.hpp"

#include <fmt/core.h>

#include "transfer/download/limits.hpp"

namespace praline::download {

std::optional<UrlWay> UrlWay::of(std::string_view url) {
    auto const parsed = url.empty() ? std::nullopt : content::HttpUrl::parse(url);
    if (!parsed) return std::nullopt;
    return UrlWay{*parsed};
}

bool UrlWay::redirect(std::string_view location) {
    auto const next = at_.redirected_to(location);
    if (++redirects_ > redirects_max)
        trouble_ = fmt::format("redirects more than {} times", redirects_max);
    else if (!next)
        trouble_ = "redirects to what is no URL of a file";
    else if (at_.is_secure && !next->is_secure)
        trouble_ = "redirects from https to http, which anybody on the way could change";
    else
        trouble_.clear();
    if (trouble_.empty()) at_ = *next;
    return trouble_.empty();
}

void UrlWay::has_no_address(std::string_view why) {
    trouble_ = fmt::format("cannot be reached: the name of its host {} cannot be looked up: {}", at_.host.host, why);
}

void UrlWay::has_no_tls(std::string_view why) {
    trouble_ = fmt::format("cannot be read by https from {}: {}", at_.authority(), why);
}

bool UrlWay::may_connect(Address const& address) {
    auto const scope = address.scope();
    bool const is_public = scope == AddressScope::internet;
    trouble_.clear();
    if (scope == AddressScope::none) trouble_ = "has an address that is no host's";
    if (was_public_ && !is_public) trouble_ = "redirects to an address that is not public";
    // A link or a file that somebody else wrote must not press the buttons of a router.
    bool const is_command = at_.target.find('?') != std::string::npos && !at_.target.starts_with("/uri-res/");
    if (!is_public && is_command) trouble_ = "has a query for an address that is not public, which is not sent";
    if (!trouble_.empty()) return false;
    was_public_ = was_public_ || is_public;
    return true;
}

}  // namespace praline::download
