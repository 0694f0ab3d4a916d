#include <algorithm>

#include "index/replica/greeting.hpp"
#include "index/replica/impl.hpp"

/// Lazy repair (Clippee, section II-D): random pairs compare digests, from the root down where they differ. Who begins a
/// comparison walks; who is asked remembers nothing and answers every node with itself when it is equal, with its sixteen
/// children when many publishers are below, else with its `Records`. Many with one prefix, which somebody can bring about who
/// makes keys for it, are listed page by page.
namespace praline::index {

Duration Replica::Impl::jittered(Duration mean) {
    auto const half = static_cast<std::uint64_t>(std::max<Duration::rep>(mean.count() / 2, 1));
    return Duration{static_cast<Duration::rep>(half + rng_.below(2 * half))};
}

void Replica::Impl::repair() {
    if (round_ && now_ >= round_->deadline) {
        if (round_->waiting.empty() && !round_->asked)
            round_->deadline = now_ + options_.ask_within;   // it pauses until copies have been made
        else
            end_round(false);
    }
    if (round_ || now_ < repair_at_) return;
    repair_at_ = now_ + jittered(options_.repair_every);
    std::vector<ServerId> const others = live();
    if (others.empty()) return;
    std::vector<ServerId> urgent;
    for (ServerId const id : others)
        if (peers_.at(id).compare_soon) urgent.push_back(id);
    bool const anybody = rng_.below(compare_anybody_one_in) == 0;
    std::vector<ServerId> const& choice = urgent.empty() || anybody ? others : urgent;
    ServerId chosen = choice[rng_.below(choice.size())];
    // A young server gets everything from one first.
    if (!anybody && young_ && sponsor_ && std::find(choice.begin(), choice.end(), *sponsor_) != choice.end()) chosen = *sponsor_;
    begin_round(peers_.at(chosen));
}

void Replica::Impl::begin_round(Peer& peer) {
    peer.compare_soon = false;
    round_.emplace();
    round_->number = rng_.next();
    round_->with = peer.member.id;
    round_->writes_at_start = peer.writes.announced();
    round_->stack.push_back({0, 0});
    round_->deadline = now_ + options_.ask_within;
}

void Replica::Impl::go_on_round() {
    if (!round_->waiting.empty() || round_->asked) return;
    if (round_->stack.empty() && round_->stretches.empty()) return end_round(true);
    if (wanted() > copies_wanted_max / 2) return;
    round_->deadline = now_ + options_.ask_within;
    if (!(round_->stretches.empty() ? ask_digests() : ask_page())) end_round(false);
}

bool Replica::Impl::ask_digests() {
    Digests digests;
    digests.round = round_->number;
    while (!round_->stack.empty() && digests.nodes.size() < round_nodes_max) {
        auto const [depth, prefix] = round_->stack.back();
        round_->stack.pop_back();
        Stretch const all = DigestTree::stretch_below(depth, prefix);
        if (depth == digest_depth_max && tree_.within(all, leaf_publishers_max + 1).size() > leaf_publishers_max) {
            round_->stretches.push_back(all);
            continue;
        }
        round_->waiting.insert({depth, prefix});
        digests.nodes.push_back(tree_.node(depth, prefix));
    }
    return digests.nodes.empty() ? ask_page() : send(round_->with, std::move(digests));
}

bool Replica::Impl::ask_page() {
    if (++round_->pages > round_pages_max) return false;
    Stretch page = round_->stretches.back();
    round_->stretches.pop_back();
    // The other may lack all that is here: that must fit one message too.
    std::vector<PublisherId> const here = tree_.within(page, records_max + 1);
    if (here.size() > records_max) {
        round_->stretches.push_back({here.back(), page.last});
        page.last = here[records_max - 1];
    }
    round_->asked = page;
    return send(round_->with, RecordsAsk{round_->number, page});
}

void Replica::Impl::end_round(bool whole) {
    Round const round = std::move(*round_);
    round_.reset();
    auto const found = peers_.find(round.with);
    if (found == peers_.end()) return;
    Peer& peer = found->second;
    peer.compared = now_;
    ++counters_.comparisons;
    if (whole && !round.cut_short) {
        peer.differing = round.differing;
        peer.same = round.differing == 0;
        peer.nothing_missing = round.missing == 0;
        peer.writes.all_up_to(round.writes_at_start);
        if (peer.same) {
            peer.acks_missing = 0;
            merge_owners(peer.member.id, peer.member.incarnation);
        }
        complete_if_equal();
    } else {
        peer.compare_soon = true;
    }
    for (auto const& [id, other] : peers_)
        if (other.compare_soon && !other.suspected) compare_soon(id);
}

void Replica::Impl::got(Envelope const& from, Digests const& message) {
    if (message.nodes.size() > digest_nodes_max) return refuse();
    for (DigestNode const& node : message.nodes)
        if (!DigestTree::is_node(node.depth, node.prefix)) return refuse();
    if (!round_ || round_->with != from.from || round_->number != message.round) return answer_digests(from, message);
    std::set<NodeName> answered;
    for (DigestNode const& theirs : message.nodes) {
        NodeName const name{theirs.depth, theirs.prefix};
        if (round_->waiting.contains(name)) {
            answered.insert(name);
            // Said to be equal to what we sent; if it is not any more, a change came between.
            if (tree_.node(theirs.depth, theirs.prefix) == theirs)
                confirm(from.from, DigestTree::stretch_below(theirs.depth, theirs.prefix));
            else
                ++round_->differing;
            continue;
        }
        if (theirs.depth == 0) continue;
        NodeName const parent{static_cast<std::uint8_t>(theirs.depth - 1), theirs.prefix >> 4};
        if (!round_->waiting.contains(parent)) continue;
        answered.insert(parent);
        if (tree_.node(theirs.depth, theirs.prefix) == theirs) {
            confirm(from.from, DigestTree::stretch_below(theirs.depth, theirs.prefix));
            continue;
        }
        if (round_->stack.size() < round_stack_max)
            round_->stack.push_back(name);
        else
            round_->cut_short = true;
    }
    for (NodeName const& name : answered) round_->waiting.erase(name);
}

void Replica::Impl::answer_digests(Envelope const& from, Digests const& message) {
    if (message.nodes.size() > round_nodes_max) return refuse();
    Digests answer;
    answer.round = message.round;
    for (DigestNode const& theirs : message.nodes) {
        DigestNode const mine = tree_.node(theirs.depth, theirs.prefix);
        if (mine == theirs) {
            confirm(from.from, DigestTree::stretch_below(mine.depth, mine.prefix));
            answer.nodes.push_back(mine);
        } else if (theirs.depth == digest_depth_max || (mine.publishers <= leaf_publishers_max && theirs.publishers <= leaf_publishers_max)) {
            send_page(from.from, message.round, mine, DigestTree::stretch_below(mine.depth, mine.prefix));
        } else {
            tree_.children(theirs.depth, theirs.prefix, answer.nodes);
        }
    }
    if (!answer.nodes.empty()) send(from.from, std::move(answer));
}

/// A young server is complete when it lacks nothing of what a complete one has, or all of a group of young ones, or when
/// it has been alone for a lease: nobody then holds anything that it might be told.
void Replica::Impl::complete_if_equal() {
    if (!young_) return;
    std::vector<ServerId> const others = live();
    bool all = !others.empty(), all_young = true, one = false;
    for (ServerId const id : others) {
        Peer const& peer = peers_.at(id);
        all = all && peer.nothing_missing;
        all_young = all_young && peer.young;
        one = one || (peer.nothing_missing && !peer.young);
    }
    bool const alone = others.empty() && now_ - alone_since_ >= options_.lease;
    if (!one && !(all && all_young) && !alone) return;
    young_ = false;
    for (auto const& [id, peer] : peers_)
        if (peer.link) send(id, Hello{server_protocol_version, self_, false, times_of(options_)});
}

}  // namespace praline::index
