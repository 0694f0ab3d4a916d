#include "index/client/server_names.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

#include "unit/index/link/loopback.hpp"

namespace server_names_test {
using namespace praline;
using namespace praline::index::client;
using praline::index::link::loopback::run_until;

namespace {

struct Fixture {
    Fixture() { names.start(owner); }
    boost::asio::io_context io;
    std::vector<Endpoint> found;
    std::shared_ptr<int> owner = std::make_shared<int>();
    ServerNames names{io, [this](Endpoint endpoint) { found.push_back(endpoint); }};
};

}  // namespace

TEST_CASE("a name is found with its port, from outside the call") {
    Fixture here;
    here.names.look_up("localhost:7001");
    here.names.look_up("localhost:7002");
    CHECK(here.found.empty());
    run_until(here.io, [&] { return here.found.size() == 2; });
    CHECK(here.found[0].is_loopback());
    CHECK(here.found[0].port + here.found[1].port == 7001 + 7002);
}

TEST_CASE("a name without a port, and one too many, are said at once") {
    Fixture here;
    CHECK_THROWS_WITH(here.names.look_up("localhost"), Catch::Contains("write HOST:PORT"));
    for (std::size_t i = 0; i < ServerNames::names_max; ++i) here.names.look_up("localhost:7000");
    CHECK_THROWS_WITH(here.names.look_up("localhost:7000"), Catch::Contains("More than 64"));
}

TEST_CASE("nothing is found after the stop, or the end of the owner") {
    Fixture here;
    here.names.look_up("localhost:7001");
    if (GENERATE(true, false))
        here.names.stop();
    else
        here.owner.reset();
    here.io.run();
    CHECK(here.found.empty());
}

}  // namespace server_names_test
