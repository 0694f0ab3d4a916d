#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "index/link/link_listener.hpp"
#include "index/server/catalogue_thread.hpp"
#include "index/server/entry_ledger.hpp"
#include "index/server/index_server.hpp"
#include "index/server/reader_pool.hpp"
#include "index/server/server_identity.hpp"
#include "index/server/sessions.hpp"
#include "node/store/durable_file.hpp"

/// The inside of an index server: every event ends in `settle`, which feeds the replica until nothing is left to say.
namespace praline::index {

struct IndexServer::Impl : SessionHost, std::enable_shared_from_this<Impl> {
    static constexpr std::chrono::seconds look_round_every{1};
    static constexpr std::uint32_t measure_every_looks = 5;
    static constexpr std::chrono::seconds drain_grace{1};
    static constexpr std::size_t held_max = 4096;

    Impl(boost::asio::io_context& context, ServerOptions the_options);
    void start();

    // ---- what sessions need (SessionHost) ----
    void send(SessionId to, ToNode const& message) override;
    void close(SessionId session) override;
    void tell_replica(Event event) override;
    bool search(SessionId asker, AddressPrefix address, std::uint32_t request, Query const& query) override;
    [[nodiscard]] bool has_room_for(PublisherId const& publisher) const override;
    [[nodiscard]] EntryLedger const& ledger() const override { return entry_ledger; }
    [[nodiscard]] std::uint64_t disk_octets() const override { return catalogue_size.disk_octets; }
    [[nodiscard]] std::vector<Member> const& members() const override { return known_members; }
    [[nodiscard]] std::uint8_t load() const override { return current_load; }
    [[nodiscard]] std::string trouble() const override { return catalogue_trouble; }
    void wrote(Duration took) override { writes.add(took); }

    // ---- connections (server_links.cpp) ----
    void welcome(FramedLinkPtr link);
    void welcome_node(FramedLinkPtr link);
    void welcome_server(FramedLinkPtr link, bool outgoing);
    void from_server(LinkId id, ByteView frame);
    void from_node(SessionId id, ByteView frame);
    void server_gone(LinkId id, std::string const& why);
    void dialled(Endpoint endpoint, Dialled const& result);
    void drop_link(LinkId id);

    // ---- what the replica asks for (server_actions.cpp) ----
    void settle();
    void on(Connect const& action);
    void on(CloseLink const& action);
    void on(Send const& action);
    void on(Apply& action);
    void on(AnswerNeeded const& action);
    void on(AskDone& action);
    void on(MembersChanged& action);
    void on(Drained const& action);
    template <class Task>
    void to_catalogue(Task& task) {
        note_entries(task);
        catalogue_thread->push(std::move(task));
    }
    template <class Task>
    void note_entries(Task const&) {}
    void note_entries(Hide const& action) { entry_ledger.drop(action.publisher); }
    void note_entries(Adopt const& action) {
        entry_ledger.move(action.publisher.id, action.publisher.transfer.address);
    }
    void note_entries(Record const& record) {
        entry_ledger.note(record.publisher.id, record.publisher.transfer.address, record.entries);
    }
    void catalogue_reports(std::vector<CatalogueReport>& reports);
    void on(Wrote& report);

    // ---- searches (server_searches.cpp) ----
    struct PendingSearch {
        std::optional<SessionId> asker;  ///< empty: another server
        std::uint32_t request = 0;
        Ticket ticket;  ///< of another server's question, or of ours to another
        std::uint16_t wanted = 0;
        Instant since;
        bool ask_others = false;
        std::optional<Answer> local;
        std::string trouble;
        bool evicted = false;  ///< from the queue of those that wait for a reader
        std::optional<std::optional<Answer>> remote;
    };
    void reader_reports(ReaderReport& report);
    void answer_if_complete(std::uint64_t number);

    // ---- a server that has just been started (server_start.cpp) ----
    /// True while it may know less than others and has reached none of them: `ask_within` from the start at most.
    [[nodiscard]] bool waits_for_others() const;
    /// What was put off until another server is reached. @returns true: there are new events.
    bool release_held();

    // ---- time (index_server.cpp) ----
    void arm();
    void on_timer();
    void look_round();
    [[nodiscard]] std::uint8_t measured_load() const;
    void finish_drain_if_done();
    void drain(std::function<void()> done);
    void stop();
    [[nodiscard]] ServerStatus status();
    [[nodiscard]] std::string problem() const;
    /// A server should be there: not being reached is trouble. One that was forgotten is looked for without.
    [[nodiscard]] bool expects(Endpoint endpoint) const;

    boost::asio::io_context& io;
    ServerOptions options;
    std::optional<store::FileLock> lock;
    Ed25519Key key;
    ServerIdentity identity;
    Instant started_at;
    std::unique_ptr<Catalogue> catalogue;
    std::unique_ptr<CatalogueThread> catalogue_thread;
    std::unique_ptr<ReaderPool> readers;
    Replica replica;
    Sessions sessions;
    std::unique_ptr<LinkListener> door;
    Member own_member;

    std::map<LinkId, FramedLinkPtr> server_links;
    std::map<SessionId, FramedLinkPtr> node_links;
    std::uint32_t next_link = 1;
    std::uint64_t next_session = 1, next_search = 1;
    std::map<std::uint64_t, PendingSearch>
        searches_pending;  ///< bounded by `searches_waiting_max`, threads, and the replica's asks

    std::deque<Event> held;  ///< until another server is reached; at most `held_max`
    std::deque<Event> events;
    bool settling = false;
    boost::asio::steady_timer timer, look_timer, drain_timer, grace_timer;
    std::optional<Instant> armed_for;
    std::uint32_t looks = 0;

    std::vector<Member> known_members;
    std::string members_kept;  ///< as last written
    CatalogueSize catalogue_size;
    EntryLedger entry_ledger;
    LatencyWindow searches, writes;
    RecentRate search_rate, write_rate;
    std::uint64_t searches_answered = 0, searches_for_servers = 0, searches_asked_on = 0, searches_evicted = 0,
                  bad_server_frames = 0, octets_to_nodes = 0;
    std::uint8_t current_load = 0;
    std::string catalogue_trouble;
    std::map<Endpoint, std::string> dial_troubles;  ///< at most `members_max`; why a server cannot be reached
    std::string last_refusal;                       ///< why a link to another server was closed, until one is well
    std::function<void()> on_drained;
    bool draining = false, replica_drained = false, grace_over = false, stopped = false;
};

}  // namespace praline::index
