#pragma once

namespace praline {

inline constexpr char program_version[] = "0.1.0";

}  // namespace praline
