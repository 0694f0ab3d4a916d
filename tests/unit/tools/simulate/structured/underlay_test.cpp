#include "tools/simulate/structured/underlay.hpp"

#include <cmath>
#include <sstream>

#include <catch2/catch.hpp>

#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::structured::underlay_test {

namespace {

constexpr Node nodes = 60;

std::string complaint_of(std::string const& matrix) {
    std::istringstream text{matrix};
    try {
        static_cast<void>(read_matrix(3, 1, text, "m"));
    } catch (world::BadInput const& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("ways are finite, the same in both directions, and never longer by way of a third") {
    for (char const* const form : {"plane", "waxman:100:0.05:0.1", "waxman:100:0.0001:0.01", "transit-stub:2:2:2:3"}) {
        CAPTURE(form);
        auto const underlay = make_underlay(form, nodes, 3), again = make_underlay(form, nodes, 3);
        for (Node one = 0; one < nodes; ++one) {
            CHECK(underlay->distance(one, one) == 0);
            for (Node other = 0; other < nodes; ++other) {
                double const way = underlay->distance(one, other);
                REQUIRE(way < 1e6);
                REQUIRE(way == Approx(underlay->distance(other, one)));
                REQUIRE(way == again->distance(one, other));
                for (Node third = 0; third < nodes; third += 7)
                    REQUIRE(way <= underlay->distance(one, third) + underlay->distance(third, other) + 0.01);
            }
        }
    }
}

TEST_CASE("in a transit-stub network all that is far goes over transits") {
    // One stub of one router at each transit router: two nodes are at the same router, or 10 + 100 n + 10 ms apart.
    auto const underlay = make_underlay("transit-stub:3:2:1:1", nodes, 1);
    unsigned near = 0, far = 0;
    for (Node one = 0; one < nodes; ++one)
        for (Node other = 0; other < one; ++other) {
            double const way = underlay->distance(one, other);
            if (way == 0) ++near;
            if (way == 0) continue;
            ++far;
            REQUIRE(std::fmod(way - 20, 100) == 0);
        }
    CHECK(near > 0);
    CHECK(far > near);
}

TEST_CASE("a matrix gives half of the round trip, and what is no matrix is refused with its line") {
    std::istringstream text{"0 10 20\r\n10,0,30\n\n20\t40 0\n"};
    auto const underlay = read_matrix(nodes, 1, text, "m");
    bool seen = false;
    for (Node other = 1; other < nodes; ++other) {
        double const way = underlay->distance(0, other);
        CHECK((way == 0 || way == 5 || way == 10 || way == 17.5));
        seen = seen || way > 0;
    }
    CHECK(seen);
    CHECK(complaint_of("") == "m has 0 lines of 0 numbers: it must be square");
    CHECK(complaint_of("0 1\n1\n") == "m, line 2: it has 1 numbers, the first line 2");
    CHECK(complaint_of("0 1\n1 -2\n") == "m, line 2: \"-2\" is no round trip");
    CHECK(complaint_of("0 1\n1 0\n0 0\n") == "m, line 3: there are more lines than numbers in each");
    CHECK(complaint_of("0 inf\n1 0\n") == "m, line 1: \"inf\" is no round trip");
}

TEST_CASE("a form that is not known is refused") {
    for (char const* const form : {"", "flat", "plane:1", "waxman:1", "waxman:0:1:1", "waxman:9000:1:1", "waxman:5:x:1",
                                   "transit-stub:100:100:100:100", "transit-stub:0.5:1:1:1", "transit-stub:1.5:1:1:1",
                                   "waxman:5.5:1:1", "matrix", "matrix:", "matrix:/no/such/file"}) {
        CAPTURE(form);
        CHECK_THROWS_AS(make_underlay(form, 5, 1), world::BadInput);
    }
}

}  // namespace praline::simulate::structured::underlay_test
