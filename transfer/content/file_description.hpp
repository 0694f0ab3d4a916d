#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "node/base/urn.hpp"
#include "transfer/content/file_proof.hpp"

/// Files that a Metalink or a .torrent file names, so that they can be fetched from web servers and from peers.
namespace praline::content {

struct FileDescription {
    std::string name;  ///< valid UTF-8, perhaps with folders; foreign: never a path to write to
    std::optional<std::uint64_t> size_bytes;
    Urn urn;                                 ///< its SHA-1, if it is given
    std::shared_ptr<FileProof const> proof;  ///< null: nothing but the URN
    std::vector<std::string> urls;           ///< as `HttpUrl` writes them, the best first
    /// Why it cannot be fetched, as a sentence; empty: it can.
    std::string problem;
};
/// The files of the text, at least one, or a sentence that says what is wrong with it.
using FileDescriptions = std::variant<std::vector<FileDescription>, std::string>;

/// Metalink, versions 4 and 3: names, sizes, hashes SHA-1 and SHA-256 of wholes and SHA-1 of pieces, and http URLs in the
/// order of their priority. @threads any: pure.
/// @source RFC 5854; Metalink 3.0
[[nodiscard]] FileDescriptions read_metalink(std::string_view text);

/// A .torrent file of version 1 with web seeds. Nothing of BitTorrent is spoken: files come from web servers alone. Of one
/// with several files each is a file for itself, and can be fetched if all its pieces are its own, or its SHA-1 is given.
/// @threads any: pure.   @source BEP 3; BEP 19 (`url-list`); BEP 47 (padding files)
[[nodiscard]] FileDescriptions read_torrent(std::string_view text);

/// Either, by how it begins.
[[nodiscard]] FileDescriptions read_description(std::string_view text);

}  // namespace praline::content
