#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "index/client/client_core.hpp"

namespace random_events_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace std::chrono_literals;

namespace {

/// Servers that say anything at any time, and a host that keeps to its part of the contract.
class Chaos {
public:
    explicit Chaos(std::uint64_t seed) : rng_{seed}, core_{options(), Rng{seed + 1}} {
        ClientStarted started;
        for (std::uint32_t i = 0; i < 3; ++i)
            started.servers.push_back({endpoint(i), ServerId{}, 0, std::nullopt, true});
        feed(started);
    }

    void step() {
        now_ += Duration{static_cast<Duration::rep>(rng_.below(400'000))};
        while (core_.next_deadline() && *core_.next_deadline() <= now_) {
            auto const due = *core_.next_deadline();
            feed_at(ClientTick{}, due);
            // What was due has been done: the core never asks for the same instant again.
            auto const next = core_.next_deadline();
            REQUIRE((!next || *next > due));
        }
        feed(any_event());
        REQUIRE(connections_.size() <= 8);
        REQUIRE(wanted_.size() <= 16);
        REQUIRE(core_.state().servers.size() <= 8);
        REQUIRE(core_.state().problem.size() < 2000);
        for (auto const& [search, at] : wanted_) REQUIRE(now_ - at < 5s);
    }
    void heal() {
        for (int i = 0; i < 200 && core_.next_deadline(); ++i) {
            now_ = std::max(now_, *core_.next_deadline());
            feed(ClientTick{});
        }
        REQUIRE(wanted_.empty());
    }
    void stop() {
        feed(StopWanted{});
        REQUIRE(wanted_.empty());
        REQUIRE(connections_.empty());
    }

private:
    static ClientOptions options() {
        ClientOptions options;
        options.servers_max = 8;
        options.searches_max = 16;
        return options;
    }
    static Endpoint endpoint(std::uint64_t number) { return {static_cast<std::uint32_t>(0x0A000001U + number), 7000}; }

    void feed(ClientEvent const& event) { feed_at(event, now_); }
    void feed_at(ClientEvent const& event, Instant at) {
        ClientActions out;
        core_.handle(event, at, out);
        REQUIRE(out.size() < 200);
        for (auto const& action : out) std::visit([&](auto const& one) { on(one, at); }, action);
    }

    void on(Open const& action, Instant) {
        REQUIRE(connections_.emplace(action.connection, false).second);
        REQUIRE(used_.insert(action.connection).second);
    }
    void on(Close const& action, Instant) { REQUIRE(connections_.erase(action.connection) == 1); }
    void on(ToServer const& action, Instant) {
        REQUIRE(connections_.contains(action.connection));
        REQUIRE(connections_.at(action.connection));
        REQUIRE_FALSE(std::holds_alternative<SignOut>(action.message));
        if (auto const* const search = std::get_if<Search>(&action.message)) {
            REQUIRE(wanted_.contains(search->request));
            REQUIRE(put_to_.insert({search->request, action.connection}).second);
        }
    }
    void on(ReadChange const&, Instant) {
        REQUIRE_FALSE(reading_);
        reading_ = true;
    }
    void on(SearchAnswered const& action, Instant) { REQUIRE(wanted_.erase(action.search) == 1); }
    void on(SearchFailed const& action, Instant at) {
        REQUIRE_FALSE(action.sentence.empty());
        auto const found = wanted_.find(action.search);
        REQUIRE(found != wanted_.end());
        REQUIRE(at - found->second <= 5s);
        wanted_.erase(found);
    }
    void on(ServersChanged const& action, Instant) { REQUIRE(action.servers.size() <= 8); }
    void on(ClientStateChanged const&, Instant) {}

    ConnectionId any_connection() {
        if (connections_.empty() || rng_.below(20) == 0)
            return ConnectionId{static_cast<std::uint32_t>(rng_.below(1000))};
        auto one = connections_.begin();
        std::advance(one, static_cast<std::ptrdiff_t>(rng_.below(connections_.size())));
        return one->first;
    }
    std::vector<Member> any_members() {
        std::vector<Member> members;
        for (auto count = rng_.below(5); count > 0; --count)
            members.push_back({ServerId{rng_.below(6)}, rng_.next(), endpoint(rng_.below(40)),
                               static_cast<std::uint8_t>(rng_.next())});
        return members;
    }
    Version any_version() { return {static_cast<std::uint32_t>(rng_.below(3)), rng_.below(12)}; }
    ToNode any_message() {
        switch (rng_.below(9)) {
            case 0:
                return Welcome{1,
                               ServerId{rng_.below(6)},
                               any_version(),
                               {rng_.below(2), 0},
                               static_cast<std::uint32_t>(rng_.below(3) * rng_.next()),
                               5,
                               any_members()};
            case 1: return Published{any_version(), {rng_.below(2), 0}, 1, 2};
            case 2: return Behind{any_version(), {rng_.below(2), 0}};
            case 3:
            case 4: return Found{static_cast<std::uint32_t>(rng_.below(last_search_ + 2)), {}};
            case 5:
            case 6: return Pong{rng_.below(50), static_cast<std::uint8_t>(rng_.next()), any_members()};
            case 7: return Leaving{any_members()};
            default:
                return Refused{static_cast<RefusalReason>(1 + rng_.below(12)), rng_.below(2) == 0 ? "" : "No.",
                               rng_.below(2) == 0 ? 0 : static_cast<std::uint32_t>(rng_.below(last_search_ + 2))};
        }
    }
    ClientEvent any_event() {
        switch (rng_.below(13)) {
            case 0: return Closed{closing(), "It broke."};
            case 1:
            case 2: {
                auto const id = any_connection();
                if (connections_.contains(id)) connections_[id] = true;
                return Opened{id};
            }
            case 3:
            case 4:
            case 5:
            case 6: return FromServer{any_connection(), any_message(), 10};
            case 7:
                if (wanted_.size() >= 16) return ListChanged{any_version()};
                wanted_[++last_search_] = now_;
                return SearchWanted{last_search_, {}};
            case 8:
                if (!wanted_.empty() && rng_.below(4) == 0) {
                    auto const search = wanted_.begin()->first;
                    wanted_.erase(wanted_.begin());
                    return SearchDropped{search};
                }
                return ListChanged{any_version()};
            case 9:
            case 10: {
                if (!reading_) return ServerLearnt{endpoint(rng_.below(40)), rng_.below(10) == 0};
                reading_ = false;
                if (rng_.below(3) == 0) return ChangeRead{};
                Change change;
                change.from = any_version();
                change.to = {change.from.era, change.from.number + 1};
                return ChangeRead{change, {rng_.below(2), 0}};
            }
            case 11: return PushNeededChanged{rng_.below(2) == 0};
            default: return SentBytes{any_connection(), static_cast<std::uint32_t>(rng_.below(last_search_ + 1)), 7};
        }
    }
    ConnectionId closing() {
        auto const id = any_connection();
        connections_.erase(id);
        return id;
    }

    Rng rng_;
    ClientCore core_;
    Instant now_{Duration{1s}};
    std::map<ConnectionId, bool> connections_;  // open
    std::set<ConnectionId> used_;
    std::map<std::uint32_t, Instant> wanted_;
    std::set<std::pair<std::uint32_t, ConnectionId>> put_to_;
    std::uint32_t last_search_ = 0;
    bool reading_ = false;
};

}  // namespace

TEST_CASE("whatever servers say and when, the core stays bounded and every search has one outcome in time") {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        INFO("seed " << seed);
        Chaos chaos{seed};
        for (int step = 0; step < 600; ++step) chaos.step();
        chaos.heal();
        chaos.stop();
    }
}

}  // namespace random_events_test
