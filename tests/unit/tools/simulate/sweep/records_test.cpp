#include "tools/simulate/sweep/records.hpp"

#include <catch2/catch.hpp>

#include "tools/simulate/world/graph.hpp"

namespace records_test {
using namespace praline::simulate;
using namespace praline::simulate::sweep;

namespace {

Job sample_job() {
    return {"compare",
            "json",
            {{"topology", "random:100:200", ""}, {"queries", "9", ""}, {"strategies", "flood,random-walk", ""}},
            {}};
}

report::Tally tally_of(std::uint64_t begin, std::uint64_t end) {
    report::Tally tally;
    for (auto query = begin; query < end; ++query) {
        world::Outcome outcome;
        outcome.found = query % 2 == 0;
        outcome.hops = static_cast<unsigned>(query + 1);
        outcome.messages = 1000 + query * query;
        outcome.reach = 10 + query;
        tally.add(outcome);
    }
    return tally;
}

Record record_of(std::uint64_t cell, std::uint64_t begin, std::uint64_t end) {
    return {cell, {begin, end}, {100, 200}, tally_of(begin, end)};
}

Records file_of(Shard const& shard, std::vector<Record> const& records) {
    std::string text = heading_of(sample_job(), shard);
    for (auto const& record : records) text += line_of(record);
    return parse_records(text, "a file");
}

std::vector<Records> both_files() {
    return {file_of({1, 2}, {record_of(0, 4, 9), record_of(1, 4, 9)}),
            file_of({0, 2}, {record_of(0, 0, 4), record_of(1, 0, 4)})};
}

std::string complaint_of(std::vector<Records> const& files) {
    try {
        (void)merge(files);
    } catch (world::BadInput const& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("records of shards make the same report as one process, in whatever order the files are named") {
    auto const whole = reports_of(cells_of(sample_job()), {record_of(0, 0, 9), record_of(1, 0, 9)});
    CHECK(report::to_json(merge(both_files())) == report::to_json(whole));
}

TEST_CASE("trials keep their order") {
    report::Tally first = tally_of(0, 3), second = tally_of(3, 9), both;
    first.end_trial();
    second.end_trial();
    both.add(first);
    both.add(second);
    Record whole{0, {0, 2}, {100, 200}, both}, one{0, {0, 1}, {100, 200}, first}, two{0, {1, 2}, {100, 200}, second};
    auto const file = file_of({}, {two, one});
    auto const cells = cells_of(sample_job());
    auto const merged = reports_of(cells, file.all);
    CHECK(report::to_json(merged) == report::to_json(reports_of(cells, {whole})));
    CHECK(report::to_json(merged) != report::to_json(reports_of(cells, {record_of(0, 0, 9)})));
}

TEST_CASE("a job is the same however its settings were given, and number of threads apart") {
    auto job = sample_job();
    job.settings.insert(job.settings.begin(), {"queries", "7", "a scenario"});
    job.settings.push_back({"threads", "2", ""});
    CHECK(heading_of(job, {}) == heading_of(sample_job(), {}));
    job.settings.push_back({"queries", "8", ""});
    CHECK(heading_of(job, {}) != heading_of(sample_job(), {}));
    job.settings.push_back({"topology", "file:a\nb", ""});
    CHECK_THROWS_AS(heading_of(job, {}), world::BadInput);
}

TEST_CASE("what is missing, there twice or of another run is named") {
    auto files = both_files();
    auto const first = files.front(), second = files.back();
    CHECK(complaint_of({first}).find("queries 1 to 4 of flood ttl 7 are in no file") == 0);
    CHECK(complaint_of({second}).find("queries 5 to 9 of flood ttl 7 are in no file") == 0);
    CHECK(complaint_of({first, second, second}).find("queries 1 to 4 of flood ttl 7 are there twice") == 0);
    files.back().all.front().graph.links = 201;
    CHECK(complaint_of(files).find("the records were made on overlays that differ") == 0);
    files = both_files();
    files.back().all.front().cell = 2;
    CHECK(complaint_of(files).find("a record is of queries that the run does not have") == 0);
    files = both_files();
    files.back().job_text += "set seed 2\n";
    CHECK(complaint_of(files).find("the files are of different runs") == 0);
}

TEST_CASE("a record that contradicts itself or its place is refused") {
    std::string const heading = heading_of(sample_job(), {});
    Record const none{0, {0, 9}, {100, 200}, {}};
    CHECK_THROWS_AS(parse_records(heading + line_of(none), "f"), world::BadInput);
    auto more_found = record_of(0, 0, 9);
    more_found.tally.found = 10;
    CHECK_THROWS_AS(parse_records(heading + line_of(more_found), "f"), world::BadInput);
    auto elsewhere = record_of(0, 0, 4);
    elsewhere.share = {0, 9};
    CHECK(complaint_of({file_of({}, {elsewhere, record_of(1, 0, 9)})}) ==
          "a record does not count the queries that it is of");
    auto job = sample_job();
    job.varied.push_back({"topology", {"file:a\nb"}});
    CHECK_THROWS_AS(heading_of(job, {}), world::BadInput);
}

TEST_CASE("a last line that was not finished is left out, other damage is refused with its line") {
    std::string const heading = heading_of(sample_job(), {}), line = line_of(record_of(0, 0, 9));
    auto const cut = parse_records(heading + line + line.substr(0, line.size() / 2), "f");
    CHECK(cut.all.size() == 1);
    CHECK(cut.whole_bytes == heading.size() + line.size());
    for (char const* const bad : {"", "nonsense\n", "simulate records 1\n", "simulate records 1\nset nonsense 3\n--\n",
                                  "simulate records 1\ncommand compare\n--\n"})
        CHECK_THROWS_AS(parse_records(bad, "f"), world::BadInput);
    for (std::string const& bad :
         std::vector<std::string>{"1 2\n", "a" + line, "99999999999999999999" + line, line.substr(0, 9) + "\n"}) {
        CAPTURE(bad);
        CHECK_THROWS_WITH(parse_records(heading + bad, "f"), Catch::StartsWith("f, line 9: this is no record"));
    }
}

TEST_CASE("shards count from 1, or from 0 as arrays of batch systems do") {
    CHECK(parse_shard("1/3") == Shard{1, 3});
    CHECK(parse_shard("3/3") == Shard{0, 3});
    CHECK(parse_shard("0/3") == Shard{0, 3});
    for (char const* const bad : {"", "1", "4/3", "1/0", "-1/3", "1/100001", "a/b", "1/3/4"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(parse_shard(bad), world::BadInput);
    }
    std::uint64_t done = 0;
    for (std::uint64_t number = 0; number < 4; ++number) {
        auto const part = world::Share{2, 9}.part(number, 4);
        CHECK(part.begin == 2 + done);
        done += part.units();
    }
    CHECK(done == 7);
}

}  // namespace records_test
