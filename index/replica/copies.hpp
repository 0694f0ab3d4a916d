#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "index/replica/comparison_schedule.hpp"
#include "index/replica/context.hpp"
#include "index/replica/group.hpp"
#include "index/replica/records.hpp"

namespace praline::index::replica {

/// A list that another server has and we do not.
struct CopyWanted {
    ServerId source{};
    Record record;  ///< as it was announced; from a write: version, publisher and claim only
    Instant lease_until{};
    bool renewed = false;  ///< its owner is alive: the lease does not end by itself
    bool retired = false;  ///< a tombstone near its end
    std::uint32_t tries = 0;
};

/// Whole lists from other servers: which are wanted, and which come part by part just now. They stay invisible until the
/// last part has come. Lists of one part do not wait for long ones.
/// @threads one: it belongs to a replica.
class Copies {
public:
    Copies(Context& context, Group& group, RecordTable& records, ComparisonSchedule& schedule)
        : ctx_{context}, group_{group}, records_{records}, schedule_{schedule} {}

    /// It is fetched when there is room; a list that is wanted in a newer version already stays so.
    void want(CopyWanted wanted);
    /// A list that is here up to `have` need not be copied any more. Blank: whatever version the copy would bring.
    void drop(PublisherId const& id, Version have);
    /// After any event: as many as there is room for begin.
    void start();
    void got(Envelope const& from, CopyPart const& message);
    /// What the catalogue says of a last part.
    void applied(PublisherId const& id, Applied const& event);
    void give_up_late();
    /// Not begun yet.
    [[nodiscard]] std::size_t wanted() const { return wanted_small_.size() + wanted_large_.size(); }

private:
    struct Copy {
        CopyWanted wanted;
        std::optional<Sha1> after;
        std::uint64_t staged = 0;  ///< entries that the catalogue has got
        bool begun = false;        ///< it has got a part
        bool small = false;
        std::optional<Ticket> committing;  ///< the last part is at the catalogue
        Instant deadline{};
    };
    using Wanted = std::map<PublisherId, CopyWanted>;

    void start(Wanted& from, bool small, std::size_t at_once);
    void ask_part(PublisherId const& id, Copy& copy);
    void begin_again(PublisherId const& id, Copy& copy, Record const& record);
    [[nodiscard]] static bool fits(Copy const& copy, CopyPart const& part);
    bool stage(PublisherId const& id, Copy& copy, CopyPart const& part);
    void end(PublisherId const& id, bool well);

    Context& ctx_;
    Group& group_;
    RecordTable& records_;
    ComparisonSchedule& schedule_;
    Wanted wanted_small_, wanted_large_;  ///< together at most copies_wanted_max
    std::map<PublisherId, Copy> copies_;  ///< under way
    std::size_t large_copies_ = 0;
};

}  // namespace praline::index::replica
