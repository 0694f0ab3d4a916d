#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/overlay/overlay.hpp"
#include "search/session/search_session.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/library/library.hpp"
#include "webui/api/node_control.hpp"

/// Values of the rooms as the API shows them. Pure.
namespace praline {

/// Seconds between two instants, for ages.
[[nodiscard]] double seconds_between(Instant then, Instant now);
/// Empty when there is no hash to name the content by.
[[nodiscard]] std::string magnet_of(Urn const& urn, std::string const& name, std::uint64_t size_bytes);
/// At most 200 characters, one a group of slices: '0' none of it verified, '1' all, '2' some.
[[nodiscard]] std::string verified_map(std::vector<bool> const& verified);
[[nodiscard]] webui::DownloadView view_of(download::DownloadInfo const& info);
[[nodiscard]] webui::SearchView view_of(search::SearchInfo const& info, Instant now);
[[nodiscard]] webui::PeerView view_of(overlay::LinkInfo const& link, Instant now);
[[nodiscard]] webui::LibraryView view_of(std::vector<library::Folder> const& folders, library::Progress const& progress);
/// Without what only the node knows: whether it is in the library or being downloaded.
[[nodiscard]] webui::ResultView view_of(std::uint32_t search, search::ResultRow const& row);
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> counters_of(overlay::Counters const& counters);

}  // namespace praline
