#pragma once

#include <optional>
#include <string>

#include "node/base/bytes.hpp"
#include "node/identity/ed25519_key.hpp"

/// Files that only their owner may read. Errors are std::runtime_error with a sentence that names the file.
/// @threads any.
namespace praline::store {

/// The file's text; empty: there is none. What others may read is no secret: it is refused, with how to mend it.
[[nodiscard]] std::optional<std::string> read_secret_file(std::string const& file);
/// Durably, for its owner alone.
void write_secret_file(std::string const& file, std::string const& content);
/// From the system's entropy, fit for keys.
[[nodiscard]] Bytes random_bytes(std::size_t count);

/// Reads the PEM file, or makes a key and writes it if there is none.
[[nodiscard]] identity::Ed25519Key load_or_create_key(std::string const& file);

}  // namespace praline::store
