#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/ids.hpp"
#include "node/base/result.hpp"
#include "node/base/urn.hpp"
#include "transfer/content/location_list.hpp"
#include "transfer/swarm/byte_range.hpp"

namespace praline::download {

using swarm::ByteRange;

/// "bytes a-b/size" as half open; the size may be unknown ("*").
struct ContentRange {
    std::uint64_t begin = 0, end = 0;
    std::optional<std::uint64_t> size_bytes;
    friend bool operator==(ContentRange const&, ContentRange const&) = default;
};

/// Our place in a queue that is kept by keeping the connection: "X-Queue: position=1, pollMin=45, pollMax=120".
struct QueuePlace {
    std::uint64_t position = 0;                    ///< 0: not said
    std::uint64_t poll_min_s = 0, poll_max_s = 0;  ///< ask again in between; 0: not said
    friend bool operator==(QueuePlace const&, QueuePlace const&) = default;
};

/// What of a reply we look at.
struct HttpResponse {
    int status = 0;
    bool keep_alive = true;
    bool encoded = false;                      ///< chunked or compressed: we asked for neither
    bool chunked = false, compressed = false;  ///< which of the two
    std::optional<std::uint64_t> content_length;
    std::optional<ContentRange> content_range;
    std::optional<std::uint64_t> unsatisfied_size;  ///< "bytes */size": no part of what was asked for is in the file
    std::vector<ByteRange> available;               ///< X-Available-Ranges: the parts it has; empty: nothing was said
    std::optional<QueuePlace> queue;                ///< X-Queue
    std::optional<Urn> urn;                         ///< X-Gnutella-Content-URN, all of them joined
    std::string thex_uri;                           ///< a path on the same server, or empty
    std::optional<TigerHash> thex_root;
    std::optional<std::uint64_t> retry_after_s;
    std::vector<content::NamedLocation> alternates;      ///< X-Alt and its older forms
    std::vector<content::NamedLocation> bad_alternates;  ///< X-NAlt: places that do not work
    std::string queue_id;                                ///< X-Queued: ID=…
    std::optional<std::uint64_t> queue_position;         ///< X-Queued: position=…
    std::string server;
    std::string location;  ///< of a redirect, as it stands there
    [[nodiscard]] bool is_redirect() const { return status / 100 == 3 && status != 304 && !location.empty(); }
};

/// @errors limit_exceeded: longer than the limits; unknown_type: not HTTP/1.x; bad_value: a status or length that is none,
///         or lengths that contradict each other. @threads any: pure.
/// @source RFC 9112; node/wire/protocol/transfer.md
[[nodiscard]] Result<HttpResponse> parse_response(std::string_view head);

[[nodiscard]] Result<ContentRange> parse_content_range(std::string_view value);

/// "GIV <index>:<32 hex>/<name>": who calls us back. The index and the name are ignored.
[[nodiscard]] std::optional<Guid> parse_giv(std::string_view line);

}  // namespace praline::download
