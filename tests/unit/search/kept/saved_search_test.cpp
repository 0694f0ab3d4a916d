#include "search/kept/saved_searches.hpp"

#include <catch2/catch.hpp>

#include "unit/tools/praline/scratch.hpp"

namespace saved_searches_test {
using namespace praline;
using namespace praline::search::kept;

namespace {

SavedSearch saved(std::uint64_t per_run, std::uint64_t per_day) {
    SavedSearch one;
    one.terms.text = "walnut";
    one.terms.strategy = "flood";
    one.budget.repeat_seconds = 600;
    one.budget.messages_per_run = per_run;
    one.budget.messages_per_day = per_day;
    return one;
}

constexpr UnixSeconds noon = 1'700'000'000;

search::ResultRow row(std::uint8_t number) {
    search::ResultRow one;
    one.urn.sha1 = Sha1{{number}};
    return one;
}

}  // namespace

TEST_CASE("an interval or a budget that makes no sense gets a sentence") {
    RunBudget wanted;
    wanted.repeat_seconds = 10;
    CHECK(problem_of(wanted).empty());
    wanted.repeat_seconds = 9;
    CHECK(problem_of(wanted).find("repeat_seconds") != std::string::npos);
    wanted.repeat_seconds = UINT64_MAX;
    CHECK_FALSE(problem_of(wanted).empty());
    wanted.repeat_seconds = 600;
    wanted.messages_per_day = UINT64_MAX;
    CHECK(problem_of(wanted).find("messages_per_day") != std::string::npos);
}

TEST_CASE("a run is skipped without links, without room, without budget, and each time a sentence says why") {
    RunChances const fine{3, true, false};
    CHECK(reason_to_skip(saved(0, 0), fine, noon).empty());
    CHECK(reason_to_skip(saved(0, 0), {0, true, false}, noon).find("link") != std::string::npos);
    CHECK(reason_to_skip(saved(0, 0), {3, false, false}, noon).find("open") != std::string::npos);
    auto poor = saved(0, 100);
    count_messages(poor, 100, noon);
    CHECK(reason_to_skip(poor, fine, noon + 10).find("used up") != std::string::npos);
    CHECK(reason_to_skip(poor, fine, noon + SavedLimits::day_seconds).empty());
}

TEST_CASE("a flood that nobody could stop in time is not begun") {
    CHECK_FALSE(reason_to_skip(saved(2, 0), {3, true, true}, noon).empty());
    CHECK(reason_to_skip(saved(3, 0), {3, true, true}, noon).empty());
    CHECK(reason_to_skip(saved(2, 0), {3, true, false}, noon).empty());
}

TEST_CASE("what is left is the smaller of both budgets, and the day's comes back after a day") {
    auto one = saved(50, 100);
    CHECK(bool{messages_left(one, noon) == 50U});
    count_messages(one, 80, noon);
    CHECK(bool{messages_left(one, noon + 1) == 20U});
    CHECK(bool{messages_left(one, noon + SavedLimits::day_seconds) == 50U});
    CHECK(bool{messages_left(one, noon - 1000) == 50U});
    CHECK_FALSE(messages_left(saved(0, 0), noon));
}

TEST_CASE("a run that would likely cost more than the day has left is skipped, but never the day's first") {
    auto one = saved(0, 100);
    begin_run(one, noon);
    count_messages(one, 60, noon);
    CHECK(reason_to_skip(one, {3, true, false}, noon + 600).find("60") != std::string::npos);
    CHECK(reason_to_skip(one, {3, true, false}, noon + SavedLimits::day_seconds).empty());
}

TEST_CASE("the next run is due after the interval; what was skipped for want of links is tried sooner") {
    auto one = saved(0, 100);
    begin_run(one, noon);
    CHECK(one.runs == 1);
    CHECK(one.next_at == noon + 600);
    skip_run(one, "There was no link.", noon + 600);
    CHECK(one.next_at == noon + 600 + SavedLimits::skipped_retry_seconds);
    CHECK(one.skips == 1);
    CHECK(one.last_skip == "There was no link.");
    count_messages(one, 100, noon + 700);
    skip_run(one, "Used up.", noon + 700);
    CHECK(one.next_at == noon + 700 + 600);
    begin_run(one, noon + 1300);
    CHECK(one.last_skip.empty());
}

TEST_CASE("saved searches are read back as they were written, and only what no run found before is new") {
    ScratchDatabase scratch;
    auto one = saved(50, 100);
    one.terms.parameters.ttl = 3;
    {
        SavedSearchStore store{scratch.file};
        store.add(one);
        begin_run(one, noon);
        count_messages(one, 7, noon);
        one.new_results = 2;
        one.has_base = true;
        store.update(one);
        auto const first = row(1), second = row(2), third = row(3);
        CHECK(store.remember(one.id, {&first, &second}) == 2);
        CHECK(store.remember(one.id, {&second, &third}) == 1);
        CHECK(store.remember(one.id, {}) == 0);
    }
    SavedSearchStore store{scratch.file};
    auto const all = store.load();
    REQUIRE(all.size() == 1);
    CHECK(all[0].id == one.id);
    CHECK(all[0].terms.text == "walnut");
    CHECK(bool{all[0].terms.parameters.ttl == 3U});
    CHECK(all[0].budget.messages_per_run == 50);
    CHECK(all[0].next_at == noon + 600);
    CHECK(all[0].messages_today == 7);
    CHECK(all[0].last_cost == 7);
    CHECK(all[0].day_began == noon);
    CHECK(all[0].new_results == 2);
    CHECK(all[0].results_known == 3);
    store.erase(one.id);
    CHECK(store.load().empty());
    CHECK(store.results_known(one.id) == 0);
}

TEST_CASE("no time of a saved search is later than now, and its next run no further than one interval") {
    auto one = saved(0, 0);
    one.created_at = noon;
    begin_run(one, noon + 40 * 86'400);
    CHECK(correct_times(one, noon + 5));
    CHECK(one.next_at == noon + 605);
    CHECK(one.last_at == noon + 5);
    CHECK(one.created_at == noon);
    CHECK_FALSE(correct_times(one, noon + 5));
    CHECK_FALSE(correct_times(one, noon + 400));
    CHECK(one.next_at == noon + 605);
}

TEST_CASE("a run has sent as much as it may when its own budget or the day's is used up") {
    auto one = saved(50, 100);
    begin_run(one, noon);
    count_messages(one, 49, noon);
    CHECK_FALSE(is_spent(one, noon));
    count_messages(one, 1, noon);
    CHECK(is_spent(one, noon));
    CHECK_FALSE(is_spent(saved(0, 0), noon));
    auto daily = saved(0, 100);
    count_messages(daily, 100, noon);
    CHECK(is_spent(daily, noon));
}

TEST_CASE("what is counted for a saved search is written with the next flush, and all else at once") {
    ScratchDatabase scratch;
    SavedSearches searches{scratch.file};
    auto const id = searches.add({"walnut", "flood", {}}, {600, 0, 0}, noon);
    CHECK(searches.due(noon) == std::vector<std::uint64_t>{id});
    searches.begin_run(id, noon);
    CHECK(searches.due(noon).empty());
    CHECK_FALSE(searches.count_messages(id, 7, noon));
    auto const stored = [&] { return SavedSearchStore{scratch.file}.load().at(0); };
    CHECK(stored().runs == 1);
    CHECK(stored().messages_today == 0);
    searches.flush();
    CHECK(stored().messages_today == 7);
    auto const first = row(1), second = row(2);
    searches.end_run(id, {&first});
    CHECK(stored().new_results == 0);  // nothing to compare with yet
    searches.end_run(id, {&first, &second});
    CHECK(stored().new_results == 1);
    searches.skip_run(id, "There was no link.", noon);
    CHECK(stored().last_skip == "There was no link.");
    searches.erase(id);
    searches.flush();
    CHECK(searches.find(id) == nullptr);
    CHECK_FALSE(searches.count_messages(id, 1, noon));
}

}  // namespace saved_searches_test
