#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

/// Named tokens and sessions as the API shows them. Readers throw UnreadableAnswer (webui/api/views_json.hpp).   @threads any: pure.
namespace praline::webui {

struct TokenView {
    std::string name, scope;  ///< scope "read" | "control" | "admin"
};
/// A new one, shown once.
struct NewTokenView {
    std::string name, scope, token;
};
/// A browser that is logged in.
struct SessionView {
    std::string id, browser;  ///< browser: what it called itself
    double age_seconds = 0, expires_in_seconds = 0;
    bool current = false;  ///< it is the one that asks
};

[[nodiscard]] boost::json::object to_json(TokenView const& view);
[[nodiscard]] boost::json::object to_json(NewTokenView const& view);
[[nodiscard]] boost::json::object to_json(SessionView const& view);
[[nodiscard]] std::vector<SessionView> sessions_from_json(boost::json::value const& answer);
[[nodiscard]] std::vector<TokenView> tokens_from_json(boost::json::value const& answer);
[[nodiscard]] NewTokenView new_token_from_json(boost::json::value const& answer);

}  // namespace praline::webui
