#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace praline::webui {

/// What a caller may do, each including those before it. none: what is open to everybody on this machine. read: to look,
/// which includes the bytes of files. control: to begin, change and end searches, downloads, links to peers and content
/// links, and to rescan. admin: to change what the node is, what it shares and who may use it.
enum class Scope : std::uint8_t { none, read, control, admin };

/// "none", "read", "control" or "admin"
[[nodiscard]] std::string_view to_string(Scope scope) noexcept;
/// Of a token, which is never "none".
[[nodiscard]] std::optional<Scope> scope_named(std::string_view name) noexcept;

}  // namespace praline::webui
