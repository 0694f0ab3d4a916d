#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "node/base/time.hpp"
#include "webui/api/api_request.hpp"

namespace praline::webui {

/// Who may ask: the token, sessions (cookies) and one-time login codes. Compares secrets in constant time.
/// @threads one.
class Access {
public:
    enum class Proof { none, bearer, cookie };

    /// @param token  the API token; an empty one lets nobody in.
    /// @param port   ours: browsers send one cookie to all ports of an address, so it is part of the cookie's name.
    Access(std::string token, std::uint16_t port);

    /// An Authorization header, if there is one, decides alone; else the cookie does.
    [[nodiscard]] Proof proof(ApiRequest const& request) const;
    [[nodiscard]] bool token_matches(std::string_view given) const;
    /// 128 random bits, hexadecimal; valid once, for `login_code_time`.
    [[nodiscard]] std::string new_login_code(Instant now);
    /// Uses the code up. False when it is unknown, used or too old.
    [[nodiscard]] bool redeem(std::string_view code, Instant now);
    /// The value of Set-Cookie for a new session.
    [[nodiscard]] std::string new_session_cookie();

private:
    struct Code { std::string text; Instant until; };

    [[nodiscard]] bool session_matches(std::string_view given) const;

    std::string token_, cookie_name_;
    std::deque<Code> codes_;
    std::deque<std::string> sessions_;
};

/// Empty when the request comes through our own address and no other site's page made it; else the refusal.
/// @param port  the bound one.   @param address  the bound one as text, without the port.
[[nodiscard]] std::optional<ApiResponse> refuse_strangers(ApiRequest const& request, std::string_view address,
                                                          std::uint16_t port);

}  // namespace praline::webui
