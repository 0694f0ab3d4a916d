#include "webui/api/token_table.hpp"

#include <catch2/catch.hpp>

#include "webui/api/limits.hpp"

namespace praline::webui::token_table_test {
namespace {

using Result = TokenTable::Change::Result;

/// A file in memory, whose disk may be full.
struct Disk {
    std::string text;
    bool is_full = false;

    [[nodiscard]] TokenKeeping keeping() {
        return {text, [this](std::string const& tokens) -> std::string {
                    if (is_full) return "The disk is full.";
                    text = tokens;
                    return {};
                }};
    }
};

TEST_CASE("a named token is found by its secret until it is revoked, and only its hash is kept") {
    Disk disk;
    TokenTable table;
    table.keep_in(disk.keeping());
    auto const grafana = table.add("grafana", Scope::read).text, robot = table.add("robot-2", Scope::control).text;
    REQUIRE(table.find(grafana) != nullptr);
    CHECK(table.find(grafana)->scope == Scope::read);
    CHECK(table.find(robot)->name == "robot-2");
    CHECK(table.find("") == nullptr);
    CHECK(table.find(table.find(robot)->hash) == nullptr);
    CHECK(table.knows_hash(table.find(robot)->hash));
    CHECK(disk.text.find(grafana) == std::string::npos);

    auto const hash = std::string(64, 'a');
    disk.text += "no token\nevil admin zz\nx root " + hash + "\ny none " + hash + "\ngrafana admin " + hash + "\n";
    TokenTable later;
    later.keep_in(disk.keeping());
    CHECK(later.list().size() == 2);
    CHECK(later.find(grafana)->scope == Scope::read);
    CHECK(later.find(robot)->scope == Scope::control);
    CHECK(later.revoke("robot-2").result == Result::done);
    CHECK(later.revoke("robot-2").result == Result::refused);
    CHECK(later.find(robot) == nullptr);
    CHECK(later.find(grafana) != nullptr);
    CHECK(disk.text.find("robot-2") == std::string::npos);
}

TEST_CASE("names of tokens are plain and come once, and the table has an end") {
    for (auto const* const name : {"", "a b", "a\nb", "Ä"}) CHECK_FALSE(is_token_name(name));
    CHECK(is_token_name(std::string(token_name_bytes_max, 'n')));
    CHECK_FALSE(is_token_name(std::string(token_name_bytes_max + 1, 'n')));
    CHECK_FALSE(is_token_name("."));
    CHECK_FALSE(is_token_name(".."));
    TokenTable table;
    CHECK(table.add("one", Scope::read).result == Result::done);
    CHECK(table.add("one", Scope::admin).result == Result::refused);
    for (std::size_t i = 1; i < named_tokens_max; ++i)
        CHECK(table.add("n" + std::to_string(i), Scope::read).result == Result::done);
    CHECK(table.add("more", Scope::read).result == Result::refused);
}

TEST_CASE("a token that cannot be kept is not made, one that is revoked is over all the same") {
    Disk disk;
    TokenTable table;
    table.keep_in(disk.keeping());
    auto const old = table.add("old", Scope::read).text;
    disk.is_full = true;
    auto const made = table.add("new", Scope::read);
    CHECK(made.result == Result::not_kept);
    CHECK(made.text == "The disk is full.");
    CHECK(table.list().size() == 1);
    CHECK(table.find(old) != nullptr);
    auto const revoked = table.revoke("old");
    CHECK(revoked.result == Result::not_kept);
    CHECK(revoked.text == "The disk is full.");
    CHECK_FALSE(revoked.ended.empty());
    CHECK(table.find(old) == nullptr);
}

}  // namespace
}  // namespace praline::webui::token_table_test
