#include "index/server/pending_searches.hpp"

#include <catch2/catch.hpp>

#include "index/wire/limits.hpp"
#include "unit/index/server/fake_host.hpp"

namespace pending_searches_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

namespace {

using Outcome = FinishedSearch::Outcome;

Answer answer(std::uint8_t file) {
    Row row;
    row.entry.sha1.bytes[0] = file;
    row.sources.resize(1);
    Answer made;
    made.rows.push_back(row);
    return made;
}
Query query() {
    Query made;
    made.wanted = 10;
    return made;
}
SessionId const asker{3};

}  // namespace

TEST_CASE("a search is over when the catalogue has answered, and its time is counted") {
    PendingSearches searches;
    auto const number = searches.open(asker, 77, query(), false, at({}));
    searches.asked_here(false, at({}));
    REQUIRE_FALSE(searches.empty());
    auto const done = searches.local_answer({number, answer(1), {}, false}, at(5ms));
    REQUIRE(done.value().asker == asker);
    REQUIRE(done->request == 77);
    REQUIRE(done->outcome == Outcome::found);
    REQUIRE(done->answer.rows.size() == 1);
    REQUIRE(searches.empty());
    REQUIRE(searches.counters().answered == 1);
    REQUIRE(searches.latency().max_us == 5000);
    REQUIRE_FALSE(searches.local_answer({number, answer(1), {}, false}, at(6ms)));
}

TEST_CASE("a young server answers with what another one holds too, in whatever order the two come") {
    bool const remote_first = GENERATE(false, true);
    PendingSearches searches;
    auto const number = searches.open(asker, 77, query(), true, at({}));
    searches.asked_here(true, at({}));
    std::optional<FinishedSearch> first, second;
    if (remote_first) {
        first = searches.remote_answer({replica::Ticket{number}, answer(2)}, at({}));
        second = searches.local_answer({number, answer(1), {}, false}, at({}));
    } else {
        first = searches.local_answer({number, answer(1), {}, false}, at({}));
        second = searches.remote_answer({replica::Ticket{number}, answer(2)}, at({}));
    }
    REQUIRE_FALSE(first);
    REQUIRE(second.value().answer.rows.size() == 2);
    REQUIRE_FALSE(second->answer.partial);
    REQUIRE(searches.counters().asked_on == 1);
}

TEST_CASE("without an answer of the other server it is partial") {
    PendingSearches searches;
    auto const number = searches.open(asker, 77, query(), true, at({}));
    REQUIRE_FALSE(searches.local_answer({number, answer(1), {}, false}, at({})));
    auto const done = searches.remote_answer({replica::Ticket{number}, std::nullopt}, at({}));
    REQUIRE(done.value().answer.partial);
    REQUIRE(done->outcome == Outcome::found);
}

TEST_CASE("an evicted search and an unreadable catalogue are told apart, for nodes only") {
    PendingSearches searches;
    auto const evicted = searches.open(asker, 1, query(), false, at({}));
    REQUIRE(searches.local_answer({evicted, {}, {}, true}, at({})).value().outcome == Outcome::evicted);
    auto const failed = searches.open(asker, 2, query(), false, at({}));
    auto const done = searches.local_answer({failed, {}, "The disk.", false}, at({}));
    REQUIRE(done.value().outcome == Outcome::failed);
    REQUIRE(done->trouble == "The disk.");
    REQUIRE(searches.counters().answered == 0);
    REQUIRE(searches.counters().evicted == 1);

    auto const of_server = searches.open(replica::Ticket{99}, query(), at({}));
    auto const for_server = searches.local_answer({of_server, {}, {}, true}, at({}));
    REQUIRE_FALSE(for_server.value().asker);
    REQUIRE(for_server->ticket == replica::Ticket{99});
    REQUIRE(for_server->answer.partial);
    REQUIRE(searches.counters().for_servers == 1);
}

TEST_CASE("what is forgotten has no answer, and rows are bounded") {
    PendingSearches searches;
    searches.forget(searches.open(asker, 1, query(), false, at({})));
    REQUIRE(searches.empty());
    auto wide = query();
    wide.wanted = 60'000;
    REQUIRE(PendingSearches::bounded(wide).wanted == answer_rows_max);
    wide.wanted = 0;
    REQUIRE(PendingSearches::bounded(wide).wanted == 1);
}

}  // namespace pending_searches_test
