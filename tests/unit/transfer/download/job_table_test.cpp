#include "transfer/download/job_table.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <memory>
#include <string>

namespace praline::download::job_table_test {

namespace {

struct Table {
    boost::asio::io_context io;
    Limits limits;
    JobTable jobs;

    JobPtr add(std::string id, std::optional<Sha1> sha1 = {}, State state = State::queued, std::int64_t order = 0) {
        auto const job = std::make_shared<Job>(io, limits);
        job->id = std::move(id);
        job->urn.sha1 = sha1;
        job->state = state;
        job->worker.rank.order = order;
        jobs.add(job);
        return job;
    }
};

Sha1 sha1_of(std::uint8_t number) {
    Sha1 made;
    made.bytes[0] = number;
    return made;
}

Urn named(Sha1 const& sha1) { return {sha1, {}}; }

}  // namespace

TEST_CASE("a download is found by the SHA-1 that a source has said, and gone when it is removed") {
    Table table;
    auto const job = table.add("a");
    CHECK(table.jobs.find_same(named(sha1_of(1))) == nullptr);
    table.jobs.learnt_sha1(job, sha1_of(1));
    CHECK(table.jobs.find_same(named(sha1_of(1))) == job);
    table.jobs.remove(job);
    CHECK(table.jobs.find_same(named(sha1_of(1))) == nullptr);
}

TEST_CASE("of two downloads of one file the one that is not over is found") {
    Table table;
    auto const first = table.add("a", sha1_of(1), State::completed);
    CHECK(table.jobs.find_same(named(sha1_of(1))) == first);
    auto const second = table.add("b", sha1_of(1));
    auto const third = table.add("c", sha1_of(1), State::completed);
    CHECK(table.jobs.find_same(named(sha1_of(1))) == second);
}

TEST_CASE("files of a folder are told apart where no SHA-1 names them") {
    Table table;
    auto const proof = std::make_shared<content::FileProof const>();  // of every empty file
    auto const put = [&](std::string id, std::string group_name) {
        auto const job = std::make_shared<Job>(table.io, table.limits);
        job->id = id;
        job->name = "empty";
        job->story.proof = proof;
        job->destination.group = "folder-" + group_name;
        job->destination.group_name = group_name;
        table.jobs.add(job);
        return job;
    };
    static_cast<void>(put("a", "one"));
    auto const second = put("b", "other");
    CHECK(table.jobs.find_same({}, proof.get(), second->destination, "empty") == second);
    CHECK(table.jobs.find_same({}, proof.get(), second->destination, "else") == nullptr);
}

TEST_CASE("the orders of a damaged database leave room before and behind them") {
    Table table;
    auto const last = table.add("a", {}, State::queued, std::numeric_limits<std::int64_t>::max());
    auto const first = table.add("b", {}, State::queued, std::numeric_limits<std::int64_t>::min());
    auto const next = table.add("c");
    CHECK(last->worker.rank.order < next->worker.rank.order);
    CHECK(table.jobs.move({next}, Move::first).size() == 1);
    CHECK(next->worker.rank.order < first->worker.rank.order);
}

}  // namespace praline::download::job_table_test
