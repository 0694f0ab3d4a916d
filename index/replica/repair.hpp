#pragma once

#include <optional>
#include <vector>

#include "index/replica/comparison_round.hpp"
#include "index/replica/comparison_schedule.hpp"
#include "index/replica/context.hpp"
#include "index/replica/copies.hpp"
#include "index/replica/group.hpp"
#include "index/replica/reconciler.hpp"
#include "index/replica/records.hpp"

namespace praline::index::replica {

/// Lazy repair (Clippee, section II-D): random pairs of servers compare what they hold, and each takes over what is better.
/// One comparison of ours at a time; those of others are answered without remembering anything.
/// @threads one: it belongs to a replica.
class Repair {
public:
    Repair(Context& context, Group& group, RecordTable& records, Copies const& copies, Reconciler& reconciler,
           ComparisonSchedule& schedule)
        : ctx_{context},
          group_{group},
          records_{records},
          copies_{copies},
          reconciler_{reconciler},
          schedule_{schedule} {}

    /// Begins a comparison, or gives one up, when it is time.
    void tick();
    /// After any event: asks the next question, unless copies have to be made first.
    void go_on();
    /// That server is silent, gone or another one.
    void break_off(ServerId with);
    [[nodiscard]] Instant next_deadline() const { return round_ ? deadline_ : schedule_.next_at(); }

    void got(Envelope const& from, Digests const& message);
    void got(Envelope const& from, Records const& message);
    void got(Envelope const& from, RecordsAsk const& message);

    /// A joining server is complete when it lacks nothing of what a complete one has, or all of a group of joining ones, or
    /// when it has been alone for a lease: no server then holds anything that is not here.
    void complete_if_equal();

private:
    [[nodiscard]] std::optional<ServerId> choose();
    void begin(ServerId with);
    void end(bool whole);
    void answer(Envelope const& from, Digests const& message);
    void send_page(ServerId to, std::uint64_t round, DigestNode const& below, KeyRange range);
    void send_answer(ServerId to, Records const& to_what, std::vector<PublisherId> const& ids);

    Context& ctx_;
    Group& group_;
    RecordTable& records_;
    Copies const& copies_;
    Reconciler& reconciler_;
    ComparisonSchedule& schedule_;
    std::optional<ComparisonRound> round_;
    Instant deadline_{};  ///< of the round's question
};

}  // namespace praline::index::replica
