#include "node/wire/content_kind.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "node/base/text.hpp"

namespace praline::wire {
namespace {

constexpr std::array<std::pair<ContentKind, std::string_view>, 6> endings_by_kind{{
    {ContentKind::audio, " mp3 ogg oga opus flac wav m4a aac wma mid midi aiff "},
    {ContentKind::video, " mp4 mkv webm avi mov mpg mpeg ogv wmv m4v flv "},
    {ContentKind::image, " jpg jpeg png gif webp svg bmp tif tiff ico avif "},
    {ContentKind::document, " txt pdf md html htm doc docx odt ods odp rtf epub tex ps djvu csv xml json "},
    {ContentKind::archive, " zip gz tgz xz bz2 zst 7z rar tar iso deb rpm lz4 "},
    {ContentKind::program, " exe msi dll so sh py js bin appimage apk jar ttf otf woff pfb "},
}};

constexpr std::array<std::string_view, content_kinds> names{"archive", "audio",   "document", "image",
                                                            "other",   "program", "video"};

}  // namespace

ContentKind content_kind(std::string_view file_name) {
    auto const dot = file_name.rfind('.');
    if (dot == std::string_view::npos) return ContentKind::other;
    auto const ending = ' ' + to_lower_ascii(file_name.substr(dot + 1)) + ' ';
    auto const found = std::find_if(endings_by_kind.begin(), endings_by_kind.end(), [&](auto const& kind) {
        return kind.second.find(ending) != std::string_view::npos;
    });
    return found == endings_by_kind.end() ? ContentKind::other : found->first;
}

std::string_view name_of(ContentKind kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<ContentKind> content_kind_named(std::string_view name) {
    auto const at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) return std::nullopt;
    return static_cast<ContentKind>(at - names.begin());
}

}  // namespace praline::wire
