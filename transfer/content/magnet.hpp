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
/// @source MAGNET; node/wire/protocol/transfer.md. @threads any: a value.
struct Magnet {
    std::vector<Urn> topics;                  ///< xt, those we understand, in order
    std::string name;                         ///< dn, valid UTF-8; foreign: never a path to write to
    std::string keywords;                     ///< kt
    std::optional<std::uint64_t> size_bytes;  ///< xl
    std::vector<std::string> sources;         ///< xs and as, as they stand there
    std::vector<std::string> foreign_topics;  ///< kinds of xt that we do not understand: "urn:btih", "urn:ed2k"
    bool broken_topic = false;                ///< an xt of a kind that we understand has no such digest
    friend bool operator==(Magnet const&, Magnet const&) = default;

    /// What all topics together say. Empty: they contradict each other, or there is none.
    [[nodiscard]] std::optional<Urn> urn() const;
};

/// Reads links as they are found on web pages: keys in any case, ".1" after a key and "amp;" before it ignored, unknown keys
/// and unknown kinds of topic left out, a percent sign that begins no escape taken as it stands, a SHA-1 in hexadecimal.
/// @errors bad_value: not a magnet link, or a length that is no number; limit_exceeded: longer than `magnet_bytes_max`, or
///         more fields than `magnet_fields_max`.
[[nodiscard]] Result<Magnet> parse_magnet(std::string_view link);

/// Why no file can be fetched by this link, as a sentence; empty: one can.
[[nodiscard]] std::string magnet_problem(std::string_view link);

[[nodiscard]] std::string format_magnet(Magnet const& magnet);

}  // namespace praline::content
