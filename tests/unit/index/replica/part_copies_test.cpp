#include <catch2/catch.hpp>

#include "index/replica/limits.hpp"
#include "unit/index/replica/parts.hpp"

namespace praline::index::replica::part_copies_test {
namespace {

using namespace std::chrono_literals;

PublisherId const id = publisher_id(1);
Claim const theirs{5, ServerId{1}};

CopyWanted wanted(std::uint8_t number, std::uint64_t version = 1, std::uint32_t entries = 1) {
    CopyWanted result;
    result.source = ServerId{1};
    result.record = record_of_one_file(number, theirs);
    result.record.version.number = version;
    result.record.entries = entries;
    result.renewed = true;
    return result;
}

CopyPart part(std::uint64_t version, std::uint8_t file, bool from_start, bool last, std::uint32_t entries = 1) {
    CopyPart result;
    result.record.record = wanted(1, version, entries).record;
    result.from_start = from_start;
    if (!from_start) result.after = entry(static_cast<std::uint8_t>(file - 1)).sha1;
    result.entries = {entry(file)};
    result.last = last;
    return result;
}

}  // namespace

TEST_CASE("a list comes part by part, and counts when the catalogue has the last one") {
    Parts parts;
    parts.meet(1);
    parts.copies.want(wanted(1, 1, 2));
    parts.copies.start();
    REQUIRE(parts.copies.wanted() == 0);
    REQUIRE(parts.sent<CopyAsk>(1).back().from_start);
    parts.copies.got(Parts::from(1), part(1, 1, true, false, 2));
    REQUIRE(parts.did<StageCopy>().back().first);
    REQUIRE(parts.sent<CopyAsk>(1).back().after == entry(1).sha1);
    parts.copies.got(Parts::from(1), part(1, 2, false, true, 2));
    StageCopy const last = parts.did<StageCopy>().back();
    REQUIRE(last.last);
    REQUIRE_FALSE(last.first);
    auto const pending = parts.records.take_pending(last.ticket);
    REQUIRE(pending);
    REQUIRE(pending->source == PendingApply::Source::copy);
    parts.copies.applied(id, Applied{last.ticket, last.record});
    REQUIRE(parts.records.at(id).visible());
    REQUIRE(parts.records.at(id).record.version == Version{0, 1});
    REQUIRE(parts.ctx.counters().copies == 1);
    REQUIRE(parts.ctx.counters().copied_entries == 2);
}

TEST_CASE("a list that changes while it is copied is begun again, and given up in the end") {
    Parts parts;
    parts.meet(1);
    parts.copies.want(wanted(1, 1, 2));
    parts.copies.start();
    for (std::uint64_t version = 1; version <= 2 * copy_tries_max + 2; version += 2) {
        REQUIRE(parts.sent<CopyAsk>(1).back().from_start);
        parts.copies.got(Parts::from(1), part(version, 1, true, false, 2));
        parts.copies.got(Parts::from(1), part(version + 1, 2, false, true, 2));
    }
    REQUIRE(parts.ctx.counters().copies_failed == 1);
    REQUIRE(parts.did<ForgetCopy>().size() == copy_tries_max + 1);
    REQUIRE(parts.schedule.of(ServerId{1}).soon);
}

TEST_CASE("parts that are out of order, too many, older, or of another server are not taken") {
    Parts parts;
    parts.meet(1);
    parts.meet(2);
    parts.copies.want(wanted(1, 2, 1));
    parts.copies.start();
    parts.copies.got(Parts::from(2), part(2, 1, true, true));
    parts.copies.got(Parts::from(1), part(2, 2, false, true));
    REQUIRE(parts.ctx.counters().copies_failed == 0);
    SECTION("older") { parts.copies.got(Parts::from(1), part(1, 1, true, true)); }
    SECTION("out of order") {
        CopyPart twice = part(2, 1, true, true, 2);
        twice.entries.push_back(entry(1));
        parts.copies.got(Parts::from(1), twice);
    }
    SECTION("too many") {
        CopyPart more = part(2, 1, true, true, 1);
        more.entries.push_back(entry(2));
        parts.copies.got(Parts::from(1), more);
    }
    SECTION("none and not the last") {
        CopyPart none = part(2, 1, true, false);
        none.entries.clear();
        parts.copies.got(Parts::from(1), none);
    }
    REQUIRE(parts.ctx.counters().copies_failed == 1);
    REQUIRE(parts.did<StageCopy>().empty());
}

TEST_CASE("lists of one part do not wait for long ones, and none is fetched for a publisher that is signed in here") {
    ReplicaOptions options;
    options.copies_under_way_max = 1;
    Parts parts{options};
    parts.meet(1);
    parts.copies.want(wanted(1, 1, options.copy_entries + 1));
    parts.copies.want(wanted(2, 1, options.copy_entries + 1));
    parts.copies.want(wanted(3, 1, 1));
    parts.records.hold(publisher_id(4));
    parts.records.set_signed_in(publisher_id(4), true);
    parts.copies.want(wanted(4, 1, 1));
    parts.copies.start();
    REQUIRE(parts.sent<CopyAsk>(1).size() == 2);
    REQUIRE(parts.copies.wanted() == 1);
    parts.copies.drop(publisher_id(2), {0, 1});
    REQUIRE(parts.copies.wanted() == 0);
}

TEST_CASE("a copy that gets no answer in time is given up") {
    Parts parts;
    parts.meet(1);
    parts.copies.want(wanted(1));
    parts.copies.start();
    parts.now(2s);
    parts.copies.give_up_late();
    REQUIRE(parts.ctx.counters().copies_failed == 1);
    parts.copies.got(Parts::from(1), part(1, 1, true, true));
    REQUIRE(parts.did<StageCopy>().empty());
}

TEST_CASE("another server gets the parts that the catalogue reads, or is told that the list is not here") {
    Parts parts;
    parts.meet(1);
    parts.copy_source.got(Parts::from(1), CopyAsk{id, {0, 1}, true, {}});
    REQUIRE(parts.sent<CopyPart>(1).back().unknown);
    parts.hold_list(1, theirs);
    parts.copy_source.got(Parts::from(1), CopyAsk{id, {0, 1}, true, {}});
    ReadEntries const read = parts.did<ReadEntries>().back();
    REQUIRE_FALSE(read.after);
    parts.copy_source.read({read.ticket, parts.records.at(id).record, {entry(1)}, true});
    REQUIRE(parts.sent<CopyPart>(1).size() == 2);
    REQUIRE_FALSE(parts.sent<CopyPart>(1).back().unknown);
    REQUIRE(parts.sent<CopyPart>(1).back().last);
    parts.copy_source.read({read.ticket, parts.records.at(id).record, {entry(1)}, true});
    REQUIRE(parts.sent<CopyPart>(1).size() == 2);
}

}  // namespace praline::index::replica::part_copies_test
