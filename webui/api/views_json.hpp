#pragma once

#include <vector>

#include <boost/json.hpp>

#include "webui/api/views.hpp"

/// Views as JSON; the names are those of the fields.
namespace praline::webui {

[[nodiscard]] boost::json::object to_json(StatusView const& view);
[[nodiscard]] boost::json::object to_json(PeerView const& view);
[[nodiscard]] boost::json::object to_json(SearchView const& view);
[[nodiscard]] boost::json::object to_json(StrategyView const& view);
[[nodiscard]] boost::json::object to_json(ResultView const& view);
[[nodiscard]] boost::json::object to_json(ResultPage const& view);
[[nodiscard]] boost::json::object to_json(HistoryView const& view);
[[nodiscard]] boost::json::object to_json(SavedSearchView const& view);
[[nodiscard]] boost::json::object to_json(DownloadView const& view);
[[nodiscard]] boost::json::object to_json(PartialView const& view);
[[nodiscard]] boost::json::object to_json(UploadView const& view);
[[nodiscard]] boost::json::object to_json(LibraryView const& view);
[[nodiscard]] boost::json::object to_json(PreviewView const& view);
[[nodiscard]] boost::json::object to_json(SharedFileView const& view);
[[nodiscard]] boost::json::object to_json(NamedPeerView const& view);
[[nodiscard]] boost::json::object to_json(SettingView const& view);

template <class View>
[[nodiscard]] boost::json::array list_json(std::vector<View> const& views) {
    boost::json::array out;
    out.reserve(views.size());
    for (auto const& view : views) out.emplace_back(to_json(view));
    return out;
}

}  // namespace praline::webui
