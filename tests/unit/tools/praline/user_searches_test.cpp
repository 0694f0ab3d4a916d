#include "tools/praline/user_searches.hpp"

#include <catch2/catch.hpp>

#include "unit/tools/praline/scratch.hpp"

namespace user_searches_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

Moment at(std::int64_t seconds) { return {Instant{} + std::chrono::seconds{seconds}, 1'700'000'000 + seconds}; }

/// A node that only remembers what was asked of it.
struct Desk {
    explicit Desk(search::SessionLimits given = {}) : limits{given} { restart(); }
    void restart() {
        UserSearches::Host host;
        host.launch = [this](Guid const& guid, wire::Query query, search::strategy::Parameters const& p,
                             search::SearchText const&) {
            launched.emplace_back(guid, p);
            queries.push_back(std::move(query.text));
            held_by_tables += held_each_time;
        };
        host.held_by_tables = [this] { return held_by_tables; };
        host.stop_querying = [this](Guid const& guid) { stopped.push_back(guid); };
        host.close = [this](Guid const& guid) { forgotten.push_back(guid); };
        host.browse = [this](Guid const& guid, browse::Target const& target) {
            if (browsed.size() >= 2) return false;
            browsed.emplace_back(guid, target.name());
            return true;
        };
        host.stop_browsing = [this](Guid const& guid) { no_longer_browsed.push_back(guid); };
        host.links = [this] { return links; };
        host.nodes_max = [this] { return nodes_max; };
        host.new_guid = [this] { return Guid{{++guids}}; };
        host.notify = [this](std::string const& topic, std::string const&) { topics.push_back(topic); };
        searches.reset();
        searches = std::make_unique<UserSearches>(scratch.file, limits, std::move(host));
    }
    void hit(std::uint8_t number, Moment moment) {
        wire::QueryHit one;
        one.servent = Guid{{number}};
        one.records.push_back({});
        one.records.back().name = "walnut " + std::to_string(number);
        one.records.back().urn.sha1 = Sha1{{number}};
        searches->found(launched.back().first, PeerId{1}, Hops{2}, one, moment.now);
    }
    static webui::NewSearch words(std::string strategy = "flood") { return {"walnut", std::move(strategy), {}}; }
    static webui::NewSavedSearch repeated(std::uint64_t per_run = 0, std::uint64_t per_day = 0) {
        return {words("random-walk"), 60, per_run, per_day};
    }

    ScratchDatabase scratch;
    search::SessionLimits limits;
    std::unique_ptr<UserSearches> searches;
    std::vector<std::pair<Guid, search::strategy::Parameters>> launched;
    std::vector<std::string> queries;
    std::uint64_t held_by_tables = 0, held_each_time = 0;
    std::vector<std::pair<Guid, std::string>> browsed;
    std::vector<Guid> no_longer_browsed;
    std::vector<Guid> stopped, forgotten;
    std::vector<std::string> topics;
    std::size_t links = 3;
    std::optional<std::uint64_t> nodes_max;
    std::uint8_t guids = 0;
};

}  // namespace

TEST_CASE("a search is launched with its strategy, and its price is shown while it goes") {
    Desk desk;
    auto wanted = Desk::words("random-walk");
    wanted.parameters.walkers = 4;
    auto const begun = desk.searches->start(wanted, at(0));
    REQUIRE(begun.value);
    CHECK(begun.value->strategy == "random-walk");
    CHECK(begun.value->state == "asking");
    REQUIRE(desk.launched.size() == 1);
    CHECK(desk.launched[0].second.kind == search::strategy::Kind::random_walk);
    CHECK(bool{desk.launched[0].second.walkers == 4U});
    desk.searches->spent(desk.launched[0].first, 4, 400, 4, at(1));
    desk.hit(1, at(2));
    auto const now = desk.searches->find(begun.value->id, at(3).now);
    CHECK(now.value->price.messages == 4);
    CHECK(now.value->price.hits_by_hops.at(0).hops == 2);
    CHECK(now.value->price.first_result_seconds.value() == Approx(2));
}

TEST_CASE("the estimate of the reach is not above the nodes there are, and not below those who answered") {
    Desk desk;
    auto const id = desk.searches->start(Desk::words(), at(0)).value->id;
    desk.searches->spent(desk.launched[0].first, 1, 42, 30'785, at(1));
    auto const reach = [&] { return desk.searches->find(id, at(2).now).value->price.reach_about; };
    CHECK(reach() == 30'785);
    desk.nodes_max = 2;
    CHECK(reach() == 2);
    for (std::uint8_t i = 1; i <= 3; ++i) desk.hit(i, at(2));
    CHECK(reach() == 3);
    CHECK(desk.searches->stop(id, at(3)).value);
    CHECK(desk.searches->history(0, 1).entries.at(0).price.reach_about == 3);
}

TEST_CASE("what cannot be searched, an unknown strategy and absurd parameters are refused with a sentence") {
    Desk desk;
    CHECK(desk.searches->start({"a", "flood", {}}, at(0)).refusal.status == 400);
    CHECK(desk.searches->start({"magnet:?dn=x", "flood", {}}, at(0)).refusal.status == 400);
    CHECK(desk.searches->start({"walnut", "telepathy", {}}, at(0)).refusal.message.find("expanding-ring") !=
          std::string::npos);
    auto absurd = Desk::words();
    absurd.parameters.ttl = 255;
    CHECK(desk.searches->start(absurd, at(0)).refusal.message == "ttl must be from 1 to 7, not 255.");
    absurd.parameters.ttl = UINT64_MAX;
    CHECK(desk.searches->start(absurd, at(0)).refusal.status == 400);
    CHECK(desk.launched.empty());
    CHECK(desk.searches->history(0, 10).total == 0);
}

TEST_CASE("a search that ends, is stopped, or is open when the node stops goes into the history once") {
    Desk desk;
    auto const first = *desk.searches->start(Desk::words(), at(0)).value;
    desk.searches->spent(desk.launched[0].first, 3, 300, 9, at(0));
    desk.searches->tick(at(180));
    CHECK(desk.forgotten.size() == 1);
    auto const second = *desk.searches->start(Desk::words("key"), at(200)).value;
    CHECK(desk.searches->stop(second.id, at(210)).value);
    CHECK(desk.searches->stop(second.id, at(211)).value);
    CHECK(desk.searches->erase(first.id, at(212)).value);
    (void)desk.searches->start(Desk::words("dynamic"), at(220));
    desk.searches->shut_down(at(230));
    auto const history = desk.searches->history(0, 10);
    REQUIRE(history.total == 3);
    CHECK(history.entries[0].strategy == "dynamic");
    CHECK(history.entries[1].strategy == "key");
    CHECK(history.entries[1].lasted_seconds == Approx(10));
    CHECK(history.entries[2].price.messages == 3);
    CHECK(history.entries[2].started_at == at(0).unix_seconds);
    CHECK(desk.searches->forget_history(history.entries[0].id).value);
    CHECK(desk.searches->forget_history(history.entries[0].id).refusal.status == 404);
    CHECK(desk.searches->forget_history({}).value);
    CHECK(desk.searches->history(0, 10).total == 0);
}

TEST_CASE(
    "a search that was under way when the node died is in the history as interrupted, and one that goes on is not") {
    Desk desk;
    (void)desk.searches->start(Desk::words(), at(5));
    desk.searches->spent(desk.launched[0].first, 3, 300, 9, at(6));
    CHECK(desk.searches->history(0, 10).total == 0);
    CHECK(desk.searches->forget_history(1).refusal.status == 404);
    search::kept::SearchHistory after_the_crash{desk.scratch.file};
    REQUIRE(after_the_crash.size() == 1);
    auto const entry = after_the_crash.page(0, 10).at(0);
    CHECK(entry.interrupted);
    CHECK(entry.terms.text == Desk::words().text);
    CHECK(entry.started_at == at(5).unix_seconds);
    CHECK(entry.lasted.count() == 0);
}

TEST_CASE("forgetting the history leaves the searches that are under way, which come into it when they end") {
    Desk desk;
    auto const view = *desk.searches->start(Desk::words(), at(0)).value;
    CHECK(desk.searches->forget_history({}).value);
    CHECK(desk.searches->stop(view.id, at(7)).value);
    auto const history = desk.searches->history(0, 10);
    REQUIRE(history.total == 1);
    CHECK_FALSE(history.entries[0].interrupted);
    CHECK(history.entries[0].lasted_seconds == Approx(7));
}

TEST_CASE("what a first run finds is known and not new, even if the node died in one before it") {
    Desk desk;
    REQUIRE(desk.searches->save(Desk::repeated(), at(0)).value);
    desk.searches->tick(at(0));
    desk.restart();  // nothing has been shut down
    desk.searches->tick(at(60));
    desk.hit(1, at(61));
    desk.hit(2, at(61));
    desk.searches->tick(at(120));
    desk.hit(3, at(121));
    CHECK(desk.searches->saved().at(0).new_results == 0);
    CHECK(desk.searches->saved().at(0).results_known == 2);
    desk.searches->shut_down(at(130));
    desk.restart();
    CHECK(desk.searches->saved().at(0).new_results == 1);
}

TEST_CASE("a saved search runs at once and again after its interval, and says what is new") {
    Desk desk;
    REQUIRE(desk.searches->save(Desk::repeated(), at(0)).value);
    desk.searches->tick(at(0));
    REQUIRE(desk.launched.size() == 1);
    desk.hit(1, at(1));
    desk.hit(2, at(1));
    desk.searches->tick(at(59));
    CHECK(desk.launched.size() == 1);
    desk.searches->tick(at(60));
    REQUIRE(desk.launched.size() == 2);
    auto one = desk.searches->saved().at(0);
    CHECK(one.runs == 2);
    CHECK(one.new_results == 0);  // the first run finds out what there is
    CHECK(one.results_known == 2);
    CHECK(desk.searches->list(at(60).now).size() == 1);
    CHECK(desk.searches->list(at(60).now).at(0).saved_search == one.id);
    CHECK(one.search == desk.searches->list(at(60).now).at(0).id);
    desk.hit(2, at(61));
    desk.hit(3, at(61));
    desk.searches->tick(at(120));
    one = desk.searches->saved().at(0);
    CHECK(one.new_results == 1);
    CHECK(one.results_known == 3);
    CHECK(desk.searches->history(0, 10).entries.at(0).saved_search == one.id);
}

TEST_CASE("a run that has spent its budget asks nobody any more, and the day's budget skips runs") {
    Desk desk;
    REQUIRE(desk.searches->save(Desk::repeated(10, 15), at(0)).value);
    desk.searches->tick(at(0));
    desk.searches->spent(desk.launched[0].first, 9, 900, 9, at(1));
    CHECK(desk.stopped.empty());
    desk.searches->spent(desk.launched[0].first, 1, 100, 1, at(2));
    CHECK(desk.stopped.size() == 1);
    CHECK(desk.searches->list(at(2).now).at(0).state == "listening");
    desk.searches->tick(at(60));
    CHECK(desk.launched.size() == 1);
    auto const one = desk.searches->saved().at(0);
    CHECK(one.skips == 1);
    CHECK_FALSE(one.last_skip.empty());
    CHECK(one.messages_today == 10);
    CHECK(desk.searches->run_saved(one.id, at(61)).refusal.code == "skipped");
    desk.searches->tick(at(86'400 + 60));
    CHECK(desk.launched.size() == 2);
}

TEST_CASE("saved searches and what they spent outlive the node; without links they wait") {
    Desk desk;
    REQUIRE(desk.searches->save(Desk::repeated(0, 100), at(0)).value);
    desk.searches->tick(at(0));
    desk.searches->spent(desk.launched[0].first, 42, 900, 9, at(1));
    desk.searches->tick(at(2));
    desk.restart();
    REQUIRE(desk.searches->saved().size() == 1);
    CHECK(desk.searches->saved()[0].messages_today == 42);
    desk.links = 0;
    desk.searches->tick(at(60));
    CHECK(desk.launched.size() == 1);
    CHECK(desk.searches->saved()[0].last_skip.find("link") != std::string::npos);
    desk.links = 1;
    desk.searches->tick(at(120));
    CHECK(desk.launched.size() == 2);
    CHECK(desk.searches->erase_saved(desk.searches->saved()[0].id).value);
    CHECK(desk.searches->saved().empty());
    desk.searches->tick(at(10'000));
    CHECK(desk.launched.size() == 2);
}

TEST_CASE("a thousand searches in a row: the one that was read longest ago makes room, with its price in the history") {
    Desk desk{search::SessionLimits{.searches_max = 3}};
    std::uint32_t id = 0;
    for (int i = 0; i < 1000; ++i) {
        auto const begun = desk.searches->start(Desk::words(), at(i / 100));
        REQUIRE(begun.value);
        desk.searches->query_phase_done(desk.launched.back().first, at(i / 100));
        id = begun.value->id;
    }
    CHECK(desk.searches->list(at(10).now).size() == 3);
    CHECK(desk.searches->history(0, 10).total == 997);
    // Those of the last ones are still there for a download by the id of a result.
    CHECK(desk.searches->find(id - 2, at(10).now).value);
    CHECK(desk.searches->find(id - 3, at(10).now).refusal.status == 404);
}

TEST_CASE("what a page has open stays, and what still asks is refused no sooner than it must be") {
    Desk desk{search::SessionLimits{.searches_max = 2}};
    auto const first = desk.searches->start(Desk::words(), at(0)).value->id;
    desk.searches->query_phase_done(desk.launched[0].first, at(0));
    desk.searches->keep({first, 99}, at(1).now);
    auto const second = desk.searches->start(Desk::words("random-walk"), at(2)).value->id;
    CHECK(desk.searches->start(Desk::words(), at(3)).refusal.code == "too_many_searches");
    CHECK(desk.searches->find(second, at(4).now).value);
    CHECK(desk.searches->start(Desk::words(), at(8)).refusal.status == 409);
    CHECK(desk.searches->start(Desk::words(), at(10)).value);
    CHECK(desk.searches->find(first, at(10).now).value);
    CHECK(desk.searches->find(second, at(10).now).refusal.status == 404);
}

TEST_CASE("a saved search waits while no place is free") {
    Desk desk{search::SessionLimits{.searches_max = 1}};
    auto const id = desk.searches->start(Desk::words(), at(0)).value->id;
    auto const saved = desk.searches->save(Desk::repeated(), at(0)).value->id;
    desk.searches->keep({id}, at(0).now);
    CHECK(desk.searches->run_saved(saved, at(1)).refusal.message == "Too many searches were open.");
    CHECK(desk.searches->erase(id, at(2)).value);
    CHECK(desk.searches->run_saved(saved, at(3)).value);
}

TEST_CASE("a word left out never goes out, is shown, kept and repeated, and alone is refused with a sentence") {
    Desk desk;
    auto wanted = Desk::words();
    wanted.text = "walnut -battle -\"last order\"";
    auto const begun = *desk.searches->start(wanted, at(0)).value;
    CHECK(desk.queries.at(0) == "walnut");
    CHECK(begun.without == std::vector<std::string>{"battle", "last order"});
    CHECK(begun.text == wanted.text);
    CHECK(desk.searches->erase(begun.id, at(1)).value);
    CHECK(desk.searches->history(0, 1).entries.at(0).text == wanted.text);
    auto saved = Desk::repeated();
    saved.search.text = wanted.text;
    CHECK(desk.searches->save(saved, at(2)).value);
    desk.searches->tick(at(2));
    CHECK(desk.queries.at(1) == "walnut");
    for (auto const* const alone : {"-battle", "- -\"last order\"", "walnuts -walnut"}) {
        wanted.text = saved.search.text = alone;
        CHECK(desk.searches->start(wanted, at(3)).refusal.status == 400);
        CHECK(desk.searches->save(saved, at(3)).refusal.status == 400);
    }
    // The name in a magnet link is no grammar.
    wanted.text = "magnet:?dn=Artist+-Title&xt=urn:sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    auto const link = desk.searches->start(wanted, at(4));
    REQUIRE(link.value);
    CHECK(link.value->without.empty());
    CHECK(desk.queries.back() == "artist title");
}

TEST_CASE("that nobody could be asked is said while it is so, and kept when the search has ended") {
    Desk desk;
    desk.links = 0;
    auto const id = desk.searches->start(Desk::words(), at(0)).value->id;
    auto const unasked = [&](std::uint32_t search) { return desk.searches->find(search, at(1).now).value->unasked; };
    CHECK(unasked(id) == "This node has no link to another node.");
    CHECK(desk.searches->find(id, at(1).now).value->closes_in_seconds == Approx(179));
    CHECK(desk.searches->stop(id, at(2)).value);
    desk.links = 2;
    CHECK(unasked(id) == "This node has no link to another node.");
    CHECK(desk.searches->find(id, at(3).now).value->closes_in_seconds == 0);
    auto const late = desk.searches->start(Desk::words(), at(3)).value->id;
    CHECK_FALSE(unasked(late).empty());
    desk.searches->spent(desk.launched.back().first, 1, 80, 3, at(3));
    CHECK(unasked(late).empty());
    // Tables that neighbours have given answer for them.
    desk.held_each_time = 1;
    CHECK(unasked(desk.searches->start(Desk::words(), at(4)).value->id).empty());
}

TEST_CASE("a clock that was ahead does not keep a saved search from running, nor leave times in the future") {
    Desk desk;
    constexpr std::int64_t ahead = 1500 * 86'400;
    auto const id = desk.searches->save(Desk::repeated(), at(ahead)).value->id;
    desk.searches->tick(at(ahead));
    REQUIRE(desk.launched.size() == 1);
    desk.restart();
    desk.searches->tick(at(0));
    auto const saved = desk.searches->saved().at(0);
    CHECK(saved.id == id);
    CHECK(saved.next_at == at(60).unix_seconds);
    CHECK(saved.last_at == at(0).unix_seconds);
    CHECK(saved.created_at == at(0).unix_seconds);
    desk.searches->tick(at(60));
    CHECK(desk.launched.size() == 2);
}

TEST_CASE("an unknown order or kind of results is refused with the ones there are") {
    Desk desk;
    auto const id = desk.searches->start(Desk::words(), at(0)).value->id;
    webui::ResultQuery choice;
    choice.sort = "colour";
    CHECK(desk.searches->page(id, choice, at(1).now).refusal.message.find("relevance") != std::string::npos);
    choice.sort = "size";
    choice.kind = "cheese";
    CHECK(desk.searches->page(id, choice, at(1).now).refusal.message.find("archive") != std::string::npos);
    choice.kind.clear();
    CHECK(desk.searches->page(id, choice, at(1).now).value);
    CHECK(desk.searches->page(99, choice, at(1).now).refusal.status == 404);
}

TEST_CASE("a host that is browsed is a search of its own, which asks no peer and leaves no history") {
    Desk desk;
    auto const begun = desk.searches->browse({*HostPort::parse("192.0.2.1:6346")}, "", at(0));
    REQUIRE(begun.value);
    CHECK(begun.value->text == "Files of 192.0.2.1:6346");
    CHECK(begun.value->strategy == "browse");
    CHECK(begun.value->unasked.empty());
    REQUIRE(begun.value->browse);
    CHECK(begun.value->browse->host == "192.0.2.1:6346");
    CHECK(desk.launched.empty());
    REQUIRE(desk.browsed.size() == 1);
    wire::QueryHit hit;
    hit.records.resize(2);
    hit.records[0].name = "apple";
    hit.records[1].name = "zebra";
    desk.searches->browsed(desk.browsed[0].first, {hit}, 77, at(1).now);
    auto const id = begun.value->id;
    CHECK(desk.searches->find(id, at(1).now).value->rows == 2);
    desk.searches->browse_ended(desk.browsed[0].first, {}, at(2));
    auto const ended = desk.searches->find(id, at(3).now);
    CHECK_FALSE(ended.value->open);
    CHECK(ended.value->browse->complete);
    CHECK(ended.value->browse->bytes == 77);
    CHECK(desk.no_longer_browsed == std::vector<Guid>{desk.browsed[0].first});
    CHECK(desk.searches->history(0, 10).total == 0);
    CHECK(desk.stopped.empty());
}

TEST_CASE("a host without a list says why; one that is stopped is let go; and only so many are asked at once") {
    Desk desk;
    auto const first = desk.searches->browse({*HostPort::parse("192.0.2.1:6346")}, "", at(0));
    auto const second = desk.searches->browse({*HostPort::parse("node.example.org:6346")}, "7-1", at(0));
    auto const third = desk.searches->browse({*HostPort::parse("192.0.2.3:6346")}, "", at(0));
    REQUIRE(second.value);
    CHECK(second.value->browse->result == "7-1");
    CHECK(third.refusal.code == "too_many_browsed");
    CHECK(desk.searches->list(at(0).now).size() == 2);
    desk.searches->browse_ended(desk.browsed[0].first, "192.0.2.1:6346 cannot be reached.", at(1));
    auto const failed = desk.searches->find(first.value->id, at(1).now);
    CHECK(failed.value->browse->problem == "192.0.2.1:6346 cannot be reached.");
    CHECK_FALSE(failed.value->browse->complete);
    CHECK(desk.searches->stop(second.value->id, at(2)).value);
    CHECK(desk.no_longer_browsed.back() == desk.browsed[1].first);
    CHECK_FALSE(desk.searches->find(second.value->id, at(2).now).value->browse->complete);
}

}  // namespace user_searches_test
