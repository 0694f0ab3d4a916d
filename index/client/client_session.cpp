// Signing in, and publishing what changed.
#include <algorithm>

#include "index/client/client_impl.hpp"

namespace praline::index {
namespace {

constexpr std::uint32_t doublings_max = 6;

}  // namespace

void ClientCore::Impl::on(ListChanged const& event, Instant, ClientActions&) {
    own_ = event.own;
    pipeline_.list_changed();
}

void ClientCore::Impl::on(ChangeRead const& event, Instant now, ClientActions& out) {
    if (stopped_) return;
    if (event.change) own_ = std::max(own_, event.change->to);
    auto change = pipeline_.read(event, now);
    if (pipeline_.all_published()) publish_trouble_.clear();
    if (change && home_) out.emplace_back(ToServer{*home_, std::move(*change)});
}

void ClientCore::Impl::sign_in(Instant now, ClientActions& out) {
    if (!home_ || signed_in_ != SignedIn::no || now < sign_in_at_) return;
    signed_in_ = SignedIn::asked;
    sign_in_sent_ = now;
    sign_in_.version = own_;
    out.emplace_back(ToServer{*home_, sign_in_});
}

void ClientCore::Impl::on(PushNeededChanged const& event, Instant now, ClientActions& out) {
    if (sign_in_.push_needed == event.push_needed) return;
    sign_in_.push_needed = event.push_needed;
    if (!home_ || signed_in_ == SignedIn::no) return;
    lose(*home_, {}, Blame::none, true, now, out);
    lost_home_ = false;                                        // nothing has failed
}

void ClientCore::Impl::drop_stuck_session(Instant now, ClientActions& out) {
    if (!home_) return;
    if (signed_in_ == SignedIn::asked && now - sign_in_sent_ >= ClientLimits::welcome_within)
        return lose(*home_, "It does not answer to our signing in.", Blame::failed, true, now, out);
    if (pipeline_.overdue(now)) lose(*home_, "It does not acknowledge what is published.", Blame::failed, true, now, out);
}

void ClientCore::Impl::publish(Instant now, ClientActions& out) {
    if (signed_in_ != SignedIn::yes) return;
    if (auto wanted = pipeline_.wants(now)) out.emplace_back(std::move(*wanted));
}

void ClientCore::Impl::take(Link& link, Welcome const& message, Instant now, ClientActions& out) {
    if (signed_in_ != SignedIn::yes) signed_in_since_ = now;
    signed_in_ = SignedIn::yes;
    held_ = message.held;
    lease_ = std::chrono::milliseconds{message.lease_ms};
    if (trouble_is_another_node_) publish_trouble_.clear();
    servers_changed_ |= servers_.identify(link.endpoint, message.server);
    servers_changed_ |= servers_.learn(message.members, link.endpoint);
    members_ = static_cast<std::uint16_t>(std::min(message.members.size(), members_max));
    if (!pipeline_.begin(message.held, message.digest, now)) return hopeless(now, out);
    // Only now is it known which server this is: the same under another address is of no help when it dies.
    auto const* const stand_by = find(stand_by_);
    auto const* const record = stand_by == nullptr ? nullptr : servers_.find(stand_by->endpoint);
    if (record != nullptr && message.server != ServerId{} && record->known.id == message.server)
        lose(*stand_by_, {}, Blame::none, true, now, out);
}

void ClientCore::Impl::take(Link&, Published const& message, Instant now, ClientActions& out) {
    bool const fine = pipeline_.published(message, now);
    if (message.version <= own_) {
        replicas_ = message.replicas;
        members_ = message.members;
        if (message.replicas >= message.members) replicated_ = message.version;
    }
    held_ = pipeline_.held();
    if (pipeline_.all_published()) publish_trouble_.clear();
    if (!fine) hopeless(now, out);
}

void ClientCore::Impl::take(Link&, Behind const& message, Instant now, ClientActions& out) {
    bool const fine = pipeline_.behind(message, now);
    held_ = pipeline_.held();
    if (!fine) hopeless(now, out);
}

void ClientCore::Impl::hopeless(Instant now, ClientActions& out) {
    refused_to_publish(RefusalReason::bad_message, "it loses what is published again and again.", now);
    lose(*home_, "It loses what is published again and again.", Blame::failed, true, now, out);
}

void ClientCore::Impl::take(Link& link, Refused const& message, Instant now, ClientActions& out) {
    auto const sentence = message.sentence.empty() ? std::string{"It gave no reason."} : message.sentence;
    auto blame = Blame::failed;
    switch (message.reason) {
        case RefusalReason::signed_in_elsewhere:
            if (home_ == link.id) refused_to_publish(message.reason, sentence, now);
            blame = Blame::broke;
            break;
        case RefusalReason::too_many_entries:
        case RefusalReason::too_many_from_address:
        case RefusalReason::too_fast:
        case RefusalReason::bad_message:
        case RefusalReason::bad_entry:
        case RefusalReason::not_signed_in:
            if (home_ == link.id) refused_to_publish(message.reason, sentence, now);
            break;
        case RefusalReason::leaving: servers_.rest_until(link.endpoint, now + jittered(ClientLimits::leaving_rest, rng_)); break;
        case RefusalReason::protocol_too_old:
        case RefusalReason::too_many_publishers:
        case RefusalReason::busy:
        case RefusalReason::search_failed: break;
    }
    lose(link.id, sentence, blame, true, now, out);
}

void ClientCore::Impl::refused_to_publish(RefusalReason reason, std::string const& sentence, Instant now) {
    if (signed_in_ == SignedIn::yes && now - signed_in_since_ >= ClientLimits::kicked_forgotten_after) kicked_ = 0;
    bool const another_node = reason == RefusalReason::signed_in_elsewhere;
    // The first time it may have been ourselves, at the server that we have just come from.
    auto wait = options_.reconnect_every;
    if (kicked_ > 0) wait = ClientLimits::kicked_wait * (1 << std::min(kicked_ - 1, doublings_max));
    sign_in_at_ = now + jittered(wait, rng_);
    trouble_is_another_node_ = another_node;
    if (!another_node) publish_trouble_ = "The index does not take what this node shares: " + sentence;
    else if (kicked_ > 0)
        publish_trouble_ = "Another node is signed in with the key of this one, and what this node shares is not published. "
                           "Give each node a data directory of its own.";
    ++kicked_;
}

void ClientCore::Impl::session_deadlines(Deadline& next) const {
    if (!home_) return;
    if (signed_in_ == SignedIn::no) next.take(sign_in_at_);
    if (signed_in_ == SignedIn::asked) next.take(sign_in_sent_ + ClientLimits::welcome_within);
    if (auto const due = pipeline_.next_deadline()) next.take(*due);
}

}  // namespace praline::index
