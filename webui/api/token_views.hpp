#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

/// Named tokens as the API shows them. Readers throw UnreadableAnswer (webui/api/views_json.hpp).   @threads any: pure.
namespace praline::webui {

struct TokenView {
    std::string name, scope;  ///< scope "read" | "control" | "admin"
};
/// A new one, shown once.
struct NewTokenView {
    std::string name, scope, token;
};

[[nodiscard]] boost::json::object to_json(TokenView const& view);
[[nodiscard]] boost::json::object to_json(NewTokenView const& view);
[[nodiscard]] std::vector<TokenView> tokens_from_json(boost::json::value const& answer);
[[nodiscard]] NewTokenView new_token_from_json(boost::json::value const& answer);

}  // namespace praline::webui
