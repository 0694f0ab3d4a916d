#include "transfer/upload/file_headers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "node/base/text.hpp"

namespace praline::upload {

namespace {

constexpr std::string_view any_type = "application/octet-stream";

constexpr std::array<std::pair<std::string_view, std::string_view>, 46> types{{
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"avi", "video/x-msvideo"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"csv", "text/csv"},
    {"djvu", "image/vnd.djvu"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"epub", "application/epub+zip"},
    {"flac", "audio/flac"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"iso", "application/x-iso9660-image"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"json", "application/json"},
    {"m4a", "audio/mp4"},
    {"m4v", "video/mp4"},
    {"md", "text/plain"},
    {"mid", "audio/midi"},
    {"mkv", "video/x-matroska"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"mpg", "video/mpeg"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/ogg"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"rtf", "application/rtf"},
    {"tar", "application/x-tar"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"txt", "text/plain"},
    {"wav", "audio/wav"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"zip", "application/zip"},
}};
static_assert(std::is_sorted(types.begin(), types.end()));

bool is_control(char c) {
    auto const code = static_cast<unsigned char>(c);
    return code < 0x20 || code == 0x7F;
}

/// What may stand between the quotes without being misread by anybody.
bool is_plain(char c) {
    return static_cast<unsigned char>(c) < 0x80 && !is_control(c) && c != '"' && c != '\\' && c != '%';
}

}  // namespace

std::string_view media_type_of(std::string_view name) {
    auto const dot = name.rfind('.');
    if (dot == std::string_view::npos) return any_type;
    auto const ending = to_lower_ascii(name.substr(dot + 1));
    auto const at = std::lower_bound(types.begin(), types.end(), std::string_view{ending},
                                     [](auto const& type, std::string_view wanted) { return type.first < wanted; });
    return at != types.end() && at->first == ending ? at->second : any_type;
}

std::string content_disposition(std::string_view name, std::string_view kind) {
    name.remove_prefix(name.rfind('/') + 1);
    std::string plain, full;
    for (char const c : name) {
        // One sign for each character that is left out, not for each byte of it.
        bool const continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
        if (is_plain(c))
            plain += c;
        else if (!continues)
            plain += '_';
        full += is_control(c) ? '_' : c;
    }
    if (plain.empty()) return std::string{kind};
    auto text = std::string{kind} + "; filename=\"" + plain + '"';
    if (plain != full && is_valid_utf8(full)) text += "; filename*=UTF-8''" + percent_encode(full);
    return text;
}

}  // namespace praline::upload
