#include "tools/praline/content_kind.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "node/base/text.hpp"

namespace praline {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> endings_by_kind{{
    {"audio", " mp3 ogg oga opus flac wav m4a aac wma mid midi aiff "},
    {"video", " mp4 mkv webm avi mov mpg mpeg ogv wmv m4v flv "},
    {"image", " jpg jpeg png gif webp svg bmp tif tiff ico avif "},
    {"document", " txt pdf md html htm doc docx odt ods odp rtf epub tex ps djvu csv xml json "},
    {"archive", " zip gz tgz xz bz2 zst 7z rar tar iso deb rpm lz4 "},
    {"program", " exe msi dll so sh py js bin appimage apk jar ttf otf woff pfb "},
}};

}  // namespace

std::string content_kind(std::string_view file_name) {
    auto const dot = file_name.rfind('.');
    if (dot == std::string_view::npos) return "other";
    auto const ending = ' ' + to_lower_ascii(file_name.substr(dot + 1)) + ' ';
    auto const found = std::find_if(endings_by_kind.begin(), endings_by_kind.end(),
                                    [&](auto const& kind) { return kind.second.find(ending) != std::string_view::npos; });
    return found == endings_by_kind.end() ? "other" : std::string{found->first};
}

}  // namespace praline
