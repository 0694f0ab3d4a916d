#include <catch2/catch.hpp>

#include "unit/webui/index/fake_server.hpp"
#include "unit/webui/prometheus_text.hpp"
#include "webui/index/index_views.hpp"

namespace praline::webui::index_metrics_test {

TEST_CASE("the metrics are of Prometheus' text format") {
    auto const families = parse(prometheus_text(sample_status(), "0.1.0"));
    for (auto const& [name, family] : families) {
        INFO(name);
        REQUIRE(name.starts_with("praline_index_"));
        REQUIRE(is_well_named(name, family));
        REQUIRE_FALSE(family.samples.empty());
    }
    REQUIRE(families.at("praline_index_writes_total").samples.at(0).second == 12);
    REQUIRE(families.at("praline_index_load_ratio").samples.at(0).second == Approx(0.2));
    REQUIRE(families.at("praline_index_search_seconds").samples.size() == 5);
    REQUIRE(families.at("praline_index_search_seconds").samples.at(2) ==
            std::pair<std::string, double>{R"(praline_index_search_seconds{quantile="0.99"})", 0.004});
    REQUIRE(families.at("praline_index_search_seconds").samples.at(3).second == 2);
    REQUIRE(families.at("praline_index_member_writes_missing").samples.size() == 2);
}

TEST_CASE("a label's value may hold anything") {
    auto const text = prometheus_text(sample_status(), "a\"b\\c\nd");
    REQUIRE_THAT(text, Catch::Contains(R"(version="a\"b\\c\nd")"));
    REQUIRE_NOTHROW(parse(text));
}

TEST_CASE("a group of one has members' families without samples, and that is well-formed") {
    auto status = sample_status();
    status.members.clear();
    REQUIRE(parse(prometheus_text(status, "0.1.0")).at("praline_index_member_direct").samples.empty());
}

}  // namespace praline::webui::index_metrics_test
