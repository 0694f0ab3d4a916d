#include "webui/api/page_file.hpp"

#include <algorithm>

#include "node/base/bytes.hpp"
#include "webui/api/login.hpp"

namespace praline::webui {

std::optional<ApiResponse> page_file(std::span<Asset const> assets, std::string_view front, ApiRequest const& request) {
    // The page keeps its views behind a '#', so every address that is no file of it is a mistake.
    auto const path = request.path() == "/" ? front : request.path();
    if (path.ends_with(".html") && path != front) return std::nullopt;
    auto const found =
        std::find_if(assets.begin(), assets.end(), [&](Asset const& asset) { return asset.path == path; });
    if (found == assets.end()) return std::nullopt;
    if (request.method != "GET") return wrong_method("GET, HEAD");
    ApiResponse response;
    bool const hashed = path.starts_with("/assets/");
    response.headers = {{"Content-Type", std::string{found->content_type}},
                        {"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"}};
    response.body = as_text(found->bytes);
    add_strict_headers(response);
    return response;
}

}  // namespace praline::webui
