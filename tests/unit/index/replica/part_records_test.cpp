#include <catch2/catch.hpp>

#include "index/replica/limits.hpp"
#include "unit/index/replica/parts.hpp"

namespace praline::index::replica::part_records_test {
namespace {

using namespace std::chrono_literals;

PublisherId const id = publisher_id(1);
Claim const ours{1, ServerId{50}}, theirs{2, ServerId{1}};

std::optional<PublisherId> expired_at(Parts& parts, Duration time) {
    parts.now(time);
    REQUIRE(parts.records.begin_expiring());
    return parts.records.next_expired();
}

}  // namespace

TEST_CASE("a record that only a claim is known of is forgotten after a while, and nothing is told of it") {
    Parts parts;
    ReplicaRecord const* const held = parts.records.hold(id);
    REQUIRE(held != nullptr);
    REQUIRE(held->visibility == Visibility::claimed);
    REQUIRE(parts.records.tree().size() == 0);
    REQUIRE_FALSE(expired_at(parts, 239s));
    REQUIRE(expired_at(parts, 240s) == id);
    REQUIRE_FALSE(parts.records.expire(id));
    REQUIRE(parts.records.find(id) == nullptr);
    REQUIRE(parts.out.empty());
}

TEST_CASE("there is room for so many publishers and no more") {
    ReplicaOptions options;
    options.publishers_max = 1;
    Parts parts{options};
    REQUIRE(parts.records.hold(publisher_id(1)) != nullptr);
    REQUIRE(parts.records.hold(publisher_id(2)) == nullptr);
    REQUIRE(parts.records.hold(publisher_id(1)) != nullptr);
}

TEST_CASE("a list of ours without a session ends everywhere, one of another server only here") {
    Parts parts;
    parts.hold_list(1, ours);
    parts.hold_list(2, theirs);
    REQUIRE(parts.records.tree().size() == 2);
    REQUIRE(expired_at(parts, 60s) == publisher_id(1));
    REQUIRE(parts.records.expire(publisher_id(1)));
    REQUIRE(parts.records.next_expired() == publisher_id(2));
    REQUIRE_FALSE(parts.records.expire(publisher_id(2)));
    REQUIRE(parts.did<Hide>().size() == 1);
    REQUIRE(parts.records.at(publisher_id(2)).visibility == Visibility::hidden);
    REQUIRE(parts.records.tree().size() == 1);
}

TEST_CASE("a publisher that is signed in is never forgotten") {
    Parts parts;
    parts.hold_list(1, ours);
    parts.records.set_signed_in(id, true);
    parts.records.reschedule(id);
    REQUIRE_FALSE(expired_at(parts, 1h));
    parts.records.set_signed_in(id, false);
    parts.records.reschedule(id);
    REQUIRE(expired_at(parts, 1h + 60s) == id);
}

TEST_CASE("a list that was confirmed by its owner lives as long as that is heard") {
    Parts parts;
    parts.meet(1);
    parts.hold_list(1, theirs);
    REQUIRE(parts.records.leased(parts.records.at(id)).lease_left_ms == 0);
    parts.records.confirm(ServerId{1}, KeyRange{});
    REQUIRE(parts.records.leased(parts.records.at(id)).lease_left_ms == 60'000);
    parts.now(59s);
    parts.records.renew({ServerId{1}, 1});
    REQUIRE_FALSE(expired_at(parts, 118s));
    parts.records.hide_of_silent_owners();
    REQUIRE(parts.did<Hide>().empty());
    REQUIRE_FALSE(expired_at(parts, 119s));
    parts.records.hide_of_silent_owners();
    REQUIRE(parts.did<Hide>().size() == 1);
}

TEST_CASE("no lease ends in the first moments after a suspension") {
    Parts parts;
    parts.hold_list(1, ours);
    parts.now(60s);
    parts.records.resumed(60s);
    REQUIRE_FALSE(parts.records.begin_expiring());
    REQUIRE(parts.records.next_expiry() == at(60s) + 2 * parts.ctx.suspect_after());
}

TEST_CASE("a change counts ahead until the catalogue has confirmed it, and not when it did not fit") {
    Parts parts;
    parts.hold_list(1, ours);
    PendingApply const pending{PendingApply::Source::own_write, id, 3, {}, 0, 0};
    parts.records.apply(pending, publisher(1), ours, change({0, 1}, {0, 2}, 2));
    REQUIRE(parts.records.at(id).ahead == Version{0, 2});
    REQUIRE(parts.records.at(id).record.version == Version{0, 1});
    Applied const refused = [&] {
        Applied result = parts.applied(false);
        result.record.version = {0, 1};
        return result;
    }();
    auto const found = parts.records.take_pending(refused.ticket);
    REQUIRE(found);
    REQUIRE(found->key == 3);
    REQUIRE_FALSE(parts.records.take_pending(refused.ticket));
    parts.records.settle(id, refused);
    REQUIRE(parts.records.at(id).ahead == Version{0, 1});
    parts.records.apply(pending, publisher(1), ours, change({0, 1}, {0, 2}, 2));
    parts.records.settle(id, parts.applied());
    REQUIRE(parts.records.at(id).record.version == Version{0, 2});
}

TEST_CASE("what the catalogue was asked before a list was hidden does not show it again") {
    Parts parts;
    parts.hold_list(1, theirs);
    parts.records.apply({PendingApply::Source::other_server, id, 0, ServerId{1}, 1, 1}, publisher(1), theirs,
                        change({0, 1}, {0, 2}, 2));
    parts.records.hide(id);
    parts.records.settle(id, parts.applied());
    REQUIRE(parts.records.at(id).visibility == Visibility::hidden);
}

TEST_CASE("a claim only rises, and a publisher's address comes with its claim") {
    Parts parts;
    parts.hold_list(1, ours);
    REQUIRE(parts.records.raise_claim(id, theirs));
    REQUIRE_FALSE(parts.records.raise_claim(id, theirs));
    REQUIRE(parts.records.at(id).record.claim == ours);
    Publisher moved = publisher(1);
    moved.agent = "elsewhere";
    parts.records.adopt(id, moved, ours);
    REQUIRE(parts.did<Adopt>().empty());
    parts.records.adopt(id, moved, theirs);
    REQUIRE(parts.did<Adopt>().size() == 1);
    REQUIRE(parts.records.at(id).record.publisher.agent == "elsewhere");
}

}  // namespace praline::index::replica::part_records_test
