#pragma once

#include <cstddef>
#include <cstdint>

#include "node/base/bytes.hpp"

/// Random bytes from the kernel's generator, fit for secrets; no core may ask for them.
namespace praline::net {

/// For seeds. Throws std::system_error when the kernel gives none. @threads any.
[[nodiscard]] std::uint64_t entropy();
[[nodiscard]] Bytes entropy_bytes(std::size_t count);

}  // namespace praline::net
