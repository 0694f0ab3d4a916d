#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/client/client_core.hpp"
#include "node/net/named_peers.hpp"
#include "node/overlay/overlay.hpp"
#include "search/kept/search_history.hpp"
#include "search/session/search_parameters.hpp"
#include "search/session/search_session.hpp"
#include "tools/praline/settings.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/library/library.hpp"
#include "webui/api/views.hpp"

/// Values of the rooms as the API shows them. Pure.
namespace praline {

[[nodiscard]] webui::Refusal not_found(std::string const& what);
[[nodiscard]] webui::Refusal bad_request(std::string problem);
/// Seconds between two instants, for ages.
[[nodiscard]] double seconds_between(Instant then, Instant now);
/// Empty when there is no hash to name the content by.
[[nodiscard]] std::string magnet_of(Urn const& urn, std::string const& name, std::uint64_t size_bytes);
/// At most 200 characters, one a group of slices: '0' none of it verified, '1' all, '2' some.
[[nodiscard]] std::string verified_map(std::vector<bool> const& verified);
[[nodiscard]] webui::DownloadView view_of(download::DownloadInfo const& info);
[[nodiscard]] webui::PriceView view_of(search::SearchCost const& price);
[[nodiscard]] webui::SearchParameters view_of(search::ParameterValues const& values);
/// Without what only the node knows: which saved search it repeats.
[[nodiscard]] webui::SearchView view_of(search::SearchInfo const& info, Instant now);
[[nodiscard]] webui::HistoryView view_of(search::kept::HistoryEntry const& entry);
/// Without what only the node knows: the search of its last run.
[[nodiscard]] webui::SavedSearchView view_of(search::kept::SavedSearch const& saved);
/// What the API was asked to search for.
[[nodiscard]] search::kept::SearchTerms terms_of(webui::NewSearch const& wanted);
[[nodiscard]] std::vector<webui::StrategyView> strategy_views();
/// What a user asks of a strategy; a refusal names the first thing that is wrong.
[[nodiscard]] webui::Outcome<search::strategy::Parameters> parameters_of(search::kept::SearchTerms const& wanted);
[[nodiscard]] webui::Outcome<search::RowQuery> row_query_of(webui::ResultQuery const& wanted);
[[nodiscard]] webui::PeerView view_of(overlay::LinkInfo const& link, Instant now);
/// @param connected  there is a link to it.
[[nodiscard]] webui::NamedPeerView view_of(net::NamedPeer const& peer, bool connected);
[[nodiscard]] webui::IndexView view_of(index::client::ClientState const& state, library::Progress const& shared,
                                       index::PublisherId const& publisher,
                                       std::optional<index::PublisherId> const& group_key);
[[nodiscard]] webui::PreviewView view_of(library::FolderPreview const& look);
[[nodiscard]] webui::LibraryView view_of(std::vector<library::Folder> const& folders,
                                         library::Progress const& progress);
/// All of them, in the order of `setting_rows`.
[[nodiscard]] std::vector<webui::SettingView> setting_views(Settings const& settings);
/// Without what only the node knows: whether it is in the library or being downloaded.
[[nodiscard]] webui::ResultView view_of(std::uint32_t search, search::ResultRow const& row);
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> counters_of(overlay::Counters const& counters);

}  // namespace praline
