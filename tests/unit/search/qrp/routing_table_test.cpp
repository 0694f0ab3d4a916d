#include "search/qrp/routing_table.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "node/base/rng.hpp"
#include "node/wire/keywords.hpp"
#include "search/qrp/table_builder.hpp"

namespace routing_table_test {
using namespace praline;
using namespace praline::search::qrp;

namespace {

QueryTerms terms_of(std::vector<std::string> const& words) {
    QueryTerms terms;
    for (auto const& word : words) terms.words.push_back(hash_product(word));
    return terms;
}

QueryRoutingTable table_of(std::vector<std::string> const& words, std::uint32_t slots = slots_max) {
    TableBuilder builder;
    for (auto const& word : words) builder.add(word);
    return builder.finest().scaled(slots);
}

bool has(QueryRoutingTable const& table, std::string_view word) { return table.test(qrp_hash(word, table.bits())); }

}  // namespace

TEST_CASE("a table of words holds them and their beginnings, as far as five characters are cut and three bytes left") {
    QueryRoutingTable const table = table_of({"gnutella", "abc", "file", "ab"});
    for (char const* word : {"gnutella", "gnutell", "gnutel", "gnute", "gnut", "gnu", "abc", "file", "fil"})
        CHECK(has(table, word));
    CHECK(table.count() == 9);
}

TEST_CASE("beginnings are cut between characters") {
    QueryRoutingTable const table = table_of({"стоп"});
    for (char const* word : {"стоп", "сто", "ст"}) CHECK(has(table, word));
    CHECK(table.count() == 3);
}

TEST_CASE("of a long word the first sixteen characters are announced too, at any length") {
    std::string const word = "supercalifragilisticexpialidocious";
    QueryRoutingTable const table = table_of({word});
    for (std::size_t size = 3; size <= beginning_characters_max; ++size) CHECK(has(table, word.substr(0, size)));
    for (std::size_t cut = 0; cut <= prefix_cut_max; ++cut) CHECK(has(table, word.substr(0, word.size() - cut)));
    CHECK(table.count() == beginning_characters_max - 2 + prefix_cut_max + 1);
    for (std::size_t size = 3; size <= word.size(); ++size) {
        wire::Query query;
        query.text = word.substr(0, size);
        CHECK(table.matches(QueryTerms::of(query)));
    }
}

TEST_CASE("of a word without blanks every part is found in the table") {
    QueryRoutingTable const table = table_of({"アニメ"});
    for (char const* word : {"アニメ", "アニ", "ア", "ニメ", "ニ", "メ"}) CHECK(has(table, word));
    CHECK(table.count() == 6);

    std::string const run = "ภาษาไทยเป็นภาษาทางการของประเทศไทย";
    auto const words = wire::keywords(run);
    REQUIRE(words.size() == 1);
    QueryRoutingTable const thai = table_of(words);
    auto const characters = wire::count_characters(words[0]);
    for (std::size_t length = 1; length <= characters; ++length)
        for (auto const piece : wire::pieces(words[0], length)) {
            wire::Query query;
            query.text = piece;
            CHECK(thai.matches(QueryTerms::of(query)));
            if (wire::count_characters(piece) <= run_characters_max) CHECK(has(thai, piece));
        }
    wire::Query other;
    other.text = "ประเทศลาวไทยภาษา";
    CHECK_FALSE(thai.matches(QueryTerms::of(other)));
    CHECK(thai.count() <= run_characters_max * characters + beginning_characters_max + prefix_cut_max + 1);
}

TEST_CASE("a hash is announced whole and in lower case") {
    QueryRoutingTable const table = table_of({"urn:sha1:ABCDEF"});
    CHECK(table.count() == 1);
    CHECK(has(table, "urn:sha1:abcdef"));
}

TEST_CASE("one or two words must all be in the table, of more two thirds") {
    QueryRoutingTable const table = table_of({"music", "linux", "network", "ubuntu"});
    CHECK(table.matches(terms_of({"music"})));
    CHECK(table.matches(terms_of({"music", "linux"})));
    CHECK_FALSE(table.matches(terms_of({"music", "absent"})));
    CHECK(table.matches(terms_of({"music", "linux", "absent"})));
    CHECK_FALSE(table.matches(terms_of({"music", "nowhere", "absent"})));
    CHECK_FALSE(table.matches(terms_of({"music", "linux", "nowhere", "absent"})));
    CHECK(table.matches(terms_of({"music", "linux", "network", "absent"})));
    CHECK_FALSE(table.matches(QueryTerms{}));
}

TEST_CASE("a hash in the table is a match whatever the words") {
    QueryTerms terms = terms_of({"absent"});
    terms.urns = {hash_product("urn:sha1:abcdef")};
    CHECK(table_of({"urn:sha1:abcdef"}).matches(terms));
    CHECK_FALSE(table_of({"music"}).matches(terms));
}

TEST_CASE("a table without content owns no memory, a sparse one little") {
    CHECK(QueryRoutingTable{slots_max}.memory_bytes() == 0);
    QueryRoutingTable table = table_of({"music"}, 1U << 17);
    table.compact();
    CHECK(table.memory_bytes() <= 64);
    QueryRoutingTable cleared = table;
    table.for_each_set([&](std::uint32_t slot) { cleared.clear(slot); });
    cleared.compact();
    CHECK(cleared.memory_bytes() == 0);
    CHECK(cleared.empty());
}

TEST_CASE("a table grows until it is nearly empty, up to its largest size") {
    TableBuilder builder;
    CHECK(fitted(builder.finest(), slots_max).slots() == own_slots_min);
    for (int i = 0; i < 2000; ++i) builder.add("w" + std::to_string(i * 7919));
    QueryRoutingTable const table = fitted(builder.finest(), slots_max);
    CHECK(table.slots() > own_slots_min);
    CHECK(table.fill_percent() <= fill_percent_max);
    CHECK(fitted(builder.finest(), 1U << 17).slots() == 1U << 17);
}

TEST_CASE("sets, clears, merges and scales like a plain set of numbers") {
    Rng rng{20261121};
    for (int round = 0; round < 60; ++round) {
        unsigned const bits = static_cast<unsigned>(rng.below(13));
        unsigned const other_bits = static_cast<unsigned>(rng.below(13));
        QueryRoutingTable table{1U << bits}, other{1U << other_bits};
        std::set<std::uint32_t> twin, other_twin;
        for (int step = 0; step < 300; ++step) {
            auto const slot = static_cast<std::uint32_t>(rng.below(table.slots()));
            auto const other_slot = static_cast<std::uint32_t>(rng.below(other.slots()));
            if (rng.below(3) == 0)
                CHECK(table.clear(slot) == (twin.erase(slot) == 1));
            else
                CHECK(table.set(slot) == twin.insert(slot).second);
            if (rng.below(4) == 0) other.set(other_slot), other_twin.insert(other_slot);
            if (rng.below(20) == 0) table.compact();
            if (rng.below(20) == 0) other.compact();
        }
        table.merge(other);
        for (std::uint32_t const slot : other_twin) {
            if (other_bits >= bits) twin.insert(slot >> (other_bits - bits));
            for (std::uint32_t i = 0; other_bits < bits && i < 1U << (bits - other_bits); ++i)
                twin.insert((slot << (bits - other_bits)) + i);
        }
        std::set<std::uint32_t> content;
        table.for_each_set([&](std::uint32_t slot) { content.insert(slot); });
        REQUIRE(content == twin);
        REQUIRE(table.count() == twin.size());
        QueryRoutingTable compacted = table;
        compacted.compact();
        CHECK(compacted == table);
        CHECK(table.scaled(table.slots()) == table);
    }
}

}  // namespace routing_table_test
