#include "index/replica/comparison_round.hpp"

#include "index/replica/limits.hpp"

namespace praline::index::replica {

ComparisonRound::ComparisonRound(std::uint64_t number, ServerId with, std::uint64_t writes_at_start)
    : number_{number}, with_{with}, writes_at_start_{writes_at_start}, stack_{{0, 0}} {}

std::optional<ServerMessage> ComparisonRound::next_question(DigestTree const& tree) {
    if (!ranges_.empty()) return next_page(tree);
    Digests digests;
    digests.round = number_;
    while (!stack_.empty() && digests.nodes.size() < round_nodes_max) {
        auto const [depth, prefix] = stack_.back();
        stack_.pop_back();
        KeyRange const all = DigestTree::range_below(depth, prefix);
        if (depth == digest_depth_max && tree.within(all, leaf_publishers_max + 1).size() > leaf_publishers_max) {
            ranges_.push_back(all);
            continue;
        }
        waiting_.insert({depth, prefix});
        digests.nodes.push_back(tree.node(depth, prefix));
    }
    if (digests.nodes.empty()) return next_page(tree);
    return digests;
}

std::optional<ServerMessage> ComparisonRound::next_page(DigestTree const& tree) {
    if (++pages_ > round_pages_max) return std::nullopt;
    KeyRange page = ranges_.back();
    ranges_.pop_back();
    // The other may lack all that is here: that must fit one message too.
    std::vector<PublisherId> const here = tree.within(page, records_max + 1);
    if (here.size() > records_max) {
        ranges_.push_back({here.back(), page.last});
        page.last = here[records_max - 1];
    }
    asked_ = page;
    return RecordsAsk{number_, page};
}

std::vector<DigestNode> ComparisonRound::take(Digests const& answer, DigestTree const& tree) {
    std::vector<DigestNode> same;
    std::set<Node> answered;
    for (DigestNode const& theirs : answer.nodes) {
        Node const node{theirs.depth, theirs.prefix};
        bool const itself = waiting_.contains(node);
        Node const parent{static_cast<std::uint8_t>(theirs.depth - 1), theirs.prefix >> 4};
        if (!itself && (theirs.depth == 0 || !waiting_.contains(parent))) continue;
        answered.insert(itself ? node : parent);
        if (tree.node(theirs.depth, theirs.prefix) == theirs) same.push_back(theirs);
        // Said to be equal to what we sent; when it is not any more, a change came between.
        else if (itself)
            ++differing_;
        else if (stack_.size() < round_stack_max)
            stack_.push_back(node);
        else
            cut_short_ = true;
    }
    for (Node const& node : answered) waiting_.erase(node);
    return same;
}

bool ComparisonRound::take(Records const& answer) {
    if (answer.answer) return false;
    Node const node{answer.below.depth, answer.below.prefix};
    bool const page = asked_ && asked_->first == answer.range.first;
    KeyRange const wanted = page ? *asked_ : DigestTree::range_below(node.first, node.second);
    if (!page && !waiting_.contains(node)) return false;
    if (answer.range.last < wanted.first || wanted.first < answer.range.first) return false;
    if (page)
        asked_.reset();
    else
        waiting_.erase(node);
    if (answer.range.last < wanted.last) ranges_.push_back({DigestTree::after(answer.range.last), wanted.last});
    return true;
}

void ComparisonRound::count(std::uint64_t differing, std::uint64_t missing) {
    differing_ += differing;
    missing_ += missing;
}

}  // namespace praline::index::replica
