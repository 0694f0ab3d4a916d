#pragma once

#include <chrono>
#include <cstddef>

namespace praline::net {

/// Connections that have not shown yet what they are.
struct PeerListenerLimits {
    std::size_t undecided_max =
        256;  ///< accepted connections that have not said what they want; beyond, see FairPlaces, one of the greediest address is closed
    std::size_t undecided_per_address_max = 32;  ///< of these; one more closes the oldest of the same address
    std::chrono::seconds first_bytes_within{
        5};  ///< then the connection is closed: a program says its first word at once
    std::chrono::milliseconds retry_after{1000};  ///< until accepting goes on when there are too few descriptors
    std::size_t first_bytes_max = 64;             ///< enough to tell every protocol apart
};

struct DatagramLimits {
    std::size_t bytes_max = 4096;  ///< of one that arrives; longer ones are cut, and then refused by the decoder
    std::size_t received_at_once_max = 32;     ///< then other sockets have their turn
    std::size_t queued_max = 64;               ///< of ours, until the system takes them; then newcomers are dropped
    std::size_t queued_bytes_max = 64 * 1024;  ///< of all that are queued
};

struct OverlayHostLimits {
    std::size_t read_bytes = 16 * 1024;  ///< of one link at a time, into one buffer shared by all links
    std::chrono::seconds connect_within{15};
};

/// Of questions to the system that each hold a thread (`SlowCalls`).
struct SlowCallLimits {
    std::size_t at_once_max = 8;               ///< under way, each on a thread of its own; the others wait
    std::size_t waiting_max = 512;             ///< who asked and is not answered; one more is refused
    std::chrono::milliseconds within{15'000};  ///< for an answer, and waiting for a thread counts
};

struct NameLookupLimits {
    SlowCallLimits calls;
    std::size_t addresses_max = 8;          ///< of one name; the others are left out
    std::size_t kept_max = 256;             ///< names whose answer is kept; one more evicts one
    std::chrono::seconds kept{60};          ///< what the domain name system says of its own time is not known here
    std::chrono::seconds failure_kept{10};  ///< that a name has no address, or was not answered for
};

struct BootstrapLimits {
    std::size_t names_max = 32;                ///< host caches of the config that are asked
    std::size_t answer_bytes_max = 64 * 1024;  ///< of one GWebCache
    std::size_t hosts_max = 100;               ///< taken from one answer
    std::chrono::seconds answer_within{20};
    std::chrono::minutes ask_again_after{60};  ///< the caches are few: be polite
    std::chrono::seconds retry_first{60};      ///< one that could not be reached; doubled each time, up to the above
};

}  // namespace praline::net
