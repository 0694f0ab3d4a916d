#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/praline/node_parts.hpp"
#include "tools/praline/torrent_pieces.hpp"
#include "transfer/content/alt_locations.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// The shared folders and files.
class LibraryApi final : public webui::LibraryControl {
public:
    /// @param post  runs a function on the node's thread, soon.
    LibraryApi(library::Library& library, NodeIdentity const& identity, content::AltLocations const& locations,
               Notify notify, std::function<void(std::function<void()>)> post)
        : library_{library},
          identity_{identity},
          locations_{locations},
          notify_{std::move(notify)},
          pieces_{std::move(post)} {}
    webui::LibraryView library() override;
    std::vector<webui::SharedFileView> library_files(std::size_t offset, std::size_t count,
                                                     std::string const& filter) override;
    webui::Outcome<webui::Done> add_folder(std::string const& path, bool confirmed) override;
    webui::Outcome<std::optional<webui::PreviewView>> preview_folder(std::string const& path) override;
    webui::Outcome<webui::Done> remove_folder(std::string const& path) override;
    webui::Outcome<webui::Done> rescan() override;
    webui::Outcome<std::shared_ptr<webui::ContentSource>> open_file(std::string const& id) override;
    webui::Outcome<webui::MadeFile> metalink(std::string const& id) override;
    webui::Outcome<std::optional<webui::MadeFile>> torrent(std::string const& id) override;

private:
    /// @param problem  a sentence, or empty.
    [[nodiscard]] webui::Outcome<webui::Done> done_unless(std::string problem) const;

    /// Null: nothing that is shared has this index or URN.
    [[nodiscard]] library::SharedFilePtr named(std::string const& id) const;

    /// Where any program gets the file from this node.
    [[nodiscard]] std::string url_of(library::SharedFile const& file) const;
    /// The same of this node and then of others that are known to have it, those that were found good last first.
    [[nodiscard]] std::vector<std::string> urls_of(library::SharedFile const& file) const;

    library::Library& library_;
    NodeIdentity const& identity_;
    content::AltLocations const& locations_;
    Notify notify_;
    TorrentPieces pieces_;
};

}  // namespace praline
