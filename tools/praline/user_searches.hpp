#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"
#include "node/base/time.hpp"
#include "search/kept/saved_searches.hpp"
#include "search/kept/search_history.hpp"
#include "search/session/search_session.hpp"
#include "tools/praline/index_questions.hpp"
#include "tools/praline/search_places.hpp"
#include "tools/praline/search_reach.hpp"
#include "transfer/browse/target.hpp"
#include "webui/api/views.hpp"

namespace praline {

/// Both clocks, read by the caller.
struct Moment {
    Instant now{};
    UnixSeconds unix_seconds = 0;
};

/// The searches of the user of this node: those under way, those that have ended, those that are repeated. The host carries
/// the queries and reports results and cost. A search is written into the history when it begins, in case the node dies, and
/// again when it ends.
/// What the disk refuses to keep is logged, not thrown: a search is worth more than its record.   @threads one.
class UserSearches {
public:
    /// What we need of the node.
    struct Host {
        std::function<void(Guid const&, wire::Query, search::strategy::Parameters const&, search::SearchText const&)>
            launch;
        std::function<std::uint64_t()>
            held_by_tables{};  ///< copies of queries so far that routing tables kept from a neighbour; null: unknown
        std::function<void(Guid const&)> stop_querying;  ///< late hits are still taken
        std::function<void(Guid const&)> close;          ///< late hits are dropped
        std::function<bool()>
            has_index{};  ///< index servers are known to this node; null: it has none, and the next two are not called
        std::function<void(Guid const&, index::Query)>
            ask_index;                                ///< → index_answered or index_failed, not from within
        std::function<void(Guid const&)> drop_index;  ///< its answer is no longer wanted
        /// Asks a host for its files → browsed, browse_ended, neither from within. False: too many are asked already.
        std::function<bool(Guid const&, browse::Target)> browse{};
        std::function<void(Guid const&)> stop_browsing{};
        std::function<std::size_t()> links;  ///< to nodes that can be asked
        std::function<std::optional<std::uint64_t>()>
            nodes_max;  ///< an upper bound of the size of the network; empty: unknown
        std::function<Guid()> new_guid;
        std::function<void(std::string topic, std::string id)> notify;
    };

    UserSearches(std::string const& database_file, search::SessionLimits limits, Host host);

    // the user
    webui::Outcome<webui::SearchView> start(webui::NewSearch const& wanted, Moment moment);
    /// What one host shares, as a search that has results of that host alone and no place in the history.
    /// @param result  by which the host was named; empty: it was by address or name
    webui::Outcome<webui::SearchView> browse(browse::Target target, std::string result, Moment moment);
    webui::Outcome<webui::Done> stop(std::uint32_t id, Moment moment);
    webui::Outcome<webui::Done> erase(std::uint32_t id, Moment moment);
    [[nodiscard]] std::vector<webui::SearchView> list(Instant now) const;
    /// As everything that reads one search: it is not the next to be evicted.
    [[nodiscard]] webui::Outcome<webui::SearchView> find(std::uint32_t id, Instant now);
    void keep(std::vector<std::uint32_t> const& ids, Instant now);
    [[nodiscard]] search::SearchSessions const& sessions() const { return sessions_; }
    [[nodiscard]] webui::Outcome<search::RowPage> page(std::uint32_t id, webui::ResultQuery const& choice, Instant now);
    /// As SearchSessions::rows_since.
    [[nodiscard]] webui::Outcome<std::vector<search::ResultRow const*>> rows_since(std::uint32_t id,
                                                                                   std::uint64_t revision,
                                                                                   std::size_t most, Instant now);

    [[nodiscard]] webui::HistoryPage history(std::size_t offset, std::size_t count);
    webui::Outcome<webui::Done> forget_history(std::optional<std::uint64_t> id);

    [[nodiscard]] std::vector<webui::SavedSearchView> saved() const;
    webui::Outcome<webui::SavedSearchView> save(webui::NewSavedSearch const& wanted, Moment moment);
    webui::Outcome<webui::SavedSearchView> run_saved(std::uint64_t id, Moment moment);
    webui::Outcome<webui::Done> erase_saved(std::uint64_t id);

    // the network
    /// @returns false: it is no search of ours.
    bool found(Guid const& guid, PeerId via, Hops hops, wire::QueryHit const& hit, Instant now,
               std::optional<std::uint32_t> cached_seconds = std::nullopt);
    void spent(Guid const& guid, std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach, Moment moment);
    void query_phase_done(Guid const& guid, Moment moment);

    // an index server: a search that asked nothing else is closed with its answer
    void index_answered(Guid const& guid, index::Answer const& answer, index::client::SearchCost const& price,
                        Moment moment);
    void index_failed(Guid const& guid, std::string const& sentence, index::client::SearchCost const& price,
                      Moment moment);

    // a host that is browsed
    void browsed(Guid const& guid, std::vector<wire::QueryHit> const& hits, std::uint64_t bytes, Instant now);
    /// @param problem  a sentence; empty: its list is whole
    void browse_ended(Guid const& guid, std::string const& problem, Moment moment);

    /// Once a second: closes what is due, repeats what is due.
    void tick(Moment moment);
    /// The node stops: what is open goes into the history.
    void shut_down(Moment moment);

private:
    /// A search of sessions_ and what they do not know of it.
    struct Run {
        UnixSeconds started = 0;
        std::uint64_t saved = 0;  // the saved search it repeats; 0: none
        std::uint64_t entry = 0;  // of the history; 0: it could not be written
        Guid guid{};
        Reach reach{};
        std::string unasked{};  // as it was when the search was closed
        std::optional<webui::BrowseView> browse{};
    };
    struct Words {
        std::string text;
        std::optional<Urn> urn;
    };
    [[nodiscard]] static webui::Outcome<Words> words_of(std::string const& text);
    [[nodiscard]] std::optional<std::uint32_t> open(Words const& words, search::strategy::Parameters const& parameters,
                                                    std::uint64_t saved, Moment moment);
    [[nodiscard]] bool make_room(Moment moment);
    [[nodiscard]] webui::Refusal too_many() const;
    void begin_run(std::uint32_t id, Run run, Instant now);
    [[nodiscard]] std::vector<SearchPlaces::Candidate> candidates() const;
    [[nodiscard]] Run* run_of(Guid const& guid);
    void launch(Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters,
                search::SearchText const& asked);
    [[nodiscard]] std::string unasked(search::SearchInfo const& info) const;
    void carry_out(Guid const& guid, IndexQuestions::Step step, Instant now);
    [[nodiscard]] bool knows_index() const { return host_.has_index && host_.has_index(); }
    void finish(std::uint32_t id);
    void try_run(search::kept::SavedSearch const& saved, Moment moment);
    [[nodiscard]] std::vector<std::uint32_t> runs_of(std::uint64_t saved) const;
    [[nodiscard]] webui::SavedSearchView view(search::kept::SavedSearch const& saved) const;
    void notify_search(std::uint32_t id);
    /// An estimate of the reach that goes by the links of a grown network means nothing in a small one.
    void bound_reach(search::SearchCost& price) const;
    [[nodiscard]] webui::SearchView view(search::SearchInfo const& info, Instant now) const;

    search::SearchSessions sessions_;
    std::size_t searches_max_;
    SearchPlaces places_;
    Host host_;
    search::kept::SearchHistory history_;
    search::kept::SavedSearches saved_;
    IndexQuestions index_questions_;
    std::map<std::uint32_t, Run> runs_;
};

}  // namespace praline
