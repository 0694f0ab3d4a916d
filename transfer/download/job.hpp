#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/base/time.hpp"
#include "transfer/content/tiger_tree.hpp"
#include "transfer/download/content_reads.hpp"
#include "transfer/download/destination.hpp"
#include "transfer/download/download_manager.hpp"
#include "transfer/download/piece_disk.hpp"
#include "transfer/download/rank.hpp"
#include "transfer/swarm/claims.hpp"
#include "transfer/swarm/piece_map.hpp"
#include "transfer/swarm/source_list.hpp"
#include "transfer/swarm/suspects.hpp"
#include "transfer/swarm/swarm.hpp"

namespace praline::download {

using swarm::Claims;
using swarm::Fault;
using swarm::KnownSource;
using swarm::SourceId;
using swarm::SourceList;
using Tcp = boost::asio::ip::tcp;

class SourceSession;
using SessionPtr = std::shared_ptr<SourceSession>;

/// Source of a tree, or of bytes, of an earlier run: nobody knows which one it was.
constexpr SourceId nobody = ~SourceId{0};

/// Kept open between two questions because our place in the source's queue hangs on it.
struct ParkedConnection {
    Tcp::socket socket;
    Instant until{};
};

/// A tree that came while the file was fetched without one.
struct LateTree {
    content::TreeLevel tree;
    SourceId giver = 0;
};

/// What is believed of the file. Whatever a source said holds until the hash of the whole proves or refutes it.
struct Story {
    std::optional<std::uint64_t> size_bytes;
    Claims claims;
    std::shared_ptr<content::FileProof const> proof;  ///< hashes that the user named beside the URN; null: none
    std::shared_ptr<content::TreeLevel const> tree;
    SourceId tree_giver = 0;         ///< source of a tree that only the final SHA-1 can confirm
    std::vector<swarm::Part> parts;  ///< who sent the bytes of the map that no tree could check
    swarm::Suspects suspects;        ///< of them, once a whole of theirs was wrong
    PieceMap map;                    ///< as it was when no swarm was at work
    bool has_map = false;
    std::uint64_t number = 0;  ///< another one whenever the content is another
    bool recheck = false;      ///< the map says what was written, not what is there now
    std::optional<LateTree> late_tree;
};

/// A disk that refused, and when it is tried again.
struct DiskTrouble {
    int error = 0;
    std::string path;                   ///< the folder
    std::uint64_t bytes = 0;            ///< that are to fit there before the next try
    bool of_folder = false;             ///< it is the folder that is gone or closed
    std::chrono::milliseconds wait{0};  ///< before the next try; grows
    Instant look_again{};               ///< at the folder, while the download fetches
};

struct Progress {
    std::uint64_t arrived_bytes = 0, counted_bytes = 0, bytes_per_second = 0;
    std::optional<Instant> silent_since;  ///< the last byte, while some are due
    std::uint64_t revision = 0;           ///< of the last change that was announced
};

/// When other sources are looked for.
struct SearchTimes {
    std::optional<Instant> next;
    std::chrono::milliseconds wait{0};
};

/// The coroutine that looks after a download as long as it is wanted.
struct Worker {
    explicit Worker(boost::asio::io_context& io) : wake{io} {}
    bool runs = false;
    Rank rank;                       ///< when its turn comes; changed by JobTable
    bool rests = false;              ///< what is under way comes to its end, and nothing may be begun
    boost::asio::steady_timer wake;  ///< what it sleeps on
};

/// One download. @threads the node's
struct Job {
    Job(boost::asio::io_context& io, Limits const& limits) : sources{limits}, worker{io} {
        worker.wake.expires_at(boost::asio::steady_timer::time_point::max());
    }

    std::string id, name, reason;
    Destination destination;
    Urn urn;                  ///< asked for; once completed also what is proved
    bool root_given = false;  ///< the user named the Tiger root: what fits its tree is proved
    State state = State::queued;

    SourceList sources;
    Story story;
    std::optional<swarm::Swarm> swarm;  ///< while there is something to fetch and the map is known
    std::shared_ptr<PieceDisk> disk;
    std::vector<SessionPtr> sessions;             ///< connections under way
    std::map<SourceId, ParkedConnection> parked;  ///< at most `parked_max`
    DiskTrouble trouble;
    Progress progress;
    ContentReads reads;

    Worker worker;
    SearchTimes search;
    bool removed = false;
    bool dirty = false;  ///< differs from what is on disk

    /// A SHA-1 that was named is always checked, whatever tree the file fits.
    [[nodiscard]] bool needs_sha1() const { return urn.sha1.has_value(); }
    [[nodiscard]] bool is_over() const { return state == State::completed || state == State::failed; }
    [[nodiscard]] bool is_wanted() const { return !removed && !is_over() && state != State::paused; }
    /// What fits the tree is verified for others too. A tree that a stranger paired with the SHA-1 may be of another file.
    [[nodiscard]] bool is_proved() const { return story.tree && (root_given || story.tree_giver == 0); }
    /// The user named a hash of each piece.
    [[nodiscard]] bool has_named_pieces() const {
        return story.proof && story.proof->has_pieces() && story.size_bytes == story.proof->file_bytes;
    }
    /// Pieces are compared with something as they come.
    [[nodiscard]] bool checks_pieces() const { return story.tree || has_named_pieces(); }
    [[nodiscard]] content::PieceProof piece_proof() const {
        return {story.tree, has_named_pieces() ? story.proof : nullptr};
    }
    /// It is told apart from other files by something that the user named.
    [[nodiscard]] bool is_named() const { return urn.sha1 || root_given || story.proof; }
    [[nodiscard]] PieceMap const& map() const { return swarm ? swarm->map() : story.map; }
};
using JobPtr = std::shared_ptr<Job>;

}  // namespace praline::download
