#include "tools/reproduce/target.hpp"

#include <catch2/catch.hpp>

#include "tools/reproduce/report.hpp"
#include "tools/reproduce/targets.hpp"

namespace target_test {
using namespace praline::reproduce;

TEST_CASE("a figure agrees within its tolerance and differs beyond") {
    CHECK(within_share("x", 100, 105, 0.05, 1).verdict == Verdict::agrees);
    CHECK(within_share("x", 100, 105.1, 0.05, 1).verdict == Verdict::differs);
    CHECK(within_share("x", -59, -54, 0.1, 1).verdict == Verdict::agrees);
    CHECK(within("x", -59, -49, 10, 1).verdict == Verdict::agrees);
    CHECK(within("x", -59, -48.9, 10, 1).verdict == Verdict::differs);
    CHECK(equal("x", 993, 993).verdict == Verdict::agrees);
    CHECK(equal("x", 993, 992).verdict == Verdict::differs);
    CHECK(between("x", "about 100", 32, 316, 31.9, 1).verdict == Verdict::differs);
    CHECK(between("x", "about 100", 32, 316, 316, 1).verdict == Verdict::agrees);
    CHECK(at_most("x", "under 20", 19, 20, 0).verdict == Verdict::differs);
    CHECK(at_least("x", "10 times", 10, 10, 0).verdict == Verdict::agrees);
    CHECK(not_checked("x", "1", "why").verdict == Verdict::not_checked);
    // What is not a number agrees with nothing.
    CHECK(within_share("x", 1, 0.0 / 0.0, 0.05, 1).verdict == Verdict::differs);
    CHECK(at_most("x", "1", 1, 0.0 / 0.0, 1).verdict == Verdict::differs);
}

TEST_CASE("a target differs when one figure does, and is not checked when none was") {
    Target target{"T0", "title", "source", "setup"};
    CHECK(target.verdict() == Verdict::not_checked);
    target.checks.push_back(not_checked("a", "", "no crawl"));
    CHECK(target.verdict() == Verdict::not_checked);
    target.checks.push_back(equal("b", 1, 1));
    CHECK(target.verdict() == Verdict::agrees);
    target.checks.push_back(equal("c", 1, 2));
    CHECK(target.verdict() == Verdict::differs);
    CHECK(summary(std::vector{target}) ==
          "1 figures agree, 1 differ, 1 were not checked.\nTargets that agree: none; differ: T0; not checked: none.\n");
}

TEST_CASE("the text names theirs, ours, the tolerance and why; JSON and page escape what they quote") {
    Target target{"T0", "a \"title\" <b>", "source", "setup & more"};
    target.checks.push_back(within_share("mean", 131, 130.5, 0.005, 2));
    target.checks.back().remark = "a remark";
    std::string const text = to_text(target);
    for (char const* part : {"131.00", "130.50", "±0.50 %", "agrees", "a remark"})
        CHECK(text.find(part) != std::string::npos);
    CHECK(to_json(std::vector{target}).find("a \\\"title\\\" <b>") != std::string::npos);
    std::string const page = to_html(std::vector{target}, "reproduce --quick");
    CHECK(page.find("&lt;b&gt;") != std::string::npos);
    CHECK(page.find("<b>") == std::string::npos);
    CHECK(page.find("http") == std::string::npos);
}

TEST_CASE("every target has a name of its own, and the cheap ones give the same on any number of threads") {
    std::vector<std::string> names;
    for (Entry const& entry : all_targets()) names.emplace_back(entry.id);
    CHECK(names == std::vector<std::string>{"T1",  "T2",  "T3",  "T4",  "T5",  "T6",  "T7",  "T8",  "T9",
                                            "T10", "T11", "T13", "T14", "T15", "T16", "T19", "T20", "T22",
                                            "T23", "T24", "T25", "T26", "T28", "T30", "T31", "T37"});
    for (auto const make : {path_replication, pong_caching, freenet_failures}) {
        Options one, three;
        one.quick = three.quick = true;
        one.threads = 1;
        three.threads = 3;
        CHECK(to_text(make(one)) == to_text(make(three)));
        three.seed = 2;
        CHECK(to_text(make(one)) != to_text(make(three)));
    }
}

TEST_CASE("without crawls what needs them is left out, and says so") {
    Target const target = crawl_floods(Options{});
    CHECK(target.verdict() == Verdict::not_checked);
    REQUIRE(target.checks.size() == 4);
    for (Check const& check : target.checks) CHECK(check.remark.find("--topologies") != std::string::npos);
}

}  // namespace target_test
