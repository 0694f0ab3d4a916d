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

/// The list with each magnet link that names several files as so many links.
[[nodiscard]] std::vector<webui::NewDownload> one_file_each(std::vector<webui::NewDownload> const& files);

/// What a Metalink or a .torrent file names, each file as a request or a sentence.
struct DescribedFiles {
    std::string group;    ///< the folder that they are in; empty: none
    std::string problem;  ///< of the whole; then there are no files
    std::vector<std::variant<download::Request, std::string>> files;
};
[[nodiscard]] DescribedFiles described_files(std::string_view text, search::SearchSessions const& sessions);

}  // namespace praline
