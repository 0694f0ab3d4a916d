#include "index/replica/repair.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "index/replica/limits.hpp"

namespace praline::index::replica {

void Repair::tick() {
    if (round_ && ctx_.now() >= deadline_) {
        if (round_->is_waiting())
            end(false);
        else
            deadline_ = ctx_.now() + ctx_.options().ask_within;  // it pauses until copies have been made
    }
    if (round_ || ctx_.now() < schedule_.next_at()) return;
    schedule_.plan_next();
    if (std::optional<ServerId> const with = choose()) begin(*with);
}

std::optional<ServerId> Repair::choose() {
    std::vector<ServerId> const others = group_.live();
    if (others.empty()) return std::nullopt;
    std::vector<ServerId> urgent;
    for (ServerId const id : others)
        if (schedule_.of(id).soon) urgent.push_back(id);
    bool const any = ctx_.rng().below(compare_any_one_in) == 0;
    std::vector<ServerId> const& choice = urgent.empty() || any ? others : urgent;
    ServerId const chosen = choice[ctx_.rng().below(choice.size())];
    // A joining server gets everything from one first.
    std::optional<ServerId> const sponsor = group_.sponsor();
    bool const from_sponsor =
        !any && group_.joining() && sponsor && std::find(choice.begin(), choice.end(), *sponsor) != choice.end();
    return from_sponsor ? *sponsor : chosen;
}

void Repair::begin(ServerId with) {
    schedule_.begun(with);
    round_.emplace(ctx_.rng().next(), with, group_.find(with)->writes.announced());
    deadline_ = ctx_.now() + ctx_.options().ask_within;
}

void Repair::go_on() {
    if (!round_ || round_->is_waiting()) return;
    if (round_->is_at_end()) return end(true);
    if (copies_.wanted() > copies_wanted_max / 2) return;
    deadline_ = ctx_.now() + ctx_.options().ask_within;
    std::optional<ServerMessage> question = round_->next_question(records_.tree());
    if (!question || !group_.send(round_->with(), std::move(*question))) end(false);
}

void Repair::break_off(ServerId with) {
    if (round_ && round_->with() == with) end(false);
}

void Repair::end(bool whole) {
    ComparisonRound const round = std::move(*round_);
    round_.reset();
    ServerId const with = round.with();
    if (whole && round.is_whole())
        schedule_.ended(with, round.differing(), round.missing());
    else
        schedule_.broken_off(with);
    Peer const* const peer = group_.find(with);
    if (peer == nullptr) return;
    ++ctx_.counters().comparisons;
    if (whole && round.is_whole()) {
        group_.all_writes_seen(with, round.writes_at_start());
        if (round.differing() == 0) {
            group_.forgive_missing_acks(with);
            records_.merge_owners(with, peer->member.incarnation);
        }
        complete_if_equal();
    }
    schedule_.bring_forward();
}

void Repair::got(Envelope const& from, Digests const& message) {
    if (message.nodes.size() > digest_nodes_max) return ctx_.refuse();
    for (DigestNode const& node : message.nodes)
        if (!DigestTree::is_node(node.depth, node.prefix)) return ctx_.refuse();
    if (!round_ || !round_->is_with(from.from, message.round)) return answer(from, message);
    for (DigestNode const& same : round_->take(message, records_.tree()))
        records_.confirm(from.from, DigestTree::range_below(same.depth, same.prefix));
}

void Repair::answer(Envelope const& from, Digests const& message) {
    if (message.nodes.size() > round_nodes_max) return ctx_.refuse();
    DigestTree const& tree = records_.tree();
    Digests answer;
    answer.round = message.round;
    for (DigestNode const& theirs : message.nodes) {
        DigestNode const mine = tree.node(theirs.depth, theirs.prefix);
        bool const few = mine.publishers <= leaf_publishers_max && theirs.publishers <= leaf_publishers_max;
        if (mine == theirs) {
            records_.confirm(from.from, DigestTree::range_below(mine.depth, mine.prefix));
            answer.nodes.push_back(mine);
        } else if (theirs.depth == digest_depth_max || few) {
            send_page(from.from, message.round, mine, DigestTree::range_below(mine.depth, mine.prefix));
        } else {
            tree.children(theirs.depth, theirs.prefix, answer.nodes);
        }
    }
    if (!answer.nodes.empty()) group_.send(from.from, std::move(answer));
}

void Repair::got(Envelope const& from, RecordsAsk const& message) {
    KeyRange const& range = message.range;
    std::uint32_t const prefix = DigestTree::prefix_of(range.first, digest_depth_max);
    if (range.last < range.first || DigestTree::prefix_of(range.last, digest_depth_max) != prefix) return ctx_.refuse();
    send_page(from.from, message.round, DigestNode{digest_depth_max, prefix, 0, 0, 0}, range);
}

void Repair::got(Envelope const& from, Records const& message) {
    DigestNode const& below = message.below;
    if (message.records.size() > records_max || !DigestTree::is_node(below.depth, below.prefix)) return ctx_.refuse();
    bool const ours = round_ && round_->is_with(from.from, message.round) && round_->take(message);
    std::set<PublisherId> theirs;
    std::vector<PublisherId> they_lack;
    std::uint64_t differing = 0, missing = 0;
    for (LeasedRecord const& leased : message.records) {
        PublisherId const& id = leased.record.publisher.id;
        bool const belongs = DigestTree::prefix_of(id, below.depth) == below.prefix && message.range.first <= id &&
                             id <= message.range.last;
        if (!belongs || !theirs.insert(id).second) {
            ctx_.refuse();
            continue;
        }
        Difference const difference = reconciler_.reconcile(from.from, leased);
        if (difference.they_lack) they_lack.push_back(id);
        if (difference.differs) ++differing;
        if (difference.missing) ++missing;
    }
    // A server that sent what we know to be over gets ours; it need not answer unless it knows still better.
    if (!ours && message.answer) send_answer(from.from, message, they_lack);
    if (!ours) return;
    KeyRange listed = DigestTree::range_below(below.depth, below.prefix);
    listed = {std::max(listed.first, message.range.first), std::min(listed.last, message.range.last)};
    for (PublisherId const& id : records_.tree().within(listed, records_max)) {
        if (theirs.contains(id)) continue;
        they_lack.push_back(id);
        ++differing;
    }
    round_->count(differing, missing);
    send_answer(from.from, message, they_lack);
}

/// All of ours, as far as one message goes.
void Repair::send_page(ServerId to, std::uint64_t round, DigestNode const& below, KeyRange range) {
    std::vector<PublisherId> ids = records_.tree().within(range, records_max + 1);
    if (ids.size() > records_max) {
        ids.pop_back();
        range.last = ids.back();
    }
    Records records{round, below, false, {}, range};
    for (PublisherId const& id : ids) records.records.push_back(records_.leased(records_.at(id)));
    group_.send(to, std::move(records));
}

void Repair::send_answer(ServerId to, Records const& to_what, std::vector<PublisherId> const& ids) {
    for (std::size_t sent = 0; sent < ids.size();) {
        Records records{to_what.round, to_what.below, true, {}, {}};
        for (; sent < ids.size() && records.records.size() < records_max; ++sent)
            records.records.push_back(records_.leased(records_.at(ids[sent])));
        group_.send(to, std::move(records));
    }
}

void Repair::complete_if_equal() {
    if (!group_.joining()) return;
    std::vector<ServerId> const others = group_.live();
    bool all = !others.empty(), all_joining = true, one = false;
    for (ServerId const id : others) {
        bool const nothing_missing = schedule_.of(id).nothing_missing;
        bool const joining = group_.find(id)->joining;
        all = all && nothing_missing;
        all_joining = all_joining && joining;
        one = one || (nothing_missing && !joining);
    }
    bool const alone = others.empty() && group_.alone_for() >= ctx_.options().lease;
    if (one || (all && all_joining) || alone) group_.complete();
}

}  // namespace praline::index::replica
