#include <catch2/catch.hpp>

#include "index/replica/greeting.hpp"
#include "index/replica/limits.hpp"
#include "index/replica/replica.hpp"
#include "unit/index/replica/host.hpp"

namespace random_events_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;

namespace {

/// Events in any order, with values that are likely to meet, and some that nobody in his senses would send.
class Chaos {
public:
    Chaos(std::uint64_t seed, ReplicaOptions options) : rng_{seed}, core_{options, Rng{seed + 1}} {
        core_.handle(Started{member(3),
                             {record(), record()},
                             {member(1), member(4)},
                             maybe() ? std::optional{member(2).endpoint} : std::nullopt},
                     now_, out_);
    }

    void step() {
        now_ += Duration{static_cast<Duration::rep>(rng_.below(maybe() ? 1000 : 800'000))};
        if (rng_.below(20) == 0) meet();
        if (rng_.below(200) == 0) now_ += std::chrono::seconds{70};
        handle(event());
        while (tickets_.size() > 64) tickets_.erase(tickets_.begin());
        if (auto const due = core_.next_deadline(); due && *due <= now_) handle(Tick{});
    }

    [[nodiscard]] Replica const& core() const { return core_; }
    [[nodiscard]] Instant now() const { return now_; }
    std::size_t sent = 0;

private:
    /// A server behaves for once, so that there is somebody to talk to.
    void meet() {
        auto const other = server();
        LinkId const link{next_link_++};
        handle(LinkUp{link, maybe()});
        handle(MessageArrived{
            link,
            {other, {}, incarnation(other), false},
            Hello{server_protocol_version, member(other.value(), incarnation(other)), maybe(), times()}});
        links_[other.value()] = link.value();
    }
    void handle(Event const& event) {
        core_.handle(event, now_, out_);
        for (Action const& action : out_) remember(action);
        out_.clear();
    }
    std::uint64_t incarnation(ServerId other) {
        for (MemberView const& view : core_.members(now_))
            if (view.member.id == other) return view.member.incarnation;
        return 1;
    }
    bool maybe() { return rng_.below(2) == 0; }
    static GroupTimes times() { return times_of(ReplicaOptions{}); }
    GroupTimes some_times() {
        return rng_.below(10) == 0 ? GroupTimes{number(), static_cast<std::uint32_t>(number()), number()} : times();
    }
    std::uint64_t number() {
        constexpr std::uint64_t strange[] = {0, UINT64_MAX, UINT64_MAX - 1, std::uint64_t{1} << 62, UINT32_MAX};
        return rng_.below(12) == 0 ? strange[rng_.below(5)] : rng_.below(6);
    }
    ServerId server() { return ServerId{1 + rng_.below(6)}; }
    PublisherId id() { return publisher_id(static_cast<std::uint8_t>(rng_.below(40))); }
    Version version() { return {static_cast<std::uint32_t>(number()), number()}; }
    Claim claim() { return {number(), server()}; }
    Record record() {
        Record result;
        result.publisher.id = id();
        result.version = version();
        result.digest = {number(), number()};
        result.entries = static_cast<std::uint32_t>(number());
        result.claim = claim();
        return result;
    }
    Change a_change() {
        Change result{version(), version(), maybe(), {}, {}};
        for (auto i = rng_.below(3); i > 0; --i) result.add.push_back(entry(static_cast<std::uint8_t>(rng_.below(5))));
        return result;
    }
    DigestNode node() {
        return {static_cast<std::uint8_t>(rng_.below(10)), static_cast<std::uint32_t>(number()),
                static_cast<std::uint32_t>(number()), number(), number()};
    }
    KeyRange range() {
        if (maybe()) return {};
        KeyRange result{id(), id()};
        if (maybe()) result.last.bytes.fill(static_cast<std::uint8_t>(number()));
        return result;
    }
    LeasedRecord leased() { return {record(), static_cast<std::uint32_t>(rng_.below(70'000))}; }

    ServerMessage message() {
        switch (rng_.below(18)) {
            case 0:
                return Hello{static_cast<std::uint16_t>(maybe() ? server_protocol_version : number()),
                             member(1 + rng_.below(6), number()), maybe(), some_times()};
            case 1: {
                Members members;
                for (auto i = rng_.below(90); i > 0; --i)
                    members.members.push_back(member(number() + rng_.below(100), number()));
                return members;
            }
            case 2: return maybe() ? ServerMessage{Leave{}} : ServerMessage{Heartbeat{}};
            case 3: return Heartbeat{number(), number(), 7};
            case 4: return Probe{number()};
            case 5: return ProbeAnswer{number()};
            case 6: return Acquire{id(), claim()};
            case 7: return Grant{id(), claim(), record()};
            case 8: return Deny{id(), claim(), claim()};
            case 9: {
                Publisher one;
                one.id = id();
                return Write{number(), one, claim(), a_change()};
            }
            case 10: return WriteAck{number(), static_cast<WriteOutcome>(rng_.below(6)), version(), claim()};
            case 11: {
                Digests digests{maybe() ? round_ : number(), {}};
                for (auto i = rng_.below(40); i > 0; --i) digests.nodes.push_back(maybe() ? DigestNode{} : node());
                return digests;
            }
            case 12: {
                Records records{maybe() ? round_ : number(), maybe() ? DigestNode{} : node(), maybe(), {}, range()};
                for (auto i = rng_.below(10); i > 0; --i) records.records.push_back(leased());
                return records;
            }
            case 13: return CopyAsk{id(), version(), maybe(), {}};
            case 14: {
                CopyPart part{leased(), maybe(), {}, {}, maybe(), rng_.below(5) == 0};
                for (auto i = rng_.below(3); i > 0; --i)
                    part.entries.push_back(entry(static_cast<std::uint8_t>(rng_.below(5))));
                return part;
            }
            case 15: return AskFor{number(), {}};
            case 16: return RecordsAsk{maybe() ? round_ : number(), range()};
            default: return AnswerFor{number(), {}};
        }
    }

    Event event() {
        switch (rng_.below(24)) {
            case 0: return LinkUp{LinkId{static_cast<std::uint32_t>(rng_.below(400))}, maybe()};
            case 1:
                return rng_.below(4) == 0 ? Event{LinkDown{LinkId{static_cast<std::uint32_t>(rng_.below(400))}}}
                                          : Event{Tick{}};
            case 2: return ConnectFailed{member(1 + rng_.below(6)).endpoint};
            case 3: return SessionOpened{publisher(static_cast<std::uint8_t>(rng_.below(40))), version()};
            case 4: return maybe() ? Event{SessionClosed{id()}} : Event{SessionEnded{id()}};
            case 5:
            case 6: return PublishWanted{id(), a_change()};
            case 7: return AskWanted{Ticket{number()}, {}};
            case 8: return AskAnswered{ticket(), {}};
            case 9:
            case 10:
            case 11: return Applied{ticket(), record(), maybe(), maybe()};
            case 12:
                return EntriesRead{ticket(), maybe() ? std::optional{record()} : std::nullopt, {entry(1)}, maybe()};
            case 13: return rng_.below(50) == 0 ? Event{DrainWanted{}} : Event{LoadIs{9}};
            case 14: {
                auto const from = server();
                return MessageArrived{LinkId{static_cast<std::uint32_t>(rng_.below(400))},
                                      {from, {}, number(), false},
                                      Hello{server_protocol_version, member(from.value(), 1), maybe(), some_times()}};
            }
            default: break;
        }
        auto const from = server(), by = rng_.below(4) == 0 ? server() : from;
        auto const life = rng_.below(50) == 0 ? number() : incarnation(from);
        Envelope const envelope{from, rng_.below(8) == 0 ? server() : ServerId{3}, life, by != from};
        return MessageArrived{LinkId{links_[by.value()]}, envelope, message()};
    }

    Ticket ticket() {
        return tickets_.empty() || rng_.below(8) == 0 ? Ticket{number()} : tickets_[rng_.below(tickets_.size())];
    }

    void remember(Action const& action) {
        if (auto const* const one = std::get_if<Apply>(&action)) tickets_.push_back(one->ticket);
        if (auto const* const one = std::get_if<ReadEntries>(&action)) tickets_.push_back(one->ticket);
        if (auto const* const one = std::get_if<AnswerNeeded>(&action)) tickets_.push_back(one->ticket);
        if (auto const* const one = std::get_if<StageCopy>(&action); one != nullptr && one->last)
            tickets_.push_back(one->ticket);
        if (auto const* const one = std::get_if<Send>(&action)) {
            ++sent;
            if (auto const* const digests = std::get_if<Digests>(&one->message)) round_ = digests->round;
        }
    }

    Rng rng_;
    Instant now_ = at({});
    Replica core_;
    Actions out_;
    std::vector<Ticket> tickets_;
    std::map<std::uint64_t, std::uint32_t> links_;  // the last of each server
    std::uint32_t next_link_ = 1000;
    std::uint64_t round_ = 0;
};

}  // namespace

TEST_CASE("no order of events and no values in them break the core or its limits") {
    ReplicaOptions options;
    options.publishers_max = 20;
    options.writes_under_way_max = 5;
    options.asks_under_way_max = 5;
    std::size_t sent = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Chaos chaos{seed, options};
        for (int steps = 0; steps < 3000; ++steps) {
            chaos.step();
            REQUIRE(chaos.core().publishers() <= options.publishers_max);
            REQUIRE(chaos.core().members(chaos.now()).size() < members_max);
        }
        sent += chaos.sent;
    }
    REQUIRE(sent > 60 * 1000);
}

}  // namespace random_events_test
