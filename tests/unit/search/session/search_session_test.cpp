#include "search/session/search_session.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "node/base/rng.hpp"
#include "node/base/text.hpp"
#include "search/session/clean_name.hpp"
#include "search/session/limits.hpp"
#include "search/session/query_text.hpp"

namespace search_session_test {
using namespace praline;
using namespace praline::search;
using namespace std::chrono_literals;

namespace {

Instant at(Duration since) { return Instant{} + since; }
Guid guid(std::uint8_t number) { return Guid{{number}}; }

Urn sha1(std::uint32_t number) {
    Urn urn;
    urn.sha1 = Sha1{{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8),
                     static_cast<std::uint8_t>(number >> 16)}};
    return urn;
}
Urn both(std::uint32_t number, std::uint8_t root) {
    Urn urn = sha1(number);
    urn.tiger_root = TigerHash{{root}};
    return urn;
}
wire::HitRecord record(Urn const& urn, std::string name, std::uint64_t size = 100) {
    wire::HitRecord one;
    one.urn = urn;
    one.name = std::move(name);
    one.size_bytes = size;
    return one;
}
wire::QueryHit hit(std::uint8_t servent, std::vector<wire::HitRecord> records) {
    wire::QueryHit one;
    one.servent = guid(servent);
    one.endpoint = Endpoint{0x7F000001, servent};
    one.records = std::move(records);
    one.vendor = "PRAL";
    return one;
}

/// One of them is in every name that the tests below make.
constexpr char words_of_all_names[] = "linux txt name right empty late many";

struct Fixture {
    explicit Fixture(SessionLimits limits = {}) : sessions{limits} {
        id = sessions.open(words_of_all_names, {}, guid(1), at(0s))->id;
    }
    bool add(wire::QueryHit const& one) {
        return sessions.add_hit(guid(1), PeerId{5}, Hops{2}, one, at(1s)).has_value();
    }
    SearchInfo info() { return *sessions.info(id); }
    SearchSessions sessions;
    std::uint32_t id = 0;
};

std::vector<std::uint32_t> ids(std::vector<ResultRow const*> const& rows) {
    std::vector<std::uint32_t> out;
    for (auto const* row : rows) out.push_back(row->id);
    return out;
}

}  // namespace

TEST_CASE("words are sent in canonical form, each once, a blank between them") {
    CHECK(make_query("  Foo_BAR, foo!! baz", {}, 200)->text == "foo bar baz");
    CHECK(make_query("aaa bbb ccc", {}, 8)->text == "aaa bbb");
}

TEST_CASE("what holds no word of two characters is no query") {
    for (char const* text : {"", "  ", "a", "a b c", "!?", "\xFF\xFE"}) CHECK_FALSE(make_query(text, {}, 200));
    CHECK(make_query("ab", {}, 200));
    CHECK(make_query("\xE5\xA3\xB0", {}, 200));
    CHECK(make_query("\xC3\xB8l", {}, 200)->text == "\xC3\xB8 l");  // "øl" is two words where the Unicode block changes
}

TEST_CASE("a URN is asked for without words, whoever noticed that it is one") {
    Urn const urn = sha1(7);
    for (auto const& query : {make_query(urn.text(), {}, 200), make_query("", urn, 200),
                              make_query("magnet:?xt=" + urn.text(), urn, 200)}) {
        REQUIRE(query);
        CHECK(query->text == "\\");
        CHECK(query->urns == std::vector{urn});
    }
    CHECK(make_query("linux", urn, 200)->text == "linux");
    CHECK_FALSE(make_query("magnet:?dn=linux", {}, 200));
}

TEST_CASE("hits for the same content make one row with many sources") {
    Fixture f;
    CHECK(f.add(hit(1, {record(sha1(1), "a.txt")})));
    CHECK(f.add(hit(2, {record(sha1(1), "other name.txt"), record(sha1(2), "b.txt")})));
    CHECK(f.info().rows == 2);
    CHECK(f.info().hits == 3);
    ResultRow const& row = *f.sessions.row(f.id, 1);
    CHECK(row.name == "a.txt");
    REQUIRE(row.sources.size() == 2);
    CHECK(row.sources[1].name == "other name.txt");
    CHECK(row.sources[1].via == PeerId{5});
    CHECK(row.sources[1].hops == 2);
}

TEST_CASE("without a URN name, size and servent make the row") {
    Fixture f;
    f.add(hit(1, {record({}, "a.txt"), record({}, "a.txt", 200), record({}, "b.txt")}));
    f.add(hit(2, {record({}, "a.txt")}));
    CHECK(f.info().rows == 4);
    CHECK_FALSE(f.add(hit(1, {record({}, "a.txt")})));
    CHECK(f.info().rows == 4);
}

TEST_CASE("a Tiger root is learned later, and whoever contradicts it gets a row of its own") {
    Fixture f;
    f.add(hit(1, {record(sha1(1), "a.txt")}));
    f.add(hit(2, {record(both(1, 9), "a.txt")}));
    CHECK(f.sessions.row(f.id, 1)->urn == both(1, 9));
    f.add(hit(3, {record(both(1, 8), "a.txt")}));
    CHECK(f.info().rows == 2);
    CHECK(f.sessions.row(f.id, 2)->urn == both(1, 8));
    f.add(hit(4, {record(sha1(1), "a.txt", 1)}));
    CHECK(f.info().rows == 3);
}

TEST_CASE("a repeated hit changes nothing, a changed one updates its source") {
    Fixture f;
    auto one = hit(1, {record(sha1(1), "a.txt")});
    f.add(one);
    auto const before = f.info();
    CHECK_FALSE(f.add(one));
    CHECK(f.info().revision == before.revision);
    one.busy = true;
    CHECK(f.add(one));
    CHECK(f.info().revision > before.revision);
    CHECK(f.info().hits == before.hits);
    CHECK(f.sessions.row(f.id, 1)->sources.at(0).busy);
}

TEST_CASE("a record with neither name nor URN is dropped, one of no bytes is kept") {
    Fixture f;
    SearchSessions by_hash;
    auto const id = by_hash.open("", both(1, 9), guid(1), at(0s))->id;
    CHECK(by_hash.add_hit(guid(1), PeerId{5}, Hops{2}, hit(1, {record(both(1, 9), "", 0)}), at(1s)));
    CHECK(by_hash.info(id)->rows == 1);
    CHECK_FALSE(f.add(hit(1, {record({}, ""), record({}, "\x01/\\..")})));
    CHECK(f.info().cost.hidden_hits == 2);
    CHECK(f.add(hit(1, {record({}, "empty", 0)})));
}

TEST_CASE("a search for a URN hides hits of other content") {
    SearchSessions sessions;
    auto const id = sessions.open("", sha1(1), guid(1), at(0s))->id;
    sessions.add_hit(guid(1), PeerId{1}, Hops{1}, hit(1, {record(sha1(1), "right"), record(sha1(2), "wrong")}), at(1s));
    CHECK(sessions.info(id)->rows == 1);
    CHECK(sessions.info(id)->cost.hidden_hits == 1);
    sessions.add_hit(guid(1), PeerId{1}, Hops{1}, hit(2, {record({}, "right")}), at(1s));
    CHECK(sessions.info(id)->rows == 1);
    CHECK(sessions.info(id)->cost.hidden_hits == 2);
    for (int again = 0; again < 3; ++again)  // by another way, or in the answer to a second ring
        sessions.add_hit(guid(1), PeerId{2}, Hops{3}, hit(2, {record({}, "right")}), at(1s));
    CHECK(sessions.info(id)->cost.hidden_hits == 2);
    sessions.add_hit(guid(1), PeerId{1}, Hops{1}, hit(3, {record({}, "right")}), at(1s));
    CHECK(sessions.info(id)->cost.hidden_hits == 3);
}

TEST_CASE("hits that are left out are counted up to a limit") {
    SearchSessions sessions;
    auto const id = sessions.open("", sha1(1), guid(1), at(0s))->id;
    for (std::size_t number = 0; number < left_out_max + 10; ++number)
        sessions.add_hit(guid(1), PeerId{1}, Hops{1}, hit(1, {record({}, "wrong " + std::to_string(number))}), at(1s));
    CHECK(sessions.info(id)->cost.hidden_hits == left_out_max);
}

TEST_CASE(
    "a search with a word left out asks for the others, and hides and counts what holds it, from peers and index "
    "alike") {
    SearchSessions sessions;
    auto const opened = sessions.open("angel -battle", {}, guid(1), at(0s));
    REQUIRE(opened);
    CHECK(opened->query.text == "angel");
    CHECK(sessions.info(opened->id)->text == "angel -battle");
    REQUIRE(sessions.info(opened->id)->without.size() == 1);
    CHECK(sessions.info(opened->id)->without[0].shown == "battle");
    sessions.add_hit(
        guid(1), PeerId{1}, Hops{1},
        hit(1, {record(sha1(1), "Angel.mkv"), record(sha1(2), "Battle Angel.mkv"), record(sha1(3), "spam")}), at(1s));
    sessions.add_indexed(guid(1), hit(2, {record(sha1(4), "angel of battle.txt"), record(sha1(5), "angel.txt")}),
                         at(1s));
    auto const info = *sessions.info(opened->id);
    CHECK(info.rows == 2);
    CHECK(info.cost.excluded_hits == 2);
    CHECK(info.cost.hidden_hits == 1);
    CHECK(info.dropped == 0);
    CHECK_FALSE(sessions.open("-battle", {}, guid(2), at(0s)));
}

TEST_CASE(
    "a source told again from nearer is as far as it is, in its row and in the cost; a longer way changes nothing") {
    Fixture f;
    auto const one = hit(1, {record(sha1(1), "a.txt")});
    auto const add = [&](std::uint8_t hops, std::optional<std::uint32_t> cached = std::nullopt) {
        return f.sessions.add_hit(guid(1), PeerId{hops}, Hops{hops}, one, at(1s), cached).has_value();
    };
    auto const hops = [&] { return f.sessions.row(f.id, 1)->sources.at(0).hops; };
    add(5, 30);
    CHECK(f.info().cost.cached_hits == 1);
    CHECK(add(3));
    CHECK(hops() == 3);
    CHECK(f.info().cost.cached_hits == 0);
    CHECK(f.info().cost.hits_by_hops[5] == 0);
    CHECK(f.info().cost.hits_by_hops[3] == 1);
    CHECK(add(1));
    CHECK_FALSE(add(4));
    CHECK(hops() == 1);
    CHECK(f.sessions.row(f.id, 1)->sources.at(0).via == PeerId{1});
    CHECK(f.info().cost.hits_by_hops[3] == 0);
    CHECK(f.info().cost.hits_by_hops[1] == 1);

    f.sessions.add_indexed(guid(1), hit(2, {record(sha1(1), "a.txt")}), at(1s));
    CHECK(f.info().cost.hits_by_hops[0] == 1);
    f.sessions.add_hit(guid(1), PeerId{2}, Hops{2}, hit(2, {record(sha1(1), "a.txt")}), at(1s));
    CHECK(f.info().cost.hits_by_hops[0] == 0);
    CHECK(f.info().cost.hits_by_hops[2] == 1);
}

TEST_CASE("rows, sources and all sources together are bounded, and what is dropped is counted") {
    SessionLimits limits;
    limits.rows_max = 2;
    limits.sources_max = 2;
    limits.sources_of_all_max = 3;
    Fixture f{limits};
    f.add(hit(1, {record(sha1(1), "a.txt"), record(sha1(2), "b.txt"), record(sha1(3), "c.txt")}));
    CHECK(f.info().rows == 2);
    f.add(hit(2, {record(sha1(1), "a.txt")}));
    f.add(hit(3, {record(sha1(1), "a.txt")}));
    f.add(hit(4, {record(sha1(2), "b.txt")}));
    CHECK(f.sessions.row(f.id, 1)->sources.size() == 2);
    CHECK(f.info().dropped == 3);
    f.sessions.erase(f.id);
    f.id = f.sessions.open(words_of_all_names, {}, guid(1), at(0s))->id;
    CHECK(f.add(hit(4, {record(sha1(2), "b.txt")})));
}

TEST_CASE("the memory of an erased search goes back little by little, and at once where it is needed") {
    constexpr std::size_t rows = 2 * discarded_a_step_max + 10;
    SessionLimits limits;
    limits.sources_of_all_max = rows;
    Fixture f{limits};
    for (std::size_t i = 0; i < rows; ++i) f.add(hit(1, {record({}, std::to_string(i) + " linux")}));
    CHECK(f.sessions.sources() == rows);
    f.sessions.erase(f.id);
    CHECK(f.sessions.sources() == rows - discarded_a_step_max);
    (void)f.sessions.expire(at(0s));
    CHECK(f.sessions.sources() == 10);
    (void)f.sessions.expire(at(0s));
    CHECK(f.sessions.sources() == 0);

    for (int round = 0; round < 3; ++round) {
        f.id = f.sessions.open("linux", {}, guid(1), at(0s))->id;
        for (std::size_t i = 0; i < rows; ++i) f.add(hit(1, {record({}, std::to_string(i) + " linux")}));
        CHECK(f.info().rows == rows);
        CHECK(f.sessions.sources() <= rows);
        f.sessions.erase(f.id);
    }
}

TEST_CASE("orders that were begun and left are finished by who asks later, and none waits for ever") {
    Fixture f;
    constexpr std::size_t rows = 3 * index_step_max;
    for (std::size_t i = 0; i < rows; ++i) f.add(hit(1, {record({}, std::to_string(i * 7919 % rows) + " linux")}));
    RowQuery choice;
    choice.order = RowOrder::name;
    for (std::size_t left = 0; left < indexes_max; ++left) {
        choice.size_max = 1'000'000 + left;
        CHECK_FALSE(f.sessions.page(f.id, choice, 0, 1).ready);
    }
    choice.text = "linux";
    std::size_t calls = 1;
    for (; !f.sessions.page(f.id, choice, 0, 1).ready; ++calls) REQUIRE(calls < 10'000);
    auto const page = f.sessions.page(f.id, choice, 5, 3);
    CHECK(page.ready);
    CHECK(page.matching == rows);
    CHECK(page.rows.size() == 3);
}

TEST_CASE("changed rows are listed by id, the first changed first when there are too many") {
    Fixture f;
    for (std::uint8_t i = 1; i <= 5; ++i) f.add(hit(i, {record(sha1(i), "name")}));
    std::uint64_t const seen = f.info().revision;
    CHECK(f.sessions.rows_since(f.id, seen, 10).empty());
    f.add(hit(9, {record(sha1(4), "name")}));
    f.add(hit(9, {record(sha1(2), "name")}));
    f.add(hit(9, {record(sha1(3), "name")}));
    CHECK(ids(f.sessions.rows_since(f.id, seen, 10)) == std::vector<std::uint32_t>{2, 3, 4});
    CHECK(ids(f.sessions.rows_since(f.id, seen, 2)) == std::vector<std::uint32_t>{2, 4});
    CHECK(f.sessions.rows_since(99, 0, 10).empty());
    CHECK(f.sessions.row(f.id, 0) == nullptr);
    CHECK(f.sessions.row(f.id, 6) == nullptr);
}

TEST_CASE("whoever follows the revisions page by page ends with every row as it is") {
    Rng rng{11};
    Fixture f;
    std::map<std::uint32_t, std::uint64_t> mirror;
    std::uint64_t seen = 0;
    auto const page = [&] {
        auto const rows = f.sessions.rows_since(f.id, seen, 1 + rng.below(7));
        for (auto const* row : rows) {
            mirror[row->id] = row->revision;
            seen = std::max(seen, row->revision);
        }
        return !rows.empty();
    };
    for (int step = 0; step < 3000; ++step) {
        f.add(hit(static_cast<std::uint8_t>(1 + rng.below(60)),
                  {record(sha1(static_cast<std::uint32_t>(rng.below(80))), "name")}));
        if (rng.below(5) == 0) page();
    }
    while (page()) {}
    REQUIRE(mirror.size() == f.info().rows);
    for (auto const& [id, revision] : mirror) CHECK(f.sessions.row(f.id, id)->revision == revision);
}

TEST_CASE("100,000 rows are taken and followed") {
    Fixture f;
    for (std::uint32_t i = 0; i < 100'000; ++i) f.add(hit(1, {record(sha1(i), "name")}));
    CHECK(f.info().rows == 100'000);
    std::uint64_t seen = 0;
    std::size_t rows = 0;
    while (true) {
        auto const page = f.sessions.rows_since(f.id, seen, 200);
        if (page.empty()) break;
        rows += page.size();
        for (auto const* row : page) seen = std::max(seen, row->revision);
    }
    CHECK(rows == 100'000);
    CHECK_FALSE(f.add(hit(1, {record(sha1(100'000), "one too many")})));
}

TEST_CASE("a search closes when it is due, and takes no hits then") {
    Fixture f;
    CHECK(f.sessions.next_deadline() == at(180s));
    CHECK(f.sessions.expire(at(179s)).empty());
    CHECK(f.sessions.expire(at(180s)) == std::vector{f.id});
    CHECK_FALSE(f.info().open);
    CHECK_FALSE(f.sessions.next_deadline());
    CHECK_FALSE(f.add(hit(1, {record(sha1(1), "late")})));
    CHECK_FALSE(f.sessions.add_hit(guid(77), PeerId{1}, Hops{1}, hit(1, {record(sha1(1), "unknown")}), at(1s)));
}

TEST_CASE("the oldest closed search gives way, an open one never") {
    SessionLimits limits;
    limits.searches_max = 2;
    SearchSessions sessions{limits};
    auto const first = sessions.open("one", {}, guid(1), at(0s))->id;
    auto const second = sessions.open("two", {}, guid(2), at(0s))->id;
    CHECK_FALSE(sessions.open("three", {}, guid(3), at(0s)));
    sessions.close(second, at(1s));
    CHECK(sessions.open("three", {}, guid(3), at(0s)));
    CHECK(sessions.info(first));
    CHECK_FALSE(sessions.info(second));
    CHECK(sessions.list().size() == 2);
}

TEST_CASE("names lose what could mislead or escape, and keep the rest") {
    CHECK(clean_name("a/b\\c.txt") == "abc.txt");
    CHECK(clean_name("../../etc/passwd") == "....etcpasswd");
    CHECK(clean_name("  new\r\nline\t\x7F ") == "newline");
    CHECK(clean_name("photo\xE2\x80\xAEgpj.exe") == "photogpj.exe");
    CHECK(clean_name("\xE2\x81\xA6x\xE2\x81\xA9\xC2\x85\xEF\xBB\xBFy") == "xy");
    CHECK(clean_name("caf\xC3\xA9 \xC3\xFF\xF0\x90 ok") == "caf\xC3\xA9  ok");
    CHECK(clean_name("..").empty());
    CHECK(clean_name(".").empty());
    CHECK(clean_name("/./").empty());
}

TEST_CASE("long names are cut between characters") {
    std::string name;
    for (int i = 0; i < 200; ++i) name += "\xC3\xA9";
    CHECK(clean_name(name).size() == 254);
    CHECK(clean_name(name + ".tar.gz").ends_with("\xC3\xA9.gz"));
    CHECK(clean_name(name + ".tar.gz").size() == 255);
    CHECK(clean_name("evil" + std::string(300, ' ') + ".exe") == "evil.exe");
    CHECK(clean_name("." + name).size() == 255);
    CHECK(clean_name("a." + name).size() == 254);
}

TEST_CASE("a search text keeps what separates paths: it is searched again as it was written") {
    CHECK(clean_text(" AC/DC -\\x\r\n ") == "AC/DC -\\x");
    CHECK(clean_text("a\xE2\x80\xAE"
                     "b") == "ab");
    SearchSessions sessions;
    auto const id = sessions.open("AC/DC", {}, guid(1), at(0s))->id;
    CHECK(sessions.info(id)->text == "AC/DC");
}

TEST_CASE("a search shows what its conditions ask for, and what comes to have sources enough") {
    SearchSessions sessions;
    auto const opened = sessions.open("linux ext:txt size:>50 sources:>1", {}, guid(1), at(0s));
    CHECK(opened->query.text == "linux");
    auto const id = opened->id;
    auto const add = [&](std::uint8_t servent, wire::HitRecord one) {
        (void)sessions.add_hit(guid(1), PeerId{5}, Hops{2}, hit(servent, {std::move(one)}), at(1s));
    };
    add(1, record(sha1(1), "linux.txt"));
    add(1, record(sha1(2), "linux.bin"));
    add(1, record(sha1(3), "linux small.txt", 50));
    CHECK(sessions.info(id)->rows == 1);
    CHECK(sessions.info(id)->cost.excluded_hits == 2);
    CHECK(sessions.info(id)->conditions == std::vector<std::string>{"ext:txt", "size:>50", "sources:>1"});
    CHECK(sessions.rows_since(id, 0, 10).empty());
    CHECK(sessions.page(id, RowQuery{}, 0, 10).matching == 0);
    add(2, record(sha1(1), "linux.txt"));
    CHECK(sessions.rows_since(id, 0, 10).size() == 1);
    CHECK(sessions.page(id, RowQuery{}, 0, 10).matching == 1);
}

TEST_CASE("whatever the bytes, a cleaned name is valid, bounded and clean already") {
    Rng rng{5};
    for (int round = 0; round < 3000; ++round) {
        std::string name(rng.below(400), '\0');
        for (char& c : name) c = static_cast<char>(rng.below(3) == 0 ? rng.below(256) : 0xC0 + rng.below(64));
        std::string const clean = clean_name(name);
        REQUIRE(is_valid_utf8(clean));
        REQUIRE(clean.size() <= 255);
        REQUIRE(clean_name(clean) == clean);
        REQUIRE(clean.find('/') == std::string::npos);
    }
}

TEST_CASE("a list of one host shows whatever comes for it, for as long as it was opened for") {
    SearchSessions sessions;
    auto const id = sessions.open_list("Files of 192.0.2.1:6346", guid(9), at(0s), 10min);
    REQUIRE(id);
    auto one = hit(1, {record(sha1(1), "zebra.ogg"), record(sha1(2), "apple.txt"), record({}, "no hash")});
    one.browsable = true;
    CHECK(bool{sessions.add_hit(guid(9), PeerId{}, Hops{0}, one, at(9min)) == id});
    auto const info = sessions.info(*id);
    CHECK(info->rows == 3);
    CHECK(info->text == "Files of 192.0.2.1:6346");
    CHECK(sessions.row(*id, 1)->sources.front().browsable);
    CHECK(sessions.expire(at(599s)).empty());
    CHECK(sessions.expire(at(10min)) == std::vector<std::uint32_t>{*id});
    CHECK_FALSE(sessions.add_hit(guid(9), PeerId{}, Hops{0}, hit(2, {record(sha1(3), "late")}), at(11min)));
}

}  // namespace search_session_test
