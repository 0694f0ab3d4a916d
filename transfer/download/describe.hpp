#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "node/base/time.hpp"
#include "transfer/download/job.hpp"

namespace praline::download {

/// A download as the user sees it: what is true at this moment, in words.
/// @param place  among those that wait for their turn
/// @param usual_folder  of downloads that name none
/// @threads the node's: reads only.
[[nodiscard]] DownloadInfo describe(Job const& job, std::optional<std::size_t> place, std::string const& usual_folder,
                                    Instant now);

}  // namespace praline::download
