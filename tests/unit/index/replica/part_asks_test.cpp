#include <catch2/catch.hpp>

#include "unit/index/replica/parts.hpp"

namespace praline::index::replica::part_asks_test {
namespace {

using namespace std::chrono_literals;

}  // namespace

TEST_CASE("a complete server asks none; a joining one asks a complete one first") {
    Parts complete;
    complete.meet(1);
    complete.asks.wanted({Ticket{1}, {}});
    REQUIRE(complete.did<AskDone>().size() == 1);
    REQUIRE_FALSE(complete.did<AskDone>().back().answer);

    Parts joining{{}, member(9).endpoint};
    joining.meet(1, true);
    joining.asks.wanted({Ticket{1}, {}});
    REQUIRE(joining.sent<AskFor>(1).size() == 1);
    joining.meet(2);
    joining.asks.wanted({Ticket{2}, {}});
    REQUIRE(joining.sent<AskFor>(2).size() == 1);
}

TEST_CASE("an answer counts from the server that was asked, once and in time") {
    Parts parts{{}, member(9).endpoint};
    parts.meet(1);
    parts.asks.wanted({Ticket{1}, {}});
    std::uint64_t const request = parts.sent<AskFor>(1).back().request;
    parts.asks.got(Parts::from(2), AnswerFor{request, {}});
    REQUIRE(parts.did<AskDone>().empty());
    parts.asks.got(Parts::from(1), AnswerFor{request, {}});
    parts.asks.got(Parts::from(1), AnswerFor{request, {}});
    REQUIRE(parts.did<AskDone>().size() == 1);
    REQUIRE(parts.did<AskDone>().back().answer);
    parts.asks.wanted({Ticket{2}, {}});
    REQUIRE(parts.asks.next_deadline() == at(2s));
    parts.now(2s);
    parts.asks.give_up_late();
    REQUIRE(parts.did<AskDone>().size() == 2);
    REQUIRE_FALSE(parts.did<AskDone>().back().answer);
    REQUIRE_FALSE(parts.asks.next_deadline());
}

TEST_CASE("a question of another server is answered when the host has the answer, unless it is late") {
    Parts parts;
    parts.meet(1);
    parts.asks.got(Parts::from(1), AskFor{8, {}});
    Ticket const ticket = parts.did<AnswerNeeded>().back().ticket;
    parts.asks.answered({ticket, {}});
    REQUIRE(parts.sent<AnswerFor>(1).back().request == 8);
    parts.asks.answered({ticket, {}});
    REQUIRE(parts.sent<AnswerFor>(1).size() == 1);
    parts.asks.got(Parts::from(1), AskFor{9, {}});
    parts.now(2s);
    parts.asks.give_up_late();
    parts.asks.answered({parts.did<AnswerNeeded>().back().ticket, {}});
    REQUIRE(parts.sent<AnswerFor>(1).size() == 1);
}

}  // namespace praline::index::replica::part_asks_test
