#pragma once

#include <memory>
#include <string>

#include "index/wire/ids.hpp"
#include "node/base/bytes.hpp"

struct evp_pkey_st;

/// The keys that nodes and servers prove themselves with: Ed25519 (RFC 8032), used in TLS 1.3 certificates that nobody
/// has signed but their owner. Errors are std::runtime_error with a sentence that names the file.
namespace praline::index::link {

class Ed25519Key {
public:
    /// Reads the PEM file, or makes a key and writes it (0600, durably) if there is none.
    static Ed25519Key load_or_create(std::string const& file);
    /// The same 32 octets, the same key.
    static Ed25519Key from_seed(ByteView seed);
    [[nodiscard]] PublisherId public_key() const;
    [[nodiscard]] evp_pkey_st* handle() const { return key_.get(); }

private:
    explicit Ed25519Key(std::shared_ptr<evp_pkey_st> key) : key_{std::move(key)} {}
    std::shared_ptr<evp_pkey_st> key_;
};

/// What the servers of a group have in common, and nobody else: 32 random octets in a file. Their certificates carry the
/// key that is derived from it (HKDF-SHA256, RFC 5869), so a server proves that it knows the secret by TLS itself, and a
/// node that knows the public key of the group knows every server of it.
class GroupSecret {
public:
    /// One line of 64 hexadecimal digits. A file that others may read is refused: it says so and how to mend it.
    static GroupSecret load(std::string const& file);
    static GroupSecret load_or_create(std::string const& file);
    static GroupSecret from_octets(Bytes octets);
    [[nodiscard]] Ed25519Key key() const;

private:
    explicit GroupSecret(Bytes octets) : octets_{std::move(octets)} {}
    Bytes octets_;
};

}  // namespace praline::index::link

namespace praline::index { using namespace link; }   // until all rooms above name it
