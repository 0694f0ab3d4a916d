#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/time.hpp"
#include "node/base/urn.hpp"
#include "node/wire/message.hpp"

/// The searches of one user: results grouped by content, bounded, numbered in order of change. Pure.
namespace praline::search {

struct Source {
    Endpoint endpoint;
    Guid servent;
    std::uint32_t index = 0;
    std::string name;             ///< as this source calls it
    std::string vendor;
    bool push_needed = false;
    bool busy = false;
    std::uint8_t hops = 0;
    PeerId via{};
    std::vector<Endpoint> push_proxies;
};

struct ResultRow {
    std::uint32_t id = 0;         ///< within its search, from 1
    Urn urn;                      ///< may be empty: then name, size and source make the row
    std::string name;             ///< of the first source, cleaned of control characters and path separators
    std::uint64_t size_bytes = 0;
    std::vector<Source> sources;
    std::uint64_t revision = 0;   ///< of the search when the row last changed
};

struct SearchInfo {
    std::uint32_t id = 0;
    Guid guid;
    std::string text;
    Instant started{};
    bool open = true;             ///< still taking hits
    std::uint64_t revision = 0;
    std::size_t rows = 0, hits = 0, dropped = 0;
};

struct SessionLimits {
    std::size_t searches_max = 64;              ///< the oldest closed one gives way
    std::size_t rows_max = 100'000;             ///< a search; further hits are counted as dropped
    std::size_t sources_max = 64;               ///< a row
    std::size_t text_bytes_max = 200;
    std::chrono::seconds open_for{180};         ///< late hits linger
    std::size_t sources_of_all_max = 500'000;   ///< of all rows of all searches; further hits are counted as dropped
};

class SearchSessions {
public:
    explicit SearchSessions(SessionLimits limits = {});
    ~SearchSessions();
    /// Builds the query of a user's words, URN or magnet-derived URN. nullopt: nothing in it that could be searched
    /// (fewer than 2 characters and no URN), or too many searches are open.
    struct Opened { std::uint32_t id; wire::Query query; };
    [[nodiscard]] std::optional<Opened> open(std::string const& text, std::optional<Urn> urn, Guid guid, Instant now);
    void close(std::uint32_t id);
    void erase(std::uint32_t id);
    /// A hit for `guid`; unknown GUIDs are ignored. @returns the search it belongs to, if any row changed.
    std::optional<std::uint32_t> add_hit(Guid const& guid, PeerId via, Hops hops, wire::QueryHit const& hit, Instant now);
    /// Closes what is due; returns the closed ids.
    std::vector<std::uint32_t> expire(Instant now);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    [[nodiscard]] std::vector<SearchInfo> list() const;
    [[nodiscard]] std::optional<SearchInfo> info(std::uint32_t id) const;
    /// Rows changed after `revision`, in order of id. Of more than `most` those that changed first: ask again with the
    /// highest revision among them. Costs what it returns, not what the search holds. The pointers are good until the
    /// next call that is not const.
    [[nodiscard]] std::vector<ResultRow const*> rows_since(std::uint32_t id, std::uint64_t revision, std::size_t most) const;
    [[nodiscard]] ResultRow const* row(std::uint32_t id, std::uint32_t row) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::search
