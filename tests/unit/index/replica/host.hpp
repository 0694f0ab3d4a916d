#pragma once

#include <deque>
#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

#include "index/replica/replica.hpp"
#include "unit/index/replica/group_catalogue.hpp"

namespace praline::index::replica {

inline Instant at(Duration since_start) { return Instant{} + std::chrono::hours{1} + since_start; }
inline Member member(std::uint64_t id, std::uint64_t incarnation = 1) {
    return {ServerId{id}, incarnation, Endpoint{0x7F000000U + static_cast<std::uint32_t>(id), 6347}, 0};
}
/// What a server says first that is as others are by default.
Hello greeting(Member const& self, std::uint16_t protocol = server_protocol_version);
PublisherId publisher_id(std::uint8_t number);
Publisher publisher(std::uint8_t number);
Entry entry(std::uint8_t number);
/// One file more.
Change change(Version from, Version to, std::uint8_t file);
/// What is held after `change({}, {0, 1}, 1)`.
Record record_of_one_file(std::uint8_t number, Claim claim);

/// One core with a simple catalogue that answers at once; the other servers are what the test says of them.
class Host {
public:
    explicit Host(std::uint64_t id = 50, ReplicaOptions options = {});
    void start(std::optional<Endpoint> join = {}, std::vector<Record> records = {}, std::vector<Member> members = {});
    void feed(Event const& event);
    /// Feeds ticks when they are owed; `alive` send heartbeats meanwhile.
    void pass(Duration time, std::vector<std::uint64_t> const& alive = {});

    /// A link with another server, opened by it or by us, and its Hello; `at`: not at the address of its id.
    LinkId meet(std::uint64_t other, std::uint64_t incarnation = 1, bool joining = false, bool outgoing = false,
                std::optional<Endpoint> at = {});
    /// Over the other's own link; with `by_way_of`, over that one's, passed on.
    void say(std::uint64_t from, ServerMessage const& message, std::uint64_t incarnation = 1,
             std::optional<std::uint64_t> by_way_of = {});
    /// Signs a publisher in; `granting` grant its claim.
    void sign_in(std::uint8_t number, std::vector<std::uint64_t> const& granting = {}, Version own = {});

    /// Actions of one kind since the last `forget()`.
    template <class T>
    [[nodiscard]] std::vector<T> did() const {
        std::vector<T> result;
        for (Action const& action : actions_)
            if (auto const* const one = std::get_if<T>(&action)) result.push_back(*one);
        return result;
    }
    template <class T>
    [[nodiscard]] std::vector<T> sent(std::uint64_t to) const {
        std::vector<T> result;
        for (Action const& action : actions_)
            if (auto const* const one = std::get_if<Send>(&action); one != nullptr && one->envelope.to == ServerId{to})
                if (auto const* const message = std::get_if<T>(&one->message)) result.push_back(*message);
        return result;
    }
    void forget() { actions_.clear(); }
    [[nodiscard]] Actions const& actions() const { return actions_; }
    [[nodiscard]] LinkId link(std::uint64_t other) const { return links_.at(other); }

    Replica core;
    group::SimpleCatalogue disk;
    Instant now = at({});
    bool disk_answers = true;

private:
    void perform(Action const& action);
    Member self_;
    GroupTimes times_;
    Actions actions_;
    std::deque<Event> answers_;
    std::map<std::uint64_t, LinkId> links_;
    std::uint32_t last_link_ = 0;
};

}  // namespace praline::index::replica
