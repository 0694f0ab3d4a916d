#include <unistd.h>

#include <filesystem>

#include <catch2/catch.hpp>

#include "index/server/measures.hpp"
#include "index/server/merge_answers.hpp"
#include "index/server/server_identity.hpp"
#include "node/store/durable_file.hpp"

namespace server_parts_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

namespace {

struct Folder {
    std::string path =
        (std::filesystem::temp_directory_path() / ("praline-index-parts-" + std::to_string(::getpid()))).string();
    Folder() {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

Row row(std::uint8_t file, std::vector<std::uint8_t> publishers, std::uint32_t known) {
    Row made;
    made.entry.sha1.bytes[0] = file;
    made.sources_known = known;
    for (auto const number : publishers) {
        Publisher publisher;
        publisher.id.bytes[0] = number;
        made.sources.push_back(publisher);
    }
    return made;
}

}  // namespace

TEST_CASE("percentiles are of the latest samples, count and sum of all") {
    LatencyWindow window;
    REQUIRE(window.summary().count == 0);
    for (int i = 1; i <= 100; ++i) window.add(Duration{i});
    REQUIRE(window.summary().p50_us == 50);
    REQUIRE(window.summary().p99_us == 99);
    REQUIRE(window.summary().max_us == 100);
    for (std::size_t i = 0; i < LatencyWindow::samples_max; ++i) window.add(Duration{7});
    REQUIRE(window.summary().max_us == 7);
    REQUIRE(window.summary().count == 100 + LatencyWindow::samples_max);
    REQUIRE(window.summary().sum_us == 5050 + 7.0 * LatencyWindow::samples_max);
}

TEST_CASE("a rate is of the last ten whole seconds") {
    RecentRate rate;
    Instant const start{1000s};
    for (int second = 0; second < 30; ++second) rate.count(start + std::chrono::seconds{second}, 20);
    REQUIRE(rate.per_second(start + 30s) == 20);
    REQUIRE(rate.per_second(start + 35s) == 10);
    REQUIRE(rate.per_second(start + 60s) == 0);
}

TEST_CASE("a server keeps its id, and each start has a greater incarnation, whatever the clock says") {
    Folder folder;
    auto const first = next_identity(folder.path, 0xABCDEF, 5000);
    REQUIRE(first.id == ServerId{0xABCDEF});
    REQUIRE(first.incarnation == 5000);
    auto const second = next_identity(folder.path, 1, 4000);
    REQUIRE(second.id == first.id);
    REQUIRE(second.incarnation == 5001);
    REQUIRE(next_identity(folder.path, 1, 9000).incarnation == 9000);
}

TEST_CASE("a file that holds no server id is not guessed at") {
    Folder folder;
    store::write_file_durably(folder.path + "/server.id", "hello\n", 0600);
    REQUIRE_THROWS_WITH(next_identity(folder.path, 1, 1), Catch::Contains("server.id does not hold"));
}

TEST_CASE("members come back from their text, and lines that are none do not") {
    std::vector<Member> const members{{ServerId{7}, 12, Endpoint{0x7F000001, 4000}, 0},
                                      {ServerId{~0ULL}, 1, Endpoint{0x0A000001, 1}, 0}};
    REQUIRE(parse_members(members_text(members)) == members);
    REQUIRE(parse_members("nonsense\n" + members_text(members) + "0000 1 127.0.0.1:1\n") == members);
    REQUIRE(parse_members("").empty());
}

TEST_CASE("two answers become one: a file once, with the sources of both, the best first") {
    Answer local, remote;
    local.rows = {row(1, {1}, 1), row(2, {2}, 1)};
    remote.rows = {row(3, {1, 2, 3}, 3), row(2, {2, 4}, 2)};
    remote.more = true;
    auto const merged = merge_answers(local, remote, 10);
    REQUIRE(merged.rows.size() == 3);
    REQUIRE(merged.rows[0].entry.sha1.bytes[0] == 3);
    REQUIRE(merged.rows[1].entry.sha1.bytes[0] == 2);
    REQUIRE(merged.rows[1].sources.size() == 2);
    REQUIRE(merged.rows[1].sources_known == 2);
    REQUIRE(merged.more);
    REQUIRE_FALSE(merged.partial);
    auto const cut = merge_answers(local, remote, 2);
    REQUIRE(cut.rows.size() == 2);
    REQUIRE(cut.more);
}

}  // namespace server_parts_test
