#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/base/result.hpp"
#include "node/base/urn.hpp"

namespace praline::upload {

struct RequestTarget {
    enum class Kind : std::uint8_t {
        file_by_urn,    ///< /uri-res/N2R?urn:…
        tree_by_urn,    ///< /uri-res/N2X?urn:…
        file_by_index,  ///< /get/<index>/<name>
        unknown,        ///< a path we do not serve: 404
    };
    Kind kind = Kind::unknown;
    Urn urn;
    std::uint32_t index = 0;
    std::string name;   ///< decoded
};

/// What a request asks for.
/// @errors bad_value: a URN, index or escape that is none (400). @threads any: pure.
/// @source 04-transfer section 1 of our protocol notes.
[[nodiscard]] Result<RequestTarget> parse_target(std::string_view target);

}  // namespace praline::upload
