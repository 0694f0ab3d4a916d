#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"
#include "index/client/known_servers.hpp"
#include "index/client/publish_pipeline.hpp"
#include "index/client/publish_refusals.hpp"
#include "index/client/searches_under_way.hpp"

/// The inside of `ClientCore`, over several files: client_core.cpp (events in, what is to be seen), client_links.cpp
/// (connections), client_choice.cpp (which server), client_session.cpp (signing in and publishing), client_searches.cpp.
namespace praline::index {

struct ClientLimits {
    static constexpr std::size_t links_max = 8;         ///< open and being opened
    static constexpr std::size_t candidates_max = 3;    ///< opened at once while there is no server
    static constexpr std::uint32_t probes_to_move = 3;  ///< at which the other must be nearer, in a row
    static constexpr Duration choose_within =
        std::chrono::milliseconds{300};  ///< of the first that opens, for others to show their distance
    static constexpr Duration slow_after =
        std::chrono::seconds{1};  ///< an opening that lasts longer does not keep others back
    static constexpr Duration open_within = std::chrono::seconds{30};  ///< the host gives up long before
    static constexpr Duration welcome_within = std::chrono::seconds{10};
    static constexpr Duration stable_after = std::chrono::seconds{5};   ///< what broke earlier counts as a failure
    static constexpr Duration leaving_rest = std::chrono::seconds{10};  ///< a server that leaves is left alone so long
    static constexpr Duration save_every = std::chrono::seconds{10};
    static constexpr Duration ping_every_min = std::chrono::milliseconds{200};
};

struct Link {
    ConnectionId id{};
    Endpoint endpoint;
    bool open = false;
    bool probe = false;  ///< opened to look at the distance only
    bool leaving = false;
    bool measured = false;
    Instant since{};  ///< opened, or began to be
    Instant heard{};
    std::optional<Instant> asked;  ///< since when it owes a word
    std::uint64_t nonce = 0;
    Instant ping_sent{}, next_ping{};
    bool pong_due = false;
};

/// The earliest of what is still to come; all that was due has been done.
class Deadline {
public:
    explicit Deadline(Instant now) : now_{now} {}
    void take(Instant at) {
        if (at > now_ && (!at_ || at < *at_)) at_ = at;
    }
    [[nodiscard]] std::optional<Instant> at() const { return at_; }

private:
    Instant now_;
    std::optional<Instant> at_;
};

enum class SignedIn : std::uint8_t { no, asked, yes };

struct ClientCore::Impl {
    Impl(ClientOptions the_options, Rng the_rng);

    // client_core.cpp
    void on(ClientStarted const& event, Instant now, ClientActions& out);
    void on(ServerLearnt const& event, Instant now, ClientActions& out);
    void on(PushNeededChanged const& event, Instant now, ClientActions& out);
    void on(StopWanted const& event, Instant now, ClientActions& out);
    void on(ClientTick const&, Instant, ClientActions&) {}
    void arrange(Instant now, ClientActions& out);
    void save_servers(Instant now, ClientActions& out);
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    [[nodiscard]] ClientState state() const;
    [[nodiscard]] std::string problem() const;

    // client_links.cpp
    void on(Opened const& event, Instant now, ClientActions& out);
    void on(Closed const& event, Instant now, ClientActions& out);
    void on(FromServer const& event, Instant now, ClientActions& out);
    void take(Link& link, Pong const& message, Instant now);
    void take(Link& link, Leaving const& message, Instant now, ClientActions& out);
    void open(Endpoint endpoint, bool probe, Instant now, ClientActions& out);
    /// @param tell  the host still has it open.
    void lose(ConnectionId id, std::string why, Blame blame, bool tell, Instant now, ClientActions& out);
    void drop_silent(Instant now, ClientActions& out);
    void ping(Instant now, ClientActions& out);
    [[nodiscard]] Link* find(ConnectionId id);
    [[nodiscard]] Link const* find(std::optional<ConnectionId> id) const;
    [[nodiscard]] Duration ping_every() const;
    void link_deadlines(Deadline& next) const;

    // client_choice.cpp
    void choose(Instant now, ClientActions& out);
    void choose_primary(Instant now);
    void choose_standby(Instant now, ClientActions& out);
    void open_links(Instant now, ClientActions& out);
    void compare_servers(Instant now, ClientActions& out);
    void move_primary(Instant now, ClientActions& out);
    void settle_probe(Instant now, ClientActions& out);
    [[nodiscard]] std::size_t links_wanted(Instant now) const;
    [[nodiscard]] Link* nearest(bool also_unmeasured);
    [[nodiscard]] ServerId primary_server() const;
    void choice_deadlines(Deadline& next) const;

    // client_session.cpp
    void on(ListChanged const& event, Instant now, ClientActions& out);
    void on(ChangeRead const& event, Instant now, ClientActions& out);
    void sign_in(Instant now, ClientActions& out);
    void drop_stuck_session(Instant now, ClientActions& out);
    void publish(Instant now, ClientActions& out);
    void take(Link& link, Welcome const& message, Instant now, ClientActions& out);
    void take(Link& link, Published const& message, Instant now, ClientActions& out);
    void take(Link& link, Behind const& message, Instant now, ClientActions& out);
    void take(Link& link, Refused const& message, Instant now, ClientActions& out);
    /// Asking goes on without being signed in.
    void refused_to_publish(RefusalReason reason, std::string const& sentence, Instant now);
    void give_up(Instant now, ClientActions& out);
    void session_deadlines(Deadline& next) const;

    // client_searches.cpp
    void on(SearchWanted const& event, Instant now, ClientActions& out);
    void on(SearchDropped const& event, Instant now, ClientActions& out);
    void on(SentOctets const& event, Instant now, ClientActions& out);
    void take(Link& link, Found const& message, std::size_t octets, Instant now, ClientActions& out);
    void search_refused(Link& link, Refused const& message, std::size_t octets);
    void ask(Instant now, ClientActions& out);
    bool ask_one(SearchUnderWay& search, Instant now, ClientActions& out);
    void put(SearchUnderWay& search, Link const& link, Instant now, ClientActions& out);
    [[nodiscard]] Link const* server_for(SearchUnderWay const& search) const;
    [[nodiscard]] std::optional<std::string> why_give_up(SearchUnderWay const& search, Instant now) const;
    [[nodiscard]] Instant link_awaited_until(SearchUnderWay const& search, Instant now) const;
    void search_deadlines(Deadline& next) const;
    void fail(SearchUnderWay const& search, std::string sentence, Instant now, ClientActions& out);

    /// What makes `ClientStateChanged` worth saying.
    struct Snapshot {
        std::optional<Endpoint> primary, standby;
        SignedIn signed_in{};
        Version own, held, replicated;
        std::string problem;
        std::size_t servers = 0;
        friend bool operator==(Snapshot const&, Snapshot const&) = default;
    };
    [[nodiscard]] Snapshot snapshot() const;

    ClientOptions options_;
    Rng rng_;
    bool started_ = false, stopped_ = false;
    Instant started_at_{}, now_{};  // now_: of the last event
    SignIn sign_in_;                // as it will be sent: with our own version

    KnownServers servers_;
    bool servers_changed_ = false;
    Instant next_save_{};
    std::string last_trouble_;  // why the last connection ended that we wanted

    std::vector<Link> links_;
    std::uint32_t last_connection_ = 0;
    std::uint64_t last_nonce_ = 0;
    std::optional<ConnectionId> primary_, standby_;
    std::optional<Instant> choose_by_;
    bool lost_primary_ = false;
    std::uint64_t fail_overs_ = 0;
    Instant probe_at_{}, stay_until_{};
    std::uint32_t nearer_probes_ = 0;

    SignedIn signed_in_ = SignedIn::no;
    Instant sign_in_sent_{}, signed_in_since_{};
    PublishRefusals refusals_;
    Duration lease_{};
    PublishPipeline pipeline_;
    Version own_, held_, replicated_;
    std::uint16_t replicas_ = 0, members_ = 0;

    SearchesUnderWay searches_;
};

}  // namespace praline::index
