#pragma once

#include <string_view>
#include <variant>

#include "search/session/search_session.hpp"
#include "transfer/download/download_manager.hpp"

namespace praline {

/// What a user asked to download, as a request: a magnet link, a URN, or the id of a search result. Of content that the user
/// named by hash, searches of this node may know sources.
/// @returns  a sentence when it is none of these.   @threads one: pure.
[[nodiscard]] std::variant<download::Request, std::string> download_request(std::string_view what,
                                                                            search::SearchSessions const& sessions);

}  // namespace praline
