#pragma once

#include <string>
#include <string_view>

/// What a reply says of a file's name and kind. @threads any: pure.
namespace praline::upload {

/// The media type by the name's ending. Kinds that a browser would run or lay out (HTML, SVG, scripts) are
/// "application/byte-stream": a shared file must never become a page of this address.
[[nodiscard]] std::string_view media_type_of(std::string_view name);

/// `attachment; filename="a.txt"` (or another `kind`), and filename*=UTF-8''… when the name is not plain ASCII. Folders are left out; no
/// name can end the header or the quotes. @source RFC 6266; RFC 8187.
[[nodiscard]] std::string content_disposition(std::string_view name, std::string_view kind = "attachment");

}  // namespace praline::upload
