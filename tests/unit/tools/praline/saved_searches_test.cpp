#include "tools/praline/saved_searches.hpp"

#include <catch2/catch.hpp>

#include "unit/tools/praline/scratch.hpp"

namespace saved_searches_test {
using namespace praline;

namespace {

SavedSearch saved(std::uint64_t per_run, std::uint64_t per_day) {
    SavedSearch one;
    one.view.text = "walnut";
    one.view.strategy = "flood";
    one.view.repeat_seconds = 600;
    one.view.messages_per_run = per_run;
    one.view.messages_per_day = per_day;
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
    webui::NewSavedSearch wanted;
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
    spend(poor, 100, noon);
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
    spend(one, 80, noon);
    CHECK(bool{messages_left(one, noon + 1) == 20U});
    CHECK(bool{messages_left(one, noon + SavedLimits::day_seconds) == 50U});
    CHECK(bool{messages_left(one, noon - 1000) == 50U});
    CHECK_FALSE(messages_left(saved(0, 0), noon));
}

TEST_CASE("a run that would likely cost more than the day has left is skipped, but never the day's first") {
    auto one = saved(0, 100);
    begin_run(one, noon);
    spend(one, 60, noon);
    CHECK(reason_to_skip(one, {3, true, false}, noon + 600).find("60") != std::string::npos);
    CHECK(reason_to_skip(one, {3, true, false}, noon + SavedLimits::day_seconds).empty());
}

TEST_CASE("the next run is due after the interval; what was skipped for want of links is tried sooner") {
    auto one = saved(0, 100);
    begin_run(one, noon);
    CHECK(one.view.runs == 1);
    CHECK(one.view.next_at == noon + 600);
    skip_run(one, "There was no link.", noon + 600);
    CHECK(one.view.next_at == noon + 600 + SavedLimits::skipped_retry_seconds);
    CHECK(one.view.skips == 1);
    CHECK(one.view.last_skip == "There was no link.");
    spend(one, 100, noon + 700);
    skip_run(one, "Used up.", noon + 700);
    CHECK(one.view.next_at == noon + 700 + 600);
    begin_run(one, noon + 1300);
    CHECK(one.view.last_skip.empty());
}

TEST_CASE("saved searches are read back as they were written, and only what no run found before is new") {
    ScratchDatabase scratch;
    auto one = saved(50, 100);
    one.view.parameters.ttl = 3;
    {
        SavedSearches store{scratch.file};
        store.add(one);
        begin_run(one, noon);
        spend(one, 7, noon);
        one.view.new_results = 2;
        one.has_base = true;
        store.update(one);
        auto const first = row(1), second = row(2), third = row(3);
        CHECK(store.remember(one.view.id, {&first, &second}) == 2);
        CHECK(store.remember(one.view.id, {&second, &third}) == 1);
        CHECK(store.remember(one.view.id, {}) == 0);
    }
    SavedSearches store{scratch.file};
    auto const all = store.load();
    REQUIRE(all.size() == 1);
    CHECK(all[0].view.id == one.view.id);
    CHECK(all[0].view.text == "walnut");
    CHECK(bool{all[0].view.parameters.ttl == 3U});
    CHECK(all[0].view.messages_per_run == 50);
    CHECK(all[0].view.next_at == noon + 600);
    CHECK(all[0].view.messages_today == 7);
    CHECK(all[0].last_cost == 7);
    CHECK(all[0].day_began == noon);
    CHECK(all[0].view.new_results == 2);
    CHECK(all[0].view.results_known == 3);
    store.erase(one.view.id);
    CHECK(store.load().empty());
    CHECK(store.results_known(one.view.id) == 0);
}

TEST_CASE("no time of a saved search is later than now, and its next run no further than one interval") {
    auto one = saved(0, 0);
    one.view.created_at = noon;
    begin_run(one, noon + 40 * 86'400);
    CHECK(mend_times(one, noon + 5));
    CHECK(one.view.next_at == noon + 605);
    CHECK(one.view.last_at == noon + 5);
    CHECK(one.view.created_at == noon);
    CHECK_FALSE(mend_times(one, noon + 5));
    CHECK_FALSE(mend_times(one, noon + 400));
    CHECK(one.view.next_at == noon + 605);
}

}  // namespace saved_searches_test
