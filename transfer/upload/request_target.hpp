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
        front,          ///< "/": what this is
        server,         ///< "*": OPTIONS alone asks it
        unknown,        ///< a path we do not serve: 404
    };
    Kind kind = Kind::unknown;
    Urn urn;
    std::uint32_t index = 0;
    std::string name;  ///< as it came: see `names`
};

/// What a request asks for. The form with scheme and host ("http://here/…") is taken whatever host it names: we have
/// nobody else's files. Paths and URNs in any case, escaped or not; what follows the URN after '&' is left out.
/// @errors bad_value: neither a path nor such an address; a URN, index or escape that is none (400).
/// @threads any: pure. @source RFC 9112, section 3.2; node/wire/protocol/transfer.md
[[nodiscard]] Result<RequestTarget> parse_target(std::string_view target);

/// Whether the name in a /get/ request means this file: escaped, as it is, with plus signs for blanks, with a slash or
/// a query behind it.
[[nodiscard]] bool names(std::string_view asked, std::string_view file_name);

}  // namespace praline::upload
