#include <catch2/catch.hpp>

#include "index/replica/limits.hpp"
#include "unit/index/replica/parts.hpp"

namespace praline::index::replica::part_group_test {
namespace {

using namespace std::chrono_literals;

Envelope passed_on(std::uint64_t from) { return {ServerId{from}, ServerId{50}, 1, true}; }

}  // namespace

TEST_CASE("a message goes over the link, or by way of the server that passed one on, or not at all") {
    Parts parts;
    LinkId const direct = parts.meet(1);
    LinkId const other = parts.meet(2);
    REQUIRE(parts.group.send(ServerId{1}, Leave{}));
    REQUIRE(parts.did<Send>().back().link == direct);
    parts.group.link_down({direct});
    REQUIRE_FALSE(parts.group.send(ServerId{1}, Leave{}));
    REQUIRE(parts.sent<Probe>(1).size() == 1);
    REQUIRE(parts.group.arrived(other, passed_on(1), Leave{}) == Group::Arrival::message);
    parts.group.learn_route(other, passed_on(1));
    REQUIRE(parts.group.send(ServerId{1}, Leave{}));
    REQUIRE(parts.did<Send>().back().link == other);
}

TEST_CASE("what is not for us is passed on once, and never what was passed on already") {
    Parts parts;
    LinkId const one = parts.meet(1);
    LinkId const two = parts.meet(2);
    Envelope envelope{ServerId{1}, ServerId{2}, 1, false};
    REQUIRE(parts.group.arrived(one, envelope, Leave{}) == Group::Arrival::handled);
    REQUIRE(parts.did<Send>().back().link == two);
    REQUIRE(parts.did<Send>().back().envelope.relayed);
    envelope.relayed = true;
    parts.out.clear();
    REQUIRE(parts.group.arrived(one, envelope, Leave{}) == Group::Arrival::handled);
    REQUIRE(parts.out.empty());
    REQUIRE(parts.ctx.counters().refused_messages == 1);
}

TEST_CASE("a stranger, an older life and one that speaks for another are refused; a newer life is told apart") {
    Parts parts;
    LinkId const one = parts.meet(1, false, 5);
    parts.meet(2, false, 5);
    auto const arrival = [&](Envelope const& envelope) { return parts.group.arrived(one, envelope, Leave{}); };
    REQUIRE(arrival({ServerId{9}, ServerId{50}, 5, true}) == Group::Arrival::handled);
    REQUIRE(arrival({ServerId{2}, ServerId{50}, 5, false}) == Group::Arrival::handled);
    REQUIRE(arrival({ServerId{2}, ServerId{50}, 4, true}) == Group::Arrival::handled);
    REQUIRE(arrival({ServerId{1}, ServerId{50}, 6, false}) == Group::Arrival::handled);
    REQUIRE(parts.ctx.counters().refused_messages == 4);
    REQUIRE(arrival({ServerId{2}, ServerId{50}, 6, true}) == Group::Arrival::new_incarnation);
    REQUIRE(arrival({ServerId{2}, ServerId{50}, 5, true}) == Group::Arrival::message);
}

TEST_CASE("a server that was started again loses its link and what was counted of it") {
    Parts parts;
    LinkId const link = parts.meet(1);
    parts.group.count_missing_ack(ServerId{1});
    auto const beginning = parts.group.begin_incarnation(member(1, 2));
    REQUIRE(beginning.restarted);
    REQUIRE_FALSE(beginning.first_contact);
    REQUIRE(parts.did<CloseLink>().back().link == link);
    REQUIRE(parts.group.find(ServerId{1})->acks_missing == 0);
}

TEST_CASE("each silent server is named once, and a heard one not") {
    Parts parts;
    parts.meet(1);
    parts.meet(2);
    REQUIRE(parts.group.live().size() == 2);
    parts.now(1500ms);
    parts.group.heard(ServerId{2});
    parts.now(2s);
    REQUIRE(parts.group.next_suspect() == ServerId{1});
    REQUIRE_FALSE(parts.group.next_suspect());
    REQUIRE(parts.group.live() == std::vector{ServerId{2}});
    REQUIRE_FALSE(parts.group.all_suspected());
    REQUIRE(parts.group.heard(ServerId{1}));
    REQUIRE_FALSE(parts.group.heard(ServerId{1}));
}

TEST_CASE("a server that said goodbye is not taken back by what others say of it") {
    Parts parts;
    parts.meet(1);
    REQUIRE(parts.group.part_from(ServerId{1}, true));
    parts.group.remove(ServerId{1}, true);
    REQUIRE(parts.group.peers().empty());
    parts.group.got(Parts::from(2), Members{{member(1)}});
    REQUIRE(parts.group.peers().empty());
    parts.group.got(Parts::from(2), Members{{member(1, 2)}});
    REQUIRE(parts.group.peers().size() == 1);
}

TEST_CASE("the server that we join through is the sponsor, and joining ends by saying so") {
    Parts parts{{}, member(1).endpoint};
    REQUIRE(parts.group.joining());
    LinkId const link{7};
    parts.group.link_up({link, true});
    REQUIRE(std::get<Hello>(parts.did<Send>().back().message).joining);
    Hello const hello = greeting(member(1));
    auto const known = parts.group.introduce(link, {ServerId{1}, {}, 1, false}, hello);
    REQUIRE(known);
    REQUIRE(known->begins_anew);
    parts.group.begin_incarnation(hello.self);
    REQUIRE(parts.group.bind(link, hello, *known));
    REQUIRE(parts.group.sponsor() == ServerId{1});
    parts.group.complete();
    REQUIRE_FALSE(parts.group.joining());
    REQUIRE_FALSE(parts.sent<Hello>(1).back().joining);
}

TEST_CASE("with too many members a further one is turned away") {
    Parts parts;
    for (std::uint64_t id = 1; id < members_max; ++id) parts.meet(id + 100);
    REQUIRE(parts.group.peers().size() == members_max - 1);
    REQUIRE(parts.did<CloseLink>().empty());
    parts.meet(7);
    REQUIRE(parts.did<CloseLink>().back().why == "the group is full");
    REQUIRE(parts.group.find(ServerId{7}) == nullptr);
}

}  // namespace praline::index::replica::part_group_test
