#pragma once

#include <string>
#include <string_view>

namespace praline {

/// "audio", "video", "image", "document", "archive", "program" or "other", by the ending of the name alone.
[[nodiscard]] std::string content_kind(std::string_view file_name);

}  // namespace praline
