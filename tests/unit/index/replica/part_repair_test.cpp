#include <catch2/catch.hpp>

#include "index/replica/limits.hpp"
#include "unit/index/replica/parts.hpp"

namespace praline::index::replica::part_repair_test {
namespace {

using namespace std::chrono_literals;

PublisherId const id = publisher_id(1);
Claim const ours{1, ServerId{50}}, theirs{2, ServerId{1}};

LeasedRecord theirs_of(Version version, Claim claim = theirs, std::uint32_t lease_left_ms = 60'000) {
    LeasedRecord result{record_of_one_file(1, claim), lease_left_ms};
    result.record.version = version;
    return result;
}

}  // namespace

TEST_CASE("a comparison that is urgent comes sooner, but not at once after another with the same server") {
    Parts parts;
    parts.meet(1);
    Instant const planned = parts.schedule.next_at();
    REQUIRE(planned > at(0s));
    parts.schedule.compare_soon(ServerId{9});
    REQUIRE(parts.schedule.next_at() == planned);
    parts.schedule.compare_soon(ServerId{1});
    REQUIRE(parts.schedule.next_at() == at(0s));
    parts.schedule.begun(ServerId{1});
    REQUIRE_FALSE(parts.schedule.of(ServerId{1}).soon);
    parts.schedule.ended(ServerId{1}, 0, 0);
    REQUIRE(parts.schedule.of(ServerId{1}).same);
    parts.schedule.plan_next();
    parts.schedule.compare_soon(ServerId{1});
    REQUIRE(parts.schedule.next_at() >= at(500ms));
    parts.schedule.restarted(ServerId{1});
    REQUIRE_FALSE(parts.schedule.of(ServerId{1}).same);
    parts.schedule.forget(ServerId{1});
    REQUIRE_FALSE(parts.schedule.of(ServerId{1}).soon);
}

TEST_CASE("a round asks about the root, then about children that differ, and ends when none does") {
    DigestTree tree;
    tree.put(record_of_one_file(1, ours));
    ComparisonRound round{7, ServerId{1}, 0};
    REQUIRE(round.is_with(ServerId{1}, 7));
    REQUIRE_FALSE(round.is_waiting());
    auto const first = round.next_question(tree);
    REQUIRE(first);
    REQUIRE(std::get<Digests>(*first).nodes == std::vector{tree.node(0, 0)});
    REQUIRE(round.is_waiting());
    Digests answer{7, {}};
    tree.children(0, 0, answer.nodes);
    answer.nodes[3].low ^= 1;
    REQUIRE(round.take(answer, tree).size() == 15);
    REQUIRE_FALSE(round.is_waiting());
    REQUIRE_FALSE(round.is_at_end());
    auto const second = round.next_question(tree);
    REQUIRE(std::get<Digests>(*second).nodes == std::vector{tree.node(1, 3)});
    REQUIRE(round.take(Digests{7, {tree.node(1, 3)}}, tree).size() == 1);
    REQUIRE(round.is_at_end());
    REQUIRE(round.is_whole());
    REQUIRE(round.differing() == 0);
}

TEST_CASE("records end a node of a round only when they were asked for") {
    DigestTree tree;
    ComparisonRound round{7, ServerId{1}, 0};
    REQUIRE(round.next_question(tree));
    Records records{7, DigestNode{0, 0, 0, 0, 0}, true, {}, KeyRange{}};
    REQUIRE_FALSE(round.take(records));
    records.answer = false;
    records.below = DigestNode{1, 3, 0, 0, 0};
    REQUIRE_FALSE(round.take(records));
    records.below = DigestNode{0, 0, 0, 0, 0};
    REQUIRE(round.take(records));
    REQUIRE_FALSE(round.take(records));
    REQUIRE(round.is_at_end());
    round.count(2, 1);
    REQUIRE(round.differing() == 2);
    REQUIRE(round.missing() == 1);
}

TEST_CASE("a newer list is copied, an older one is what they lack, the same is neither") {
    Parts parts;
    parts.meet(1);
    parts.hold_list(1, ours);
    auto const same = parts.reconciler.reconcile(ServerId{1}, theirs_of({0, 1}, ours));
    REQUIRE_FALSE(same.differs);
    auto const newer = parts.reconciler.reconcile(ServerId{1}, theirs_of({0, 2}, ours));
    REQUIRE(newer.missing);
    REQUIRE_FALSE(newer.they_lack);
    REQUIRE(parts.copies.wanted() == 1);
    auto const older = parts.reconciler.reconcile(ServerId{1}, theirs_of({}, ours));
    REQUIRE(older.differs);
    REQUIRE(older.they_lack);
}

TEST_CASE("of the same list the higher claim is taken over, and no claim that leaves no room above it") {
    Parts parts;
    parts.hold_list(1, ours);
    REQUIRE_FALSE(
        parts.reconciler.reconcile(ServerId{1}, theirs_of({0, 1}, {claim_number_max + 1, ServerId{1}})).differs);
    REQUIRE(parts.ctx.counters().refused_messages == 1);
    parts.reconciler.reconcile(ServerId{1}, theirs_of({0, 1}));
    REQUIRE(parts.records.at(id).record.claim == theirs);
    REQUIRE(parts.ctx.counters().publishers_repaired == 1);
}

TEST_CASE("a list with little of its lease left is not copied") {
    Parts parts;
    REQUIRE_FALSE(parts.reconciler.reconcile(ServerId{1}, theirs_of({0, 1}, theirs, 14'999)).missing);
    REQUIRE(parts.copies.wanted() == 0);
    REQUIRE(parts.reconciler.reconcile(ServerId{1}, theirs_of({0, 1}, theirs, 15'000)).missing);
    REQUIRE(parts.copies.wanted() == 1);
}

TEST_CASE("a list of ours that ended here only is taken away everywhere") {
    Parts parts;
    parts.hold_list(1, ours);
    parts.records.hide(id);
    parts.reconciler.reconcile(ServerId{1}, theirs_of({0, 1}, ours));
    REQUIRE_FALSE(parts.own_writes.empty());
}

TEST_CASE("a comparison begins in time, is broken off without an answer, and is urgent again") {
    Parts parts;
    parts.meet(1);
    parts.repair.tick();
    parts.repair.go_on();
    REQUIRE(parts.sent<Digests>(1).empty());
    parts.now(3s);
    parts.group.heard(ServerId{1});
    parts.repair.tick();
    parts.repair.go_on();
    REQUIRE(parts.sent<Digests>(1).size() == 1);
    REQUIRE(parts.repair.next_deadline() == at(5s));
    parts.repair.break_off(ServerId{2});
    REQUIRE(parts.ctx.counters().comparisons == 0);
    REQUIRE_FALSE(parts.schedule.of(ServerId{1}).soon);
    SECTION("the other is dead") { parts.repair.break_off(ServerId{1}); }
    SECTION("no answer comes") {
        parts.now(5s);
        parts.repair.tick();
    }
    REQUIRE(parts.ctx.counters().comparisons == 1);
    parts.repair.break_off(ServerId{1});
    REQUIRE(parts.schedule.of(ServerId{1}).soon);
}

TEST_CASE("a joining server is complete when a complete one has nothing that it lacks") {
    Parts parts{{}, member(9).endpoint};
    parts.meet(1);
    parts.now(3s);
    parts.repair.tick();
    parts.repair.go_on();
    Digests const asked = parts.sent<Digests>(1).back();
    parts.repair.got(Parts::from(1), asked);
    REQUIRE(parts.group.joining());
    parts.repair.go_on();
    REQUIRE_FALSE(parts.group.joining());
    REQUIRE(parts.schedule.of(ServerId{1}).same);
}

TEST_CASE("a question about nodes that there cannot be is refused, another is answered with children or records") {
    Parts parts;
    parts.meet(1);
    parts.hold_list(1, ours);
    parts.repair.got(Parts::from(1), Digests{3, {DigestNode{1, 16, 0, 0, 0}}});
    REQUIRE(parts.ctx.counters().refused_messages == 1);
    parts.repair.got(Parts::from(1), Digests{3, {DigestNode{0, 0, 1, 0, 0}}});
    REQUIRE(parts.sent<Records>(1).size() == 1);
    parts.repair.got(Parts::from(1), Digests{3, {DigestNode{0, 0, 1000, 0, 0}}});
    REQUIRE(parts.sent<Digests>(1).back().nodes.size() == 16);
    parts.repair.got(Parts::from(1), Digests{3, {parts.records.tree().node(0, 0)}});
    REQUIRE(parts.sent<Digests>(1).back().nodes.size() == 1);
}

}  // namespace praline::index::replica::part_repair_test
