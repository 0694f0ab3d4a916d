#include "tools/simulate/sweep/records_file.hpp"

#include <filesystem>
#include <fstream>
#include <optional>

#include <catch2/catch.hpp>

#include "tools/simulate/world/graph.hpp"
#include "unit/support/folder.hpp"

namespace records_file_test {
using namespace praline::simulate;
using namespace praline::simulate::sweep;

namespace {

Job sample_job() { return {"run", "table", {{"topology", "grid:9x9", ""}, {"strategy", "flood", ""}}, {}}; }

Record record_of(std::uint64_t begin) {
    Record record{0, {begin, begin + 1}, {81, 144}, {}};
    record.tally.add(world::Outcome{});
    return record;
}

void append(std::string const& path, std::string const& text) { std::ofstream{path, std::ios::app} << text; }

}  // namespace

TEST_CASE("a file that grows has what was added, and goes on behind a line that was cut") {
    praline::test::Folder const folder;
    std::string const path = folder.path("records");
    {
        RecordsFile file{path, sample_job(), {}};
        CHECK(file.found().empty());
        file.add(record_of(0));
        CHECK_THROWS_WITH((RecordsFile{path, sample_job(), {}}), Catch::Contains("another process"));
    }
    append(path, "0 1 2 81");
    {
        RecordsFile file{path, sample_job(), {}};
        REQUIRE(file.found().size() == 1);
        file.add(record_of(1));
    }
    RecordsFile const file{path, sample_job(), {}};
    REQUIRE(file.found().size() == 2);
    CHECK(file.found().back().share == world::Share{1, 2});
}

TEST_CASE("a heading that was cut begins anew, a file of something else stays as it is") {
    praline::test::Folder const folder;
    std::string const path = folder.path("records");
    auto const heading = heading_of(sample_job(), {});
    append(path, heading.substr(0, heading.size() / 2));
    { CHECK(RecordsFile{path, sample_job(), {}}.found().empty()); }
    CHECK(read_records_text(path) == heading);

    CHECK_THROWS_AS((RecordsFile{path, sample_job(), Shard{1, 2}}), world::BadInput);
    CHECK(read_records_text(path) == heading);
    std::string const letter = folder.path("letter");
    append(letter, "Dear Sir,\n");
    CHECK_THROWS_AS((RecordsFile{letter, sample_job(), {}}), world::BadInput);
    CHECK(read_records_text(letter) == "Dear Sir,\n");
    CHECK_THROWS_AS((RecordsFile{folder.path("no/such"), sample_job(), {}}), std::runtime_error);
}

}  // namespace records_file_test
