#include "webui/api/node_metrics.hpp"

#include <catch2/catch.hpp>

#include "unit/webui/prometheus_text.hpp"

namespace praline::webui::node_metrics_test {

TEST_CASE("a node's metrics are of Prometheus' text format") {
    StatusView status;
    status.version = "1 \"two\"";
    status.links_to_leaves = 3;
    status.bytes_uploaded = 12'345'678'901;
    status.problems = {"The disk is full."};
    status.index.server = "192.0.2.1:6347";
    status.counters = {{"queries_in", 7}, {"hits_in", 8}};
    auto const families = parse(prometheus_text(status));
    for (auto const& [name, family] : families) {
        INFO(name);
        REQUIRE(name.starts_with("praline_node_"));
        REQUIRE(is_well_named(name, family));
        REQUIRE_FALSE(family.samples.empty());
    }
    auto const value = [&](char const* name) { return families.at(name).samples.at(0).second; };
    CHECK(value("praline_node_uploaded_bytes_total") == 12'345'678'901.0);
    CHECK(value("praline_node_problems") == 1);
    CHECK(value("praline_node_index_signed_in") == 1);
    CHECK(value("praline_node_queries_in_total") == 7);
    CHECK(families.at("praline_node_links").samples.at(1) ==
          std::pair<std::string, double>{R"(praline_node_links{to="leaf"})", 3});
}

}  // namespace praline::webui::node_metrics_test
