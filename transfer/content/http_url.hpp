#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/base/host_port.hpp"

namespace praline::content {

/// Where a web server has a file: http://HOST[:PORT]/path?query, or https. What follows "#" is dropped; a user name and a
/// password are not taken.
/// @threads any: a value.   @source RFC 3986, sections 3, 5.2 and 5.3
struct HttpUrl {
    bool is_secure = false;  ///< https
    HostPort host;           ///< a name in lower case, or an address
    std::string target;  ///< path and query as a request names them: begins with "/", printable ASCII without blanks

    /// Blanks and other characters that a URL cannot hold are escaped, as browsers do.
    /// @return empty: `problem` says why.
    [[nodiscard]] static std::optional<HttpUrl> parse(std::string_view text);
    /// Why this is no such URL, as a sentence; empty: it is one.
    [[nodiscard]] static std::string problem(std::string_view text);

    /// As it is written: parsed again it is the same.
    [[nodiscard]] std::string text() const;
    /// The value of the Host header: without the port if it is the usual one.
    [[nodiscard]] std::string authority() const;
    /// The last part of the path, unescaped: what the file may be called. Foreign: never a path to write to. May be empty.
    [[nodiscard]] std::string file_name() const;
    /// Where a redirect of this URL leads. Empty: to no such URL.
    [[nodiscard]] std::optional<HttpUrl> redirected_to(std::string_view location) const;

    friend bool operator==(HttpUrl const& left, HttpUrl const& right) { return left.text() == right.text(); }
};

}  // namespace praline::content
