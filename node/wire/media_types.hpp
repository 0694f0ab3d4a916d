#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "node/wire/message.hpp"

/// The media filter of a query: which types of files the asker wants.
/// @threads any: pure.   @source node/wire/protocol/extensions.md, GGEP `M`
namespace praline::wire {

enum MediaType : std::uint32_t {
    media_audio = 0x04,
    media_video = 0x08,
    media_document = 0x10,
    media_image = 0x20,
    media_windows_program = 0x40,
    media_unix_program = 0x80,
    media_torrent = 0x100,
};

/// The types of a file by the ending of its name; 0: none of them. Archives and programs that run anywhere are of both
/// kinds of programs, as other servents have it.
[[nodiscard]] std::uint32_t media_types(std::string_view file_name);

/// What GGEP `M` of a query says. Empty: the query has none, or one that cannot be read or names no type: any file.
[[nodiscard]] std::optional<std::uint32_t> media_wanted(Query const& query);

}  // namespace praline::wire
