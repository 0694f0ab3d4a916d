#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "index/replica/replica.hpp"
#include "unit/index/replica/group_catalogue.hpp"
#include "unit/support/calendar.hpp"
#include "unit/support/faults.hpp"

namespace praline::index::replica::group {

using test::Calendar;

/// What can go wrong, and how often. Times are virtual.
struct Conditions {
    test::Delays delays{std::chrono::microseconds{200}, std::chrono::milliseconds{20}};
    std::uint32_t late_percent = 0;  ///< of messages: up to half a second later, overtaken by others of the same link
    Duration disk_max = std::chrono::milliseconds{5};
    bool odd_clocks = false;  ///< servers' clocks say anything and run at 3/4 to 3/2 of the right pace
};

/// What a publisher hears of its server.
struct SessionListener {
    std::function<void(SessionReady const&)> ready;
    std::function<void(Replicated const&)> replicated;
    std::function<void(ChangeRefused const&)> refused;
    std::function<void()> lost;
};

/// A group of real replica cores over a virtual network and virtual disks, seeded and repeatable.
class Group {
public:
    Group(Calendar& calendar, Rng rng, ReplicaOptions options, Conditions conditions);

    // servers
    std::size_t add(std::optional<std::size_t> join);
    void crash(std::size_t server, bool silently);  ///< silently: its links are not told, as when the cable is pulled
    void start(std::size_t server, bool with_disk, std::optional<std::size_t> join);
    void drain(std::size_t server) { feed(server, DrainWanted{}); }
    [[nodiscard]] std::size_t size() const { return servers_.size(); }
    [[nodiscard]] bool is_up(std::size_t server) const { return servers_[server].core != nullptr; }
    [[nodiscard]] bool has_drained(std::size_t server) const { return servers_[server].drained; }
    [[nodiscard]] Replica const& core(std::size_t server) const { return *servers_[server].core; }
    [[nodiscard]] SimpleCatalogue const& catalogue(std::size_t server) const { return servers_[server].catalogue; }
    [[nodiscard]] std::uint64_t life(std::size_t server) const { return servers_[server].incarnation; }
    [[nodiscard]] ServerId id(std::size_t server) const { return servers_[server].member.id; }
    void feed(std::size_t server, Event const& event);

    // the network
    using Wire = test::Wire;
    void set_wire(std::size_t one, std::size_t other, Wire wire);
    [[nodiscard]] Wire wire(std::size_t one, std::size_t other) const { return wires_.state(one, other); }
    void heal();
    void set_conditions(Conditions conditions) { conditions_ = conditions; }
    /// Since when both are up and can hear each other directly; empty: they cannot.
    [[nodiscard]] std::optional<Instant> hear_each_other_since(std::size_t one, std::size_t other) const;

    // sessions of publishers; `life` is that of the server when the session began
    void listen(std::size_t server, PublisherId const& publisher, SessionListener listener);
    void stop_listening(std::size_t server, PublisherId const& publisher) {
        servers_[server].listeners.erase(publisher);
    }
    /// Answers to searches passed on: what came for which ticket.
    std::map<std::uint64_t, std::optional<Answer>> asked;

    /// The first promise that a disk saw broken; empty: none.
    [[nodiscard]] std::string fault() const;
    [[nodiscard]] std::uint64_t messages() const { return messages_; }

private:
    struct Server {
        Member member;
        std::unique_ptr<Replica> core;
        SimpleCatalogue catalogue;
        std::uint64_t incarnation = 0;
        Duration ahead{};                  // its clock: so far off when the right one stands at zero,
        Duration::rep pace_percent = 100;  // and so quick
        std::map<PublisherId, SessionListener> listeners;
        std::optional<Instant> armed;
        Instant up_since{}, disk_until{};
        bool drained = false;
    };
    struct End {
        std::size_t server = 0;
        LinkId link{};
        std::uint64_t life = 0;
    };
    struct Pipe {
        End ends[2];
        bool open = true;
        std::vector<std::pair<int, Send>> held;  // while the wire is silent: to which end
        Instant free_at[2]{};                    // messages of one direction keep their order
        std::uint32_t sent[2]{};
    };

    void perform(std::size_t server, Action const& action);
    void on(std::size_t server, Connect const& action);
    void on(std::size_t server, CloseLink const& action);
    void on(std::size_t server, Send const& action);
    void on(std::size_t server, ReadEntries const& action);
    void on(std::size_t server, AnswerNeeded const& action);
    template <class Work>
    void on_disk(std::size_t server, Work work);
    void deliver(std::size_t pipe, int to, Send const& message);
    void carry(std::size_t pipe, int to, Send message);
    void break_pipe(std::size_t pipe, bool tell);
    void arm(std::size_t server);
    [[nodiscard]] Duration delay() { return conditions_.delays.draw(rng_); }
    [[nodiscard]] Instant clock_of(Server const& server) const;
    [[nodiscard]] Instant when_it_says(Server const& server, Instant says) const;
    [[nodiscard]] std::optional<std::size_t> server_at(Endpoint endpoint) const;
    [[nodiscard]] bool is_current(End const& end) const;

    Calendar& calendar_;
    Rng rng_;
    ReplicaOptions options_;
    Conditions conditions_;
    std::vector<Server> servers_;
    std::vector<Pipe> pipes_;
    std::map<std::pair<std::size_t, LinkId>, std::size_t> pipe_of_;
    test::Wires wires_;
    std::uint32_t next_link_ = 1;
    std::uint64_t messages_ = 0;
};

}  // namespace praline::index::replica::group
