#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "node/wire/message.hpp"
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
    /// Peers that browse are given the list of shared files. @param head  a hit without records; null: they are not.
    void set_list(std::function<wire::QueryHit()> head) { list_head_ = std::move(head); }
    std::optional<upload::ServedFile> by_sha1(Sha1 const& sha1) override;
    std::optional<upload::ServedFile> by_tiger_root(TigerHash const& root) override;
    std::optional<upload::ServedFile> by_index(std::uint32_t index) override;
    std::optional<content::TreeLevel> tree(Sha1 const& sha1) override;
    content::AltLocations* locations() override { return &locations_; }
    void report_changed(std::uint32_t index) override { library_.report_changed(index); }
    [[nodiscard]] bool is_browsable() const override { return list_head_ != nullptr; }
    upload::ListPart list_behind(std::string const& position, Guid const& id) override;

    static constexpr std::size_t files_per_part = 64;
    static constexpr std::size_t list_hit_bytes_max = 3500;  ///< of the records of one hit, about, as others send

private:
    library::Library& library_;
    download::DownloadManager const* downloads_ = nullptr;
    content::AltLocations locations_;
    std::function<wire::QueryHit()> list_head_;
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
    /// As NodeContent::set_list.
    void set_list(std::function<wire::QueryHit()> head) { content_.set_list(std::move(head)); }
    /// Other places of a file, for hits, which anybody may read: those that an upload would name too, as far as our own
    /// address means something.
    [[nodiscard]] std::vector<Endpoint> places_for_hits(Sha1 const& sha1, std::size_t most);
    /// Where else files are said to be.
    [[nodiscard]] content::AltLocations& locations() { return *content_.locations(); }
    /// Whether uploads are under way, or ended since the last call: a page that shows them is out of date.
    [[nodiscard]] bool has_news();

private:
    NodeContent content_;
    upload::UploadServer server_;
    Endpoint advertised_;
    bool shown_ = false;
};

}  // namespace praline
