#include "index/client/server_session.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "index/client/client_limits.hpp"
#include "index/wire/limits.hpp"

namespace praline::index::client {

ServerSession::ServerSession(ClientOptions const& options, Rng& rng)
    : options_{options}, rng_{rng}, refusals_{options.reconnect_every}, pipeline_{options} {}

void ServerSession::start(SignIn const& sign_in) {
    sign_in_ = sign_in;
    own_ = sign_in.version;
}

void ServerSession::end() {
    stage_ = Stage::none;
    lease_ = {};
    pipeline_.stop();
}

bool ServerSession::set_push_needed(bool push_needed) {
    if (sign_in_.push_needed == push_needed) return false;
    sign_in_.push_needed = push_needed;
    return stage_ != Stage::none;
}

void ServerSession::list_changed(Version own) {
    own_ = own;
    pipeline_.list_changed();
}

void ServerSession::change_read(ChangeRead const& read, std::optional<ConnectionId> primary, Instant now,
                                ClientActions& out) {
    if (read.change) own_ = std::max(own_, read.change->to);
    auto change = pipeline_.read(read, now);
    if (pipeline_.all_published()) refusals_.all_published();
    if (change && primary) out.emplace_back(ToServer{*primary, std::move(*change)});
}

void ServerSession::sign_in(ConnectionId primary, Instant now, ClientActions& out) {
    if (stage_ != Stage::none || now < refusals_.sign_in_at()) return;
    stage_ = Stage::asked;
    sign_in_sent_ = now;
    sign_in_.version = own_;
    out.emplace_back(ToServer{primary, sign_in_});
}

void ServerSession::publish(Instant now, ClientActions& out) {
    if (stage_ != Stage::signed_in) return;
    if (auto wanted = pipeline_.wants(now)) out.emplace_back(std::move(*wanted));
}

std::string ServerSession::stuck(Instant now) const {
    if (stage_ == Stage::asked && now - sign_in_sent_ >= ClientLimits::welcome_within)
        return "It does not answer to our signing in.";
    if (pipeline_.overdue(now)) return "It does not acknowledge what is published.";
    return {};
}

bool ServerSession::welcomed(Welcome const& message, Instant now) {
    if (stage_ != Stage::signed_in) signed_in_since_ = now;
    stage_ = Stage::signed_in;
    held_ = message.held;
    lease_ = std::chrono::milliseconds{message.lease_ms};
    refusals_.signed_in();
    members_ = static_cast<std::uint16_t>(std::min(message.members.size(), members_max));
    return pipeline_.begin(message.held, message.digest, now);
}

bool ServerSession::published(Published const& message, Instant now) {
    bool const fine = pipeline_.published(message, now);
    if (message.version <= own_) {
        replicas_ = message.replicas;
        members_ = message.members;
        if (message.replicas >= message.members) replicated_ = message.version;
    }
    held_ = pipeline_.held();
    if (pipeline_.all_published()) refusals_.all_published();
    return fine;
}

bool ServerSession::behind(Behind const& message, Instant now) {
    bool const fine = pipeline_.behind(message, now);
    held_ = pipeline_.held();
    return fine;
}

void ServerSession::refused(RefusalReason reason, std::string const& sentence, Instant now) {
    refusals_.refused(reason, sentence, stage_ == Stage::signed_in ? now - signed_in_since_ : Duration{0}, now, rng_);
}

Duration ServerSession::ping_every() const {
    if (lease_ <= Duration{0}) return options_.ping_every;
    return std::clamp(lease_ / 3, std::min(ClientLimits::ping_every_min, options_.ping_every), options_.ping_every);
}

void ServerSession::deadlines(bool connected, Deadline& next) const {
    if (!connected) return;
    if (stage_ == Stage::none) next.take(refusals_.sign_in_at());
    if (stage_ == Stage::asked) next.take(sign_in_sent_ + ClientLimits::welcome_within);
    if (auto const due = pipeline_.next_deadline()) next.take(*due);
}

}  // namespace praline::index::client
