#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace praline::wire {

/// What a file probably is. In order of their names, so that sorting by kind is sorting by its name.
enum class ContentKind : std::uint8_t { archive, audio, document, image, other, program, video };

inline constexpr std::size_t content_kinds = 7;

/// By the ending of the name alone.
/// @threads any: pure.
[[nodiscard]] ContentKind content_kind(std::string_view file_name);

/// "archive", "audio", "document", "image", "other", "program" or "video".
[[nodiscard]] std::string_view name_of(ContentKind kind);
[[nodiscard]] std::optional<ContentKind> content_kind_named(std::string_view name);

}  // namespace praline::wire
