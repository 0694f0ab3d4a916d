#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "index/replica/digest_tree.hpp"
#include "index/replica/limits.hpp"
#include "unit/index/replica/host.hpp"

namespace crowded_prefix_test {

/// Many publishers whose ids begin with the same 32 bits: random ones never do, but somebody can make keys for it.
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t crowd = 1000;
constexpr std::uint32_t prefix = 0xCAFE0123;
constexpr std::uint64_t owner = 70;

/// Messages of one comparison: a question and an answer at each of nine depths, then for each page of either side a question, its
/// answer, and what the other lacks.
constexpr std::size_t pages_max = 2 * (crowd / records_max + 1);
constexpr std::size_t messages_of_round_max = 2 * (digest_depth_max + 1) + 3 * pages_max;

Publisher crowded(std::uint32_t number) {
    Publisher result = publisher(1);
    for (std::size_t i = 0; i < 4; ++i) result.id.bytes[i] = static_cast<std::uint8_t>(prefix >> (24 - 8 * i));
    // Scattered, as ids are.
    std::uint32_t const scattered = number * 2654435761U;
    for (std::size_t i = 0; i < 4; ++i) result.id.bytes[4 + i] = static_cast<std::uint8_t>(scattered >> (24 - 8 * i));
    return result;
}

/// Two servers, and a third that looks after all publishers and says of every comparison that all is equal.
class Pair {
public:
    Pair() {
        for (Host* const host : {&one, &other}) {
            host->start();
            host->meet(owner);
        }
        one.meet(60);
        other.meet(50);
        relay();
    }

    void write(Host& host, std::uint32_t number, std::uint64_t versions) {
        std::uint64_t& position = positions_[&host];
        for (std::uint64_t version = 1; version <= versions; ++version)
            host.say(owner, Write{++position,
                                  crowded(number),
                                  {1, ServerId{owner}},
                                  change({0, version - 1}, {0, version}, static_cast<std::uint8_t>(version))});
        host.forget();
    }

    /// What the two have said is heard, until they are silent.
    void relay() {
        bool quiet = false;
        while (!quiet) quiet = !carry(one, 50, other, 60) && !carry(other, 60, one, 50);
    }

    void pass(Duration time) {
        for (Duration passed{}; passed < time; passed += 500ms) {
            one.pass(500ms, {owner});
            other.pass(500ms, {owner});
            relay();
        }
    }

    [[nodiscard]] bool same() const { return one.core.digest() == other.core.digest(); }

    Host one{50}, other{60};
    Host* begins = &one;  ///< comparisons that the other one begins are lost
    std::map<std::uint64_t, std::size_t> messages_of_round;
    std::size_t records_longest = 0;

private:
    bool carry(Host& from, std::uint64_t from_id, Host& to, std::uint64_t to_id) {
        std::vector<ServerMessage> said;
        for (Action const& action : from.actions())
            if (auto const* const send = std::get_if<Send>(&action);
                send != nullptr && send->envelope.to == ServerId{to_id})
                said.push_back(send->message);
        std::vector<Digests> const asked = from.sent<Digests>(owner);
        from.forget();
        for (Digests const& digests : asked) from.say(owner, digests);
        for (ServerMessage const& message : said) {
            auto const* const digests = std::get_if<Digests>(&message);
            if (digests != nullptr && &from != begins && !messages_of_round.contains(digests->round)) continue;
            count(message);
            to.say(from_id, message);
        }
        return !said.empty();
    }

    void count(ServerMessage const& message) {
        if (auto const* const digests = std::get_if<Digests>(&message)) ++messages_of_round[digests->round];
        if (auto const* const ask = std::get_if<RecordsAsk>(&message)) ++messages_of_round[ask->round];
        if (auto const* const records = std::get_if<Records>(&message)) {
            ++messages_of_round[records->round];
            records_longest = std::max(records_longest, records->records.size());
        }
    }

    std::map<Host*, std::uint64_t> positions_;
};

void require_repaired(Pair& pair) {
    REQUIRE_FALSE(pair.same());
    for (int seconds = 0; seconds < 60 && !pair.same(); ++seconds) pair.pass(1s);
    REQUIRE(pair.same());
    REQUIRE(pair.records_longest <= records_max);
    for (auto const& [round, messages] : pair.messages_of_round) REQUIRE(messages <= messages_of_round_max);
    pair.pass(10s);
    REQUIRE(pair.begins->core.members(pair.begins->now).at(0).same);
}

}  // namespace

TEST_CASE("a thousand publishers with one prefix that all differ are repaired, both ways by either side alone") {
    bool const first_begins = GENERATE(true, false);
    Pair pair;
    pair.begins = first_begins ? &pair.one : &pair.other;
    for (std::uint32_t number = 0; number < crowd; ++number) {
        if (number % 4 != 0) pair.write(pair.one, number, number % 4 == 1 ? 2 : 1);
        if (number % 4 != 3) pair.write(pair.other, number, number % 4 == 2 ? 2 : 1);
    }
    require_repaired(pair);
    REQUIRE(pair.one.core.publishers() == crowd);
    for (std::uint32_t number = 0; number < crowd; ++number) {
        std::uint64_t const newest = number % 4 == 1 || number % 4 == 2 ? 2 : 1;
        REQUIRE(pair.one.core.find(crowded(number).id)->version == Version{0, newest});
        REQUIRE(pair.other.disk.shown(crowded(number).id)->entries.size() == newest);
    }
}

TEST_CASE("a thousand publishers with one prefix come to a server that has none of them, whoever begins") {
    bool const beginner_has_them = GENERATE(true, false);
    Pair pair;
    for (std::uint32_t number = 0; number < crowd; ++number)
        pair.write(beginner_has_them ? pair.one : pair.other, number, 1);
    require_repaired(pair);
    REQUIRE(pair.one.core.publishers() == crowd);
    REQUIRE(pair.other.core.publishers() == crowd);
}

TEST_CASE("the last of a thousand publishers with one prefix is repaired though all others are the same") {
    Pair pair;
    PublisherId last;
    std::uint32_t last_number = 0;
    for (std::uint32_t number = 0; number < crowd; ++number)
        if (crowded(number).id > last) last = crowded(number).id, last_number = number;
    for (std::uint32_t number = 0; number < crowd; ++number) {
        pair.write(pair.one, number, 1);
        pair.write(pair.other, number, number == last_number ? 2 : 1);
    }
    require_repaired(pair);
    REQUIRE(pair.one.core.find(last)->version == Version{0, 2});
}

TEST_CASE("a page goes no further than its question and one message, and a question across prefixes is refused") {
    Pair pair;
    for (std::uint32_t number = 0; number < crowd; ++number) pair.write(pair.one, number, 1);
    KeyRange const all = DigestTree::range_below(digest_depth_max, prefix);
    pair.one.forget();
    pair.one.say(60, RecordsAsk{9, all});
    auto const first = pair.one.sent<Records>(60).at(0);
    REQUIRE(first.round == 9);
    REQUIRE(first.records.size() == records_max);
    REQUIRE(first.range == KeyRange{all.first, first.records.back().record.publisher.id});
    pair.one.forget();
    pair.one.say(60, RecordsAsk{9, {DigestTree::after(first.range.last), all.last}});
    REQUIRE(pair.one.sent<Records>(60).at(0).records[0].record.publisher.id > first.range.last);
    auto const refused = pair.one.core.counters().refused_messages;
    pair.one.forget();
    pair.one.say(60, RecordsAsk{9, {}});
    pair.one.say(60, RecordsAsk{9, {all.last, all.first}});
    REQUIRE(pair.one.sent<Records>(60).empty());
    REQUIRE(pair.one.core.counters().refused_messages == refused + 2);
}

TEST_CASE("a server that never comes to the end of its pages ends the comparison, not this server") {
    Pair pair;
    for (std::uint32_t number = 0; number < crowd; ++number) pair.write(pair.one, number, 1);
    Host& host = pair.one;
    std::size_t pages = 0;
    for (int seconds = 0; seconds < 20 && pages == 0; ++seconds) {
        host.forget();
        host.pass(1s, {60});
        // Whatever is asked is said to differ, down to the crowd.
        for (auto asked = host.sent<Digests>(60); !asked.empty() && asked.back().nodes[0].depth < digest_depth_max;) {
            host.forget();
            DigestNode const node = asked.back().nodes[0];
            auto const depth = static_cast<std::uint8_t>(node.depth + 1);
            host.say(60, Digests{asked.back().round, {DigestNode{depth, prefix >> (32 - 4 * depth), 1, 2, 3}}});
            asked = host.sent<Digests>(60);
        }
        for (auto asked = host.sent<RecordsAsk>(60); !asked.empty(); asked = host.sent<RecordsAsk>(60)) {
            ++pages;
            host.forget();
            // One id further at a time.
            host.say(60, Records{asked.back().round,
                                 {digest_depth_max, prefix, 0, 0, 0},
                                 false,
                                 {},
                                 {asked.back().range.first, asked.back().range.first}});
        }
    }
    REQUIRE(pages == round_pages_max);
}

}  // namespace crowded_prefix_test
