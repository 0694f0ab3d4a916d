#include "index/server/catalogue_host.hpp"

#include <catch2/catch.hpp>

#include "index/server/server_identity.hpp"
#include "unit/index/server/fake_host.hpp"
#include "unit/index/server/scripted_node.hpp"

namespace catalogue_host_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;

namespace {

struct Scene {
    explicit Scene(std::string const& folder)
        : catalogue{world.io,
                    {folder + "/catalogue.db", {}, 1, {16, 16}},
                    {[this](std::vector<CatalogueReport>& some) {
                         for (auto& one : some) reports.push_back(std::move(one));
                     },
                     [this](SearchDone& done) { searched.push_back(std::move(done)); }}},
          kept{catalogue.start(owner)} {}

    void apply(std::uint8_t number) {
        Publisher publisher;
        publisher.id = key(number);
        publisher.transfer = {0x0A000001, 6346};
        Change first = change(1, 0);
        first.from = {};
        first.reset = true;
        auto const before = reports.size();
        catalogue.push(replica::Apply{replica::Ticket{number}, publisher, Claim{1, ServerId{1}}, first});
        world.until([&] { return reports.size() > before; }, "the change is on disk");
    }

    World world;
    std::shared_ptr<int> owner = std::make_shared<int>(0);
    std::vector<CatalogueReport> reports;
    std::vector<SearchDone> searched;
    CatalogueHost catalogue;
    CatalogueHost::Kept kept;
};

}  // namespace

TEST_CASE("entries on disk are counted with what is written and hidden, and at the next start") {
    TestFolder folder;
    AddressPrefix const address{Address::v4(0x0A000001)};
    {
        Scene scene{folder.path};
        REQUIRE(scene.kept.records.empty());
        scene.apply(1);
        scene.apply(2);
        REQUIRE(std::get<Wrote>(scene.reports.at(0)).record.value().entries == 1);
        REQUIRE(scene.catalogue.ledger().of_address(address) == 2);
        replica::Hide hide;
        hide.publisher = key(2);
        hide.version = {1, 1};
        scene.catalogue.push(hide);
        REQUIRE(scene.catalogue.ledger().of_publisher(key(2)) == 0);
        scene.catalogue.keep_members({Member{ServerId{5}, 1, Endpoint{0x0A000009, 4000}, 0}});
        scene.apply(3);  // after what was pushed before it
    }
    Scene again{folder.path};
    REQUIRE(again.catalogue.ledger().of_publisher(key(1)) == 1);
    REQUIRE(again.catalogue.ledger().total() == 2);
    REQUIRE(parse_members(again.kept.members).at(0).id == ServerId{5});
}

TEST_CASE("a search is answered on the owner's thread, and nothing is reported after the end") {
    TestFolder folder;
    Scene scene{folder.path};
    scene.apply(1);
    Query query;
    query.words = "song";
    query.wanted = 5;
    REQUIRE(scene.catalogue.search({9, query, {}}));
    scene.world.until([&] { return !scene.searched.empty(); }, "the search is answered");
    REQUIRE(scene.searched.at(0).number == 9);
    REQUIRE(scene.searched.at(0).answer.rows.size() == 1);
    scene.catalogue.measure();
    scene.world.until([&] { return scene.catalogue.size().entries == 1; }, "the size is known");
    REQUIRE(scene.catalogue.search({10, query, {}}));
    scene.catalogue.stop();
    scene.world.io.poll();
    REQUIRE(scene.searched.size() == 1);
}

}  // namespace catalogue_host_test
