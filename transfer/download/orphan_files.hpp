#pragma once

#include <functional>
#include <string>
#include <vector>

#include "transfer/download/download_manager.hpp"

/// Partial files that belong to no download, because the database was lost or replaced. They may be all that is left of
/// hours of work: they are named, and deleted by nobody but the user.
namespace praline::download {

/// At most `orphans_max`, by name. Reads the folder. @param is_known  whether there is a download with this id
[[nodiscard]] std::vector<Orphan> orphans_in(std::string const& folder,
                                             std::function<bool(std::string const& id)> const& is_known);
/// In the log.
void name_orphans(std::vector<Orphan> const& orphans);

}  // namespace praline::download
