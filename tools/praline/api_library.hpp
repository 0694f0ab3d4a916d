#pragma once

#include "tools/praline/node_parts.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// The shared folders and files.
class LibraryApi final : public webui::LibraryControl {
public:
    LibraryApi(library::Library& library, Notify notify) : library_{library}, notify_{std::move(notify)} {}
    webui::LibraryView library() override;
    std::vector<webui::SharedFileView> library_files(std::size_t offset, std::size_t count,
                                                     std::string const& filter) override;
    webui::Outcome<webui::Done> add_folder(std::string const& path, bool confirmed) override;
    webui::Outcome<std::optional<webui::PreviewView>> preview_folder(std::string const& path) override;
    webui::Outcome<webui::Done> remove_folder(std::string const& path) override;
    webui::Outcome<webui::Done> rescan() override;
    webui::Outcome<std::shared_ptr<webui::ContentSource>> open_file(std::string const& id) override;

private:
    /// @param problem  a sentence, or empty.
    [[nodiscard]] webui::Outcome<webui::Done> done_unless(std::string problem) const;

    /// Null: nothing that is shared has this index or URN.
    [[nodiscard]] library::SharedFilePtr named(std::string const& id) const;

    library::Library& library_;
    Notify notify_;
};

}  // namespace praline
