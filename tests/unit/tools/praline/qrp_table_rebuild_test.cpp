#include "tools/praline/qrp_table_rebuild.hpp"

#include <algorithm>
#include <deque>

#include <catch2/catch.hpp>

#include "tools/praline/node_limits.hpp"

namespace qrp_table_rebuild_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

/// A library in order of virtual path, a queue of work and a clock that each slice moves.
struct Desk {
    explicit Desk(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) add("word" + std::to_string(1'000'000 + i));
    }
    void add(std::string name) {
        auto file = std::make_shared<library::SharedFile>();
        file->name = file->virtual_path = std::move(name);
        files.push_back(std::move(file));
    }
    QrpTableRebuild::Host host() {
        return {[this](std::string const& after, std::size_t most) {
                    ++slices;
                    now += slice_cost;
                    std::vector<library::SharedFilePtr> out;
                    for (auto const& file : files)
                        if (file->virtual_path > after && out.size() < most) out.push_back(file);
                    return out;
                },
                [this](std::function<void()> work) { queue.push_back(std::move(work)); }, [this] { return now; },
                [this](search::qrp::QueryRoutingTable table) { tables.push_back(std::move(table)); }};
    }
    void run() {
        while (!queue.empty()) {
            auto const work = std::move(queue.front());
            queue.pop_front();
            work();
        }
    }
    std::vector<library::SharedFilePtr> files;
    std::deque<std::function<void()>> queue;
    std::vector<search::qrp::QueryRoutingTable> tables;
    std::size_t slices = 0;
    Instant now{1s};
    Duration slice_cost = 1ms;
};

constexpr std::size_t three_slices = 2 * NodeLimits::table_files_a_slice + 1;

}  // namespace

TEST_CASE("a table is made in slices between which other work has its turn, and holds every file") {
    Desk desk{three_slices};
    QrpTableRebuild rebuild{desk.host()};
    rebuild.tick();
    CHECK(desk.slices == 0);  // nothing has changed
    rebuild.content_changed();
    rebuild.tick();
    CHECK(desk.slices == 1);
    CHECK(desk.tables.empty());
    rebuild.tick();  // one is under way
    CHECK(desk.slices == 1);
    desk.run();
    CHECK(desk.slices == 3);
    REQUIRE(desk.tables.size() == 1);
    search::qrp::TableBuilder whole;
    for (auto const& file : desk.files) {
        whole.add(file->name);
        whole.add(file->sha1.urn());
    }
    CHECK(desk.tables.front() == whole.finest());
}

TEST_CASE("the more a rebuild cost, the later the next one begins, and no change is forgotten") {
    Desk desk{three_slices};
    QrpTableRebuild rebuild{desk.host()};
    rebuild.content_changed();
    rebuild.tick();
    rebuild.content_changed();  // while it is made
    desk.run();
    auto const ended = desk.now;
    desk.now = ended + NodeLimits::table_cost_factor * 3 * desk.slice_cost - 1us;
    rebuild.tick();
    CHECK(desk.slices == 3);
    desk.now += 1us;
    rebuild.tick();
    desk.run();
    CHECK(desk.tables.size() == 2);
    desk.now += 1h;
    rebuild.tick();
    CHECK(desk.tables.size() == 2);
}

TEST_CASE("a rebuild that is stopped ends with its slice") {
    Desk desk{three_slices};
    QrpTableRebuild rebuild{desk.host()};
    rebuild.content_changed();
    rebuild.tick();
    rebuild.stop();
    desk.run();
    CHECK(desk.slices == 1);
    CHECK(desk.tables.empty());
}

}  // namespace qrp_table_rebuild_test
