#pragma once

#include "webui/api/routes.hpp"

/// Routes that hand out the bytes of files. Private to this room.
namespace praline::webui {

inline constexpr std::string_view library_content_pattern = "/api/v1/library/{id}/content";
inline constexpr std::string_view download_content_pattern = "/api/v1/downloads/{id}/content";

[[nodiscard]] ApiResponse download_content(Call const& call);
[[nodiscard]] ApiResponse new_download_link(Call const& call);
[[nodiscard]] ApiResponse library_content(Call const& call);
[[nodiscard]] ApiResponse new_library_link(Call const& call);
[[nodiscard]] ApiResponse library_metalink(Call const& call);
[[nodiscard]] ApiResponse library_torrent(Call const& call);

}  // namespace praline::webui
