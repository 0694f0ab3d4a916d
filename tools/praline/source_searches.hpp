#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "node/base/urn.hpp"
#include "node/wire/message.hpp"
#include "transfer/download/download_manager.hpp"

namespace praline {

/// The searches that a node makes by itself, for sources of its downloads. At most `source_searches_max`; the oldest is
/// evicted.   @threads one: pure.
class SourceSearches {
public:
    /// @returns the search that was evicted for it, whose hits are no longer wanted; empty: none.
    [[nodiscard]] std::optional<Guid> begin(Guid const& guid, std::string download, Instant now);
    /// The download that a search is for. Null: it is none of these.
    [[nodiscard]] std::string const* download_of(Guid const& guid) const;
    /// @returns those whose time is over; they are gone then.
    [[nodiscard]] std::vector<Guid> expire(Instant now);

private:
    struct Search {
        std::string download;
        Instant until;
    };
    std::map<Guid, Search> searches_;
};

/// A query for a URN alone would be stopped by routing tables, so the words of the name go along; hits are told apart by
/// their URN.
[[nodiscard]] wire::Query source_query(Urn const& urn, std::string const& name);

/// What of a hit is a source of the file that `wanted` names.
[[nodiscard]] std::vector<download::Source> sources_in(wire::QueryHit const& hit, Urn const& wanted);

/// Where else a hit says that this file is.
[[nodiscard]] std::vector<Endpoint> alternates_in(wire::QueryHit const& hit, Urn const& wanted);

/// Requests to connect back (push) that went out. One may have gone nowhere, as no way to the servent was known: it is sent
/// once more when a hit has shown the way. At most `pushes_max`; further ones are not repeated.   @threads one: pure.
class PushRequests {
public:
    void sent(Guid const& servent, std::uint32_t file_index, Instant now);
    /// A hit of this servent has come by. @returns the file to request again; empty: none.
    [[nodiscard]] std::optional<std::uint32_t> take(Guid const& servent);
    void expire(Instant now);

private:
    struct Request {
        std::uint32_t file_index = 0;
        Instant until;
    };
    std::map<Guid, Request> requests_;
};

}  // namespace praline
