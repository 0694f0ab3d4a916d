#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "node/base/result.hpp"
#include "node/base/urn.hpp"

namespace praline::upload {

struct ByUrn { Urn urn; };                                   ///< /uri-res/N2R?urn:…
struct TreeOf { Urn urn; };                                  ///< /uri-res/N2X?urn:…
struct ByIndex { std::uint32_t index = 0; std::string name; };  ///< /get/<index>/<name>, name decoded
struct Unknown {};                                           ///< a path we do not serve: 404
using RequestTarget = std::variant<ByUrn, TreeOf, ByIndex, Unknown>;

/// What a request asks for.
/// @errors bad_value: a URN, index or escape that is none (400). @threads any: pure.
/// @source 04-transfer section 1 of our protocol notes.
[[nodiscard]] Result<RequestTarget> parse_target(std::string_view target);

}  // namespace praline::upload
