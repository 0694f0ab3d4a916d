// The overlay and the index find the same: what the library answers, what a routing table lets through, what the
// catalogue of an index server finds, for names and queries of many scripts.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>

#include "index/catalogue/catalogue.hpp"
#include "node/wire/keywords.hpp"
#include "search/qrp/table_builder.hpp"
#include "transfer/library/keyword_index.hpp"
#include "unit/tools/praline/scratch.hpp"

namespace words_agree_test {
using namespace praline;

namespace {

struct Asked {
    char const* query;
    bool is_found;
};
struct Case {
    char const* name;
    std::vector<Asked> asked;
};

std::vector<Case> const cases{
    {"starling song.ogg",
     {{"star", true},
      {"STARLING", true},
      {"song star", true},
      {"ling", false},
      {"starlings", false},
      {"star x", false},
      {"s", false}}},
    {"International Geophysical Year 1957-58 report.pdf",
     {{"int", true},
      {"internat", true},
      {"internati geophysica", true},
      {"international year 1957", true},
      {"internatiz", false},
      {"957", false}}},
    {"Été indien.mp3", {{"ete", true}, {"Été", true}, {"INDIEN ét", true}, {"tea", false}}},
    {"Łódź miasto.txt", {{"Łódź miasto", true}, {"ł odz miasto", true}, {"łódź", true}, {"łó", true}, {"lodz", false}}},
    {"Ærøskøbing havn.txt",
     {{"Ærøskøbing", true}, {"æ r ø sk ø bing", true}, {"bing havn", true}, {"ærø", true}, {"aero", false}}},
    {"Ørsted måling.txt", {{"Ørsted måling", true}, {"ø rsted maling", true}, {"rsted", true}}},
    {"стоп кран.txt", {{"сто", true}, {"стоп", true}, {"топ", false}, {"стопа", false}}},
    {"Дискотека80х микс.txt",
     {{"Дискотека80х", true}, {"дискотека 80 х", true}, {"80х", true}, {"дискотека 90", false}}},
    {"iPhoneФото снимок.txt", {{"iPhoneФото", true}, {"iphone фото", true}, {"фото", true}, {"phone", false}}},
    {"日本語のファイル テスト.txt",
     {{"日本語のファイル", true},
      {"日本語 の ファイル", true},
      {"本語", true},
      {"ファイ テスト", true},
      {"イル", true},
      {"日語", false}}},
    {"東京物語 1953.mkv",
     {{"東京", true},
      {"物語", true},
      {"京物", true},
      {"東京物語", true},
      {"語", true},
      {"物語 1953", true},
      {"物語 1954", false},
      {"京語", false}}},
    {"東京タワー写真.txt",
     {{"東京タワー写真", true}, {"東京 タワー 写真", true}, {"タワ", true}, {"真", true}, {"大阪", false}}},
    {"中华人民共和国国歌义勇军进行曲合唱版.mp3",
     {{"人民共和国", true},
      {"义勇军进行曲", true},
      {"华人民共和国国歌义勇军进行曲合", true},
      {"国歌", true},
      {"民国", false},
      {"人民共和国义勇军", false}}},
    {"ภาษาไทยเป็นภาษาทางการของประเทศไทย.pdf",
     {{"ไทย", true}, {"ภาษาไทย", true}, {"ภาษาทางการของประเทศ", true}, {"ลาว", false}}},
    {"한국영화모음 2003.avi", {{"한국", true}, {"영화", true}, {"한국영화모음", true}, {"국화", false}}},
    {"ὁ Ὅμηρος Ἰλιάς.txt", {{"ομηρος", true}, {"ιλιας", true}, {"ὅμη", true}, {"μηρος", false}}},
    {"हिन्दी गीत.mp3", {{"हिन्दी", true}, {"हिन्", true}, {"गीत हि", true}, {"न्दी", false}}},
    {"موسيقى عربية.mp3", {{"موسيقى", true}, {"موس", true}, {"سيقى", false}}},
};

bool library_finds(Case const& one, std::string const& query) {
    library::KeywordIndex index;
    index.add(1, wire::keywords(one.name));
    return !index.find(wire::keywords(query), {10}).ids.empty();
}

bool table_lets_through(Case const& one, std::string const& text) {
    wire::Query query;
    query.text = text;
    auto const terms = search::qrp::QueryTerms::of(query);
    // Words of two bytes are hashed by nobody: a query of nothing else goes to no leaf, ours or another's.
    return terms.empty() || search::qrp::finest_of(wire::keywords(one.name)).matches(terms);
}

/// One catalogue with all of the names, so that each query also shows what else it finds.
class Catalogue {
public:
    Catalogue()
        : catalogue_{index::catalogue::open_sqlite_catalogue(scratch_.file)},
          writer_{catalogue_->writer()},
          reader_{catalogue_->reader()} {
        index::Publisher publisher;
        publisher.id.bytes[0] = 1;
        publisher.transfer = *Endpoint::parse("10.0.0.1:6346");
        index::Change change{{}, {1, 1}, true, {}, {}};
        for (std::size_t i = 0; i < cases.size(); ++i) {
            index::Entry entry;
            entry.sha1.bytes[0] = static_cast<std::uint8_t>(i + 1);
            entry.size_bytes = 1;
            entry.name = cases[i].name;
            change.add.push_back(entry);
        }
        REQUIRE(bool{writer_->apply(publisher, {}, change).outcome == index::catalogue::ApplyOutcome::applied});
    }
    [[nodiscard]] bool finds(Case const& one, std::string const& words) {
        index::Query query;
        query.words = words;
        query.wanted = 100;
        auto const answer = reader_->search(query);
        return std::any_of(answer.rows.begin(), answer.rows.end(),
                           [&](index::Row const& row) { return row.entry.name == one.name; });
    }

private:
    ScratchDatabase scratch_;
    std::unique_ptr<index::catalogue::Catalogue> catalogue_;
    std::unique_ptr<index::catalogue::CatalogueWriter> writer_;
    std::unique_ptr<index::catalogue::CatalogueReader> reader_;
};

}  // namespace

TEST_CASE("the library, routing tables and the index find the same, in every script") {
    Catalogue catalogue;
    for (auto const& one : cases)
        for (auto const& [query, is_found] : one.asked) {
            INFO(one.name << " asked for by " << query);
            CHECK(library_finds(one, query) == is_found);
            CHECK(catalogue.finds(one, query) == is_found);
            if (is_found) CHECK(table_lets_through(one, query));
        }
}

TEST_CASE("any query against any name: the library and the index agree, and no table hides what they find") {
    Catalogue catalogue;
    for (auto const& one : cases)
        for (auto const& other : cases)
            for (auto const& [query, is_found] : other.asked) {
                INFO(one.name << " asked for by " << query);
                bool const found = library_finds(one, query);
                CHECK(catalogue.finds(one, query) == found);
                if (found) CHECK(table_lets_through(one, query));
            }
}

}  // namespace words_agree_test
