#pragma once

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "tools/praline/node_identity.hpp"
#include "transfer/content/alt_locations.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/library/library.hpp"
#include "transfer/upload/upload_server.hpp"

namespace praline {

/// What there is to upload: the library, and what is verified of downloads; and where else files are.
class NodeContent final : public upload::SharedContent {
public:
    explicit NodeContent(library::Library& library) : library_{library} {}
    /// Null: no partial files.
    void set_downloads(download::DownloadManager const* downloads) { downloads_ = downloads; }
    std::optional<upload::ServedFile> by_sha1(Sha1 const& sha1) override;
    std::optional<upload::ServedFile> by_tiger_root(TigerHash const& root) override;
    std::optional<upload::ServedFile> by_index(std::uint32_t index) override;
    std::optional<content::TreeLevel> tree(Sha1 const& sha1) override;
    content::AltLocations* locations() override { return &locations_; }
    void report_changed(std::uint32_t index) override { library_.report_changed(index); }

private:
    library::Library& library_;
    download::DownloadManager const* downloads_ = nullptr;
    content::AltLocations locations_;
};

/// Library, downloads and uploads joined.
class SharedUploads {
public:
    SharedUploads(boost::asio::io_context& io, library::Library& library, NodeIdentity const& identity,
                  std::size_t slots);
    [[nodiscard]] upload::UploadServer& server() { return server_; }
    [[nodiscard]] upload::UploadServer const& server() const { return server_; }
    /// Verified pieces of downloads are uploaded too; null: no longer. The library comes first.
    void share_partial_files_of(download::DownloadManager const* downloads) { content_.set_downloads(downloads); }
    /// Where else files are said to be.
    [[nodiscard]] content::AltLocations& locations() { return *content_.locations(); }
    /// Whether uploads are under way, or ended since the last call: a page that shows them is out of date.
    [[nodiscard]] bool has_news();

private:
    NodeContent content_;
    upload::UploadServer server_;
    bool shown_ = false;
};

}  // namespace praline
