#pragma once

#include <memory>
#include <string>

#include "transfer/download/download_manager.hpp"
#include "webui/api/content_source.hpp"

namespace praline {

/// The bytes of a file that is still being downloaded: those that fit its Tiger tree, as they come; what is asked for is
/// fetched next. Once the download is finished, those of its file. @threads the node's.
class DownloadContent final : public webui::ContentSource, public std::enable_shared_from_this<DownloadContent> {
public:
    /// @pre the size is known
    DownloadContent(download::DownloadManager& downloads, download::DownloadInfo const& info);
    [[nodiscard]] webui::ContentFacts const& facts() const override { return facts_; }
    void read(std::uint64_t at, std::size_t most, Done done) override;

private:
    bool turn_to_finished();

    download::DownloadManager& downloads_;
    webui::ContentFacts facts_;
    std::uint64_t story_;
    std::shared_ptr<webui::ContentSource> finished_;  // once the download is
};

/// The file of a finished download, as it is now. Null: it is not there any more, or is no ordinary file.
[[nodiscard]] std::shared_ptr<webui::ContentSource> finished_content(download::DownloadInfo const& info);

}  // namespace praline
