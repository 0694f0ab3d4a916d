#include "transfer/library/change_batches.hpp"

#include <catch2/catch.hpp>

#include "transfer/library/limits.hpp"

namespace praline::library::change_batches_test {
namespace {

using namespace std::chrono_literals;
using Clock = ChangeBatches::Clock;

Clock::time_point at(Clock::duration time) { return Clock::time_point{} + 1h + time; }

struct Desk {
    SharedRoots roots;
    KnownFiles files{roots, 100'000};
    ChangeBatches changes{roots, files, at(0s)};
    std::size_t made = 0;
    Desk() {
        StoredFolder folder;
        folder.path = "/music";
        roots.add(1, folder, {});
        auto& directory = files.open_directory("/music");
        directory.folder = 1;
        directory.virtual_path = "music";
    }
    KnownFile& ready() {
        auto& directory = files.open_directory("/music");
        std::string const name = std::to_string(++made) + ".ogg";
        auto* const known = files.add(directory, name, {});
        changes.make_ready(directory, *known, "/music/" + name, Sha1{{1}}, TigerHash{{2}});
        return *known;
    }
};

}  // namespace

TEST_CASE("nothing is published when nothing has happened") {
    Desk desk;
    CHECK_FALSE(desk.changes.take(at(1h)));
    CHECK(desk.changes.due() == Clock::time_point::max());
}

TEST_CASE("a file that becomes ready is published, and withdrawn by the same index") {
    Desk desk;
    auto& known = desk.ready();
    CHECK(known.state == FileState::ready);
    auto const ready = desk.changes.take(at(0s));
    REQUIRE(ready);
    CHECK(ready->notice);
    REQUIRE(ready->batch.changes.size() == 1);
    auto const& addition = std::get<Addition>(ready->batch.changes.front());
    CHECK(addition.file->virtual_path == "music/1.ogg");
    CHECK(addition.file->root == "/music");
    auto const index = addition.file->index;
    desk.changes.withdraw(known);
    desk.changes.withdraw(known);
    auto const gone = desk.changes.take(at(1s));
    REQUIRE(gone);
    REQUIRE(gone->batch.changes.size() == 1);
    CHECK(std::get<Removal>(gone->batch.changes.front()).index == index);
}

TEST_CASE("results gather before they are published, unless a batch is full, and the user is told less often") {
    Desk desk;
    (void)desk.ready();
    REQUIRE(desk.changes.take(at(0s)));
    (void)desk.ready();
    CHECK_FALSE(desk.changes.take(at(gather_time - 1ms)));
    CHECK(desk.changes.due() == at(gather_time));
    auto const next = desk.changes.take(at(gather_time));
    REQUIRE(next);
    CHECK_FALSE(next->notice);
    CHECK(desk.changes.due() == at(notify_every));  // what was published without a notice is told then
    for (std::size_t i = 0; i < batch_files_max; ++i) (void)desk.ready();
    auto const full = desk.changes.take(at(gather_time + 1ms));
    REQUIRE(full);
    CHECK(full->batch.changes.size() == batch_files_max);
    auto const notice = desk.changes.take(at(notify_every));
    REQUIRE(notice);
    CHECK(notice->notice);
    CHECK_FALSE(desk.changes.take(at(1h)));
}

TEST_CASE("a folder is reported once for each change") {
    Desk desk;
    desk.roots.set_problem(1, "It cannot be read.");
    auto const told = desk.changes.take(at(0s));
    REQUIRE(told);
    REQUIRE(told->batch.reports.size() == 1);
    CHECK(told->batch.reports.front().problem == "It cannot be read.");
    desk.roots.set_problem(1, "It cannot be read.");
    CHECK_FALSE(desk.changes.take(at(1h)));
    desk.roots.left_out(1).add("/music/.x", LeftOutReason::hidden);
    CHECK(desk.changes.take(at(1h)));
}

}  // namespace praline::library::change_batches_test
