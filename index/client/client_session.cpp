// Signing in, and publishing what changed.
#include <algorithm>

#include "index/client/client_impl.hpp"

namespace praline::index {

void ClientCore::Impl::on(ListChanged const& event, Instant, ClientActions&) {
    own_ = event.own;
    pipeline_.list_changed();
}

void ClientCore::Impl::on(ChangeRead const& event, Instant now, ClientActions& out) {
    if (stopped_) return;
    if (event.change) own_ = std::max(own_, event.change->to);
    auto change = pipeline_.read(event, now);
    if (pipeline_.all_published()) refusals_.all_published();
    if (change && primary_) out.emplace_back(ToServer{*primary_, std::move(*change)});
}

void ClientCore::Impl::sign_in(Instant now, ClientActions& out) {
    if (!primary_ || signed_in_ != SignedIn::no || now < refusals_.sign_in_at()) return;
    signed_in_ = SignedIn::asked;
    sign_in_sent_ = now;
    sign_in_.version = own_;
    out.emplace_back(ToServer{*primary_, sign_in_});
}

void ClientCore::Impl::on(PushNeededChanged const& event, Instant now, ClientActions& out) {
    if (sign_in_.push_needed == event.push_needed) return;
    sign_in_.push_needed = event.push_needed;
    if (!primary_ || signed_in_ == SignedIn::no) return;
    lose(*primary_, {}, Blame::none, true, now, out);
    lost_primary_ = false;  // nothing has failed
}

void ClientCore::Impl::drop_stuck_session(Instant now, ClientActions& out) {
    if (!primary_) return;
    if (signed_in_ == SignedIn::asked && now - sign_in_sent_ >= ClientLimits::welcome_within)
        return lose(*primary_, "It does not answer to our signing in.", Blame::failed, true, now, out);
    if (pipeline_.overdue(now))
        lose(*primary_, "It does not acknowledge what is published.", Blame::failed, true, now, out);
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
    refusals_.signed_in();
    servers_changed_ |= servers_.identify(link.endpoint, message.server);
    servers_changed_ |= servers_.learn(message.members, link.endpoint);
    members_ = static_cast<std::uint16_t>(std::min(message.members.size(), members_max));
    if (!pipeline_.begin(message.held, message.digest, now)) return give_up(now, out);
    // Only now is it known which server this is: the same under another address is of no help when it dies.
    auto const* const standby = find(standby_);
    auto const* const record = standby == nullptr ? nullptr : servers_.find(standby->endpoint);
    if (record != nullptr && message.server != ServerId{} && record->known.id == message.server)
        lose(*standby_, {}, Blame::none, true, now, out);
}

void ClientCore::Impl::take(Link&, Published const& message, Instant now, ClientActions& out) {
    bool const fine = pipeline_.published(message, now);
    if (message.version <= own_) {
        replicas_ = message.replicas;
        members_ = message.members;
        if (message.replicas >= message.members) replicated_ = message.version;
    }
    held_ = pipeline_.held();
    if (pipeline_.all_published()) refusals_.all_published();
    if (!fine) give_up(now, out);
}

void ClientCore::Impl::take(Link&, Behind const& message, Instant now, ClientActions& out) {
    bool const fine = pipeline_.behind(message, now);
    held_ = pipeline_.held();
    if (!fine) give_up(now, out);
}

void ClientCore::Impl::give_up(Instant now, ClientActions& out) {
    refused_to_publish(RefusalReason::bad_message, "it loses what is published again and again.", now);
    lose(*primary_, "It loses what is published again and again.", Blame::failed, true, now, out);
}

void ClientCore::Impl::take(Link& link, Refused const& message, Instant now, ClientActions& out) {
    auto const sentence = message.sentence.empty() ? std::string{"It gave no reason."} : message.sentence;
    auto blame = Blame::failed;
    switch (message.reason) {
        case RefusalReason::signed_in_elsewhere:
            if (primary_ == link.id) refused_to_publish(message.reason, sentence, now);
            blame = Blame::broke;
            break;
        case RefusalReason::too_many_entries:
        case RefusalReason::too_many_from_address:
        case RefusalReason::too_fast:
        case RefusalReason::bad_message:
        case RefusalReason::bad_entry:
        case RefusalReason::not_signed_in:
            if (primary_ == link.id) refused_to_publish(message.reason, sentence, now);
            break;
        case RefusalReason::leaving:
            servers_.rest_until(link.endpoint, now + jittered(ClientLimits::leaving_rest, rng_));
            break;
        case RefusalReason::protocol_too_old:
        case RefusalReason::too_many_publishers:
        case RefusalReason::busy:
        case RefusalReason::search_failed: break;
    }
    lose(link.id, sentence, blame, true, now, out);
}

void ClientCore::Impl::refused_to_publish(RefusalReason reason, std::string const& sentence, Instant now) {
    refusals_.refused(reason, sentence, signed_in_ == SignedIn::yes ? now - signed_in_since_ : Duration{0}, now, rng_);
}

void ClientCore::Impl::session_deadlines(Deadline& next) const {
    if (!primary_) return;
    if (signed_in_ == SignedIn::no) next.take(refusals_.sign_in_at());
    if (signed_in_ == SignedIn::asked) next.take(sign_in_sent_ + ClientLimits::welcome_within);
    if (auto const due = pipeline_.next_deadline()) next.take(*due);
}

}  // namespace praline::index
