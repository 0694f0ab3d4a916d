#pragma once

#include <boost/json.hpp>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "webui/api/views.hpp"

/// Views as JSON; the names are those of the fields.
namespace praline::webui {

[[nodiscard]] boost::json::object to_json(StatusView const& view);
[[nodiscard]] boost::json::object to_json(PeerView const& view);
[[nodiscard]] boost::json::object to_json(SearchView const& view);
[[nodiscard]] boost::json::object to_json(StrategyView const& view);
[[nodiscard]] boost::json::object to_json(ResultView const& view);
[[nodiscard]] boost::json::object to_json(ResultChanges const& view);
[[nodiscard]] boost::json::object to_json(ResultPage const& view);
[[nodiscard]] boost::json::object to_json(HistoryView const& view);
[[nodiscard]] boost::json::object to_json(SavedSearchView const& view);
[[nodiscard]] boost::json::object to_json(DownloadView const& view);
[[nodiscard]] boost::json::object to_json(DownloadsView const& view);
[[nodiscard]] boost::json::object to_json(AddedDownloads const& view);
[[nodiscard]] boost::json::object to_json(PartialView const& view);
[[nodiscard]] boost::json::object to_json(UploadView const& view);
[[nodiscard]] boost::json::object to_json(LibraryView const& view);
[[nodiscard]] boost::json::object to_json(PreviewView const& view);
[[nodiscard]] boost::json::object to_json(SharedFileView const& view);
[[nodiscard]] boost::json::object to_json(NamedPeerView const& view);
[[nodiscard]] boost::json::object to_json(SettingView const& view);
[[nodiscard]] boost::json::object to_json(LoginLinkView const& view);
[[nodiscard]] boost::json::object to_json(ContentLinkView const& view);

template <class View>
[[nodiscard]] boost::json::array list_json(std::vector<View> const& views) {
    boost::json::array out;
    out.reserve(views.size());
    for (auto const& view : views) out.emplace_back(to_json(view));
    return out;
}

void tag_invoke(boost::json::value_from_tag, boost::json::value& out, NamedCounts const& counts);

/// An answer that is not as openapi.json describes it; `what()` says which field, as in "\"peers[0].kind\" is missing".
class UnreadableAnswer : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The other way round, of every view that a program of ours reads. Every field must be there and fit; others are left
/// alone, for they may be of a later version. Throws UnreadableAnswer.
template <class View>
[[nodiscard]] View from_json(boost::json::value const& answer);

/// The list of that name in an answer. Throws UnreadableAnswer.
[[nodiscard]] boost::json::array const& list_in(boost::json::value const& answer, std::string_view name);

template <class View>
[[nodiscard]] std::vector<View> list_from_json(boost::json::value const& answer, std::string_view name);

}  // namespace praline::webui
