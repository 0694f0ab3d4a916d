#pragma once

#include <string>

#include "webui/api/token_table.hpp"

namespace praline {

/// The file api-tokens of a data directory, which only its owner reads: hashes of named tokens. Removing it while no node runs
/// revokes all of them. On a disk that takes nothing the old file stays as it is.   @threads one.
[[nodiscard]] webui::TokenKeeping token_file(std::string const& data_directory);

}  // namespace praline
