#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "node/base/time.hpp"

namespace praline::webui {

/// Links that open one file for a while, for players and browsers that cannot send the header of a session or the token.
/// Bounded: when there are too many the oldest is evicted. Kept by their hashes.   @threads one.
class ContentLinks {
public:
    struct Link {
        std::string scope;      ///< which file: see `content_scope`
        std::string session{};  ///< hash of the cookie without which the link opens nothing; empty: made with a token
        std::string
            token{};  ///< hash of the named token by which it was made and with which it ends; empty: by no such
    };
    /// The secret of a new link, hexadecimal; valid for `content_link_time`.
    [[nodiscard]] std::string make(Link link, Instant now);
    /// Null: unknown, too old, or of another file.
    [[nodiscard]] Link const* find(std::string_view secret, std::string_view scope, Instant now) const;
    [[nodiscard]] std::size_t size() const { return links_.size(); }

private:
    struct Kept {
        std::string secret_hash;
        Link link;
        Instant until;
    };
    std::deque<Kept> links_;  ///< the oldest first
};

}  // namespace praline::webui
