#include "index/wire/ids.hpp"

#include <span>

#include "node/base/text.hpp"

namespace praline::index {

std::string PublisherId::hex() const { return to_hex(std::as_bytes(std::span{bytes})); }

}  // namespace praline::index
