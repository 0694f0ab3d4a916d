#include "search/engine/checks.hpp"

#include "unit/search/engine/router_fixture.hpp"

namespace checks_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;

namespace {

wire::CheckNote const question{3, 4};
wire::CheckAnswerNote const yes{3, 4, true};

overlay::SendNote only_note(RouterParts& parts) {
    REQUIRE(parts.out.size() == 1);
    auto const note = std::get<overlay::SendNote>(parts.out.at(0));
    parts.out.clear();
    return note;
}

}  // namespace

TEST_CASE("a question goes along the reply route of its query, and the answer back the way it came, once") {
    RouterParts parts;
    CHECK_FALSE(parts.checks.on_question(peer(1), Guid{}, question, peer(2), parts.turn()));
    auto const asked = only_note(parts);
    CHECK(asked.to == peer(2));
    CHECK(std::get<wire::CheckNote>(asked.note) == question);
    CHECK_FALSE(parts.checks.on_answer(peer(9), Guid{}, yes, parts.turn()));  // it was not asked
    CHECK(parts.out.empty());
    CHECK_FALSE(parts.checks.on_answer(peer(2), Guid{}, yes, parts.turn()));
    auto const answered = only_note(parts);
    CHECK(answered.to == peer(1));
    CHECK(std::get<wire::CheckAnswerNote>(answered.note) == yes);
    CHECK_FALSE(parts.checks.on_answer(peer(2), Guid{}, yes, parts.turn()));
    CHECK(parts.out.empty());
}

TEST_CASE("a question does not go back to the neighbour that asks it") {
    RouterParts parts;
    CHECK_FALSE(parts.checks.on_question(peer(1), Guid{}, question, peer(1), parts.turn()));
    CHECK(parts.out.empty());
}

TEST_CASE("a question is answered where its query began: no, where that is forgotten or needs no more") {
    RouterParts parts;
    parts.up(ours(1));
    strategy::Parameters walk;
    walk.kind = strategy::Kind::random_walk;
    parts.start(view("linux"), walk);
    parts.out.clear();
    for (bool const known : {true, false}) {
        auto const answer = parts.checks.on_question(peer(1), Guid{}, question,
                                                     known ? std::optional{Checks::here} : std::nullopt, parts.turn());
        REQUIRE(answer);
        CHECK(answer->go_on == known);
        CHECK(only_note(parts).to == peer(1));
    }
    parts.strategies.results(Guid{}, 1);
    CHECK_FALSE(parts.checks.on_question(peer(1), Guid{}, question, Checks::here, parts.turn())->go_on);
    CHECK(parts.checks.counters().in == 3);
    CHECK(parts.checks.counters().answered == 3);
}

TEST_CASE("a walker that waits here asks, and the answer is for it") {
    RouterParts parts;
    strategy::WalkerCheck const check{Guid{}, {3, 4, 1000, 4, true}};
    CHECK_FALSE(parts.checks.ask(check, std::nullopt, parts.turn()));  // it will run out of patience
    CHECK(parts.out.empty());
    CHECK_FALSE(parts.checks.ask(check, peer(2), parts.turn()));
    CHECK(only_note(parts).to == peer(2));
    CHECK(parts.checks.on_answer(peer(2), Guid{}, yes, parts.turn()));
    CHECK(parts.out.empty());
}

TEST_CASE("questions whose answer does not come are forgotten, the oldest first") {
    RouterParts parts;
    parts.options.limits.checks_max = 2;
    for (std::uint32_t step : {4U, 8U, 12U})
        (void)parts.checks.on_question(peer(1), Guid{}, {3, step}, peer(2), parts.turn());
    parts.out.clear();
    (void)parts.checks.on_answer(peer(2), Guid{}, {3, 4, true}, parts.turn());
    CHECK(parts.out.empty());
    (void)parts.checks.on_answer(peer(2), Guid{}, {3, 8, true}, parts.turn());
    CHECK(parts.out.size() == 1);
}

}  // namespace checks_test
