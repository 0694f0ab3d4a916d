#include "node/base/public_key.hpp"

#include <span>

#include "node/base/text.hpp"

namespace praline {

std::string PublicKey::hex() const { return to_hex(std::as_bytes(std::span{bytes})); }

}  // namespace praline
