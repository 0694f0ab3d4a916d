#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "transfer/download/job.hpp"

namespace praline::download {

/// All downloads, by rank, id and SHA-1. What it finds them by changes through it alone.   @threads the node's
class JobTable {
public:
    struct ByRank {
        bool operator()(JobPtr const& left, JobPtr const& right) const {
            return left->worker.rank < right->worker.rank;
        }
    };
    using Jobs = std::set<JobPtr, ByRank>;

    /// One whose order is 0 comes last of its priority. @pre its id, URN and destination are set.
    void add(JobPtr const& job);
    void remove(JobPtr const& job);
    /// A source has said the SHA-1 of one that had none.
    void learnt_sha1(JobPtr const& job, Sha1 const& sha1);

    [[nodiscard]] Jobs::const_iterator begin() const { return jobs_.begin(); }
    [[nodiscard]] Jobs::const_iterator end() const { return jobs_.end(); }
    /// Where this one of them is.
    [[nodiscard]] Jobs::const_iterator at(JobPtr const& job) const { return jobs_.find(job); }
    [[nodiscard]] std::size_t size() const { return jobs_.size(); }
    [[nodiscard]] JobPtr find(std::string const& id) const;
    [[nodiscard]] JobPtr find(Rank const& rank) const;
    /// The download that checks at least the SHA-1 named, one that is not over before others, or where none is named the Tiger root, or else these hashes.
    [[nodiscard]] JobPtr find_same(Urn const& urn, content::FileProof const* proof = nullptr) const;
    /// The download of this file that has this name below the same folder of a group.
    [[nodiscard]] JobPtr find_same(Urn const& urn, content::FileProof const* proof, Destination const& to,
                                   std::string const& name) const;
    /// A download by its id, or those of a group by that of the group, by rank.
    [[nodiscard]] std::vector<JobPtr> named(std::string const& id) const;

    /// A download whose rank is another one.
    struct Moved {
        JobPtr job;
        Rank before;
    };
    std::vector<Moved> set_priority(std::vector<JobPtr> const& which, Priority priority);
    /// First and last: of all of its priority; earlier and later: past the next one that is not over. Several go together,
    /// first or last.
    std::vector<Moved> move(std::vector<JobPtr> const& which, Move how);

private:
    Moved rank(JobPtr const& job, Rank to);

    Jobs jobs_;
    std::unordered_map<std::string, JobPtr> by_id_;
    std::unordered_multimap<std::string, JobPtr> by_sha1_;  // its 20 bytes
    std::int64_t lowest_ = 0, highest_ = 0;                 // orders that were given
};

}  // namespace praline::download
