#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/urn.hpp"

/// A Metalink file for one file that web servers have. @source RFC 5854 (version 4).
namespace praline::content {

struct Metalink {
    std::string name;  ///< of the file; a path is not kept
    std::uint64_t size_bytes = 0;
    Sha1 sha1;
    std::vector<std::string> urls;  ///< of the whole file, the best first
    std::string generator;
};

/// A Tiger tree has no place in it: the names of hash functions are those of a registry that lacks Tiger.
/// @threads any: pure.
[[nodiscard]] std::string format_metalink(Metalink const& metalink);

/// Text as it stands between tags and in attributes. What XML has no way to write becomes U+FFFD.
/// @source XML 1.0, sections 2.2 and 2.4.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace praline::content
