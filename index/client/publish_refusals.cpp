#include "index/client/publish_refusals.hpp"

#include <algorithm>
#include <chrono>

#include "index/client/known_servers.hpp"

namespace praline::index::client {
namespace {

constexpr Duration repeated_wait = std::chrono::seconds{30};  // after the second refusal, doubled from there on
constexpr std::uint32_t wait_doublings_max = 6;
constexpr Duration forgotten_after = std::chrono::minutes{5};  // of a session

}  // namespace

void PublishRefusals::refused(RefusalReason reason, std::string const& sentence, Duration session, Instant now,
                              Rng& rng) {
    if (session >= forgotten_after) count_ = 0;
    // The first time it may have been ourselves, at the server that we have just come from.
    auto const wait = count_ == 0 ? first_wait_ : repeated_wait * (1 << std::min(count_ - 1, wait_doublings_max));
    sign_in_at_ = now + jittered(wait, rng);
    is_another_node_ = reason == RefusalReason::signed_in_elsewhere;
    if (!is_another_node_)
        problem_ = "The index does not take what this node shares: " + sentence;
    else if (count_ > 0)
        problem_ =
            "Another node is signed in with the key of this one, and what this node shares is not published. "
            "Give each node a data directory of its own.";
    ++count_;
}

bool PublishRefusals::is_of_publishing(RefusalReason reason) {
    switch (reason) {
        case RefusalReason::signed_in_elsewhere:
        case RefusalReason::too_many_entries:
        case RefusalReason::too_many_from_address:
        case RefusalReason::too_fast:
        case RefusalReason::bad_message:
        case RefusalReason::bad_entry:
        case RefusalReason::not_signed_in: return true;
        case RefusalReason::leaving:
        case RefusalReason::protocol_too_old:
        case RefusalReason::too_many_publishers:
        case RefusalReason::busy:
        case RefusalReason::search_failed: break;
    }
    return false;
}

void PublishRefusals::signed_in() {
    if (is_another_node_) problem_.clear();
}

}  // namespace praline::index::client
