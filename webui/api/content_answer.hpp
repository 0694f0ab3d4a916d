#pragma once

#include <memory>
#include <string_view>

#include "webui/api/api_request.hpp"
#include "webui/api/content_source.hpp"

namespace praline::webui {

/// The answer to GET or HEAD for a file: all of it, the range asked for (206), 304, 412 or 416. A shared file comes from
/// strangers, so it is sent in a way that lets none of it act in the name of the page: its type follows the ending of its
/// name and is one of a list, nothing is guessed from its bytes, and only what browsers merely show is shown.
/// @threads any: pure.   @source RFC 9110, sections 13 and 14; RFC 6266.
[[nodiscard]] ApiResponse content_answer(ApiRequest const& request, std::shared_ptr<ContentSource> source);

/// The media type by the name's ending; of a list, so that what is not on it is bytes.
[[nodiscard]] std::string_view content_type_of(std::string_view name);
/// Whether a browser may show or play it: audio, video, images, plain text, PDF. It saves anything else.
[[nodiscard]] bool is_shown(std::string_view media_type);

}  // namespace praline::webui
