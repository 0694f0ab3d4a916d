#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/time.hpp"
#include "webui/api/api_request.hpp"
#include "webui/api/content_links.hpp"
#include "webui/api/guess_throttle.hpp"
#include "webui/api/session_table.hpp"
#include "webui/api/token_table.hpp"

namespace praline::webui {

/// The header in which the page shows the half of its session that is no cookie.
inline constexpr std::string_view session_key_header = "X-Praline-Key";

/// Who may ask: the token, named tokens, sessions of browsers and one-time login codes. Compares secrets in constant time.
/// @threads one.
class Access {
public:
    enum class Proof { none, bearer, session, link };
    /// Who asks, and what that caller may do.
    struct Verdict {
        Proof proof = Proof::none;
        Scope scope = Scope::none;
        std::string
            caller{};  ///< hash of the named token or of the session's cookie; empty: the token of the data directory
        Duration hold{};  ///< the refusal of a wrong guess is to be held back so long
    };
    /// What a browser is given: the value of Set-Cookie, and the key that its page must keep.
    struct Login {
        std::string set_cookie, key;
    };

    /// @param token   the API token; an empty one lets no caller in.
    /// @param listen  where we are: browsers send one cookie to all ports of an address, so the port is part of its name, and
    ///                `proof_of_node` is good for this address only.
    Access(std::string token, Endpoint listen);

    /// An Authorization header, if there is one, decides alone; else cookie and key together do.
    [[nodiscard]] Verdict verdict(ApiRequest const& request, Instant now);
    /// Whether `verdict` would find a proof; a wrong guess is not counted.
    [[nodiscard]] bool is_proved(ApiRequest const& request, Instant now) const {
        return proof_of(request, now).proof != Proof::none;
    }
    /// Of a request for a file whose address holds `link=…`, which alone decides.
    [[nodiscard]] Verdict link_verdict(ApiRequest const& request, std::string_view scope, Instant now);
    /// A secret for `link=…`, good for one file and `content_link_time`. Made for a session it opens nothing without the
    /// cookie of that session; made with a token it opens the file to everybody who has it, while the token is good.
    /// @pre `request` has been admitted by `verdict`.
    [[nodiscard]] std::string new_content_link(ApiRequest const& request, std::string scope, Instant now);
    [[nodiscard]] bool token_matches(std::string_view given) const;
    /// 128 random bits, hexadecimal; valid once, for `login_code_time`.
    [[nodiscard]] std::string new_login_code(Instant now);
    /// Uses the code up. False when it is unknown, used or too old.
    [[nodiscard]] bool redeem(std::string_view code, Instant now);
    /// Leaves the code as it is.
    [[nodiscard]] bool code_is_good(std::string_view code, Instant now) const;
    /// Counts a wrong token or code. @returns for how long the answer is to be held back.
    [[nodiscard]] Duration wrong_guess(Instant now) { return throttle_.wrong(now); }
    /// A new session; the one whose cookie `request` carries ends.
    [[nodiscard]] Login log_in(ApiRequest const& request, Instant now);
    /// The request carries the cookie of a session, which alone opens nothing.
    [[nodiscard]] bool has_session_cookie(ApiRequest const& request, Instant now) const;
    /// Shows that we hold the token and are at our address. @pre `nonce_is_usable(nonce)`
    [[nodiscard]] std::string proof_of_node(std::string_view nonce) const;

    /// Tokens beside that of the data directory.
    [[nodiscard]] std::vector<NamedToken> const& named_tokens() const { return tokens_.list(); }
    [[nodiscard]] TokenTable::Change add_token(std::string_view name, Scope scope) { return tokens_.add(name, scope); }
    [[nodiscard]] TokenTable::Change revoke_token(std::string_view name);
    void keep_tokens(TokenKeeping keeping) { tokens_.keep_in(std::move(keeping)); }
    /// `Verdict::caller` of those that may no longer ask, since the last call; what they have open is to be closed.
    [[nodiscard]] std::vector<std::string> take_ended() { return std::exchange(ended_, {}); }

    /// Takes in the sessions of an earlier life; from now on `keep_if_changed` writes.
    void keep_sessions(SessionKeeping keeping, Instant now, UnixSeconds unix_now);
    [[nodiscard]] std::vector<SessionInfo> sessions(Instant now) const { return sessions_.list(now); }
    /// False: there is none with that id.
    [[nodiscard]] bool revoke_session(std::string_view id, Instant now);
    /// Hands the sessions to `SessionKeeping::keep` when some were opened or closed since it last took them.
    /// @returns a sentence when they could not be kept
    std::string keep_if_changed(Instant now, UnixSeconds unix_now);

private:
    struct Code {
        std::string text;
        Instant until;
    };

    /// Without counting a wrong guess.
    [[nodiscard]] Verdict proof_of(ApiRequest const& request, Instant now) const;
    /// The values of all cookies with our name; a browser sends one, but others may add more.
    template <class Test>
    [[nodiscard]] bool any_cookie(ApiRequest const& request, Test test) const;

    std::string token_, address_, cookie_name_;
    std::deque<Code> codes_;
    SessionTable sessions_;
    ContentLinks links_;
    SessionKeeping keeping_;
    GuessThrottle throttle_;
    TokenTable tokens_;
    std::vector<std::string> ended_;
    bool sessions_changed_ = false;
};

/// What a link to a file is good for. @param pattern  of the route of its content.   @param id  which file there.
[[nodiscard]] std::string content_scope(std::string_view pattern, std::string_view id);

/// Empty when the request comes through our own address and no other site's page made it; else the refusal.
/// @param port  the bound one.   @param address  the bound one as text, without the port.
[[nodiscard]] std::optional<ApiResponse> refuse_strangers(ApiRequest const& request, std::string_view address,
                                                          std::uint16_t port);

}  // namespace praline::webui
