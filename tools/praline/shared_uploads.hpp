#pragma once

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "tools/praline/node_identity.hpp"
#include "transfer/library/library.hpp"
#include "transfer/upload/upload_server.hpp"

namespace praline {

/// The library as uploads see it.
class LibraryContent final : public upload::SharedContent {
public:
    explicit LibraryContent(library::Library& library) : library_{library} {}
    std::optional<upload::ServedFile> by_sha1(Sha1 const& sha1) override;
    std::optional<upload::ServedFile> by_tiger_root(TigerHash const& root) override;
    std::optional<upload::ServedFile> by_index(std::uint32_t index) override;
    std::optional<content::TreeLevel> tree(Sha1 const& sha1) override { return library_.tree(sha1); }
    void report_changed(std::uint32_t index) override { library_.report_changed(index); }

private:
    library::Library& library_;
};

/// Library and uploads joined.
class SharedUploads {
public:
    SharedUploads(boost::asio::io_context& io, library::Library& library, NodeIdentity const& identity,
                  std::size_t slots);
    [[nodiscard]] upload::UploadServer& server() { return server_; }
    [[nodiscard]] upload::UploadServer const& server() const { return server_; }
    /// Whether uploads are under way, or ended since the last call: a page that shows them is out of date.
    [[nodiscard]] bool has_news();

private:
    LibraryContent content_;
    upload::UploadServer server_;
    bool shown_ = false;
};

}  // namespace praline
