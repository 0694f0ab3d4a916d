#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Secrets of the API: made, compared and proved.   @threads any.
namespace praline::webui {

/// Random, as lower-case hexadecimal. Throws std::runtime_error when the system has no random numbers.
[[nodiscard]] std::string random_hex(std::size_t bytes);
/// In constant time for texts of one length; empty texts match nothing.
[[nodiscard]] bool same_secret(std::string_view left, std::string_view right);
/// SHA-256 as lower-case hexadecimal: what is kept of a secret that only has to be recognised.
[[nodiscard]] std::string secret_hash(std::string_view secret);

/// Shows a caller that the program at `address` holds the token, without sending it: HMAC-SHA256 of the caller's nonce and
/// the address as lower-case hexadecimal. The address keeps a program at another port from passing on a node's answer.
/// @param nonce  hexadecimal, see `nonce_is_usable`.   @param address  "127.0.0.1:8970", as the caller connected to.
[[nodiscard]] std::string node_proof(std::string_view token, std::string_view nonce, std::string_view address);
/// 32 to 128 hexadecimal digits.
[[nodiscard]] bool nonce_is_usable(std::string_view nonce);

}  // namespace praline::webui
