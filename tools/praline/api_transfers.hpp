#pragma once

#include <string>
#include <variant>
#include <vector>

#include "tools/praline/node_parts.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// Downloads, partial files and uploads.
class TransfersApi final : public webui::TransferControl {
public:
    TransfersApi(download::DownloadManager& downloads, SharedUploads const& uploads, SourceFinder& sources,
                 UserSearches const& searches, RunningSettings const& settings, Notify notify)
        : downloads_{downloads},
          uploads_{uploads},
          sources_{sources},
          searches_{searches},
          settings_{settings},
          notify_{std::move(notify)} {}
    std::string downloads_folder() override;
    webui::Outcome<webui::DownloadView> start_download(std::string const& what,
                                                       webui::DownloadPlan const& plan) override;
    webui::Outcome<webui::AddedDownloads> start_downloads(webui::NewDownloads const& wanted) override;
    webui::Outcome<webui::AddedDownloads> start_from_file(std::string const& text,
                                                          webui::DownloadPlan const& plan) override;
    webui::DownloadsView downloads(std::uint64_t since) override;
    webui::Outcome<webui::DownloadView> download(std::string const& id) override;
    webui::Outcome<webui::Done> change_download(std::string const& id, webui::DownloadChange const& change) override;
    webui::Outcome<webui::Done> pause_download(std::string const& id) override;
    webui::Outcome<webui::Done> resume_download(std::string const& id) override;
    webui::Outcome<webui::Done> delete_download(std::string const& id) override;
    webui::Outcome<std::shared_ptr<webui::ContentSource>> open_download(std::string const& id) override;
    std::vector<webui::PartialView> partials() override;
    webui::Outcome<webui::Done> delete_partial(std::string const& name) override;
    std::vector<webui::UploadView> uploads() override;

private:
    using ReadFiles = std::vector<std::variant<download::Request, std::string>>;
    [[nodiscard]] webui::Outcome<webui::AddedDownloads> add(ReadFiles read, download::DownloadList list);
    [[nodiscard]] webui::Outcome<webui::Done> done(bool found, std::string const& id) const;

    download::DownloadManager& downloads_;
    SharedUploads const& uploads_;
    SourceFinder& sources_;
    UserSearches const& searches_;
    RunningSettings const& settings_;
    Notify notify_;
};

}  // namespace praline
