#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/time.hpp"

namespace praline::webui {

/// How sessions outlive the program.
struct SessionKeeping {
    std::string kept{};  ///< what `keep` was given in an earlier life; empty: nothing
    /// Sessions have changed: to be kept where only the owner reads. Returns a sentence when they could not be; must not
    /// throw. Empty: they live as long as the program.
    std::function<std::string(std::string const&)> keep{};
};

/// What a browser gets when it logs in. Both halves are needed for every request: a browser sends the cookie to every port of
/// this machine, so other programs can learn it, but it shows the key only to pages of our own address and port.
struct NewSession {
    std::string cookie, key;
};

/// A session as its owner is shown it.
struct SessionInfo {
    std::string id;  ///< no secret: some digits of a hash
    Duration age;
    std::string browser;  ///< what the browser called itself
};

/// Browsers that are logged in, by hashes of their two secrets. Bounded: when it is full the oldest is evicted. Ages are
/// counted on the steady clock, so that a jump of the system's clock while the node runs ends no session; only what is kept
/// on disk names dates.   @threads one.
class SessionTable {
public:
    /// @param browser  what it calls itself; `browser_name_bytes_max` of it are kept
    [[nodiscard]] NewSession open(Instant now, std::string_view browser = {});
    /// A browser that logs in again gives up the session it had.
    void close(std::string_view cookie);
    [[nodiscard]] bool matches(std::string_view cookie, std::string_view key, Instant now) const;
    /// Good for nothing but to tell whether this browser is logged in already.
    [[nodiscard]] bool knows_cookie(std::string_view cookie, Instant now) const;
    [[nodiscard]] std::size_t size() const { return sessions_.size(); }
    /// The oldest first.
    [[nodiscard]] std::vector<SessionInfo> list(Instant now) const;
    /// Ends a session. @returns the hash of its cookie; empty: there is none with that id
    [[nodiscard]] std::string revoke(std::string_view id, Instant now);
    /// `SessionInfo::id` of the session with that hash of a cookie.
    [[nodiscard]] static std::string id_of(std::string_view cookie_hash);

    /// For a file that only its owner reads: hashes and dates, a session a line, and a line more for what its browser is
    /// called.
    [[nodiscard]] std::string text(Instant now, UnixSeconds unix_now) const;
    /// Takes in what `text` gave, in an earlier life of the node, and leaves out what is too old or no session at all. One
    /// of the future was opened while the clock was ahead: it counts as opened now.
    /// @returns true when such a one was there: the dates on disk are wrong and should be written again.
    bool restore(std::string_view text, Instant now, UnixSeconds unix_now);

private:
    struct Session {
        std::string cookie_hash, key_hash;
        Instant opened;
        std::string browser;
    };

    [[nodiscard]] Session const* find(std::string_view cookie, Instant now) const;
    void add(Session session);

    std::deque<Session> sessions_;  ///< the oldest first
};

}  // namespace praline::webui
