#include <catch2/catch.hpp>

#include "unit/index/catalogue/scene.hpp"

namespace writer_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::catalogue;

TEST_CASE("what is published is found, with its record as the digest of its entries") {
    Scene scene;
    std::vector<Entry> const entries{entry_of(1, "walnut cake.pdf"), entry_of(2, "walnut tree.jpg")};
    auto const result = publish(scene, publisher_of(1), entries);
    CHECK(bool{result.outcome == ApplyOutcome::applied});
    CHECK(bool{result.record == Record{publisher_of(1), {1, 1}, digest_of(entries), 2, {}}});
    CHECK(bool{scene.writer->records() == std::vector<Record>{result.record}});
    auto const answer = scene.reader->search(words("CAKE walnut"));
    REQUIRE(answer.rows.size() == 1);
    CHECK(bool{answer.rows[0].entry == entries[0]});
    CHECK(answer.rows[0].sources_known == 1);
    CHECK(bool{answer.rows[0].sources == std::vector<Publisher>{publisher_of(1)}});
    CHECK_FALSE(answer.more);
}

TEST_CASE("a change that is known already, or does not begin at what is there, changes nothing") {
    Scene scene;
    auto const first = publish(scene, publisher_of(1), {entry_of(1, "one")}).record;
    auto const apply = [&](Version from, Version to) {
        return scene.writer->apply(publisher_of(1, true), {5, ServerId{5}}, {from, to, false, {sha1_of(1)}, {}});
    };
    CHECK(bool{apply({1, 0}, {1, 1}).outcome == ApplyOutcome::known});
    CHECK(bool{apply({0, 7}, {0, 8}).outcome == ApplyOutcome::known});
    CHECK(bool{apply({1, 2}, {1, 3}).outcome == ApplyOutcome::behind});
    CHECK(bool{apply({1, 0}, {1, 3}).outcome == ApplyOutcome::behind});
    auto const last = apply({2, 0}, {2, 1});
    CHECK(bool{last.outcome == ApplyOutcome::behind});
    CHECK(bool{last.record == first});
    CHECK(names_found(scene, words("one")) == Names{"one"});
}

TEST_CASE("of a change, removals come before additions, an addition replaces, and the last of two counts") {
    Scene scene;
    publish(scene, publisher_of(1), {entry_of(1, "first"), entry_of(2, "second"), entry_of(3, "third")});
    Change const change{{1, 1},
                        {1, 2},
                        false,
                        {sha1_of(1), sha1_of(2), sha1_of(9)},
                        {entry_of(2, "second anew"), entry_of(3, "thrown"), entry_of(3, "third anew", 7)}};
    auto const record = scene.writer->apply(publisher_of(1), {1, ServerId{1}}, change).record;
    CHECK(bool{record == Record{publisher_of(1),
                                {1, 2},
                                digest_of({entry_of(2, "second anew"), entry_of(3, "third anew", 7)}),
                                2,
                                {1, ServerId{1}}}});
    CHECK(names_found(scene, words("first")).empty());
    CHECK(names_found(scene, words("second")) == Names{"second anew"});
    CHECK(names_found(scene, words("thrown")).empty());
    auto const page = scene.reader->entries_after(publisher_of(1).id, std::nullopt, 10);
    CHECK(page.entries.size() == 2);
    CHECK(bool{digest_of(page.entries) == record.digest});
    CHECK(scene.reader->size().files == 2);
}

TEST_CASE("a reset drops what the list held, at once") {
    Scene scene;
    publish(scene, publisher_of(1), {entry_of(1, "old")});
    auto const result = scene.writer->apply(publisher_of(1), {}, {{0, 0}, {2, 0}, true, {}, {entry_of(2, "new")}});
    CHECK(bool{result.outcome == ApplyOutcome::applied});
    CHECK(result.record.entries == 1);
    CHECK(names_found(scene, words("old")).empty());
    CHECK(names_found(scene, words("new")) == Names{"new"});
    scene.purge();
    CHECK(names_found(scene, words("new")) == Names{"new"});
    CHECK(scene.reader->size().files == 1);
}

TEST_CASE("a publisher has no more entries than it may, and what it had stays") {
    CatalogueLimits limits;
    limits.publisher_entries_max = 2;
    Scene scene{limits};
    publish(scene, publisher_of(1), {entry_of(1, "a"), entry_of(2, "b")});
    auto const more = scene.writer->apply(publisher_of(1), {}, {{1, 1}, {1, 2}, false, {}, {entry_of(3, "c")}});
    CHECK(bool{more.outcome == ApplyOutcome::too_many});
    CHECK(bool{more.record.version == Version{1, 1}});
    auto const other = scene.writer->apply(
        publisher_of(1), {}, {{1, 1}, {1, 2}, false, {sha1_of(1)}, {entry_of(2, "b2"), entry_of(3, "c")}});
    CHECK(bool{other.outcome == ApplyOutcome::applied});
    CHECK(other.record.entries == 2);
}

TEST_CASE("a hidden publisher keeps its version, and a forgotten one nothing") {
    Scene scene;
    publish(scene, publisher_of(1), {entry_of(1, "cake"), entry_of(2, "tart")});
    scene.writer->hide(publisher_of(1).id, {2, 0}, false);
    CHECK(names_found(scene, words("cake")).empty());
    CHECK(scene.reader->size().entries == 0);
    auto const records = scene.writer->records();
    REQUIRE(records.size() == 1);
    CHECK(bool{records[0].version == Version{2, 0}});
    CHECK(records[0].entries == 0);
    CHECK(bool{records[0].digest == SetDigest{}});
    scene.purge();
    CHECK(scene.reader->size().files == 0);

    scene.writer->apply(publisher_of(1), {}, {{2, 0}, {2, 1}, false, {}, {entry_of(1, "cake")}});
    CHECK(names_found(scene, words("cake")) == Names{"cake"});
    scene.writer->hide(publisher_of(1).id, {1, 0}, false);
    CHECK(bool{scene.writer->records()[0].version == Version{2, 1}});  // never backwards
    scene.writer->hide(publisher_of(1).id, {9, 0}, true);
    CHECK(scene.writer->records().empty());
    CHECK_FALSE(scene.reader->entries_after(publisher_of(1).id, std::nullopt, 10).record.has_value());
    scene.writer->hide(publisher_of(2).id, {3, 0}, false);
    CHECK(bool{scene.writer->records()[0].version == Version{3, 0}});  // a tombstone of one that was never here
}

TEST_CASE("who adopts a publisher changes its address and claim and no entry") {
    Scene scene;
    auto const blank = scene.writer->adopt(publisher_of(7), {1, ServerId{2}});
    CHECK(bool{blank == Record{publisher_of(7), {}, {}, 0, {1, ServerId{2}}}});
    auto const record = publish(scene, publisher_of(1), {entry_of(1, "cake")}).record;
    auto moved = publisher_of(1, true);
    moved.transfer = {0x0A000001, 99};
    auto const adopted = scene.writer->adopt(moved, {8, ServerId{3}});
    CHECK(bool{adopted == Record{moved, record.version, record.digest, 1, {8, ServerId{3}}}});
    CHECK(bool{scene.reader->search(words("cake")).rows.at(0).sources == std::vector<Publisher>{moved}});
}

TEST_CASE("a page ends where it was told to and goes on after the last SHA-1") {
    Scene scene;
    std::vector<Entry> entries;
    for (unsigned i = 1; i <= 10; ++i) entries.push_back(entry_of(i, "file " + std::to_string(i)));
    auto const record = publish(scene, publisher_of(1), entries).record;
    std::vector<Entry> all;
    std::optional<Sha1> after;
    for (int pages = 0; pages < 4; ++pages) {
        auto const page = scene.reader->entries_after(publisher_of(1).id, after, 3);
        CHECK(bool{page.record == record});
        CHECK(page.last == (pages == 3));
        all.insert(all.end(), page.entries.begin(), page.entries.end());
        after = all.back().sha1;
    }
    CHECK(bool{std::is_sorted(all.begin(), all.end(),
                              [](Entry const& left, Entry const& right) { return left.sha1 < right.sha1; })});
    CHECK(bool{digest_of(all) == record.digest});
}

TEST_CASE("what a server keeps of itself is there after a restart, byte for byte") {
    Scene scene;
    CHECK_FALSE(scene.writer->kept("id").has_value());
    std::string const value{"a\0b\xFF", 4};
    scene.writer->keep("id", "old");
    scene.writer->keep("id", value);
    scene.reopen();
    CHECK(scene.writer->kept("id") == value);
}

TEST_CASE("changes together are one: all of them, or none when one fails even if that goes unnoticed") {
    Scene scene;
    scene.writer->together([&] {
        publish(scene, publisher_of(1), {entry_of(1, "cake")});
        publish(scene, publisher_of(2), {entry_of(1, "cake"), entry_of(2, "tart")});
        CHECK(names_found(scene, words("cake")).empty());  // not yet
    });
    CHECK(scene.reader->search(words("cake")).rows.at(0).sources_known == 2);
    CHECK_THROWS_AS(scene.writer->together([&] {
        publish(scene, publisher_of(3), {entry_of(1, "cake"), entry_of(3, "pie")});
        scene.writer->copy_begin(publisher_of(4).id);
        throw CatalogueError{"no more"};
    }),
                    CatalogueError);
    CHECK(names_found(scene, words("pie")).empty());
    CHECK(scene.reader->search(words("cake")).rows.at(0).sources_known == 2);
    CHECK_FALSE(scene.writer->copy_commit({publisher_of(4), {1, 1}, {}, 0, {}}));
    publish(scene, publisher_of(3), {entry_of(3, "pie")});
    CHECK(names_found(scene, words("pie")) == Names{"pie"});
}

TEST_CASE("a publisher's address is kept and told as it is, of IPv4 and of IPv6") {
    Scene scene;
    auto over_v6 = publisher_of(1);
    over_v6.transfer = Endpoint::parse("[2001:db8::7:1]:6346").value();
    auto highest_v4 = publisher_of(2);
    highest_v4.transfer = Endpoint::parse("255.255.255.254:65535").value();
    publish(scene, over_v6, {entry_of(1, "walnut")});
    publish(scene, highest_v4, {entry_of(2, "pecan")});
    scene.reopen();
    auto const sources = [&](char const* name) { return scene.reader->search(words(name)).rows.at(0).sources; };
    CHECK(bool{sources("walnut") == std::vector<Publisher>{over_v6}});
    CHECK(bool{sources("pecan") == std::vector<Publisher>{highest_v4}});
    CHECK(bool{scene.writer->records().at(0).publisher == over_v6});

    // It comes back at another address, of the other family.
    auto moved = over_v6;
    moved.transfer = Endpoint::parse("192.0.2.1:6346").value();
    scene.writer->adopt(moved, {1, ServerId{1}});
    CHECK(bool{sources("walnut") == std::vector<Publisher>{moved}});
    scene.writer->adopt(over_v6, {2, ServerId{1}});
    CHECK(bool{sources("walnut") == std::vector<Publisher>{over_v6}});
}

}  // namespace writer_test
