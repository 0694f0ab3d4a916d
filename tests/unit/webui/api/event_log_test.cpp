#include "webui/api/event_log.hpp"

#include <catch2/catch.hpp>

#include "webui/api/limits.hpp"

namespace praline::webui::event_log_test {

TEST_CASE("the same change noted twice is told once") {
    EventLog log{10};
    log.note({"search", "1"});
    log.note({"search", "1"});
    log.note({"search", "2"});
    auto const told = log.flush();
    REQUIRE(told.size() == 2);
    REQUIRE(stream_text(told.at(0)) == "id: 11\nevent: change\ndata: {\"topic\":\"search\",\"id\":\"1\"}\n\n");
    REQUIRE_FALSE(log.pending());
}

TEST_CASE("a reader that comes back gets what it missed, or is told that it is gone") {
    EventLog log{10};
    for (std::size_t i = 0; i < events_kept_max + 1; ++i) {
        log.note({"status", ""});
        (void)log.flush();
    }
    REQUIRE(log.after(log.last())->empty());
    REQUIRE(log.after(log.last() - 2)->size() == 2);
    REQUIRE(log.after(11)->size() == events_kept_max);
    REQUIRE_FALSE(log.after(10));
    REQUIRE_FALSE(log.after(log.last() + 1));
}

TEST_CASE("a full table of changes gives up ids, not topics") {
    EventLog log{0};
    for (std::size_t i = 0; i < changes_pending_max + 5; ++i) log.note({"search", std::to_string(i)});
    auto const told = log.flush();
    REQUIRE(told.size() <= changes_pending_max);
    REQUIRE(told.front().change.id.empty());
}

}  // namespace praline::webui::event_log_test
