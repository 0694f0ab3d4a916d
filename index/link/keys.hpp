#pragma once

#include <string>

#include "index/wire/ids.hpp"
#include "node/base/bytes.hpp"
#include "node/identity/ed25519_key.hpp"

/// The keys that nodes and servers prove themselves with: Ed25519 (RFC 8032), used in TLS 1.3 certificates that nobody
/// has signed but their owner. Errors are std::runtime_error with a sentence that names the file.
namespace praline::index::link {

using identity::Ed25519Key;

/// What the servers of a group have in common, and nobody else: 32 random bytes in a file. Their certificates carry the
/// key that is derived from it (HKDF-SHA256, RFC 5869), so a server proves that it knows the secret by TLS itself, and a
/// node that knows the public key of the group knows every server of it.
class GroupSecret {
public:
    /// One line of 64 hexadecimal digits. A file that others may read is refused: it says so and how to mend it.
    static GroupSecret load(std::string const& file);
    static GroupSecret load_or_create(std::string const& file);
    static GroupSecret from_bytes(Bytes bytes);
    [[nodiscard]] Ed25519Key key() const;

private:
    explicit GroupSecret(Bytes bytes) : bytes_{std::move(bytes)} {}
    Bytes bytes_;
};

}  // namespace praline::index::link
