#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/urn.hpp"
#include "node/net/name_lookup.hpp"
#include "node/net/rate_limiter.hpp"
#include "transfer/content/alt_locations.hpp"
#include "transfer/content/file_proof.hpp"
#include "transfer/content/tiger_tree.hpp"
#include "transfer/download/limits.hpp"
#include "transfer/download/partials.hpp"
#include "transfer/download/rank.hpp"
#include "transfer/swarm/source.hpp"

/// Downloads: sources and ranges are chosen by transfer/swarm, carried out here. Runs on the node's
/// thread; hashing and disk writes go to a pool of its own.
namespace praline::download {

using swarm::Source;

struct Request {
    /// The hashes that the user named, never what a stranger paired with them: both are checked before the download is
    /// completed. At least one of them, or else an index at the only source.
    Urn urn;
    /// Further hashes that the user named, of the whole or of its pieces; null: none. With it there need be no URN.
    std::shared_ptr<content::FileProof const> proof{};
    std::string name;                         ///< from the network: cleaned before it touches a disk
    std::optional<std::uint64_t> size_bytes;  ///< a claim like any other until the hash agrees
    std::vector<Source> sources;
    std::optional<Priority> priority;  ///< empty: as it is, at first normal
    std::string folder;                ///< where it goes, absolute; made when missing. Empty: `Options::directory`
    std::string path;                  ///< of a file of a folder: its place there, from the network (`relative_path`)
};

/// Several downloads asked for at once, at most `list_files_max`.
struct DownloadList {
    /// They are one folder of this name, from the network: each goes to its `Request::path` below it, and they are paused,
    /// moved and removed together by the id of the group. Empty: each is a download of its own.
    std::string group;
    std::vector<Request> files;
    std::optional<Priority> priority;  ///< of all of them
    std::string folder;                ///< where they, or their folder, go
};

enum class State : std::uint8_t {
    queued,
    searching,
    connecting,
    downloading,
    verifying,
    paused,
    waiting,
    completed,
    failed,
    stalled
};
[[nodiscard]] char const* to_string(State state) noexcept;

/// A source as a download has come to know it.
struct SourceInfo {
    Source source;
    enum class Phase : std::uint8_t { waiting, connecting, idle, asked, receiving, stalled, dropped };
    Phase phase = Phase::waiting;
    std::uint64_t received_bytes = 0;
    std::uint64_t verified_bytes = 0;  ///< in pieces that fit the Tiger tree
    std::uint64_t failed_bytes = 0;    ///< in pieces that did not; of such a piece another source may have sent a part
    std::uint64_t bytes_per_second = 0;
    std::optional<std::uint64_t> latency_ms;        ///< from a request to its first byte
    std::optional<std::uint64_t> next_try_seconds;  ///< while it has to wait
    std::string trouble;                            ///< how it disappointed us last; empty: it did not
};
[[nodiscard]] char const* to_string(SourceInfo::Phase phase) noexcept;

struct DownloadInfo {
    std::string id;  ///< stable over restarts, letters and digits
    std::string name;
    Urn urn;
    State state = State::queued;
    std::string reason;  ///< sentences
    std::optional<std::uint64_t> size_bytes;
    std::optional<std::uint64_t> stalled_seconds;   ///< since the last byte came, while some are due and none comes
    std::optional<std::uint64_t> next_try_seconds;  ///< until a source is asked again, while all have to wait
    std::uint64_t received_bytes = 0, verified_bytes = 0, bytes_per_second = 0, slice_bytes = 0;
    std::vector<bool> verified;  ///< by slice
    bool has_tree = false;       ///< pieces are checked as they come: what is verified can be read before the whole is
    std::uint64_t story = 0;     ///< another one whenever what was received turned out to be of another file
    std::vector<Source> sources;
    std::vector<SourceInfo> source_infos;  ///< those that were dropped among them
    std::string path;                      ///< of the finished file
    Rank rank;                             ///< the list is in this order
    std::optional<std::size_t> place;      ///< among those that wait for their turn; 1 is the next
    std::string directory;                 ///< where it goes
    std::string group, group_name;         ///< the folder that it is a part of; empty: none
    std::string below;                     ///< folders between that one and the file
};

/// What is different since a reader last asked.
struct DownloadChanges {
    std::uint64_t revision = 0;  ///< to ask from the next time
    bool is_all = false;         ///< `downloads` are all there are: what changed since is not known
    std::vector<DownloadInfo> downloads;
    std::vector<std::string> removed;  ///< their ids
};

/// A partial file that belongs to no download: its record is lost.
struct Orphan {
    std::string name;  ///< of the file in the folder of partial files
    std::string path;
    std::uint64_t size_bytes = 0;  ///< as it would be with all holes filled
    std::int64_t changed_at = 0;   ///< seconds since 1970
};

struct Options {
    std::string directory;          ///< finished files; created when missing
    std::string partial_directory;  ///< partial files and their maps
    std::string database;           ///< SQLite, table of its own
    std::string user_agent;
    Address own_address;  ///< where connections come from; unspecified: the system chooses
    Limits limits;
    std::shared_ptr<net::RateLimiter> read_limit;  ///< of what all downloads read; null: one of the manager's own
    net::NameLookup::Resolve resolve;  ///< how the names of hosts of URLs are looked up; empty: by the system
    std::string ca_file;               ///< authorities of https servers beside those of the system, PEM; empty: none
    /// A download has no source left: look for one (by URN); answer with `add_source`.
    std::function<void(std::string const& id, Urn const& urn, std::string const& name)> find_sources;
    /// What this node knows of other places of files, shared with its uploads; null: nothing is learnt or told.
    content::AltLocations* locations = nullptr;
    /// Where this node serves what it has of its downloads; empty: others cannot call it, or it does not.
    std::function<std::optional<Endpoint>()> own_location;
    /// Ask a firewalled servent to call us: `accept_giv` gets the connection. False: there is no way to ask it.
    std::function<bool(Guid const& servent, std::uint32_t index)> request_push;
    /// This source answered that it has not what it promised, or has something else.
    std::function<void(Source const& source)> on_refused;
    std::function<void(std::string const& id)> on_change;  ///< coalesced by the caller
    std::function<void(DownloadInfo const&)> on_completed;
    /// Asked before each write of so many bytes, on a pool thread: the errno it is to fail with, 0 for none. Tests fill
    /// a disk with it; empty in a node.
    std::function<int(std::uint64_t bytes)> disk_fault;
};

class DownloadManager {
public:
    /// Reads the downloads of the last run; verified slices are not fetched again. Throws std::runtime_error with a sentence.
    DownloadManager(boost::asio::io_context& io, Options options);
    ~DownloadManager();

    struct Added {
        std::string id;
        std::string problem;
        /// Nothing was done, since a folder or a file that it names is being looked at: to be asked again soon.
        bool ask_again = false;
    };  ///< id empty: `problem` says why
    /// The same content asked for twice is one download; new sources are added to it.
    Added add(Request request);
    struct AddedList {
        std::string group;         ///< id of the folder
        std::vector<Added> files;  ///< in the order of the list
        std::string problem;       ///< not empty: nothing of the list was added
        bool ask_again = false;    ///< as `Added::ask_again`
    };
    /// A folder is added wholly or not at all. A file that a folder of the same name at the same place has already is that
    /// one; otherwise the files of a folder are fetched whether or not other downloads have the same content.
    AddedList add_list(DownloadList list);
    void add_source(std::string const& id, Source source);
    /// Places that a hit names beside its own `source`. Of those that may be tried the download makes sources.
    /// @param teller  the peer that the hit came from: it may have made it up
    void add_alternates(std::string const& id, std::vector<Endpoint> const& in_hit, Endpoint const& source,
                        Address const& teller);
    /// Bytes of a download under way, from `at`, at least one, once they are proved; what is missing there is fetched next.
    /// Empty: they cannot be had, since there is no Tiger tree, the download is over, `at` is behind the end or `story` is
    /// not that of `DownloadInfo` any more. `done` is not called when `owner` is gone.
    void read(std::string const& id, std::uint64_t story, std::uint64_t at, std::size_t most, std::weak_ptr<void> owner,
              std::function<void(Bytes)> done);
    bool pause(std::string const& id);
    bool resume(std::string const& id);
    bool remove(std::string const& id);
    /// Of a download, or of those of a folder; what is empty stays as it is.
    struct Change {
        std::optional<Priority> priority;
        std::optional<Move> move;  ///< among those of its priority
        std::optional<std::string>
            folder;  ///< where what is not finished goes from now on; empty: `Options::directory`
    };
    // These four, and the three above, take the id of a download, or of a folder and mean all of its files.
    bool set_priority(std::string const& id, Priority priority);
    /// @return a sentence that says why not; empty: it is done. A folder goes first or last only.
    [[nodiscard]] std::string move(std::string const& id, Move how);
    /// All of it, or nothing. @return as `move`; no value: the folder is being looked at, to be asked again soon
    [[nodiscard]] std::optional<std::string> change(std::string const& id, Change const& change);
    [[nodiscard]] bool exists(std::string const& id) const;
    /// Downloads that fetch at the same time, at most; the others wait for their turn.
    void set_active_max(std::size_t most);
    /// By rank.
    [[nodiscard]] std::vector<DownloadInfo> list() const;
    /// @param since  a `DownloadChanges::revision`, 0 at first
    [[nodiscard]] DownloadChanges changes(std::uint64_t since) const;
    /// Those that connect, fetch or check what they have.
    [[nodiscard]] std::size_t active() const;
    [[nodiscard]] std::optional<DownloadInfo> find(std::string const& id) const;
    [[nodiscard]] std::optional<std::string> id_of(Urn const& urn) const;
    /// What is verified of an unfinished download, paused or not: one with a SHA-1, a Tiger tree whose root the user
    /// named, and a verified piece. A tree that a stranger paired with the SHA-1 proves nothing before the whole is
    /// checked: of such a download there is no partial file.
    [[nodiscard]] std::optional<Partial> partial(Sha1 const& sha1) const;
    [[nodiscard]] std::optional<Partial> partial(TigerHash const& root) const;
    /// The tree of what `partial` gives.
    [[nodiscard]] std::optional<content::TreeLevel> partial_tree(Sha1 const& sha1) const;
    /// Partial files without a download, at most `orphans_max`. Reads the folder.
    [[nodiscard]] std::vector<Orphan> orphans() const;
    /// Deletes one of `orphans()`. @return a sentence that says why not; empty: it is gone.
    [[nodiscard]] std::string remove_orphan(std::string const& name);
    /// A connection that began with "GIV ", answering a push of ours.
    void accept_giv(boost::asio::ip::tcp::socket socket, Bytes read);
    /// Asks a servent to connect here, and hands over its connection with what was read of it behind the GIV; without a
    /// socket if it did not, or if there is no way to ask it. Never from within.
    using Called = std::function<void(std::optional<boost::asio::ip::tcp::socket> socket, Bytes read)>;
    void call(Guid const& servent, std::uint32_t index, Called called);
    /// What all downloads together may read; others that read from peers share it.
    [[nodiscard]] std::shared_ptr<net::RateLimiter> read_limit() const;
    [[nodiscard]] std::uint64_t bytes_received() const;
    /// Bytes a second that all downloads together read; 0, as at first: no limit. Holds at once: what is not read slows
    /// its source down. False: it is the rate already.
    bool set_rate(std::uint64_t bytes_per_second);
    void stop();

    struct Impl;  ///< private to the room

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::download
