#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the API shows and takes: plain data. Field names here are the field names of the JSON.
namespace praline::webui {

/// Counts by name, in an order of their own: one object in JSON.
struct NamedCounts : std::vector<std::pair<std::string, std::uint64_t>> {
    using vector::vector;
    NamedCounts(vector counts) : vector{std::move(counts)} {}
};

/// The node and its index servers.
struct IndexView {
    bool configured = false;
    std::string server, stand_by;  ///< addresses; empty: none
    std::optional<double> round_trip_milliseconds;
    std::uint64_t servers_known = 0, fail_overs = 0;
    std::uint64_t replicas = 0, members = 0;  ///< servers that have our list, of those there are
    bool published = false;  ///< the group has our list as it is now; with no replicas: nothing is shared
    std::string publisher, group_key, problem;  ///< keys in hexadecimal; a sentence, or empty
};

struct StatusView {
    std::string version, mode, role,
        network;  ///< mode "auto" | "leaf" | "ultrapeer"; role "leaf" | "ultrapeer"; network "private" | "gnutella"
    std::string listen, data_directory, downloads_directory, user_agent, servent_guid;
    double uptime_seconds = 0;
    std::uint64_t links_to_ultrapeers = 0, links_to_leaves = 0, known_hosts = 0;
    std::uint64_t shared_files = 0, shared_bytes = 0, files_waiting = 0;
    std::string library_problem;  ///< a sentence: hashes cannot be remembered, and why; or empty
    std::uint64_t searches_open = 0, downloads_active = 0, uploads_active = 0;
    std::uint64_t bytes_downloaded = 0, bytes_uploaded = 0;  ///< since the start
    IndexView index;
    std::vector<std::string> problems;  ///< what its user should know: sentences
    NamedCounts counters;               ///< overlay counters by name
};

struct PeerView {
    std::uint32_t id = 0;
    std::string address, user_agent, direction, kind;  ///< direction "incoming" | "outgoing"; kind "ultrapeer" | "leaf"
    bool compressed = false, query_routing = false;
    double connected_seconds = 0;
    std::uint64_t bytes_in = 0, bytes_out = 0, messages_in = 0, messages_out = 0, dropped_out = 0;
};

/// A peer that the user named, in the settings or while the node runs, connected or not.
struct NamedPeerView {
    std::string name, address;  ///< address empty: the name has not been looked up yet
    std::string state;          ///< "looking_up" | "unknown_name" | "connecting" | "connected" | "failed"
    std::string problem;        ///< a sentence, of "unknown_name" and "failed"
};

/// Of a search; what is empty was left to the strategy.
struct SearchParameters {
    std::optional<std::uint64_t> ttl, walkers, check_every, max_steps, results_wanted;
    std::optional<bool> state;
};

struct NewSearch {
    std::string text;      ///< words, a URN or a magnet link
    std::string strategy;  ///< empty: as the setting says
    SearchParameters parameters;
};

struct StrategyView {
    std::string name, explanation;
    std::vector<std::string> heeds;  ///< names of the parameters that mean something to it
};

struct HopCount {
    std::uint32_t hops = 0;
    std::uint64_t hits = 0;
};

/// Of a search that asked an index server; known, not estimated.
struct IndexPriceView {
    std::uint64_t messages = 0, bytes = 0;  ///< both ways; not part of those of the overlay
    std::optional<double> milliseconds;     ///< until the answer; empty: none yet
    std::uint64_t files = 0;
    bool more = false;    ///< there were more files than it named
    std::string problem;  ///< a sentence; empty: all is well
};

struct PriceView {
    std::uint64_t messages = 0, bytes = 0;  ///< sent by this node; what others sent is not known
    std::uint64_t origins = 0;              ///< nodes that answered
    bool origins_at_least = false;          ///< there were more
    std::uint64_t reach_about = 0;          ///< an estimate, as `estimates` says
    std::vector<std::string> estimates{"reach_about"};
    std::uint64_t cached_hits = 0;
    std::uint64_t hidden_hits = 0,
                  excluded_hits = 0;     ///< left out: no answer to what was asked; what the user leaves out
    std::vector<HopCount> hits_by_hops;  ///< ascending, without empty ones
    std::optional<double> first_result_seconds, tenth_result_seconds;
    std::optional<IndexPriceView> index;  ///< empty: no index server was asked
};

/// Of a list of what one host shares: it is shown as a search that asks nobody else.
struct BrowseView {
    std::string host;         ///< as it was named
    std::string result;       ///< by which it was named, too; empty: by none
    std::uint64_t bytes = 0;  ///< read of its list so far
    bool complete = false;    ///< the whole list is here
    std::string problem;      ///< why there is none, or not all of it: sentences
};

/// Whose files are to be listed: a host, or the first source of a result that gives a list; or both, the source of that
/// result at that address.
struct NewBrowse {
    std::string host, result;
};

struct SearchView {
    std::uint32_t id = 0;
    std::string text;
    bool open = true;
    std::string state;  ///< "asking" | "listening" | "closed"
    std::string strategy;
    SearchParameters parameters;
    double age_seconds = 0;
    std::uint64_t revision = 0, rows = 0, hits = 0, dropped = 0;
    std::uint64_t saved_search = 0;  ///< which one it repeats; 0: a person began it
    PriceView price;
    std::vector<std::string> without;     ///< words and phrases it leaves out, as they were written
    std::vector<std::string> conditions;  ///< such as size:>10M
    std::string unasked;                  ///< why no peer could be asked so far, a sentence; empty: one was
    double closes_in_seconds = 0;         ///< so long late answers are taken; closed: 0
    std::optional<BrowseView> browse;     ///< empty: it is a search
};

struct SourceView {
    std::string address, name, vendor;
    bool push_needed = false, busy = false;
    std::uint32_t hops = 0;
    std::optional<std::uint64_t> cached_seconds{};  ///< a cache said so, and had it for so long
    bool indexed = false;                           ///< an index server said so
    bool browsable = false;                         ///< it gives a list of its files
};

struct ResultView {
    std::string id;  ///< RESULT-ID for downloads: "<search>-<row>"
    std::string name, urn, magnet,
        kind;  ///< urn may be empty; kind: "audio" | "video" | "image" | "document" | "archive" | "program" | "other"
    std::uint64_t size_bytes = 0, revision = 0;
    std::vector<SourceView> sources;
    bool cached = false;  ///< no source has said so itself, only caches
    bool in_library = false;
    std::string download;  ///< id of a download of the same content, or empty
};

/// Which results, in which order.
struct ResultQuery {
    std::string filter, kind, sort;          ///< sort "arrival" | "name" | "size" | "sources" | "kind" | "relevance"
    bool descending = false, fresh = false;  ///< fresh: without what only caches say
    std::uint64_t size_min = 0, size_max = UINT64_MAX, sources_min = 0;
    std::size_t offset = 0, limit = 0;
};

/// What has changed since a revision, in order of change.
struct ResultChanges {
    std::uint64_t revision = 0;  ///< ask again from here
    bool open = true;
    std::vector<ResultView> rows;
};

struct ResultPage {
    std::uint64_t revision = 0;
    bool open = true;
    std::uint64_t total = 0, matching = 0, offset = 0;
    NamedCounts kinds;  ///< rows of each kind, whatever was chosen
    std::vector<ResultView> rows;
    bool ready = true;  ///< false: they are still being sorted; ask again once others have had the thread
};

/// A search that has ended, or was under way when the node died.
struct HistoryView {
    std::uint64_t id = 0;
    std::string text, strategy;
    SearchParameters parameters;
    std::int64_t started_at = 0;  ///< seconds since 1970
    double lasted_seconds = 0;
    bool interrupted = false;  ///< the node died before it ended: what it found and cost is not known, and 0
    std::uint64_t rows = 0, hits = 0, dropped = 0;
    std::uint64_t saved_search = 0;  ///< which one repeated it; 0: a person began it
    PriceView price;
};

/// A page of the searches that have ended, the latest first.
struct HistoryPage {
    std::uint64_t total = 0;
    std::vector<HistoryView> entries;
};

struct NewSavedSearch {
    NewSearch search;
    std::uint64_t repeat_seconds = 0;
    std::uint64_t messages_per_run = 0, messages_per_day = 0;  ///< 0: as many as it takes
};

struct SavedSearchView {
    std::uint64_t id = 0;
    std::string text, strategy;
    SearchParameters parameters;
    std::uint64_t repeat_seconds = 0, messages_per_run = 0, messages_per_day = 0;
    std::int64_t created_at = 0, next_at = 0, last_at = 0;  ///< seconds since 1970; last_at 0: never yet
    std::uint64_t runs = 0, skips = 0;
    std::string last_skip;                             ///< a sentence; empty: the last time was not skipped
    std::uint64_t messages_today = 0;                  ///< since the day's budget was renewed, at most 24 hours ago
    std::uint64_t results_known = 0, new_results = 0;  ///< new: in the last run that has ended, and in none before
    std::uint64_t search = 0;                          ///< the search of the last run, while this node has it; else 0
};

/// A source as a download has come to know it.
struct DownloadSourceView {
    std::string address, vendor;
    std::string state;  ///< "waiting" | "connecting" | "idle" | "asked" | "receiving" | "stalled" | "dropped"
    std::uint64_t received_bytes = 0, verified_bytes = 0, failed_bytes = 0, bytes_per_second = 0;
    std::optional<std::uint64_t> latency_ms;        ///< from a request to its first byte
    std::optional<std::uint64_t> next_try_seconds;  ///< until it is asked again, while it has to wait
    std::string trouble;  ///< how it disappointed last, in words that follow its name; empty: it did not
};

struct DownloadView {
    std::string id, name, urn, magnet;
    std::string
        state;  ///< "queued" | "searching" | "connecting" | "downloading" | "stalled" | "verifying" | "paused" | "waiting" | "completed" | "failed"
    std::string reason;                             ///< sentences: why it does not go on, what is tried next and when
    bool size_known = false;                        ///< false: `size_bytes` says nothing
    std::optional<std::uint64_t> stalled_seconds;   ///< since the last byte came, while it is stalled
    std::optional<std::uint64_t> next_try_seconds;  ///< until a source is asked again, while all have to wait
    std::uint64_t size_bytes = 0, received_bytes = 0, verified_bytes = 0, bytes_per_second = 0;
    std::uint64_t slice_bytes = 0;  ///< 0: no tree yet
    std::string verified_map;       ///< one character a slice group, at most 200: '0' missing, '1' verified, '2' partly
    std::vector<SourceView> sources;
    std::string path;                                ///< where the finished file is; empty before
    std::vector<DownloadSourceView> source_details;  ///< each source with what came from it, dropped ones too
    std::string priority;                            ///< "high" | "normal" | "low"
    std::int64_t order = 0;                          ///< among those of its priority; the lowest comes first
    std::optional<std::uint64_t> queue_place;  ///< while it waits for its turn: 1 is the next; changes with others
    std::string directory;                     ///< where it goes
    std::string group, group_name;             ///< id and name of the folder that it is a part of; empty: none
    std::string below;                         ///< folders between that one and the file
};

/// Downloads by rank, all or those that changed since a revision.
struct DownloadsView {
    std::uint64_t revision = 0;  ///< to ask from the next time
    bool complete = true;        ///< `downloads` are all there are
    std::vector<DownloadView> downloads;
    std::vector<std::string> removed;  ///< ids
};

/// What was asked for beside the file itself; what is empty is left as it is.
struct DownloadPlan {
    std::string priority, folder;
};

/// A file to be downloaded; what is empty is what `what` says.
struct NewDownload {
    std::string what;  ///< magnet link, URN or result id
    std::string name;
    std::string path;  ///< in the folder that it is a part of
    std::optional<std::uint64_t> size_bytes;
    std::vector<std::string> sources;  ///< URLs
};

/// Several of them, as one folder if `group` names it.
struct NewDownloads {
    std::string group;
    DownloadPlan plan;
    std::vector<NewDownload> files;
};

/// What became of one of them: its id, or a sentence that says why it was not begun.
struct AddedDownload {
    std::string id, problem;
};
struct AddedDownloads {
    std::string group;                     ///< id of the folder; empty: it is none
    std::vector<AddedDownload> downloads;  ///< in the order of the list
};

/// What of a download, or of a folder, is to be different.
struct DownloadChange {
    std::optional<std::string> priority, folder, move;  ///< move "first" | "earlier" | "later" | "last"
};

struct PartialView {
    std::string name, path;
    std::uint64_t size_bytes = 0;
    std::int64_t changed_at = 0;
};  ///< a partial file without a download

/// A slot in use; state "sending", or "sent": the piece is sent, and the slot waits a moment for the next request.
struct UploadView {
    std::string address, user_agent, name, state;
    std::uint64_t sent_bytes = 0, range_bytes = 0, bytes_per_second = 0;
};

/// What lies in a folder and is not shared, for one reason.
struct LeftOutView {
    std::string reason,
        explanation;  ///< "hidden" | "link" | "special" | "empty" | "own_data" | "unreadable" | "changing" | "too_deep" | "too_many"; words for people
    std::uint64_t count = 0;
    std::vector<std::string> names;  ///< the first few, below the folder
};

/// A path that is not UTF-8 is a file URL here ("file:///music/Caf%E9"), and may be named so in requests.
struct FolderView {
    std::string path, name, problem;
    std::uint64_t files = 0, bytes = 0;
    bool from_config = false;         ///< the setting `share` names it
    bool needs_confirmation = false;  ///< nothing of it is shared before its owner has said yes
    std::vector<LeftOutView> left_out;
};

/// What would be public if a folder were shared.
struct PreviewView {
    std::string path, verdict, reason;  ///< verdict "ordinary" | "needs_confirmation" | "refused"; a sentence, or empty
    bool shared = false;                ///< it is already
    std::uint64_t files = 0, bytes = 0;
    bool complete = true;  ///< false: there is more than was counted
    std::vector<std::string> names, warnings;
    std::vector<LeftOutView> left_out;
};

struct LibraryView {
    std::vector<FolderView> folders;
    bool scanning = false, watching = false;
    std::uint64_t files_found = 0, files_ready = 0, files_waiting = 0, bytes_ready = 0, bytes_waiting = 0,
                  files_failed = 0;
    std::string current;
    std::string problem;  ///< a sentence: hashes cannot be remembered, and why; or empty
};

struct SharedFileView {
    std::uint32_t index = 0;
    std::string path, name, urn, magnet;
    std::uint64_t size_bytes = 0;
};  ///< path is virtual

struct SettingView {
    std::string key, value, description, source;  ///< source "default" | "config" | "flag" | "page"
    bool needs_restart = false;
    std::vector<std::string> choices{};  ///< the values allowed; empty: any text
    bool list = false;
    std::vector<std::string> values{};  ///< the items of a list, which `value` joins by commas; else empty
    std::string problem{};  ///< why the value stored by the page is left out, and how that is undone; else empty
};

/// A new value for a setting, or none: then what the page stored is forgotten.
struct SettingChange {
    std::string key;
    std::optional<std::string> text{};  ///< of a list: as JSON, one item a line, or with commas between items
    std::optional<std::vector<std::string>> items{};  ///< of a list
};

/// Something a human must read when a request cannot be carried out; `code` is a stable word for programs.
struct Refusal {
    int status = 400;
    std::string code, message;
    /// No refusal yet: what decides it is being looked at, and the same is to be asked again soon.
    bool ask_again = false;
};

template <class T>
struct Outcome {
    std::optional<T> value;
    Refusal refusal;
    Outcome(T v) : value{std::move(v)} {}
    Outcome(Refusal r) : refusal{std::move(r)} {}
};
struct Done {};

/// Logs a browser in, once.
struct LoginLinkView {
    std::string link;
};

/// Opens the content of one file to a player or another tab.
struct ContentLinkView {
    std::string link, media_type;
    bool shown = false;  ///< a browser shows or plays it; else it saves it
    std::uint64_t expires_in_seconds = 0;
};

/// A small file that the node makes for other programs.
struct MadeFile {
    std::string name, media_type, body;
};

/// What changed, for the event stream. The host calls `ApiServer::notify` with one of these words and, for "search",
/// "download", the id: "status" | "peers" | "search" | "downloads" | "library" | "uploads" | "settings" | "history" |
/// "saved".
struct Change {
    std::string topic, id;
};

}  // namespace praline::webui
