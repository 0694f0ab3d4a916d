#include "tools/praline/running_settings.hpp"

#include <catch2/catch.hpp>

#include "unit/tools/praline/scratch.hpp"

namespace running_settings_test {
using namespace praline;

namespace {

struct Desk {
    Scratch scratch;
    RunningSettings settings{Config{}, Settings{scratch.path()}, scratch.file()};
    auto change(std::vector<webui::SettingChange> const& changes) { return settings.change(changes, {}); }
};

}  // namespace

TEST_CASE("a live setting holds at once, another one from the next start on") {
    Desk desk;
    REQUIRE(desk.change({{.key = "upload_slots", .text = "3"}, {.key = "max_leaves", .text = "5"}}).value);
    CHECK(desk.settings.config().upload_slots == 3);
    CHECK(desk.settings.config().max_leaves == Config{}.max_leaves);
    CHECK(desk.settings.settings().config().max_leaves == 5);
    CHECK(SettingsStore{desk.scratch.file()}.load() ==
          std::map<std::string, std::string>{{"max_leaves", "5"}, {"upload_slots", "3"}});
    REQUIRE(desk.change({{.key = "upload_slots"}}).value);
    CHECK(desk.settings.config().upload_slots == Config{}.upload_slots);
    CHECK_FALSE(SettingsStore{desk.scratch.file()}.load().contains("upload_slots"));
}

TEST_CASE("of several changes all are made or none") {
    Desk desk;
    for (auto const& bad :
         {webui::SettingChange{.key = "mode", .text = "boss"}, webui::SettingChange{.key = "no_such", .text = "1"},
          webui::SettingChange{.key = "share", .items = SettingValue{"/no/such/folder"}},
          webui::SettingChange{.key = "no_such"}}) {
        INFO(bad.key);
        CHECK(desk.change({{.key = "upload_slots", .text = "3"}, bad}).refusal.status == 400);
        CHECK(desk.settings.config().upload_slots == Config{}.upload_slots);
        CHECK(desk.settings.settings().origin("upload_slots") == Origin::built_in);
        CHECK(SettingsStore{desk.scratch.file()}.load().empty());
    }
}

}  // namespace running_settings_test
