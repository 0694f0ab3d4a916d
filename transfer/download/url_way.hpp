#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/base/address.hpp"
#include "transfer/content/http_url.hpp"

namespace praline::download {

/// Where a URL that the user named leads, through redirects: a few of them, never from https to http, and never from a
/// public host to this machine or a private network, whose services would take the request of this node for one of their own.
/// @threads one at a time: pure.   @source RFC 9110, section 15.4
class UrlWay {
public:
    explicit UrlWay(content::HttpUrl given) : at_{std::move(given)} {}
    /// Empty: the text is empty, or no URL.
    [[nodiscard]] static std::optional<UrlWay> of(std::string_view url);

    [[nodiscard]] content::HttpUrl const& at() const { return at_; }
    /// A reply of `at` redirects to there. False: it is not followed, `trouble` says why. True: `at` is the next place.
    [[nodiscard]] bool redirect(std::string_view location);
    /// Whether the host of `at`, which has this address, may be connected to; `trouble` says why not. What was named by the
    /// user himself may be anywhere; but a query, other than one for a hash, goes to public addresses alone.
    [[nodiscard]] bool may_connect(Address const& address);
    /// The name of the host cannot be looked up. @param why  no sentence
    void has_no_address(std::string_view why);
    /// The host cannot prove that it is what the URL names, or speaks no TLS. @param why  no sentence
    void has_no_tls(std::string_view why);
    /// Why the way leads nowhere, in words that follow the URL; empty: nothing is known against it.
    [[nodiscard]] std::string const& trouble() const { return trouble_; }

private:
    content::HttpUrl at_;
    unsigned redirects_ = 0;
    bool was_public_ = false;  ///< a host on the way was
    std::string trouble_;
};

}  // namespace praline::download
