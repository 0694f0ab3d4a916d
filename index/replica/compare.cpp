#include <algorithm>

#include "index/replica/impl.hpp"

/// Two servers' records of one publisher: the higher version wins the list, the higher claim wins who may change it.
namespace praline::index {

LeasedRecord Replica::Impl::leased(Held const& held) const {
    // Nobody is to take from us what we do not know to be alive; of a tombstone near its end nobody is to begin a new term.
    if (held.restored || held.retired) return {held.record, 0};
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(lease_left(held)).count();
    return {held.record, static_cast<std::uint32_t>(std::min<decltype(left)>(left, UINT32_MAX))};
}

void Replica::Impl::send_page(ServerId to, std::uint64_t round, DigestNode const& below, Stretch stretch) {
    std::vector<PublisherId> ids = tree_.within(stretch, records_max + 1);
    if (ids.size() > records_max) {
        ids.pop_back();
        stretch.last = ids.back();
    }
    Records records{round, below, false, {}, stretch};
    for (PublisherId const& id : ids) records.records.push_back(leased(held_.at(id)));
    send(to, std::move(records));
}

void Replica::Impl::send_answer(ServerId to, Records const& to_what, std::vector<PublisherId> const& ids) {
    for (std::size_t sent = 0; sent < ids.size();) {
        Records records{to_what.round, to_what.below, true, {}, {}};
        for (; sent < ids.size() && records.records.size() < records_max; ++sent) records.records.push_back(leased(held_.at(ids[sent])));
        send(to, std::move(records));
    }
}

void Replica::Impl::got(Envelope const& from, RecordsAsk const& message) {
    Stretch const& stretch = message.stretch;
    std::uint32_t const prefix = DigestTree::prefix_of(stretch.first, digest_depth_max);
    if (stretch.last < stretch.first || DigestTree::prefix_of(stretch.last, digest_depth_max) != prefix) return refuse();
    send_page(from.from, message.round, DigestNode{digest_depth_max, prefix, 0, 0, 0}, stretch);
}

bool Replica::Impl::take_page(ServerId from, Records const& message) {
    if (!round_ || round_->with != from || round_->number != message.round || message.answer) return false;
    NodeName const node{message.below.depth, message.below.prefix};
    bool const page = round_->asked && round_->asked->first == message.stretch.first;
    Stretch const wanted = page ? *round_->asked : DigestTree::stretch_below(node.first, node.second);
    if (!page && !round_->waiting.contains(node)) return false;
    if (message.stretch.last < wanted.first || wanted.first < message.stretch.first) return false;
    if (page) round_->asked.reset();
    else round_->waiting.erase(node);
    if (message.stretch.last < wanted.last) round_->stretches.push_back({DigestTree::after(message.stretch.last), wanted.last});
    return true;
}

void Replica::Impl::got(Envelope const& from, Records const& message) {
    DigestNode const& below = message.below;
    if (message.records.size() > records_max || !DigestTree::is_node(below.depth, below.prefix)) return refuse();
    bool const ours = take_page(from.from, message);
    std::set<PublisherId> theirs;
    std::vector<PublisherId> they_lack;
    std::uint64_t differing = 0, missing = 0;
    for (LeasedRecord const& leased : message.records) {
        PublisherId const& id = leased.record.publisher.id;
        bool const belongs = DigestTree::prefix_of(id, below.depth) == below.prefix && message.stretch.first <= id && id <= message.stretch.last;
        if (!belongs || !theirs.insert(id).second) {
            refuse();
            continue;
        }
        bool differs = false, lacking = false;
        if (compare(from.from, leased, differs, lacking)) they_lack.push_back(id);
        if (differs) ++differing;
        if (lacking) ++missing;
    }
    // Who sent what we know to be over is told; an answer to that is not needed unless it knows still better.
    if (!ours && message.answer) send_answer(from.from, message, they_lack);
    if (!ours) return;
    Stretch listed = DigestTree::stretch_below(below.depth, below.prefix);
    listed = {std::max(listed.first, message.stretch.first), std::min(listed.last, message.stretch.last)};
    for (PublisherId const& id : tree_.within(listed, records_max)) {
        if (theirs.contains(id)) continue;
        they_lack.push_back(id);
        ++differing;
    }
    round_->differing += differing;
    round_->missing += missing;
    send_answer(from.from, message, they_lack);
}

bool Replica::Impl::compare(ServerId with, LeasedRecord const& theirs, bool& differs, bool& missing) {
    Record const& record = theirs.record;
    if (record.claim.number > claim_number_max) {
        refuse();
        return false;
    }
    PublisherId const id = record.publisher.id;
    Held* held = find(id);
    auto const compared = [&held] { return held != nullptr && held->standing == Standing::shown && !held->retired; };
    if (compared() && held->record.version == record.version && held->record.digest == record.digest && held->record.claim == record.claim) {
        if (held->restored && record.claim.owner == with) confirm(with, {id, id});
        return false;
    }
    differs = true;
    if (held != nullptr) learn_claim(*held, record.claim);
    if (Session const* const session = session_of(id)) {
        bool const other_list = record.version == held->ahead && held->applies == 0 && record.digest != held->record.digest;
        bool const beyond = record.version > held->ahead && record.version > session->own;
        if (session->ready && held->standing == Standing::shown && (other_list || beyond)) begin_anew(id, record.version);
        return compared() && (newer_content(held->record, record) || held->record.claim > record.claim);
    }
    // It was ours, and ended here only, while we were cut off: now it ends everywhere.
    if (held != nullptr && held->standing == Standing::hidden && held->promised.owner == self_.id && !is_tombstone(record)) {
        take_away(id);
        return false;
    }
    bool const theirs_newer = held == nullptr || held->standing == Standing::promised ||
                              (held->standing == Standing::hidden ? record.version >= held->ahead : newer_content(record, held->record));
    if (theirs_newer && record.version != Version{}) {
        bool const fresh = held == nullptr || held->standing != Standing::shown || !held->touched;
        if (take(with, theirs) && fresh) missing = true;
    } else if (record.claim.number > 0 && (held == nullptr || held->standing == Standing::promised || record.claim > held->record.claim)) {
        if (held == nullptr) held = hold(id);
        if (held == nullptr) return false;
        learn_claim(*held, record.claim);
        if (held->standing == Standing::hidden) return false;
        adopt(*held, record.publisher, record.claim);
        place(*held);
        ++counters_.publishers_repaired;
    }
    held = find(id);
    return held != nullptr && held->standing == Standing::shown && (newer_content(held->record, record) || held->record.claim > record.claim);
}

/// With little of its lease left a list is not taken: two servers would keep it alive for each other.
bool Replica::Impl::take(ServerId with, LeasedRecord const& theirs) {
    Duration const left = std::chrono::milliseconds{theirs.lease_left_ms};
    bool const tombstone = is_tombstone(theirs.record);
    // Of one near its end only who still shows the list need know.
    bool const retired = tombstone && left == Duration{};
    Held const* const held = find(theirs.record.publisher.id);
    if (retired && (held == nullptr || held->standing != Standing::shown)) return false;
    if (!tombstone && left < options_.lease / lease_left_least) return false;
    CopyWanted wanted;
    wanted.source = with;
    wanted.record = theirs.record;
    wanted.lease_until = now_ + std::min(left, tombstone ? options_.tombstone : options_.lease);
    wanted.retired = retired;
    wanted.renewed = !tombstone && left >= options_.lease / 2;
    want_copy(std::move(wanted));
    return true;
}

}  // namespace praline::index
