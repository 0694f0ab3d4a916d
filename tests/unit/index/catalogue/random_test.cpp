// Random operations on the catalogue and on a slow, simple twin of it.
#include <algorithm>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "index/catalogue/ranking.hpp"
#include "node/base/rng.hpp"
#include "node/wire/keywords.hpp"
#include "unit/index/catalogue/scene.hpp"

namespace random_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::catalogue;

namespace {

constexpr unsigned publishers = 12, files = 40;
constexpr std::array vocabulary{"apple", "plum", "cherry", "walnut", "fig"};

struct List {
    Record record;
    std::map<Sha1, Entry> entries;
    [[nodiscard]] SetDigest digest() const {
        SetDigest digest;
        for (auto const& [sha1, entry] : entries) digest.add(entry);
        return digest;
    }
};
using Twin = std::map<PublisherId, List>;

bool satisfies(Entry const& entry, Wish const& wish) {
    return !satisfying({entry.sha1, {Variant{entry.size_bytes, entry.tiger_root, entry.name}}}, wish, false).empty();
}

/// What is said of a file, and by whom.
struct Said {
    std::vector<std::pair<Entry, unsigned>> entries;
    std::set<PublisherId> sources;
    void add(PublisherId const& source, Entry const& entry) {
        sources.insert(source);
        auto const same =
            std::find_if(entries.begin(), entries.end(), [&](auto const& one) { return one.first == entry; });
        if (same == entries.end())
            entries.emplace_back(entry, 1U);
        else
            ++same->second;
    }
    [[nodiscard]] unsigned how_many(Entry const& entry) const {
        auto const same =
            std::find_if(entries.begin(), entries.end(), [&](auto const& one) { return one.first == entry; });
        return same == entries.end() ? 0 : same->second;
    }
    /// Of those entries that satisfy the wish, how many say what most say.
    [[nodiscard]] unsigned most(Wish const& wish) const {
        unsigned most = 0;
        for (auto const& [entry, count] : entries)
            if (satisfies(entry, wish)) most = std::max(most, count);
        return most;
    }
};

class Run {
public:
    /// @param much_said  more of a file than is remembered
    Run(std::uint64_t seed, bool much_said) : rng_{seed}, much_said_{much_said}, scene_{limits(seed)} {}
    void go(int steps) {
        for (int step = 0; step < steps; ++step) {
            switch (rng_.below(11)) {
                case 0: hide(); break;
                case 1: copy(); break;
                case 2: scene_.writer->purge_some(1 + rng_.below(5)); break;
                case 3: adopt(); break;
                case 4:
                    if (rng_.below(8) == 0) scene_.reopen();
                    break;
                case 5:
                    scene_.writer->together([&] {
                        for (auto left = rng_.below(5); left > 0; --left) change();
                    });
                    break;
                case 6: fail(); break;
                default: change();
            }
            if (step % 10 == 0) compare();
        }
    }

private:
    static CatalogueLimits limits(std::uint64_t seed) {
        CatalogueLimits limits;
        limits.publisher_entries_max = 30;
        limits.waiting_sources_max = seed % 2 == 0 ? 6 : 200;   // they settle at once, or some restarts later
        limits.changes_waiting_max = seed % 3 == 0 ? 5 : 1000;  // written several times within a transaction, or once
        return limits;
    }
    /// What can be said of a file is one of four things, or one of eight of the same name.
    Entry entry() {
        auto const number = static_cast<unsigned>(rng_.below(files));
        Rng names{number};
        std::string name = vocabulary[names.below(5)];
        name += std::string{" "} + vocabulary[names.below(5)];
        if (much_said_) return entry_of(number, name, 1000 + 1000 * rng_.below(8));
        if (rng_.below(3) == 0) name += std::string{" "} + vocabulary[names.below(5)] + ".mp3";
        return entry_of(number, name, rng_.below(4) == 0 ? 5000 : 1000);
    }
    Publisher publisher() { return publisher_of(static_cast<unsigned>(rng_.below(publishers)), rng_.below(2) == 0); }
    void change() {
        auto const who = publisher();
        auto const found = twin_.find(who.id);
        Record const held = found == twin_.end() ? Record{who, {}, {}, 0, {}} : found->second.record;
        Change change{
            held.version, {held.version.era, held.version.number + 1 + rng_.below(2)}, rng_.below(8) == 0, {}, {}};
        if (rng_.below(10) == 0) change.from.number += 1 + rng_.below(3);
        if (rng_.below(10) == 0) change.to = held.version;
        for (auto left = rng_.below(6); left > 0; --left) change.remove.push_back(entry().sha1);
        for (auto left = rng_.below(10); left > 0; --left) change.add.push_back(entry());
        Claim const claim{rng_.below(100), ServerId{rng_.below(3)}};
        auto const result = scene_.writer->apply(who, claim, change);

        List next = found == twin_.end() || change.reset ? List{held, {}} : found->second;
        for (auto const& sha1 : change.remove) next.entries.erase(sha1);
        for (auto const& one : change.add) next.entries.insert_or_assign(one.sha1, one);
        auto expected = ApplyOutcome::applied;
        if (held.version >= change.to)
            expected = ApplyOutcome::known;
        else if (!change.reset && held.version != change.from)
            expected = ApplyOutcome::behind;
        else if (next.entries.size() > scene_.limits.publisher_entries_max)
            expected = ApplyOutcome::too_many;
        REQUIRE(bool{result.outcome == expected});
        if (expected == ApplyOutcome::applied) {
            next.record = {who, change.to, next.digest(), static_cast<std::uint32_t>(next.entries.size()), claim};
            twin_[who.id] = next;
        }
        REQUIRE(
            bool{result.record == (expected == ApplyOutcome::applied                   ? next.record
                                   : held.version == Version{} && found == twin_.end() ? Record{who, {}, {}, 0, claim}
                                                                                       : held)});
    }
    /// Many things, none of which has happened in the end.
    void fail() {
        auto const before = twin_;
        REQUIRE_THROWS_AS(scene_.writer->together([&] {
            for (auto left = rng_.below(5); left > 0; --left) change();
            if (rng_.below(2) == 0) hide();
            scene_.writer->purge_some(1 + rng_.below(20));
            for (auto left = rng_.below(3); left > 0; --left) change();
            throw CatalogueError{"no more"};
        }),
                          CatalogueError);
        twin_ = before;
    }
    void hide() {
        auto const who = publisher();
        bool const forget = rng_.below(2) == 0;
        Version const version{static_cast<std::uint32_t>(rng_.below(3)), 0};
        scene_.writer->hide(who.id, version, forget);
        if (forget) {
            twin_.erase(who.id);
            return;
        }
        auto& list = twin_[who.id];
        list.record.publisher.id = who.id;
        list.record.version = std::max(list.record.version, version);
        list.record.digest = {};
        list.record.entries = 0;
        list.entries.clear();
    }
    void adopt() {
        auto const who = publisher();
        Claim const claim{rng_.below(100), ServerId{1}};
        auto& record = twin_[who.id].record;
        record.publisher = who;
        record.claim = claim;
        REQUIRE(bool{scene_.writer->adopt(who, claim) == record});
    }
    void copy() {
        auto const who = publisher();
        List list;
        scene_.writer->copy_begin(who.id);
        for (auto parts = rng_.below(4); parts > 0; --parts) {
            std::vector<Entry> part;
            for (auto left = rng_.below(9); left > 0; --left) part.push_back(entry());
            for (auto const& one : part) list.entries.insert_or_assign(one.sha1, one);
            scene_.writer->copy_add(who.id, part);
        }
        list.record = {who,
                       {static_cast<std::uint32_t>(rng_.below(3)), rng_.below(20)},
                       list.digest(),
                       static_cast<std::uint32_t>(list.entries.size()),
                       {1, ServerId{9}}};
        auto const fate = rng_.below(4);
        if (fate == 0) return scene_.reopen();
        if (fate == 1) return scene_.writer->copy_forget(who.id);
        auto const held = twin_.find(who.id);
        bool const fits = held == twin_.end() || held->second.record.version <= list.record.version;
        REQUIRE(scene_.writer->copy_commit(list.record) == fits);
        if (fits) twin_[who.id] = list;
    }

    void compare() {
        scene_.purge();
        std::vector<Record> records;
        for (auto const& [id, list] : twin_) records.push_back(list.record);
        REQUIRE(bool{scene_.writer->records() == records});
        compare_pages();
        for (auto const* first : vocabulary)
            for (auto const* second : vocabulary) compare_search(std::string{first} + ' ' + second);
        if (!much_said_) compare_search("mp3");
        CatalogueSize expected;
        std::set<Sha1> all;
        for (auto const& [id, list] : twin_) {
            expected.entries += list.entries.size();
            for (auto const& [sha1, entry] : list.entries) all.insert(sha1);
        }
        REQUIRE(scene_.reader->size().entries == expected.entries);
        REQUIRE(scene_.reader->size().files == all.size());
    }
    void compare_pages() {
        for (auto const& [id, list] : twin_) {
            std::vector<Entry> entries;
            for (auto const& [sha1, entry] : list.entries) entries.push_back(entry);
            auto const page = scene_.reader->entries_after(id, std::nullopt, 1000);
            REQUIRE(bool{page.record == list.record});
            REQUIRE(bool{page.entries == entries});
            REQUIRE(page.last);
        }
    }
    void compare_search(std::string const& text) {
        auto query = words(text);
        if (!much_said_ && rng_.below(3) == 0) query.size_min = 2000;
        if (!much_said_ && rng_.below(3) == 0) query.kind = "audio";
        Wish const wish{wire::distinct_keywords(text), {}, query.size_min, query.size_max, query.kind};
        auto const answer = scene_.reader->search(query);
        REQUIRE_FALSE(answer.more);
        std::map<Sha1, Said> expected;
        for (auto const& [id, list] : twin_)
            for (auto const& [sha1, entry] : list.entries) expected[sha1].add(id, entry);
        std::erase_if(expected, [&](auto const& one) { return one.second.most(wish) == 0; });
        REQUIRE(answer.rows.size() == expected.size());
        std::uint32_t last = UINT32_MAX;
        for (auto const& row : answer.rows) {
            auto const& said = expected.at(row.entry.sha1);
            REQUIRE(row.sources_known == said.sources.size());
            REQUIRE(row.sources_known <= last);
            last = row.sources_known;
            std::set<PublisherId> named;
            for (auto const& source : row.sources) named.insert(source.id);
            REQUIRE(bool{named == said.sources});
            REQUIRE((much_said_ ? said.how_many(row.entry) > 0 : said.how_many(row.entry) == said.most(wish)));
            REQUIRE(satisfies(row.entry, wish));
        }
    }

    Rng rng_;
    bool much_said_;
    Scene scene_;
    Twin twin_;
};

}  // namespace

TEST_CASE("whatever is done to it, the catalogue shows what a simple twin shows") {
    for (std::uint64_t seed = 1; seed <= 18; ++seed) {
        bool const much_said = seed % 4 >= 2;
        INFO("seed " << seed);
        Run{seed, much_said}.go(200);
    }
}

}  // namespace random_test
