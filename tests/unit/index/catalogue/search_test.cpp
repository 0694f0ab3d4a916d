#include <catch2/catch.hpp>

#include "index/catalogue/ranking.hpp"
#include "index/wire/limits.hpp"
#include "unit/index/catalogue/scene.hpp"

namespace search_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::catalogue;

TEST_CASE("a file of a higher tier comes before every file of a lower one, the younger before the older") {
    CHECK(tier_of(0) == 0);
    CHECK(tier_of(3) == 0);
    CHECK(tier_of(4) == 1);
    CHECK(tier_of(15) == 1);
    CHECK(tier_of(16) == 2);
    CHECK(tier_of(UINT32_MAX) < tiers);
    CHECK(bool{document_of(FileId{1}, 16) < document_of(FileId{1'000'000}, 15)});
    CHECK(bool{document_of(FileId{2}, 1) < document_of(FileId{1}, 2)});
    CHECK(bool{file_of(document_of(FileId{12'345'678'901}, 5)) == FileId{12'345'678'901}});
    CHECK(tier_of(document_of(FileId{5}, 64)) == 3);
}

TEST_CASE("files with more sources come first, then the younger, and no more than are wanted") {
    Scene scene;
    publish(scene, publisher_of(1), {entry_of(1, "plum a"), entry_of(2, "plum b"), entry_of(3, "plum c")});
    publish(scene, publisher_of(2), {entry_of(4, "plum d"), entry_of(2, "plum b")});
    publish(scene, publisher_of(3), {entry_of(3, "plum c"), entry_of(2, "plum b")});
    CHECK(names_found(scene, words("plum")) == Names{"plum b", "plum c", "plum d", "plum a"});
    auto query = words("plum");
    query.wanted = 2;
    auto const answer = scene.reader->search(query);
    CHECK(answer.more);
    REQUIRE(answer.rows.size() == 2);
    CHECK(answer.rows[0].sources_known == 3);
    CHECK(answer.rows[1].sources_known == 2);
    query.wanted = 4;
    CHECK_FALSE(scene.reader->search(query).more);
    query.wanted = 0;
    CHECK(scene.reader->search(query).rows.empty());
}

TEST_CASE("what is hidden takes no place of what is not, before it is purged too") {
    Scene scene;
    std::vector<Entry> hidden, visible;
    for (unsigned i = 0; i < 40; ++i) (i < 10 ? visible : hidden).push_back(entry_of(i, "plum " + std::to_string(i)));
    publish(scene, publisher_of(1), visible);
    publish(scene, publisher_of(2), hidden);
    scene.writer->hide(publisher_of(2).id, {2, 0}, true);
    for (unsigned const wanted : {3U, 9U, 10U, 11U}) {
        auto query = words("plum");
        query.wanted = static_cast<std::uint16_t>(wanted);
        auto const answer = scene.reader->search(query);
        REQUIRE(answer.rows.size() == std::min<std::size_t>(wanted, 10));
        CHECK(
            bool{answer.rows[0].entry == visible[6]});  // of one change, the youngest is the one with the highest SHA-1
        CHECK(answer.more == (wanted < 10));
    }
}

TEST_CASE("those who need no push are named first, the others are counted") {
    Scene scene;
    for (unsigned i = 1; i <= 60; ++i) publish(scene, publisher_of(i, i % 2 == 1), {entry_of(1, "cake")});
    auto const row = scene.reader->search(words("cake")).rows.at(0);
    CHECK(row.sources_known == 60);
    REQUIRE(row.sources.size() == row_sources_max);
    for (auto const& source : row.sources) CHECK_FALSE(source.push_needed);
    for (unsigned i = 1; i <= 59; ++i) scene.writer->hide(publisher_of(i, false).id, {2, 0}, true);
    auto const last = scene.reader->search(words("cake")).rows.at(0);  // beyond those that stand with the file
    CHECK(last.sources_known == 1);
    CHECK(bool{last.sources == std::vector<Publisher>{publisher_of(60)}});
    scene.purge();
    CHECK(bool{scene.reader->search(words("cake")).rows.at(0) == last});
}

TEST_CASE("size and kind are those of the entry that is shown") {
    Scene scene;
    publish(scene, publisher_of(1),
            {entry_of(1, "plum.mp3", 100), entry_of(2, "plum.pdf", 200), entry_of(3, "plum", 300)});
    auto query = words("plum");
    query.kind = "audio";
    CHECK(names_found(scene, query) == Names{"plum.mp3"});
    query.kind = "nonsense";
    CHECK(names_found(scene, query).empty());
    query.kind = "";
    query.size_min = 200;
    query.size_max = 299;
    CHECK(names_found(scene, query) == Names{"plum.pdf"});
}

TEST_CASE("a file is asked for by its SHA-1, with words too or without, before a restart and after it") {
    Scene scene;
    for (unsigned i = 0; i < 100; ++i) publish(scene, publisher_of(i), {entry_of(i, "plum " + std::to_string(i))});
    for (int restarts = 0; restarts < 2; ++restarts) {
        for (unsigned i = 0; i < 100; ++i) {
            Query query;
            query.urn.emplace().sha1 = sha1_of(i);
            CHECK(names_found(scene, query) == Names{"plum " + std::to_string(i)});
            query.words = "cherry";
            CHECK(names_found(scene, query).empty());
            query.words = "PLUM";
            CHECK(names_found(scene, query).size() == 1);
        }
        scene.reopen();
    }
    Query unknown;
    unknown.urn.emplace().sha1 = sha1_of(5000);
    CHECK(names_found(scene, unknown).empty());
    unknown.urn->sha1.reset();
    CHECK(names_found(scene, unknown).empty());
}

TEST_CASE("a Tiger root in a query must not contradict the one that was published") {
    Scene scene;
    auto entry = entry_of(1, "cake");
    entry.tiger_root.emplace().bytes[0] = 9;
    publish(scene, publisher_of(1), {entry, entry_of(2, "tart")});
    Query query;
    query.urn = Urn{sha1_of(1), entry.tiger_root};
    CHECK(names_found(scene, query) == Names{"cake"});
    query.urn->sha1 = sha1_of(2);
    CHECK(names_found(scene, query) == Names{"tart"});  // which has none
    query.urn = Urn{sha1_of(1), TigerHash{}};
    CHECK(names_found(scene, query).empty());
}

TEST_CASE("all words must be in one name, and the name that is shown has them all") {
    Scene scene;
    publish(scene, publisher_of(1), {entry_of(1, "walnut cake")});
    publish(scene, publisher_of(2), {entry_of(1, "walnut cake")});
    publish(scene, publisher_of(3), {entry_of(1, "cherry tart", 7)});
    CHECK(names_found(scene, words("walnut cherry")).empty());
    CHECK(names_found(scene, words("cherry")) == Names{"cherry tart"});
    CHECK(names_found(scene, words("cake")) == Names{"walnut cake"});
    CHECK(scene.reader->search(words("cherry")).rows.at(0).sources_known == 3);
}

TEST_CASE("who says a fifth thing of a file is a source of it, and is heard when the other four have gone") {
    Scene scene;
    for (unsigned i = 1; i <= 6; ++i) publish(scene, publisher_of(i), {entry_of(1, "word" + std::to_string(i), i)});
    CHECK(names_found(scene, words("word5")).empty());
    CHECK(scene.reader->search(words("word1")).rows.at(0).sources_known == 6);
    CHECK(bool{scene.reader->entries_after(publisher_of(5).id, std::nullopt, 9).entries ==
               std::vector<Entry>{entry_of(1, "word5", 5)}});
    for (unsigned i = 1; i <= 4; ++i) scene.writer->hide(publisher_of(i).id, {2, 0}, true);
    scene.purge();
    CHECK(names_found(scene, words("word5")) == Names{"word5"});
    CHECK(names_found(scene, words("word6")) == Names{"word6"});
    CHECK(names_found(scene, words("word1")).empty());
}

TEST_CASE("a name that goes makes room for the one that comes with the same change") {
    Scene scene;
    for (unsigned i = 1; i <= 4; ++i) publish(scene, publisher_of(i), {entry_of(1, "word" + std::to_string(i))});
    scene.writer->apply(publisher_of(2), {}, {{1, 1}, {1, 2}, false, {}, {entry_of(1, "fresh")}});
    CHECK(names_found(scene, words("fresh")) == Names{"fresh"});
    CHECK(names_found(scene, words("word2")).empty());
    CHECK(names_found(scene, words("word3")) == Names{"word3"});
    CHECK(scene.reader->search(words("fresh")).rows.at(0).sources_known == 4);
}

TEST_CASE("who says a fifth thing in the transaction in which the other four go is heard") {
    Scene scene;
    publish(scene, publisher_of(9), {entry_of(2, "other")});
    for (unsigned i = 1; i <= 4; ++i) publish(scene, publisher_of(i), {entry_of(1, "word" + std::to_string(i))});
    scene.writer->together([&] {
        publish(scene, publisher_of(5), {entry_of(1, "word5")});
        for (unsigned i = 1; i <= 4; ++i)
            scene.writer->apply(publisher_of(i), {}, {{1, 1}, {1, 2}, false, {sha1_of(1)}, {}});
    });
    CHECK(names_found(scene, words("word5")) == Names{"word5"});
    CHECK(scene.reader->search(words("word5")).rows.at(0).sources_known == 1);
}

TEST_CASE("a file that goes and comes back within a transaction is there") {
    Scene scene;
    for (unsigned i = 1; i <= 4; ++i) publish(scene, publisher_of(i), {entry_of(1, "word" + std::to_string(i))});
    publish(scene, publisher_of(9), {entry_of(2, "other")});
    scene.writer->together([&] {
        scene.writer->apply(publisher_of(9), {}, {{1, 1}, {1, 2}, false, {sha1_of(2)}, {}});
        scene.writer->apply(publisher_of(1), {},
                            {{1, 1}, {1, 2}, false, {}, {entry_of(1, "fresh")}});  // finds out what has gone
        publish(scene, publisher_of(5), {entry_of(2, "other")});
    });
    CHECK(names_found(scene, words("other")) == Names{"other"});
    CHECK(names_found(scene, words("fresh")) == Names{"fresh"});
    CHECK(scene.reader->size().files == 2);
}

TEST_CASE("names and queries that mean harm mean nothing") {
    Scene scene;
    std::string many;
    for (int i = 0; i < 5000; ++i) many += "w" + std::to_string(i) + ' ';
    std::vector<std::string> const names{std::string(100'000, 'x'),
                                         many,
                                         "\xFF\xFE broken \xC3",
                                         "quote \" ' -- ; DROP TABLE file",
                                         std::string{"nul\0byte", 8},
                                         "",
                                         "!!! ***",
                                         "été"};
    std::vector<Entry> entries;
    for (unsigned i = 0; i < names.size(); ++i) entries.push_back(entry_of(i, names[i]));
    auto const record = publish(scene, publisher_of(1), entries).record;
    CHECK(bool{record.digest == digest_of(entries)});
    auto const page = scene.reader->entries_after(publisher_of(1).id, std::nullopt, 100);
    CHECK(bool{digest_of(page.entries) == record.digest});
    CHECK(names_found(scene, words("w1 w2")) == Names{many});
    CHECK(names_found(scene, words("broken")) == Names{names[2]});
    CHECK(names_found(scene, words("\"drop\" table")) == Names{names[3]});
    CHECK(names_found(scene, words("nul byte")) == Names{names[4]});
    CHECK(names_found(scene, words("ETE")) == Names{"été"});
    for (char const* text : {"", "\"", "' OR 1=1", "drop*", "text:drop", "drop NOT table", "NEAR(drop table)", "^drop",
                             "a AND", "(", "{text}: x", "\xFF", "OR"})
        CHECK_NOTHROW(scene.reader->search(words(text)));
    CHECK(names_found(scene, words("drop*")) == Names{names[3]});  // signs mean nothing
    CHECK(names_found(scene, words("rop*")).empty());
    CHECK(names_found(scene, words("drop NOT table")).empty());  // three words
    CHECK(names_found(scene, words(many)).size() == 1);          // only sixteen of them are looked up
    scene.writer->hide(publisher_of(1).id, {2, 0}, true);
    scene.purge();
    CHECK(scene.reader->size().files == 0);
    CHECK(names_found(scene, words("drop")).empty());
}

TEST_CASE("beginnings of words are found, of every length, and so are the middles of words without blanks") {
    Scene scene;
    publish(scene, publisher_of(1),
            {entry_of(1, "starling international.txt"), entry_of(2, "стоп.txt"), entry_of(3, "東京物語 1953.mkv"),
             entry_of(4, "Ærøskøbing.txt")});
    std::string const word = "international";
    for (std::size_t size = 2; size <= word.size(); ++size)
        CHECK(names_found(scene, words(word.substr(0, size))) == Names{"starling international.txt"});
    CHECK(names_found(scene, words("internazio")).empty());
    CHECK(names_found(scene, words("star i t")) == Names{"starling international.txt"});
    CHECK(names_found(scene, words("star x")).empty());
    CHECK(names_found(scene, words("i t")).empty());  // one letter leads no search
    CHECK(names_found(scene, words("сто")) == Names{"стоп.txt"});
    CHECK(names_found(scene, words("топ")).empty());
    for (auto const* part : {"東", "語", "東京", "京物", "物語", "京物語", "東京物語"})
        CHECK(names_found(scene, words(part)) == Names{"東京物語 1953.mkv"});
    for (auto const* absent : {"東物", "京語", "語物", "物語物"}) CHECK(names_found(scene, words(absent)).empty());
    CHECK(names_found(scene, words("ærøskøbing")) == Names{"Ærøskøbing.txt"});
    CHECK(names_found(scene, words("æ r ø sk ø bing")) == Names{"Ærøskøbing.txt"});
    scene.writer->hide(publisher_of(1).id, {2, 0}, true);
    scene.purge();
    CHECK(names_found(scene, words("star")).empty());
    CHECK(names_found(scene, words("物語")).empty());
}

TEST_CASE("no more files are looked at for a query than its limit says") {
    CatalogueLimits limits;
    limits.candidates_max = 10;
    Scene scene{limits};
    std::vector<Entry> entries;
    for (unsigned i = 0; i < 50; ++i) entries.push_back(entry_of(i, "plum" + std::string(i == 45 ? ".mp3" : ""), i));
    entries.push_back(entry_of(60, "plum.mp3"));
    publish(scene, publisher_of(1), entries);
    auto query = words("plum");
    query.kind = "audio";
    auto const answer = scene.reader->search(query);
    CHECK(answer.more);
    CHECK(answer.rows.size() <= 1);
    query.kind = "other";
    CHECK(scene.reader->search(query).rows.size() <= 10);
    query.size_min = 1000;
    query.kind = "audio";
    CHECK(names_found(scene, query).size() <= 1);
}

}  // namespace search_test
