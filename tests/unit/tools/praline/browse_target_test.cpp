#include "tools/praline/browse_target.hpp"

#include <catch2/catch.hpp>

namespace browse_target_test {
using namespace praline;

namespace {

Guid guid(std::uint8_t number) { return Guid{{number}}; }

struct Desk {
    search::SearchSessions sessions;
    Desk() {
        auto const opened = sessions.open("walnut", {}, guid(100), Instant{});
        REQUIRE(opened);
        add(1, "192.0.2.1:6346", false, false);
        add(2, "192.0.2.2:6346", true, true);
    }
    void add(std::uint8_t servent, char const* address, bool browsable, bool push_needed) {
        wire::QueryHit hit;
        hit.servent = guid(servent);
        hit.endpoint = *Endpoint::parse(address);
        hit.browsable = browsable;
        hit.push_needed = push_needed;
        auto& record = hit.records.emplace_back();
        record.name = "walnut";
        record.index = servent;
        record.urn.sha1 = Sha1{{1}};
        (void)sessions.add_hit(guid(100), PeerId{1}, Hops{1}, hit, Instant{});
    }
    [[nodiscard]] browse::Target target(webui::NewBrowse const& wanted) const {
        auto const found = browse_target(wanted, sessions);
        REQUIRE(std::holds_alternative<browse::Target>(found));
        return std::get<browse::Target>(found);
    }
    [[nodiscard]] std::string problem(webui::NewBrowse const& wanted) const {
        auto const found = browse_target(wanted, sessions);
        REQUIRE(std::holds_alternative<std::string>(found));
        return std::get<std::string>(found);
    }
};

}  // namespace

TEST_CASE("a host is named by address, by name, or by a result that it has") {
    Desk const desk;
    CHECK(desk.target({" 192.0.2.9:6346 ", ""}).name() == "192.0.2.9:6346");
    CHECK(desk.target({"[2a01:4f8::5]:6346", ""}).name() == "[2a01:4f8::5]:6346");
    CHECK(desk.target({"node.example.org:6346", ""}).name() == "node.example.org:6346");
    auto const by_result = desk.target({"", "1-1"});
    CHECK(by_result.name() == "192.0.2.2:6346");
    CHECK(by_result.push_needed);
    CHECK(by_result.servent == guid(2));
    CHECK(by_result.index == 2);
    auto const by_both = desk.target({"192.0.2.1:6346", "1-1"});
    CHECK(by_both.servent == guid(1));
    CHECK_FALSE(by_both.push_needed);
}

TEST_CASE("what names no host is refused with a sentence") {
    Desk const desk;
    CHECK(desk.problem({"nonsense", ""}).find("is not an address and port") != std::string::npos);
    CHECK(desk.problem({"0.0.0.0:6346", ""}).find("cannot be the address of a node") != std::string::npos);
    CHECK(desk.problem({"", "7-1"}) == "There is no result 7-1.");
    CHECK(desk.problem({"", "x"}) == "There is no result x.");
    CHECK(desk.problem({"192.0.2.77:6346", "1-1"}) == "192.0.2.77:6346 is no source of result 1-1.");
}

}  // namespace browse_target_test
