#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "node/base/time.hpp"
#include "node/base/urn.hpp"
#include "transfer/swarm/assignments.hpp"
#include "transfer/swarm/byte_range.hpp"
#include "transfer/swarm/evidence.hpp"
#include "transfer/swarm/limits.hpp"
#include "transfer/swarm/piece_map.hpp"
#include "transfer/swarm/source_list.hpp"
#include "transfer/swarm/source_speed.hpp"

/// The core of one download: which source is connected to, what it is asked for, when it is given up and who is to blame.
/// Events in, actions out; the host has the sockets, the disk and the clock.   @threads one at a time: pure.
namespace praline::swarm {

/// One connection to a source; no two have the same number.
using LinkId = std::uint32_t;

// Events. Those of a link that the core has closed, or does not know, are ignored.
struct Opened {
    LinkId link = 0;
};  ///< the source can be asked
/// It has these parts of the file only; they may grow from one link to the next.
struct Offered {
    LinkId link = 0;
    std::vector<ByteRange> ranges;
};
/// The body that answers `Ask` begins, where that did: it may end sooner.
struct BodyBegan {
    LinkId link = 0;
    std::uint64_t end = 0;
};
/// It will not send what it was asked for, and can be asked for something else.
struct Declined {
    LinkId link = 0;
};
/// The next bytes of the body; the host keeps none at or behind the end of the last `StopAt`, nor any after `Close`.
struct BytesCame {
    LinkId link = 0;
    std::uint64_t bytes = 0;
};
/// The host reads nothing of the body for now, as its disk is behind or a limit is reached: no fault of the source. Told
/// again while it lasts.
struct Held {
    LinkId link = 0;
};
/// The connection is over. No fault: nothing more was wanted of it.
struct Lost {
    LinkId link = 0;
    std::optional<Fault> fault;
    std::optional<std::chrono::seconds> retry_after;
};
/// The answer to `CheckPiece`; hashes of the ranges that it named, in order.
struct PieceChecked {
    std::uint64_t check = 0;
    bool is_right = false;
    std::vector<Sha1> hashes;
};
/// Bytes that came could not be kept: the disk refused.
struct BytesLost {
    ByteRange range;
};
struct Ticked {};
using Event =
    std::variant<Opened, Offered, BodyBegan, Declined, BytesCame, Held, Lost, PieceChecked, BytesLost, Ticked>;

// Actions.
struct Connect {
    LinkId link = 0;
    SourceId source = 0;
};
struct Ask {
    LinkId link = 0;
    ByteRange range;
};
/// Less is wanted of the body under way than was asked for. `Close` follows when it has come.
struct StopAt {
    LinkId link = 0;
    std::uint64_t end = 0;
};
/// End the connection; `Lost` need not follow.
struct Close {
    LinkId link = 0;
    std::optional<Fault> fault;  ///< why, if it disappointed us
};
/// All bytes of a piece came. They are to be compared with the tree, and these ranges to be hashed too.
struct CheckPiece {
    std::uint64_t check = 0;  ///< its number: a piece may be checked again
    std::uint64_t piece = 0;
    std::vector<ByteRange> to_hash;
};
/// It sent bytes that do not fit the tree. If that is a fault, the source is dropped: `accused` says who it was.
struct Accuse {
    SourceId source = 0;
    std::uint64_t piece = 0;
    Fault fault = Fault::corrupt;
};
/// No source is left that can be asked soon.
struct FindSources {};
/// Every piece is right.
struct AllRight {};
using Action = std::variant<Connect, Ask, StopAt, Close, CheckPiece, Accuse, FindSources, AllRight>;
using Actions = std::vector<Action>;

struct SwarmOptions {
    Limits limits;
    Assignments::Limits ranges;
    std::size_t connections_max = 16;
    std::size_t connecting_max = 8;  ///< at once
    Duration connect_time = std::chrono::seconds{20};
    Duration hurried_connect_time = std::chrono::seconds{8};  ///< while others wait for its place
    Duration reply_time = std::chrono::seconds{60};           ///< to the first byte of a body
    Duration silence_time = std::chrono::seconds{60};         ///< without a byte of a body
    Duration stalled_after =
        std::chrono::seconds{3};  ///< its range may be given to others; more for one with a long way
    Duration slow_window =
        std::chrono::seconds{15};  ///< a source so long below the floor is closed if another waits for its place
    double floor_bytes_per_second = 512;
    /// As `stalled_after`, before the first byte of a body of a source that has sent none yet.
    Duration unanswered_after = std::chrono::seconds{8};
    Duration patience_max = std::chrono::seconds{15};  ///< with the silence of a source that has a long way
    Duration tick = std::chrono::milliseconds{250};
    Duration worth_connecting = std::chrono::seconds{2};  ///< with less left to do nobody new is called
    /// Whether a source may be asked at all; empty: each may.
    std::function<bool(SourceId)> may_ask;
    /// What a wrong piece says of who sent it; empty: `Fault::corrupt`. A tree that nobody has proved convicts nobody: then
    /// it is `Fault::disagrees`.
    std::function<Fault(SourceId)> fault_of_wrong;
    /// What is called right is only there: no tree has proved it. Who sent it is remembered (`parts`).
    bool is_unproved = false;
};

/// What one source is doing, and has done.
struct SourceReport {
    enum class Phase : std::uint8_t { waiting, connecting, idle, asked, receiving };
    Phase phase = Phase::waiting;
    bool is_stalled = false;
    std::uint64_t received_bytes = 0, right_bytes = 0, wrong_bytes = 0;
    std::optional<double> bytes_per_second;
    std::optional<Duration> latency;
};

class Swarm {
public:
    /// @param map      what is here already counts as it says there.
    /// @param sources  outlives this; nobody else connects to them meanwhile.
    Swarm(PieceMap map, SourceList& sources, SwarmOptions options);

    /// See `SourceList::add`.
    bool add(Source const& source, Instant now, bool by_user = false);
    void handle(Event const& event, Instant now, Actions& actions);
    /// A connection that was there already, or is being made: as if `Connect` had been its action. `Ticked` is due then.
    /// @pre there is none to this source.
    [[nodiscard]] LinkId adopt(SourceId source, Instant now);
    /// Somebody reads the file from here: what is missing there is asked for next. A request that would reach it only much
    /// later is ended for it.
    void wanted_from(std::uint64_t position, Instant now, Actions& actions);
    /// Bytes that are here already came from these.
    void remember(std::vector<Part> const& parts) {
        for (auto const& part : parts) evidence_.sent(part.source, part.range);
    }
    /// Who sent what of the bytes that nobody has proved; in order.
    [[nodiscard]] std::vector<Part> parts() const { return evidence_.parts_of({0, map_.file_bytes()}); }
    /// When `Ticked` is due; empty: something else has to happen first. An instant that has passed: at once. To be asked
    /// after every event and `add`.
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    [[nodiscard]] PieceMap const& map() const { return map_; }
    [[nodiscard]] SourceList const& sources() const { return list_; }
    /// The sources that were convicted of sending bytes that are not of this file.
    /// At most `accused_max`; of more the first are forgotten.
    [[nodiscard]] std::map<SourceId, Source> const& accused() const { return accused_; }
    [[nodiscard]] SourceReport report(SourceId source, Instant now) const;

private:
    using Phase = SourceReport::Phase;
    struct Link {
        SourceId source = 0;
        Source where;
        Phase phase = Phase::connecting;
        Instant since{};             // of the phase
        std::uint64_t stop = 0;      // the body ends there, as far as it is wanted
        std::uint64_t body_end = 0;  // as it was asked for or announced
        std::uint64_t bytes = 0;
        std::optional<Instant> slow_since;
        unsigned declined = 0;  // in a row
    };
    struct Figures {
        SourceSpeed speed;
        std::optional<RangeSet> offered;  // while there is a link
        std::uint64_t received_bytes = 0, right_bytes = 0, wrong_bytes = 0;
    };
    struct Check {
        std::uint64_t piece = 0;
        std::size_t parts = 0;  // that were hashed, before the suspected ones
    };

    void on(Opened const& event);
    void on(Offered const& event);
    void on(BodyBegan const& event);
    void on(Declined const& event);
    void on(BytesCame const& event);
    void on(Held const& event);
    void on(Lost const& event);
    void on(PieceChecked const& event);
    void on(BytesLost const& event);
    void on(Ticked const&) {}

    void plan();
    [[nodiscard]] bool comes_soon(std::uint64_t position) const;
    [[nodiscard]] LinkId quickest_with(std::uint64_t position) const;
    void check_all_whole();
    void check(std::uint64_t piece);
    void end_waits();
    [[nodiscard]] std::optional<Fault> overdue(Link& link, bool place_is_wanted, bool call_is_wanted) const;
    [[nodiscard]] bool is_outrun(Link const& link, ByteRange held, double rate) const;
    void hand_out();
    void call_others();
    [[nodiscard]] bool ask(LinkId id);
    void rest(Link& link);
    void forget(LinkId id);
    void close(LinkId id, std::optional<Fault> fault);
    void convict(SourceId source, std::uint64_t piece);
    void drop_beginnings(SourceId source);
    void count_piece(ByteRange range, bool right);
    void forget_figures();
    [[nodiscard]] std::vector<Supplier> suppliers() const;
    [[nodiscard]] Supplier supplier(Link const& link) const;
    [[nodiscard]] bool is_stalled(Link const& link, Instant now) const;
    [[nodiscard]] bool may_connect(KnownSource const& known) const;
    [[nodiscard]] bool is_called() const;
    [[nodiscard]] Duration longest_worth_connecting(std::vector<Supplier> const& all) const;
    [[nodiscard]] Duration connecting_time(SourceId source) const;
    [[nodiscard]] LinkId link_of(SourceId source) const;

    SwarmOptions options_;
    PieceMap map_;
    SourceList& list_;
    Assignments ranges_;
    Evidence evidence_;
    std::map<LinkId, Link> links_;  // at most one of a source
    std::map<SourceId, Figures> figures_;
    std::map<SourceId, Source> accused_;
    std::map<std::uint64_t, Check> checks_;  // under way, by number
    LinkId last_link_ = 0;
    std::uint64_t last_check_ = 0;
    std::optional<Instant> reading_closed_at_;  // a request was ended for a reader
    std::optional<Instant> planned_at_;         // empty: something is new since
    bool has_begun_ = false, is_over_ = false, wants_sources_ = false;
    // Of the event under way.
    bool needs_plan_ = false;
    Instant now_{};
    Actions* actions_ = nullptr;
};

}  // namespace praline::swarm
