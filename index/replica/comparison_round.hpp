#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "index/replica/digest_tree.hpp"
#include "index/replica/replica.hpp"

namespace praline::index::replica {

/// One comparison that we began: a walk down the digest tree, from the root to where the two trees differ. The other side
/// remembers nothing of it and answers each node with itself when it is equal, with its sixteen children when many publishers
/// are below, else with its `Records`. Many publishers below one full prefix, which anyone can bring about by making keys
/// for it, are listed page by page.
/// @threads one: it belongs to a replica.
class ComparisonRound {
public:
    /// @param writes_at_start  of the other server, as far as they had been announced.
    ComparisonRound(std::uint64_t number, ServerId with, std::uint64_t writes_at_start);

    [[nodiscard]] std::uint64_t number() const { return number_; }
    [[nodiscard]] ServerId with() const { return with_; }
    [[nodiscard]] std::uint64_t writes_at_start() const { return writes_at_start_; }
    /// Whether an answer with that number from that server is to a question of this round.
    [[nodiscard]] bool is_with(ServerId server, std::uint64_t number) const {
        return with_ == server && number_ == number;
    }

    /// A question has been asked and is not answered in full.
    [[nodiscard]] bool is_waiting() const { return !waiting_.empty() || asked_.has_value(); }
    /// Nothing is left to ask about.
    [[nodiscard]] bool is_at_end() const { return stack_.empty() && ranges_.empty(); }
    /// Everything was asked about; false: it was too much, and the rest is for the next round.
    [[nodiscard]] bool is_whole() const { return !cut_short_; }

    /// The next question, `Digests` or `RecordsAsk`; empty: there have been too many. @pre not waiting, not at the end.
    [[nodiscard]] std::optional<ServerMessage> next_question(DigestTree const& tree);
    /// @returns nodes in which the two are equal.
    std::vector<DigestNode> take(Digests const& answer, DigestTree const& tree);
    /// Whether it is what was asked for; what of it is still to be asked for is noted.
    bool take(Records const& answer);

    void count(std::uint64_t differing, std::uint64_t missing);
    [[nodiscard]] std::uint64_t differing() const { return differing_; }
    [[nodiscard]] std::uint64_t missing() const { return missing_; }

private:
    using Node = std::pair<std::uint8_t, std::uint32_t>;  ///< depth, prefix

    std::optional<ServerMessage> next_page(DigestTree const& tree);

    std::uint64_t number_;
    ServerId with_;
    std::uint64_t writes_at_start_;
    std::set<Node> waiting_;         ///< asked about, not answered
    std::vector<Node> stack_;        ///< still to be asked about; at most round_stack_max
    std::vector<KeyRange> ranges_;   ///< below full prefixes: to be asked for page by page
    std::optional<KeyRange> asked_;  ///< the page that was asked for, not answered
    std::size_t pages_ = 0;
    bool cut_short_ = false;
    std::uint64_t differing_ = 0, missing_ = 0;
};

}  // namespace praline::index::replica
