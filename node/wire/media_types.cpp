#include "node/wire/media_types.hpp"

#include <algorithm>
#include <string>

#include "node/base/text.hpp"
#include "node/wire/content_kind.hpp"

namespace praline::wire {
namespace {

constexpr std::string_view windows_endings = " exe msi dll ", unix_endings = " so sh bin appimage deb rpm ";
constexpr std::size_t mask_bytes_max = 4;

bool has_ending(std::string_view endings, std::string const& ending) {
    return endings.find(ending) != std::string_view::npos;
}

}  // namespace

std::uint32_t media_types(std::string_view file_name) {
    auto const dot = file_name.rfind('.');
    if (dot == std::string_view::npos) return 0;
    auto const ending = ' ' + to_lower_ascii(file_name.substr(dot + 1)) + ' ';
    if (ending == " torrent ") return media_torrent;
    if (has_ending(windows_endings, ending)) return media_windows_program;
    if (has_ending(unix_endings, ending)) return media_unix_program;
    switch (content_kind(file_name)) {
        case ContentKind::audio: return media_audio;
        case ContentKind::video: return media_video;
        case ContentKind::document: return media_document;
        case ContentKind::image: return media_image;
        case ContentKind::archive:
        case ContentKind::program: return media_windows_program | media_unix_program;
        case ContentKind::other: break;
    }
    return 0;
}

std::optional<std::uint32_t> media_wanted(Query const& query) {
    auto const item =
        std::find_if(query.ggep.begin(), query.ggep.end(), [](GgepItem const& one) { return one.id == "M"; });
    if (item == query.ggep.end() || item->data.size() > mask_bytes_max) return std::nullopt;
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < item->data.size(); ++i)
        mask |= std::to_integer<std::uint32_t>(item->data[i]) << (8 * i);
    return mask == 0 ? std::nullopt : std::optional{mask};
}

}  // namespace praline::wire
