#pragma once

#include <array>
#include <cstdint>

/// The four S-boxes of Tiger, 256 words each, in the order the rounds look them up. They are not written down but made
/// at compile time the way the authors of the function made them.
/// @source Tiger: S-box generation, 5 passes.
namespace praline::content {

using TigerTables = std::array<std::array<std::uint64_t, 256>, 4>;
extern TigerTables const tiger_tables;

}  // namespace praline::content
