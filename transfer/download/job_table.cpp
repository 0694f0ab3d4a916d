#include "transfer/download/job_table.hpp"

#include <algorithm>
#include <iterator>

#include "node/base/check.hpp"

namespace praline::download {

namespace {

/// Orders of a damaged database that are farther away count as this.
constexpr std::int64_t order_max = std::int64_t{1} << 62;

std::string key_of(Sha1 const& sha1) { return {sha1.bytes.begin(), sha1.bytes.end()}; }

/// By what was named of it where that is no SHA-1.
bool is_of(Job const& job, Urn const& urn, content::FileProof const* proof) {
    if (urn.tiger_root) return job.urn.tiger_root && *job.urn.tiger_root == *urn.tiger_root;
    return proof != nullptr && job.story.proof && *job.story.proof == *proof;
}

}  // namespace

void JobTable::add(JobPtr const& job) {
    auto& order = job->worker.rank.order;
    order = std::clamp(order, -order_max, order_max);
    if (order == 0) order = highest_ + 1;
    // Two records of a damaged database may claim one place.
    while (jobs_.contains(job)) order = ++highest_ + 1;
    lowest_ = std::min(lowest_, order);
    highest_ = std::max(highest_, order);
    jobs_.insert(job);
    by_id_[job->id] = job;
    if (job->urn.sha1) by_sha1_.emplace(key_of(*job->urn.sha1), job);
}

void JobTable::remove(JobPtr const& job) {
    jobs_.erase(job);
    by_id_.erase(job->id);
    if (!job->urn.sha1) return;
    auto const [from, to] = by_sha1_.equal_range(key_of(*job->urn.sha1));
    auto const at = std::find_if(from, to, [&](auto const& one) { return one.second == job; });
    if (at != to) by_sha1_.erase(at);
}

void JobTable::learnt_sha1(JobPtr const& job, Sha1 const& sha1) {
    check(!job->urn.sha1);
    job->urn.sha1 = sha1;
    if (by_id_.contains(job->id)) by_sha1_.emplace(key_of(sha1), job);
}

JobPtr JobTable::find(std::string const& id) const {
    auto const at = by_id_.find(id);
    return at == by_id_.end() ? nullptr : at->second;
}

JobPtr JobTable::find(Rank const& rank) const {
    auto const at = std::lower_bound(jobs_.begin(), jobs_.end(), rank,
                                     [](JobPtr const& job, Rank const& wanted) { return job->worker.rank < wanted; });
    return at != jobs_.end() && (*at)->worker.rank == rank ? *at : nullptr;
}

JobPtr JobTable::find_same(Urn const& urn, content::FileProof const* proof) const {
    if (urn.sha1) {
        auto const [from, end] = by_sha1_.equal_range(key_of(*urn.sha1));
        auto const going = std::find_if(from, end, [](auto const& one) { return !one.second->is_over(); });
        if (going != end) return going->second;
        return from == end ? nullptr : from->second;
    }
    auto const at =
        std::find_if(jobs_.begin(), jobs_.end(), [&](JobPtr const& job) { return is_of(*job, urn, proof); });
    return at == jobs_.end() ? nullptr : *at;
}

JobPtr JobTable::find_same(Urn const& urn, content::FileProof const* proof, Destination const& to,
                           std::string const& name) const {
    auto const is_same = [&](JobPtr const& job) {
        auto const& other = job->destination;
        return other.folder == to.folder && other.group_name == to.group_name && other.below == to.below &&
               !other.group.empty() && job->name == name;
    };
    if (!urn.sha1) {
        auto const at = std::find_if(jobs_.begin(), jobs_.end(),
                                     [&](JobPtr const& job) { return is_of(*job, urn, proof) && is_same(job); });
        return at == jobs_.end() ? nullptr : *at;
    }
    auto const [from, end] = by_sha1_.equal_range(key_of(*urn.sha1));
    auto const at = std::find_if(from, end, [&](auto const& one) { return is_same(one.second); });
    return at == end ? nullptr : at->second;
}

std::vector<JobPtr> JobTable::named(std::string const& id) const {
    if (auto const job = find(id)) return {job};
    std::vector<JobPtr> members;
    if (id.empty()) return members;
    std::copy_if(jobs_.begin(), jobs_.end(), std::back_inserter(members),
                 [&](JobPtr const& job) { return job->destination.group == id; });
    return members;
}

JobTable::Moved JobTable::rank(JobPtr const& job, Rank to) {
    Moved const moved{job, job->worker.rank};
    jobs_.erase(job);
    job->worker.rank = to;
    jobs_.insert(job);
    return moved;
}

std::vector<JobTable::Moved> JobTable::set_priority(std::vector<JobPtr> const& which, Priority priority) {
    std::vector<Moved> moved;
    for (auto const& job : which)
        if (job->worker.rank.priority != priority) moved.push_back(rank(job, {priority, job->worker.rank.order}));
    return moved;
}

std::vector<JobTable::Moved> JobTable::move(std::vector<JobPtr> const& which, Move how) {
    std::vector<Moved> moved;
    if (how == Move::last)
        for (auto const& job : which) moved.push_back(rank(job, {job->worker.rank.priority, ++highest_}));
    if (how == Move::first)
        for (auto at = which.rbegin(); at != which.rend(); ++at)
            moved.push_back(rank(*at, {(*at)->worker.rank.priority, --lowest_}));
    if (how == Move::first || how == Move::last || which.size() != 1) return moved;
    auto const& job = which.front();
    auto at = jobs_.find(job);
    JobPtr other;
    while (!other && at != (how == Move::earlier ? jobs_.begin() : std::prev(jobs_.end()))) {
        how == Move::earlier ? --at : ++at;
        if ((*at)->worker.rank.priority != job->worker.rank.priority) break;
        if (!(*at)->is_over()) other = *at;
    }
    if (!other) return moved;
    auto const here = job->worker.rank, there = other->worker.rank;
    // Out of the way first: no two may have one rank.
    Rank const aside{here.priority, highest_ + 1};
    rank(job, aside);
    moved.push_back(rank(other, here));
    rank(job, there);
    moved.push_back({job, here});
    return moved;
}

}  // namespace praline::download
