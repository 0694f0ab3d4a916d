#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "transfer/upload/http_request.hpp"
#include "transfer/upload/span.hpp"

/// What is sent of a partial file.   @threads any: pure.   @source node/wire/protocol/transfer.md
namespace praline::upload {

/// The first of the ranges asked for that begins in what may be sent, cut at the end of that. Empty: none does.
/// @param verified  in order, disjoint.
[[nodiscard]] std::optional<Span> resolve_partial(std::vector<AskedRange> const& asked, std::uint64_t file_bytes,
                                                  std::vector<Span> const& verified);

/// The line X-Available-Ranges with the longest `available_ranges_told_max` of them, in order: a reader takes what is not
/// named for unknown.
[[nodiscard]] std::string available_line(std::vector<Span> const& verified);

}  // namespace praline::upload
