#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "webui/api/api_request.hpp"
#include "webui/api/page_assets.hpp"

namespace praline::webui {

/// The file that a request names, with strict headers; a wrong method is told the right ones. Empty: there is no such file.
/// A file whose compressed copies stand beside it (`.br`, `.gz`) is sent as one of them to whoever accepts it; whoever has
/// it already (If-None-Match) gets a 304.
/// @param front  the file that "/" is. Other pages, which the same build made for other programs, are not given out.
/// @threads any: pure.
[[nodiscard]] std::optional<ApiResponse> page_file(std::span<Asset const> assets, std::string_view front,
                                                   ApiRequest const& request);

}  // namespace praline::webui
