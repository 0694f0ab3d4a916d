// The catalogue's memory of files and of sources that wait, apart from the tables.
#include <map>

#include <catch2/catch.hpp>

#include "index/catalogue/file_index.hpp"
#include "index/catalogue/waiting_sources.hpp"
#include "node/base/rng.hpp"
#include "unit/index/catalogue/scene.hpp"

namespace file_index_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::catalogue;

namespace {

using Twin = std::map<Sha1, FileState>;

Sha1 drawn(Rng& rng) {
    Sha1 sha1;
    sha1.bytes[4] = static_cast<std::uint8_t>(rng.below(64));
    sha1.bytes[12] = static_cast<std::uint8_t>(rng.below(64));
    return sha1;
}

/// One random change of both.
void step(FileIndex& index, Twin& twin, Rng& rng, std::int64_t& last) {
    auto const sha1 = drawn(rng);
    auto const found = twin.find(sha1);
    if (found == twin.end()) {
        FileState const state{FileId{++last}, static_cast<std::uint32_t>(rng.below(9)), rng.next()};
        index.add(sha1, state);
        twin[sha1] = state;
    } else if (rng.below(3) == 0) {
        index.remove(sha1, found->second.file);
        twin.erase(found);
    } else {
        found->second.sources = static_cast<std::uint32_t>(rng.below(1000));
        found->second.print = rng.next();
        index.change(sha1, found->second);
    }
}

void require_same(FileIndex const& index, Twin const& twin) {
    REQUIRE(index.files() == twin.size());
    for (std::uint64_t number = 0; number < 64 * 64; ++number) {
        Sha1 sha1;
        sha1.bytes[4] = static_cast<std::uint8_t>(number % 64);
        sha1.bytes[12] = static_cast<std::uint8_t>(number / 64);
        auto const expected = twin.find(sha1);
        auto const found = index.find(sha1);
        REQUIRE(found.has_value() == (expected != twin.end()));
        if (!found) continue;
        REQUIRE(bool{found->file == expected->second.file});
        REQUIRE(found->sources == expected->second.sources);
        REQUIRE(found->print == expected->second.print);
        REQUIRE(index.find(sha1, found->file).has_value());
        REQUIRE_FALSE(index.find(sha1, FileId{found->file.value() + 1}).has_value());
        REQUIRE_FALSE(index.find(sha1, 1).has_value());
    }
}

Source source_of(std::int64_t file, std::int64_t slot, std::size_t place = 0) {
    return {FileId{file}, place, SlotId{slot}};
}

}  // namespace

TEST_CASE("the index of files is what a map would be, and after an undone transaction what it was before") {
    FileIndex index;
    Twin twin;
    Rng rng{5};
    std::int64_t last = 0;
    for (int transactions = 0; transactions < 40; ++transactions) {
        auto const before = twin;
        for (auto steps = rng.below(600); steps > 0; --steps) step(index, twin, rng, last);
        if (rng.below(3) == 0) {
            index.undone();
            twin = before;
        } else {
            index.committed();
        }
        require_same(index, twin);
    }
    REQUIRE(twin.size() > 1200);  // it has grown
}

TEST_CASE("the print of an entry tells all that is said of a file, and another run's is another") {
    FileIndex const index, other;
    auto const entry = entry_of(1, "a name that is longer than sixteen bytes");
    auto with_root = entry, with_other_root = entry;
    with_root.tiger_root.emplace();
    with_other_root.tiger_root.emplace().bytes[23] = 1;
    std::vector<Entry> const entries{entry,
                                     entry_of(2, entry.name),
                                     entry_of(1, entry.name + '\0'),
                                     entry_of(1, entry.name, 1001),
                                     entry_of(1, ""),
                                     with_root,
                                     with_other_root};
    std::set<std::uint64_t> prints;
    for (auto const& one : entries) prints.insert(index.print(one));
    CHECK(prints.size() == entries.size());
    CHECK(prints.count(0) == 0);
    CHECK(index.print(entry) == index.print(Entry{entry}));
    CHECK(index.print(entry) != other.print(entry));
}

TEST_CASE("a reader is shown what waits, and what has settled since it began, until it ends") {
    WaitingSources sources;
    sources.committed({}, {}, {source_of(1, 7), source_of(2, 7), source_of(2, 8, 1), source_of(3, 9)});
    {
        WaitingSources::View const early{sources};
        CHECK(bool{early.of(FileId{2}) == std::vector<Source>{source_of(2, 7), source_of(2, 8, 1)}});
        sources.committed({source_of(1, 7), source_of(2, 8, 1)}, {source_of(3, 9)}, {source_of(2, 10)});
        WaitingSources::View const late{sources};
        CHECK(late.of(FileId{1}).empty());  // its snapshot has it
        CHECK(early.of(FileId{1}).size() == 1);
        CHECK(early.of(FileId{2}).size() == 3);
        CHECK(late.of(FileId{2}).size() == 2);
        CHECK(early.of(FileId{3}).empty());
        CHECK(sources.leaving() == 2);
        sources.committed({source_of(2, 7)}, {}, {});
        CHECK(sources.leaving() == 3);
    }
    CHECK(sources.leaving() == 0);
    CHECK(bool{sources.waiting() == std::set<Source>{source_of(2, 10)}});
    sources.committed({source_of(2, 10)}, {}, {});
    CHECK(sources.leaving() == 0);  // nobody reads
}

}  // namespace file_index_test
