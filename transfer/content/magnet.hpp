#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/result.hpp"
#include "node/base/urn.hpp"

namespace praline::content {

/// A magnet link: which file, what it is called, and perhaps where to find it.
/// @source 04-transfer section 12 of our protocol notes. @threads any: a value.
struct Magnet {
    std::vector<Urn> topics;             ///< xt, those we understand, in order
    std::string name;                    ///< dn, valid UTF-8; foreign: never a path to write to
    std::string keywords;                ///< kt
    std::optional<std::uint64_t> size_bytes;  ///< xl
    std::vector<std::string> sources;    ///< xs and as, as they stand there
    friend bool operator==(Magnet const&, Magnet const&) = default;

    /// What all topics together say. Empty: they contradict each other, or there is none.
    [[nodiscard]] std::optional<Urn> urn() const;
};

/// Keys in any case, ".1" after a key ignored, unknown keys and unknown kinds of topic left out.
/// @errors bad_value: not a magnet link, a broken escape or a number that is none; limit_exceeded: longer than
///         `magnet_bytes_max`, or more fields than `magnet_fields_max`.
[[nodiscard]] Result<Magnet> parse_magnet(std::string_view link);

[[nodiscard]] std::string format_magnet(Magnet const& magnet);

}  // namespace praline::content
