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
    std::vector<std::string> peers;           ///< x.pe: host and port of peers that have it, as they stand there
    std::vector<std::string> foreign_topics;  ///< kinds of xt that we do not understand: "urn:btih", "urn:ed2k"
    bool broken_topic = false;                ///< an xt of a kind that we understand has no such digest
    friend bool operator==(Magnet const&, Magnet const&) = default;

    /// What all topics together say. Empty: they contradict each other, or there is none.
    [[nodiscard]] std::optional<Urn> urn() const;
};

/// The files that a link names, at least one. Reads links as they are found on web pages: keys in any case, "amp;" before
/// them ignored, unknown keys and unknown kinds of topic left out, a percent sign that begins no escape taken as it stands,
/// a SHA-1 in hexadecimal. Programs number the fields of several files ("xt.1", "dn.1", "xt.2" …), and some the topics of
/// one: the numbers name several files where their topics contradict each other, or more than one has a name.
/// @errors bad_value: not a magnet link, or a length that is no number; limit_exceeded: longer than `magnet_bytes_max`, or
///         more fields than `magnet_fields_max`, or more files than `magnet_files_max`.
[[nodiscard]] Result<std::vector<Magnet>> parse_magnets(std::string_view link);
/// The first of them.
[[nodiscard]] Result<Magnet> parse_magnet(std::string_view link);

/// Why some file of this link cannot be fetched, as a sentence; empty: all can.
[[nodiscard]] std::string magnet_problem(std::string_view link);
/// The same of one file.
[[nodiscard]] std::string magnet_problem(Magnet const& magnet);

[[nodiscard]] std::string format_magnet(Magnet const& magnet);

}  // namespace praline::content
