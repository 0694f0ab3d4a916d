#include "transfer/library/left_out.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "transfer/library/limits.hpp"

namespace left_out_test {
using namespace praline;
using namespace praline::library;

TEST_CASE("names that begin with a dot are hidden, titles that begin with an ellipsis are not") {
    for (char const* name : {".ssh", ".", "..", "...", "....", "..cache", "..And Then There Were Three.mp3"})
        CHECK(is_hidden(name));
    for (char const* name : {"...And Justice for All.mp3", "....x", "a.b", "", "x..."}) CHECK_FALSE(is_hidden(name));
}

TEST_CASE("what is left out is counted by reason and named below its folder") {
    LeftOut out;
    out.replace("/s", {{".git", LeftOutReason::hidden}, {"link", LeftOutReason::link}});
    out.replace("/s/sub", {{".x\xFF\n", LeftOutReason::hidden}});
    out.add("/s/sub/locked", LeftOutReason::unreadable);
    out.add("/s/sub/locked", LeftOutReason::unreadable);
    auto const groups = out.groups("/s");
    REQUIRE(groups.size() == 3);
    CHECK(groups[0] == LeftOutGroup{LeftOutReason::hidden, 2, {".git", "sub/.x__"}});
    CHECK(groups[1] == LeftOutGroup{LeftOutReason::link, 1, {"link"}});
    CHECK(groups[2] == LeftOutGroup{LeftOutReason::unreadable, 1, {"sub/locked"}});
    for (auto const& group : groups) {
        CHECK_FALSE(name_of(group.reason).empty());
        CHECK_FALSE(explanation_of(group.reason).empty());
        for (auto const& name : group.names) CHECK(is_valid_utf8(name));
    }
}

TEST_CASE("a new listing of a folder takes the place of the old one, and a folder that is gone is not counted") {
    LeftOut out;
    out.replace("/s", {{".a", LeftOutReason::hidden}});
    out.replace("/s", {{".b", LeftOutReason::hidden}, {".c", LeftOutReason::hidden}});
    out.replace("/s/sub/deep", {{"pipe", LeftOutReason::special}});
    out.replace("/s/sub2", {{"pipe", LeftOutReason::special}});
    out.add("/s/sub/f", LeftOutReason::changing);
    CHECK(out.count(LeftOutReason::hidden) == 2);
    CHECK(out.count(LeftOutReason::special) == 2);
    out.forget("/s/sub");
    CHECK(out.count(LeftOutReason::special) == 1);
    CHECK(out.count(LeftOutReason::changing) == 0);
    auto const version = out.version();
    out.remove("/s/unknown");
    out.forget("/s/elsewhere");
    out.replace("/s", {{".b", LeftOutReason::hidden}, {".c", LeftOutReason::hidden}});
    CHECK(out.version() == version);
    out.replace("/s", {});
    CHECK(out.count(LeftOutReason::hidden) == 0);
    CHECK(out.groups("/s").size() == 1);
    CHECK(out.version() != version);
}

TEST_CASE("however much is left out, all of it is counted and the first few are named") {
    LeftOut out;
    std::vector<LeftOutEntry> many;
    for (std::size_t i = 0; i < 3 * left_out_names_max; ++i)
        many.push_back({"." + std::to_string(i), LeftOutReason::hidden});
    out.replace("/s/a", many);
    out.replace("/s/b", many);
    auto const groups = out.groups("/s");
    REQUIRE(groups.size() == 1);
    CHECK(groups[0].count == 6 * left_out_names_max);
    CHECK(groups[0].names.size() == left_out_names_max);
}

}  // namespace left_out_test
