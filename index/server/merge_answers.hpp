#pragma once

#include <cstdint>

#include "index/wire/values.hpp"

namespace praline::index::server {

/// What a young server knows itself, and what the one it joined through knows: a file once, with the sources of both
/// (at most `row_sources_max`, those that can be reached first), the best `wanted` of them, files with more sources first.
/// `sources_known` is the larger of the two: most of what the young one has, the other has too.
[[nodiscard]] Answer merge_answers(Answer local, Answer const& remote, std::uint16_t wanted);

}  // namespace praline::index::server
