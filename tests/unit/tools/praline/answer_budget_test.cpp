#include "tools/praline/answer_budget.hpp"

#include <catch2/catch.hpp>

namespace answer_budget_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t costly = 10 * AnswerBudget::steps_per_unit;

/// Answers that a link gets without time going by, at most `most`.
unsigned answered(AnswerBudget& budget, PeerId link, Instant now, unsigned most = 100'000) {
    unsigned count = 0;
    for (; count < most && budget.admits(link, 0, now); ++count) budget.charge(link, costly, now);
    return count;
}

}  // namespace

TEST_CASE("links that ask for much share one budget, and leave every other link its own") {
    AnswerBudget budget;
    Instant now{};
    unsigned all = 0;
    for (std::uint32_t link = 1; link <= 40; ++link) all += answered(budget, PeerId{link}, now);
    unsigned const own = AnswerBudget::own_units_at_once / 10, shared = AnswerBudget::shared_units_at_once / 10;
    CHECK(all >= shared);
    CHECK(all <= 40 * own + shared);
    CHECK_FALSE(budget.admits(PeerId{1}, 0, now));
    CHECK(answered(budget, PeerId{100}, now) == own);

    now += 10s;
    CHECK(answered(budget, PeerId{100}, now) == own + shared);
    CHECK(answered(budget, PeerId{1}, now) == own);
}

TEST_CASE("a link that does not read its answers gets no more of them") {
    AnswerBudget budget;
    CHECK(budget.admits(PeerId{1}, AnswerBudget::waiting_bytes_max, Instant{}));
    CHECK_FALSE(budget.admits(PeerId{1}, AnswerBudget::waiting_bytes_max + 1, Instant{}));
}

TEST_CASE("a link that is down is forgotten") {
    AnswerBudget budget;
    Instant const now{};
    static_cast<void>(answered(budget, PeerId{1}, now));
    CHECK_FALSE(budget.admits(PeerId{1}, 0, now));
    budget.forget(PeerId{1});
    CHECK(budget.admits(PeerId{1}, 0, now));
}

TEST_CASE("more links than are remembered have the shared part alone") {
    AnswerBudget budget;
    Instant const now{};
    for (std::uint32_t link = 1; link <= AnswerBudget::links_max; ++link) budget.charge(PeerId{link}, costly, now);
    PeerId const late{AnswerBudget::links_max + 1};
    CHECK(answered(budget, late, now) == AnswerBudget::shared_units_at_once / 10);
    CHECK_FALSE(budget.admits(late, 0, now));
}

}  // namespace answer_budget_test
