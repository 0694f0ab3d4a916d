#pragma once

#include "webui/api/routes.hpp"

/// Lists of downloads, and what their user wants of them.
namespace praline::webui {

/// The one address whose body may have `list_body_bytes_max`.
inline constexpr std::string_view download_batch_path = "/api/v1/downloads/batch";
/// And the one whose body may have `file_body_bytes_max`.
inline constexpr std::string_view download_from_file_path = "/api/v1/downloads/from-file";

ApiResponse downloads(Call const& call);
ApiResponse start_download(Call const& call);
ApiResponse start_downloads(Call const& call);
ApiResponse start_from_file(Call const& call);
ApiResponse change_download(Call const& call);

}  // namespace praline::webui
