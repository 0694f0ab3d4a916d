#include "unit/index/replica/group_publisher.hpp"

#include <string>

namespace praline::index::replica::group {
namespace {

constexpr Duration notice_max = std::chrono::seconds{2};  // until a server learns that a publisher is gone
constexpr Duration retry_after = std::chrono::milliseconds{400};
constexpr std::uint64_t files_max = 40;

Entry file(std::uint64_t publisher, std::uint64_t number, std::uint64_t edition) {
    Entry entry;
    for (int byte = 0; byte < 8; ++byte)
        entry.sha1.bytes[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(number >> (8 * byte));
    entry.sha1.bytes[19] = static_cast<std::uint8_t>(publisher);
    entry.size_bytes = 1000 + edition;
    entry.name = "file " + std::to_string(number) + " edition " + std::to_string(edition);
    return entry;
}

}  // namespace

PublisherNode::PublisherNode(Calendar& calendar, Group& group, std::uint64_t number, Rng rng)
    : calendar_{calendar}, group_{group}, rng_{rng} {
    // Ids that share their first digits make deep trees.
    publisher_.id.bytes[0] = static_cast<std::uint8_t>(number % 3);
    publisher_.id.bytes[31] = static_cast<std::uint8_t>(number);
    publisher_.transfer = {0x0A000000U + static_cast<std::uint32_t>(number), 6346};
    publisher_.agent = "Praline";
    past_[own_] = list_;
}

template <class Act>
void PublisherNode::later(Act act) {
    calendar_.in(Duration{static_cast<Duration::rep>(200 + rng_.below(5000))}, [this, act, session = session_] {
        if (session == session_) act();
    });
}

List const* PublisherNode::list_at(Version version) const {
    auto const found = past_.find(version);
    return found == past_.end() ? nullptr : &found->second;
}

void PublisherNode::come() {
    lives_ = true;
    sign_in();
}

void PublisherNode::sign_in() {
    ++session_;
    at_server_.reset();
    under_way_.reset();
    server_.reset();
    auto const choice = rng_.below(group_.size());
    if (!group_.is_up(choice)) {
        calendar_.in(retry_after, [this, session = session_] {
            if (session == session_ && lives_) sign_in();
        });
        return;
    }
    server_ = choice;
    server_life_ = group_.life(choice);
    SessionListener listener;
    listener.ready = [this, session = session_](SessionReady const& told) {
        if (session == session_) later([this, told] { on_ready(told.record); });
    };
    listener.replicated = [this, session = session_](Replicated const& told) {
        if (session == session_) later([this, told] { on_replicated(told); });
    };
    listener.refused = [this, session = session_](ChangeRefused const& told) {
        if (session == session_) later([this, told] { on_refused(told.held); });
    };
    listener.lost = [this, session = session_] {
        if (session == session_) later([this] { leave(Duration{}, false), sign_in(); });
    };
    group_.listen(choice, publisher_.id, std::move(listener));
    later([this, choice] { group_.feed(choice, SessionOpened{publisher_, own_}); });
}

void PublisherNode::leave(Duration told_after, bool goodbye) {
    ++session_;
    if (!server_) return;
    auto const server = *server_;
    auto const life = server_life_;
    server_.reset();
    calendar_.in(told_after, [this, server, life, goodbye, session = session_] {
        // It may have come back to the same server meanwhile: then the old connection's end means nothing.
        bool const back = server_ == server && session != session_;
        if (!group_.is_up(server) || group_.life(server) != life || back) return;
        group_.stop_listening(server, publisher_.id);
        if (goodbye)
            group_.feed(server, SessionEnded{publisher_.id});
        else
            group_.feed(server, SessionClosed{publisher_.id});
    });
}

void PublisherNode::go() {
    lives_ = false;
    leave(Duration{static_cast<Duration::rep>(rng_.below(static_cast<std::uint64_t>(notice_max.count())))}, false);
}

void PublisherNode::say_goodbye() {
    lives_ = false;
    leave(Duration{}, true);
}

void PublisherNode::move() {
    if (!lives_) return;
    leave(Duration{static_cast<Duration::rep>(rng_.below(static_cast<std::uint64_t>(notice_max.count())))}, false);
    sign_in();
}

void PublisherNode::look() {
    if (!lives_ || !server_) return;
    if (!group_.is_up(*server_) || group_.life(*server_) != server_life_ || group_.has_drained(*server_)) sign_in();
}

void PublisherNode::change_list() {
    for (auto changes = 1 + rng_.below(4); changes > 0; --changes) {
        auto const number = rng_.below(files_max);
        auto const made = file(publisher_.id.bytes[31], number, rng_.below(1000));
        if (rng_.below(3) == 0)
            list_.erase(made.sha1);
        else
            list_[made.sha1] = made;
    }
    ++own_.number;
    past_[own_] = list_;
    publish_next();
}

void PublisherNode::on_ready(Record const& held) {
    at_server_ = held;
    under_way_.reset();
    publish_next();
}

void PublisherNode::on_refused(Record const& held) { on_ready(held); }

void PublisherNode::on_replicated(Replicated const& told) {
    ++acknowledgements_;
    replicated_ = std::max(replicated_, told.version);
    if (!at_server_) return;
    if (under_way_ == told.version) under_way_.reset();
    at_server_->version = told.version;
    at_server_->digest = told.digest;
    publish_next();
}

Change PublisherNode::change_after(Version held, SetDigest const& digest) {
    auto const* const known = list_at(held);
    Change change{held, own_, false, {}, {}};
    bool const can_go_on = known && digest_of(*known) == digest && held < own_;
    if (!can_go_on) {
        own_ = {std::max(held.era, own_.era) + 1, 1};
        past_[own_] = list_;
        change.to = own_;
        change.reset = true;
        for (auto const& [sha1, entry] : list_) change.add.push_back(entry);
        return change;
    }
    for (auto const& [sha1, entry] : *known)
        if (!list_.contains(sha1)) change.remove.push_back(sha1);
    for (auto const& [sha1, entry] : list_) {
        auto const before = known->find(sha1);
        if (before == known->end() || before->second != entry) change.add.push_back(entry);
    }
    return change;
}

void PublisherNode::publish_next() {
    if (!lives_ || !server_ || !at_server_ || under_way_) return;
    bool const same = at_server_->version == own_ && at_server_->digest == digest_of(list_);
    if (same) return;
    auto const change = change_after(at_server_->version, at_server_->digest);
    under_way_ = change.to;
    later([this, change] {
        if (server_) group_.feed(*server_, PublishWanted{publisher_.id, change});
    });
}

}  // namespace praline::index::replica::group
