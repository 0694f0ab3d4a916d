#pragma once

#include <chrono>
#include <cstddef>

#include "node/base/time.hpp"

/// What the API may cost, and how long a reader may take. All on this machine, but not all of it trustworthy.
namespace praline::webui {

constexpr std::size_t rows_default = 200;  ///< of a page of results or files, when none is asked for
constexpr std::size_t rows_max = 1000;
constexpr std::size_t json_depth_max = 8;
constexpr std::size_t login_codes_max = 16;  ///< one-time links alive; the oldest is evicted
constexpr std::size_t sessions_max = 64;     ///< browsers logged in; the oldest is evicted
constexpr std::size_t browser_name_bytes_max = 200;
constexpr std::size_t named_tokens_max = 64;  ///< beside the one of the data directory
constexpr std::size_t token_name_bytes_max = 64;
constexpr std::size_t content_links_max = 256;  ///< links to single files alive; the oldest is evicted
constexpr Duration content_link_time = std::chrono::hours{1};
constexpr Duration session_time =
    std::chrono::hours{24 * 30};                ///< from the login; then the browser has to log in again
constexpr std::size_t wrong_guesses_free = 10;  ///< wrong tokens and codes that are answered at once; people mistype
constexpr Duration wrong_guess_regain_time = std::chrono::seconds{1};  ///< another one is free after so long
constexpr Duration wrong_guess_hold_time = std::chrono::seconds{1};    ///< for the answers to all others
constexpr std::size_t events_kept_max = 256;                           ///< for streams that come back
constexpr std::size_t changes_pending_max = 256;  ///< waiting to be joined; beyond that ids of a topic are given up

struct ApiLimits {
    std::size_t body_bytes_max = 64 * 1024;
    std::size_t file_body_bytes_max = 8 * 1024 * 1024;  ///< a Metalink or .torrent file, as that
    std::size_t list_body_bytes_max = 1024 * 1024;      ///< of a list of downloads, from a caller that shows who it is
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t event_streams_max = 16;
    std::size_t contents_max = 16;                 ///< files that are being sent
    std::size_t content_block_bytes = 256 * 1024;  ///< of each of them in memory at a time
    std::size_t turns_max = 10'000;  ///< pieces of work, a few milliseconds each, that one request may take
    std::size_t stream_queue_bytes_max = 64 * 1024;  ///< unread by one stream; beyond that it is cut
    std::chrono::milliseconds request_time{30'000};  ///< for a whole request or answer, however it trickles
    std::chrono::milliseconds unproven_time{
        5'000};  ///< from the start of a connection, or its last answer, to a whole header, of a caller that has shown neither token nor session
    std::chrono::milliseconds content_read_time{60'000};     ///< until the next bytes of a file that is sent are there
    std::chrono::milliseconds content_stalled_time{60'000};  ///< no block of a file taken by its reader
    std::chrono::milliseconds idle_time{60'000};             ///< between requests of one connection
    std::chrono::milliseconds heartbeat_time{15'000};
    std::chrono::milliseconds join_time{200};  ///< a change is told at most once in this time
};

constexpr std::chrono::minutes login_code_time{10};
constexpr std::chrono::milliseconds disk_asked_every{10};     ///< while a folder that a request names is looked at
constexpr std::chrono::milliseconds torrent_asked_every{50};  ///< while the pieces of a file are being hashed
constexpr std::chrono::milliseconds preview_asked_every{50};  ///< while a folder is being looked at for a preview

}  // namespace praline::webui
