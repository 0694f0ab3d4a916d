#include <catch2/catch.hpp>

#include "index/replica/limits.hpp"
#include "unit/index/replica/parts.hpp"

namespace praline::index::replica::part_writes_test {
namespace {

using namespace std::chrono_literals;

PublisherId const id = publisher_id(1);
Claim const theirs{5, ServerId{1}};

/// A publisher is signed in, and all servers that are there have granted its claim.
void sign_in(Parts& parts) {
    parts.claims.open({publisher(1), {}});
    bool ours = parts.claims.acquire(id);
    for (ServerId const server : parts.group.live())
        ours = parts.claims.got(Parts::from(server.value()), Grant{id, parts.claims.find(id)->claim, {}});
    REQUIRE(ours);
    REQUIRE_FALSE(parts.claims.settle(id));
    parts.out.clear();
}

/// One change, up to where the catalogue has it.
void publish(Parts& parts, std::uint64_t number) {
    parts.own_writes.publish({id, change({0, number - 1}, {0, number}, 1)});
    parts.own_writes.start_waiting();
    Applied const done = parts.applied();
    auto const pending = parts.records.take_pending(done.ticket);
    REQUIRE(pending);
    parts.records.settle(id, done);
    parts.own_writes.applied(pending->key, done);
}

void acknowledge(Parts& parts, std::uint64_t from, std::uint64_t position, WriteOutcome outcome) {
    parts.own_writes.got(Parts::from(from), WriteAck{position, outcome, {}, {}});
}

Write write(Version before, Version after, std::uint64_t position = 1, Claim claim = theirs) {
    return {position, publisher(1), claim, change(before, after, 1)};
}

}  // namespace

TEST_CASE("a change goes to the catalogue, then to all, and is reported when all have it") {
    Parts parts;
    parts.meet(1);
    parts.meet(2);
    sign_in(parts);
    publish(parts, 1);
    REQUIRE(parts.sent<Write>(1).size() == 1);
    REQUIRE(parts.own_writes.position() == 1);
    acknowledge(parts, 1, 1, WriteOutcome::applied);
    REQUIRE(parts.did<Replicated>().empty());
    acknowledge(parts, 2, 1, WriteOutcome::known);
    REQUIRE(parts.did<Replicated>().size() == 1);
    REQUIRE(parts.did<Replicated>().front().replicas == 3);
    REQUIRE(parts.own_writes.empty());
}

TEST_CASE("changes of one publisher are reported in order, and one that was overtaken is sent again") {
    Parts parts;
    parts.meet(1);
    sign_in(parts);
    publish(parts, 1);
    publish(parts, 2);
    acknowledge(parts, 1, 2, WriteOutcome::behind);
    REQUIRE(parts.did<Replicated>().empty());
    REQUIRE(parts.sent<Write>(1).size() == 2);
    acknowledge(parts, 1, 1, WriteOutcome::applied);
    REQUIRE(parts.did<Replicated>().size() == 1);
    REQUIRE(parts.sent<Write>(1).back().position == 2);
    REQUIRE(parts.sent<Write>(1).size() == 3);
    acknowledge(parts, 1, 2, WriteOutcome::applied);
    REQUIRE(parts.did<Replicated>().back().version == Version{0, 2});
    REQUIRE(parts.ctx.counters().writes_short == 0);
}

TEST_CASE("a write does not wait for a dead server, nor for a silent one beyond its time") {
    Parts parts;
    parts.meet(1);
    parts.meet(2);
    sign_in(parts);
    publish(parts, 1);
    parts.own_writes.without(ServerId{1});
    REQUIRE(parts.did<Replicated>().empty());
    parts.now(2s);
    parts.own_writes.give_up_late();
    REQUIRE(parts.did<Replicated>().front().replicas == 1);
    REQUIRE(parts.group.find(ServerId{1})->acks_missing == 1);
    REQUIRE(parts.group.find(ServerId{2})->acks_missing == 1);
    REQUIRE(parts.schedule.of(ServerId{2}).soon);
    REQUIRE(parts.ctx.counters().writes_short == 1);
    REQUIRE_FALSE(parts.own_writes.next_deadline());
}

TEST_CASE("a change is refused without a session, when it makes no sense, and when too many wait") {
    Parts parts;
    parts.own_writes.publish({id, change({}, {0, 1}, 1)});
    REQUIRE(parts.did<ChangeRefused>().size() == 1);
    sign_in(parts);
    parts.own_writes.publish({id, change({0, 2}, {0, 1}, 1)});
    REQUIRE(parts.did<ChangeRefused>().size() == 1);
    for (std::uint64_t i = 1; i <= changes_of_publisher_max + 1; ++i)
        parts.own_writes.publish({id, change({0, i - 1}, {0, i}, 1)});
    REQUIRE(parts.did<ChangeRefused>().size() == 2);
    REQUIRE(parts.ctx.counters().writes == changes_of_publisher_max);
}

TEST_CASE("a list that is taken away becomes an empty one of the next era, once") {
    Parts parts;
    parts.hold_list(1, {1, ServerId{50}});
    parts.own_writes.take_away(id);
    parts.own_writes.take_away(id);
    parts.own_writes.start_waiting();
    REQUIRE(parts.did<Apply>().size() == 1);
    REQUIRE(parts.did<Apply>().front().change.reset);
    REQUIRE(parts.did<Apply>().front().change.to == Version{1, 0});
    parts.own_writes.take_away(publisher_id(2));
    REQUIRE_FALSE(parts.own_writes.empty());
}

TEST_CASE("another server's change is applied when it continues the list, and acknowledged when the catalogue has it") {
    Parts parts;
    parts.meet(1);
    parts.incoming_writes.got(Parts::from(1), write({}, {0, 1}));
    Applied const done = parts.applied();
    auto const pending = parts.records.take_pending(done.ticket);
    REQUIRE(pending);
    REQUIRE(parts.sent<WriteAck>(1).empty());
    parts.records.settle(id, done);
    parts.incoming_writes.applied(*pending, done);
    REQUIRE(parts.sent<WriteAck>(1).back().outcome == WriteOutcome::applied);
    parts.incoming_writes.got(Parts::from(1), write({}, {0, 1}));
    REQUIRE(parts.sent<WriteAck>(1).back().outcome == WriteOutcome::known);
    parts.incoming_writes.got(Parts::from(1), write({0, 5}, {0, 6}, 2));
    REQUIRE(parts.sent<WriteAck>(1).back().outcome == WriteOutcome::behind);
    REQUIRE(parts.copies.wanted() == 1);
}

TEST_CASE("another server's change under a lower claim is denied, and one that breaks the rules is refused") {
    Parts parts;
    parts.meet(1);
    parts.hold_list(1, {9, ServerId{2}});
    parts.incoming_writes.got(Parts::from(1), write({0, 1}, {0, 2}));
    REQUIRE(parts.sent<WriteAck>(1).back().outcome == WriteOutcome::denied);
    REQUIRE(parts.sent<WriteAck>(1).back().claim == Claim{9, ServerId{2}});
    parts.incoming_writes.got(Parts::from(1), write({0, 1}, {0, 2}, 1, {9, ServerId{2}}));
    parts.incoming_writes.got(Parts::from(1), write({0, 1}, {0, 2}, 0));
    parts.incoming_writes.got(Parts::from(1), write({0, 2}, {0, 2}));
    parts.incoming_writes.got(Parts::from(1), write({0, 1}, {0, 2}, 1, {claim_number_max + 1, ServerId{1}}));
    REQUIRE(parts.ctx.counters().refused_messages == 4);
    REQUIRE(parts.did<Apply>().empty());
}

}  // namespace praline::index::replica::part_writes_test
