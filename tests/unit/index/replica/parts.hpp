#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "index/replica/asks.hpp"
#include "index/replica/claims.hpp"
#include "index/replica/comparison_schedule.hpp"
#include "index/replica/context.hpp"
#include "index/replica/copies.hpp"
#include "index/replica/copy_source.hpp"
#include "index/replica/group.hpp"
#include "index/replica/incoming_writes.hpp"
#include "index/replica/own_writes.hpp"
#include "index/replica/reconciler.hpp"
#include "index/replica/records.hpp"
#include "index/replica/repair.hpp"
#include "unit/index/replica/host.hpp"

namespace praline::index::replica {

/// The parts of server 50 without the replica that passes news between them: each test looks at one, and calls those that
/// it needs below it.
struct Parts {
    explicit Parts(ReplicaOptions const& some_options = {}, std::optional<Endpoint> join = {})
        : ctx{some_options, Rng{1}} {
        now(Duration{});
        ctx.set_self(member(50));
        schedule.plan_next();
        group.start(Started{member(50), {}, {}, join});
    }

    void now(Duration since_start) { ctx.begin(at(since_start), out); }

    /// The link that the other opened to us, after both Hellos.
    LinkId meet(std::uint64_t id, bool joining = false, std::uint64_t incarnation = 1) {
        LinkId const link{++last_link};
        group.link_up({link, false});
        Hello hello = greeting(member(id, incarnation));
        hello.joining = joining;
        auto const known = group.introduce(link, {ServerId{id}, {}, incarnation, false}, hello);
        if (!known) return link;
        if (known->begins_anew) group.begin_incarnation(hello.self);
        group.reappeared(hello.self);
        group.heard(ServerId{id});
        group.bind(link, hello, *known);
        return link;
    }
    static Envelope from(std::uint64_t id) { return {ServerId{id}, ServerId{50}, 1, false}; }

    /// A list that is here: one file, under that claim.
    void hold_list(std::uint8_t number, Claim claim) { records.restore({record_of_one_file(number, claim)}); }
    /// The last thing that the catalogue was asked to apply, done.
    Applied applied(bool fits = true) const {
        Apply const last = did<Apply>().back();
        Applied result{last.ticket, record_of_one_file(0, last.claim), fits};
        result.record.publisher = last.publisher;
        result.record.version = last.change.to;
        return result;
    }

    template <class T>
    [[nodiscard]] std::vector<T> did() const {
        std::vector<T> result;
        for (Action const& action : out)
            if (auto const* const one = std::get_if<T>(&action)) result.push_back(*one);
        return result;
    }
    template <class T>
    [[nodiscard]] std::vector<T> sent(std::uint64_t to) const {
        std::vector<T> result;
        for (Send const& send : did<Send>())
            if (auto const* const message = std::get_if<T>(&send.message);
                message != nullptr && send.envelope.to == ServerId{to})
                result.push_back(*message);
        return result;
    }

    Actions out;
    Context ctx;
    Group group{ctx};
    RecordTable records{ctx, group};
    ComparisonSchedule schedule{ctx, group};
    Claims claims{ctx, group, records, schedule};
    OwnWrites own_writes{ctx, group, records, claims, schedule};
    Copies copies{ctx, group, records, schedule};
    IncomingWrites incoming_writes{ctx, group, records, claims, copies, schedule};
    CopySource copy_source{ctx, group, records};
    Reconciler reconciler{ctx, records, claims, own_writes, copies};
    Repair repair{ctx, group, records, copies, reconciler, schedule};
    Asks asks{ctx, group};
    std::uint32_t last_link = 0;
};

}  // namespace praline::index::replica
