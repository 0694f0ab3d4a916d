#include <memory>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tools/praline/user_searches.hpp"
#include "unit/tools/praline/scratch.hpp"

namespace user_searches_index_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

Moment at(Duration time) { return {Instant{} + time, 1'700'000'000}; }

/// A node with an index server, which only remembers what was asked.
struct Desk {
    Desk() {
        UserSearches::Host host;
        host.launch = [this](Guid const&, wire::Query query, search::strategy::Parameters const& p,
                             search::SearchText const&) { launched.emplace_back(std::move(query), p); };
        host.stop_querying = host.close = [](Guid const&) {};
        host.has_index = [this] { return has_index; };
        host.ask_index = [this](Guid const& guid, index::Query query) { asked.emplace_back(guid, std::move(query)); };
        host.drop_index = [this](Guid const& guid) { dropped.push_back(guid); };
        host.links = [] { return std::size_t{0}; };
        host.nodes_max = [] { return std::optional<std::uint64_t>{}; };
        host.new_guid = [this] { return Guid{{++guids}}; };
        host.notify = [](std::string const&, std::string const&) {};
        searches = std::make_unique<UserSearches>(scratch.file, search::SessionLimits{}, std::move(host));
    }
    std::uint32_t start(std::string const& strategy, std::optional<std::uint64_t> wanted = std::nullopt,
                        std::string text = "walnut") {
        webui::NewSearch search{std::move(text), strategy, {}};
        search.parameters.results_wanted = wanted;
        auto const begun = searches->start(search, at(0s));
        REQUIRE(begun.value);
        return begun.value->id;
    }
    void answer(std::uint8_t files, std::uint32_t sources = 2) {
        index::Answer answer;
        for (std::uint8_t number = 1; number <= files; ++number) {
            index::Row row;
            row.entry = {Sha1{{number}}, std::nullopt, 1000U + number, "walnut " + std::to_string(number)};
            for (std::uint32_t source = 1; source <= sources; ++source) {
                index::Publisher publisher;
                publisher.transfer = {0x0A000000U + source, 6346};
                publisher.servent = Guid{{static_cast<std::uint8_t>(source)}};
                row.sources.push_back(publisher);
            }
            answer.rows.push_back(row);
        }
        searches->index_answered(asked.back().first, answer, {2, 640, 3ms}, at(3ms));
    }
    [[nodiscard]] webui::SearchView view(std::uint32_t id) const { return *searches->find(id, at(1s).now).value; }

    ScratchDatabase scratch;
    std::unique_ptr<UserSearches> searches;
    std::vector<std::pair<wire::Query, search::strategy::Parameters>> launched;
    std::vector<std::pair<Guid, index::Query>> asked;
    std::vector<Guid> dropped;
    bool has_index = true;
    std::uint8_t guids = 0;
};

}  // namespace

TEST_CASE("a search of the index asks no neighbour, and shows files, sources and the price") {
    Desk desk;
    auto const id = desk.start("index");
    CHECK(desk.asked.back().second.words == "walnut");
    desk.answer(3);
    auto const view = desk.view(id);
    CHECK(desk.launched.empty());
    CHECK(view.rows == 3);
    CHECK(view.hits == 6);
    CHECK(view.state == "closed");  // nothing else can come
    CHECK_FALSE(view.open);
    CHECK(desk.searches->history(0, 1).entries.at(0).rows == 3);
    CHECK(desk.dropped.empty());
    REQUIRE(view.price.index);
    CHECK(view.price.index->messages == 2);
    CHECK(view.price.index->bytes == 640);
    CHECK(view.price.index->milliseconds == 3.0);
    CHECK(view.price.index->files == 3);
    CHECK(view.price.messages == 0);
    auto const* const row = desk.searches->sessions().row(id, 1);
    REQUIRE(row);
    CHECK(row->sources.at(0).indexed);
}

TEST_CASE("a hybrid search asks the overlay for what the index lacks, and only then") {
    Desk desk;
    auto const enough = desk.start("hybrid", 2);
    desk.answer(2);
    CHECK(desk.launched.empty());
    CHECK(desk.view(enough).state == "closed");
    auto const id = desk.start("hybrid", 5);
    desk.answer(2);
    REQUIRE(desk.launched.size() == 1);
    CHECK(desk.launched.back().second.kind == search::strategy::Kind::dynamic);
    CHECK(desk.launched.back().second.results_wanted == 3U);
    CHECK(desk.view(id).state == "asking");
    desk.searches->query_phase_done(desk.asked.back().first, at(2s));
    CHECK(desk.view(id).state == "listening");
}

TEST_CASE("a hybrid search does not wait for a slow index server") {
    Desk desk;
    (void)desk.start("hybrid");
    desk.searches->tick(at(500ms));
    CHECK(desk.launched.empty());
    desk.searches->tick(at(1s));
    CHECK(desk.launched.size() == 1);
    desk.answer(1);
    CHECK(desk.launched.size() == 1);
}

TEST_CASE("a search whose index servers are all gone says so") {
    Desk desk;
    auto const id = desk.start("index");
    desk.searches->index_failed(desk.asked.back().first, "No index server answers.", {1, 80, 5s}, at(5s));
    auto const view = desk.view(id);
    CHECK(view.state == "closed");
    CHECK(view.price.index->problem == "No index server answers.");
}

TEST_CASE("who asks the index for a Tiger root alone is told that it does not know files by that") {
    Desk desk;
    auto const ask = [&](std::string const& text) {
        auto const begun = desk.searches->start({text, "index", {}}, at(0s));
        REQUIRE(begun.value);
        desk.answer(0);
        return desk.view(begun.value->id).price.index->problem;
    };
    std::string const root(39, 'A'), sha1(32, 'A');
    CHECK_THAT(ask("urn:tree:tiger:" + root), Catch::Contains("Tiger root alone"));
    CHECK(ask("urn:bitprint:" + sha1 + "." + root).empty());
    CHECK(ask("urn:sha1:" + sha1).empty());
    CHECK(ask("walnut").empty());
}

TEST_CASE("without an index server a search of it is refused with a sentence") {
    Desk desk;
    desk.has_index = false;
    auto const refused = desk.searches->start({"walnut", "hybrid", {}}, at(0s));
    REQUIRE_FALSE(refused.value);
    CHECK(refused.refusal.code == "no_index");
    CHECK(refused.refusal.message.find("--index") != std::string::npos);
}

TEST_CASE("the answer to a search that was stopped is not wanted") {
    Desk desk;
    auto const id = desk.start("index");
    (void)desk.searches->stop(id, at(1s));
    CHECK(desk.dropped.size() == 1);
    desk.answer(3);
    CHECK(desk.view(id).rows == 0);
}

TEST_CASE(
    "what the user leaves out is not among what the index names, never told to it, and does not count as enough") {
    Desk desk;
    auto const id = desk.start("hybrid", 2, "walnut -3 -4 -5");
    CHECK(desk.asked.at(0).second.words == "walnut");
    desk.answer(5);
    CHECK(desk.view(id).rows == 2);
    CHECK(desk.view(id).price.excluded_hits == 6);
    CHECK(desk.launched.empty());
    (void)desk.start("hybrid", 3, "walnut -3 -4 -5");
    desk.answer(5);
    CHECK(desk.launched.size() == 1);
}

TEST_CASE("an index that nobody could ask is told apart from one that knows nothing") {
    Desk desk;
    auto const dead = desk.start("index");
    CHECK(desk.view(dead).unasked.empty());
    desk.searches->index_failed(desk.asked.back().first, "None can be reached.", {0, 0, 8ms}, at(8ms));
    CHECK(desk.view(dead).unasked == "No index server could be asked: None can be reached.");
    auto const both = desk.start("hybrid");
    desk.searches->index_failed(desk.asked.back().first, "None can be reached.", {0, 0, 8ms}, at(8ms));
    CHECK(desk.view(both).unasked ==
          "No index server could be asked: None can be reached. This node has no link to another node.");
    auto const empty = desk.start("index");
    desk.answer(0);
    CHECK(desk.view(empty).unasked.empty());
}

}  // namespace user_searches_index_test
