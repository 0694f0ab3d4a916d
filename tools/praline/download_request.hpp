#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "search/session/search_session.hpp"
#include "transfer/download/download_manager.hpp"
#include "webui/api/views.hpp"

namespace praline {

/// What a user asked to download, as a request: a magnet link, a URN, or the id of a search result. Of content that the user
/// named by hash, searches of this node may know sources.
/// @returns  a sentence when it is none of these.   @threads one: pure.
[[nodiscard]] std::variant<download::Request, std::string> download_request(std::string_view what,
                                                                            search::SearchSessions const& sessions);

/// The same of each of a list.
[[nodiscard]] std::vector<std::variant<download::Request, std::string>> download_requests(
    std::vector<webui::NewDownload> const& files, search::SearchSessions const& sessions);

}  // namespace praline
