#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"
#include "index/client/deadline.hpp"
#include "index/client/known_servers.hpp"
#include "index/client/links.hpp"

/// The searches of this node at the index: sent to the primary, to the stand-by when that is late, and to others when a
/// server is lost. Every search ends with one outcome within `ClientOptions::search_within`. Pure.
namespace praline::index::client {

/// The connections that a search is sent to before all others, in that order.
struct Preferred {
    std::optional<ConnectionId> primary, standby;
};

/// At most `ClientOptions::searches_max` at once.   @threads one.   @source index/wire/protocol.md
class SearchesUnderWay {
public:
    static constexpr std::size_t put_to_max = 8;  ///< servers that one search is sent to, one after another

    SearchesUnderWay(ClientOptions const& options, KnownServers const& servers, Links const& links);

    void start(Instant now);
    /// All of them fail.
    void stop(Instant now, ClientActions& out);
    /// @pre `wanted.search` is not 0 and not under way.
    void add(SearchWanted const& wanted, Instant now, ClientActions& out);
    void drop(std::uint32_t search);
    void sent(SentBytes const& event);
    void connection_lost(ConnectionId connection);
    void found(Link const& link, Found const& message, std::size_t bytes, Instant now, ClientActions& out);
    void refused(Link const& link, Refused const& message, std::size_t bytes);
    /// Sends what is to be sent, and ends what is late or has no server left to ask.
    void send(Preferred const& preferred, Instant now, ClientActions& out);
    void deadlines(Deadline& next) const;
    [[nodiscard]] std::size_t size() const { return searches_.size(); }
    /// When the latest of them was wanted; empty: there is none.
    [[nodiscard]] std::optional<Instant> latest_since() const;

private:
    struct Search {
        std::uint32_t number = 0;
        Query query;
        Instant wanted_at{};
        std::vector<ConnectionId> waiting_for;  // sent there, and not answered yet
        std::vector<ConnectionId> done_with;    // refused there
        std::optional<Instant> hedge_at;        // when the stand-by is asked too
        std::string refusal;                    // what the last of them said
        SearchCost cost;
        [[nodiscard]] bool was_sent_to(ConnectionId connection) const;
    };
    [[nodiscard]] Search* find(std::uint32_t number);
    [[nodiscard]] bool send_one(Search& search, Preferred const& preferred, Instant now, ClientActions& out);
    void send_to(Search& search, Link const& link, Instant now, ClientActions& out);
    [[nodiscard]] Link const* server_for(Search const& search, Preferred const& preferred) const;
    [[nodiscard]] std::optional<std::string> why_give_up(Search const& search, Instant now) const;
    [[nodiscard]] Instant link_awaited_until(Search const& search, Instant now) const;

    ClientOptions const& options_;
    KnownServers const& servers_;
    Links const& links_;
    Instant started_at_{};
    std::vector<Search> searches_;  // in the order in which they were wanted
};

}  // namespace praline::index::client
