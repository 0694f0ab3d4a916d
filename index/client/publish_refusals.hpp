#pragma once

#include <cstdint>
#include <string>

#include "index/wire/client_messages.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"

/// When to sign in again after servers refused to let this node publish, and what to say of it. The first refusal costs a
/// short wait, each further one twice the wait before, up to 64 times; a session of five minutes forgets them. Pure.
namespace praline::index::client {

class PublishRefusals {
public:
    explicit PublishRefusals(Duration first_wait) : first_wait_{first_wait} {}
    /// A server refused to let us publish. @param session  how long we had been signed in; 0: we were not
    void refused(RefusalReason reason, std::string const& sentence, Duration session, Instant now, Rng& rng);
    /// The server does not let this node publish; other reasons are of the whole server, or of a search.
    [[nodiscard]] static bool is_of_publishing(RefusalReason reason);
    /// A server let us sign in: no other node is signed in with our key.
    void signed_in();
    /// A server holds all that is shared.
    void all_published() { problem_.clear(); }
    /// Signing in before that would be refused again.
    [[nodiscard]] Instant sign_in_at() const { return sign_in_at_; }
    /// A sentence for the user; empty: none.
    [[nodiscard]] std::string const& problem() const { return problem_; }

private:
    Duration first_wait_;
    std::uint32_t count_ = 0;  // in a row
    Instant sign_in_at_{};
    std::string problem_;
    bool is_another_node_ = false;
};

}  // namespace praline::index::client
