#pragma once

#include "index/replica/claims.hpp"
#include "index/replica/comparison_schedule.hpp"
#include "index/replica/context.hpp"
#include "index/replica/copies.hpp"
#include "index/replica/group.hpp"
#include "index/replica/records.hpp"

namespace praline::index::replica {

/// Changes that other servers send: applied when they continue what is here and their claim is the highest known, and
/// acknowledged once the catalogue has them. A list that cannot be continued is copied whole.
/// @threads one: it belongs to a replica.
class IncomingWrites {
public:
    IncomingWrites(Context& context, Group& group, RecordTable& records, Claims& claims, Copies& copies,
                   ComparisonSchedule& schedule)
        : ctx_{context}, group_{group}, records_{records}, claims_{claims}, copies_{copies}, schedule_{schedule} {}

    void got(Envelope const& from, Write const& message);
    /// What the catalogue says of one. @pre `RecordTable::settle` first.
    void applied(PendingApply const& pending, Applied const& event);

private:
    [[nodiscard]] bool is_valid(Envelope const& from, Write const& message) const;
    void is_behind(Envelope const& from, Write const& message);
    void acknowledge(ServerId to, WriteAck const& ack) { group_.send(to, ack); }

    Context& ctx_;
    Group& group_;
    RecordTable& records_;
    Claims& claims_;
    Copies& copies_;
    ComparisonSchedule& schedule_;
};

}  // namespace praline::index::replica
