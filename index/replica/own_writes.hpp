#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "index/replica/claims.hpp"
#include "index/replica/comparison_schedule.hpp"
#include "index/replica/context.hpp"
#include "index/replica/group.hpp"
#include "index/replica/records.hpp"

namespace praline::index::replica {

/// Changes of publishers that are signed in here, on their way to all servers: eager global write (Clippee, section II-D). A
/// change waits for its turn, goes to our catalogue, gets a position, goes to every server that is not suspected, and is
/// reported once each of them has answered or is known to be silent. Changes of one publisher are reported in order. A list
/// that is taken away goes the same way, as a change that empties it.
/// @threads one: it belongs to a replica.
class OwnWrites {
public:
    OwnWrites(Context& context, Group& group, RecordTable& records, Claims& claims, ComparisonSchedule& schedule)
        : ctx_{context}, group_{group}, records_{records}, claims_{claims}, schedule_{schedule} {}

    /// A publisher's change; refused at once when it may not write here, the change makes no sense, or there is no room.
    void publish(PublishWanted const& event);
    /// A list whose publisher is gone becomes an empty one of the next era, everywhere.
    void take_away(PublisherId const& id);
    /// The list of a publisher that has just signed in is taken away everywhere, and begun anew after `floor`.
    void begin_anew(PublisherId const& id, Version floor);
    /// After any of these: as many as there is room for go to the catalogue.
    void start_waiting();

    /// What the catalogue says of one of ours. @pre `RecordTable::settle` first.
    void applied(std::uint64_t key, Applied const& event);
    void got(Envelope const& from, WriteAck const& message);
    /// That server acknowledges nothing any more.
    void without(ServerId silent);
    void give_up_late();

    [[nodiscard]] bool empty() const { return writes_.empty(); }
    /// Of the last one that was sent: 1, 2, … since we started.
    [[nodiscard]] std::uint64_t position() const { return position_; }
    [[nodiscard]] std::optional<Instant> next_deadline() const;

private:
    /// Names a write, in the order in which they were wanted; 0: none.
    using Key = std::uint64_t;
    struct OwnWrite {
        PublisherId publisher;
        Claim claim;
        Change change;
        std::size_t bytes = 0;       ///< by estimate
        std::uint64_t position = 0;  ///< 0: the catalogue has not confirmed it yet
        bool from_session = false;   ///< else a list that we take away
        Instant deadline{};
        Record after;
        std::set<ServerId> waiting;  ///< for its acknowledgement
        std::set<ServerId> behind;   ///< of those, to be sent again after the one before
        std::uint16_t replicas = 1;
        bool short_of_some = false;
    };
    static std::size_t bytes_of(Change const& change);

    Key queue(PublisherId const& id, Change change, bool from_session);
    void ask_apply(Key key);
    void did_not_fit(Key key, Applied const& event);
    void send_to_all(Key key);
    void acknowledged(Key key, ServerId by, bool has_it);
    void send_again_after(Key key, ServerId to);
    [[nodiscard]] bool waits_for_earlier(Key key, ServerId peer) const;
    void report_done(PublisherId const& id);
    void drop(Key key);

    Context& ctx_;
    Group& group_;
    RecordTable& records_;
    Claims& claims_;
    ComparisonSchedule& schedule_;
    std::map<Key, OwnWrite> writes_;  ///< at most writes_under_way_max + writes_waiting_max
    std::map<PublisherId, std::set<Key>> writes_of_;
    std::map<std::uint64_t, Key> positions_;
    std::set<std::pair<Instant, Key>> deadlines_;
    std::set<Key> waiting_;
    std::size_t bytes_ = 0;
    Key last_key_ = 0;
    std::uint64_t position_ = 0;
};

}  // namespace praline::index::replica
