#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "webui/api/content_source.hpp"
#include "webui/api/views.hpp"

/// What the API needs of a running node, one interface a domain; tools/praline implements them. Called on the node's thread
/// only; nothing blocks.
namespace praline::webui {

class StatusControl {
public:
    virtual ~StatusControl() = default;
    [[nodiscard]] virtual StatusView status() = 0;
    virtual Outcome<Done> shut_down() = 0;
};

class PeerControl {
public:
    virtual ~PeerControl() = default;
    [[nodiscard]] virtual std::vector<PeerView> peers() = 0;
    [[nodiscard]] virtual std::vector<NamedPeerView> named_peers() = 0;
    virtual Outcome<Done> connect_peer(std::string const& address) = 0;
    /// Takes back what `connect_peer` or the settings named; a link to it stays.
    virtual Outcome<Done> forget_peer(std::string const& address) = 0;
    virtual Outcome<Done> disconnect_peer(std::uint32_t id) = 0;
};

class SearchControl {
public:
    virtual ~SearchControl() = default;
    [[nodiscard]] virtual std::vector<StrategyView> strategies() = 0;
    virtual Outcome<SearchView> start_search(NewSearch const& wanted) = 0;
    /// Asks a host for the list of its files; its results are those of a search.
    virtual Outcome<SearchView> browse(NewBrowse const& wanted) = 0;
    [[nodiscard]] virtual std::vector<SearchView> searches() = 0;
    virtual Outcome<SearchView> search(std::uint32_t id) = 0;
    /// Rows changed after `since`, each with a revision of its own; of more than `most` those that changed first.
    virtual Outcome<std::vector<ResultView>> results(std::uint32_t id, std::uint64_t since, std::size_t most) = 0;
    virtual Outcome<ResultPage> result_page(std::uint32_t id, ResultQuery const& query) = 0;
    virtual Outcome<Done> stop_search(std::uint32_t id) = 0;  ///< no more hits; rows stay
    virtual Outcome<Done> delete_search(std::uint32_t id) = 0;
    /// A page has these open: none of them is evicted for another search for a while. Unknown ones are ignored.
    virtual void keep_searches(std::vector<std::uint32_t> const& ids) = 0;
};

/// Searches that have ended, and those that are repeated.
class KeptSearchControl {
public:
    virtual ~KeptSearchControl() = default;
    [[nodiscard]] virtual HistoryPage history(std::size_t offset, std::size_t count) = 0;
    virtual Outcome<Done> forget_history(std::optional<std::uint64_t> id) = 0;  ///< empty: all of it
    [[nodiscard]] virtual std::vector<SavedSearchView> saved_searches() = 0;
    virtual Outcome<SavedSearchView> save_search(NewSavedSearch const& wanted) = 0;
    virtual Outcome<SavedSearchView> run_saved_search(std::uint64_t id) = 0;  ///< now, within its budget
    virtual Outcome<Done> delete_saved_search(std::uint64_t id) = 0;
};

class TransferControl {
public:
    virtual ~TransferControl() = default;
    /// Where downloads go that name no folder: a whole path.
    [[nodiscard]] virtual std::string downloads_folder() = 0;
    /// @param what  magnet link, URN or result id
    virtual Outcome<DownloadView> start_download(std::string const& what, DownloadPlan const& plan) = 0;
    /// A folder wholly or not at all, others each for itself.
    virtual Outcome<AddedDownloads> start_downloads(NewDownloads const& wanted) = 0;
    /// @param text  of a Metalink or a .torrent file: the files it names, those in one folder as that folder
    virtual Outcome<AddedDownloads> start_from_file(std::string const& text, DownloadPlan const& plan) = 0;
    /// @param since  a revision; 0: all of them
    [[nodiscard]] virtual DownloadsView downloads(std::uint64_t since) = 0;
    virtual Outcome<DownloadView> download(std::string const& id) = 0;
    // These four take the id of a download or of a folder.
    virtual Outcome<Done> change_download(std::string const& id, DownloadChange const& change) = 0;
    virtual Outcome<Done> pause_download(std::string const& id) = 0;
    virtual Outcome<Done> resume_download(std::string const& id) = 0;
    virtual Outcome<Done> delete_download(std::string const& id) = 0;  ///< a finished file stays, a partial one goes
    /// The bytes of a download, finished or not. Code "not_ready": none can be had, or not yet.
    virtual Outcome<std::shared_ptr<ContentSource>> open_download(std::string const& id) = 0;
    [[nodiscard]] virtual std::vector<PartialView> partials() = 0;  ///< partial files that belong to no download
    virtual Outcome<Done> delete_partial(std::string const& name) = 0;
    [[nodiscard]] virtual std::vector<UploadView> uploads() = 0;
};

class LibraryControl {
public:
    virtual ~LibraryControl() = default;
    [[nodiscard]] virtual LibraryView library() = 0;
    [[nodiscard]] virtual std::vector<SharedFileView> library_files(std::size_t offset, std::size_t count,
                                                                    std::string const& filter) = 0;
    /// Code "needs_confirmation": see what would be public (`preview_folder`), then ask again with `confirmed`.
    virtual Outcome<Done> add_folder(std::string const& path, bool confirmed) = 0;
    /// Empty: being looked at; ask again soon.
    virtual Outcome<std::optional<PreviewView>> preview_folder(std::string const& path) = 0;
    virtual Outcome<Done> remove_folder(std::string const& path) = 0;
    virtual Outcome<Done> rescan() = 0;
    /// The bytes of a shared file. @param id  its index, or its URN. Code "changed": they are not those that were hashed.
    virtual Outcome<std::shared_ptr<ContentSource>> open_file(std::string const& id) = 0;
    /// For programs that know no Gnutella: where a shared file is and how it is checked. @param id  as of `open_file`.
    virtual Outcome<MadeFile> metalink(std::string const& id) = 0;
    /// Empty: its pieces are being hashed; ask again soon.
    virtual Outcome<std::optional<MadeFile>> torrent(std::string const& id) = 0;
};

class SettingsControl {
public:
    virtual ~SettingsControl() = default;
    [[nodiscard]] virtual std::vector<SettingView> settings() = 0;
    /// All of them or, when one is refused, none. Values are tried: an address is bound, a folder made.
    virtual Outcome<Done> change_settings(std::vector<SettingChange> const& changes) = 0;
};

/// All of a node. Each of them has to outlive what it is given to.
struct NodeControl {
    StatusControl& status;
    PeerControl& peers;
    SearchControl& searches;
    KeptSearchControl& kept;
    TransferControl& transfers;
    LibraryControl& library;
    SettingsControl& settings;
};

}  // namespace praline::webui
