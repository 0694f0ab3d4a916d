#include "transfer/library/hash_pool.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <vector>

#include "host.hpp"
#include "transfer/library/limits.hpp"

namespace hash_pool_test {
using namespace praline;
using namespace praline::library;
using namespace praline::library::test;

namespace {

/// What a pool has reported. It may be held up: `done` then returns once it is let go.
class Results {
public:
    std::function<void(HashResult)> done() {
        return [this](HashResult result) {
            std::unique_lock lock{mutex_};
            results_.push_back(std::move(result));
            changed_.notify_all();
            changed_.wait(lock, [this] { return !held_up_; });
        };
    }
    void hold_up(bool held_up) {
        std::lock_guard const lock{mutex_};
        held_up_ = held_up;
        changed_.notify_all();
    }
    /// Waits until there are so many.
    std::vector<HashResult> wait_for(std::size_t count) {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, std::chrono::minutes{5}, [&] { return results_.size() >= count; }))
            throw std::runtime_error{"no result"};
        return results_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool held_up_ = false;
    std::vector<HashResult> results_;
};

HashJob job_for(World const& world, std::string const& name) {
    HashJob job;
    job.path = (world.shared / name).string();
    job.root = world.shared.string();
    job.virtual_path = "shared/" + name;
    job.stamp = stamp_of(job.path).value_or(FileStamp{});
    job.cancelled = std::make_shared<std::atomic<bool>>(false);
    return job;
}

}  // namespace

TEST_CASE("a file is hashed if it is as it was seen, and nobody has cancelled it") {
    World world;
    world.write("song.ogg", "la la");
    Results results;
    HashPool pool{2, results.done()};
    SECTION("as it was") {
        pool.add(job_for(world, "song.ogg"));
        auto const result = results.wait_for(1).at(0);
        REQUIRE(result.digest);
        CHECK(result.digest->sha1 == digest_of("la la").sha1);
        CHECK(result.job.virtual_path == "shared/song.ogg");
    }
    SECTION("another by now") {
        auto job = job_for(world, "song.ogg");
        world.write("song.ogg", "la la la");
        pool.add(job);
        auto const result = results.wait_for(1).at(0);
        CHECK_FALSE(result.digest);
        CHECK(result.changed);
    }
    SECTION("gone") {
        auto job = job_for(world, "song.ogg");
        std::filesystem::remove(job.path);
        pool.add(job);
        auto const result = results.wait_for(1).at(0);
        CHECK_FALSE(result.digest);
        CHECK(result.changed);
        CHECK(result.error);
    }
    SECTION("cancelled") {
        auto job = job_for(world, "song.ogg");
        *job.cancelled = true;
        pool.add(job);
        CHECK_FALSE(results.wait_for(1).at(0).digest);
    }
    CHECK(pool.current().empty());
}

TEST_CASE("jobs that wait take up room, and the pool ends while some do") {
    World world;
    world.write("song.ogg", "la la");
    Results results;
    results.hold_up(true);
    std::size_t reported = 0;
    {
        HashPool pool{1, results.done()};
        REQUIRE(pool.room() == jobs_per_thread);
        pool.add(job_for(world, "song.ogg"));
        static_cast<void>(results.wait_for(1));  // its thread is busy now
        REQUIRE(pool.room() == jobs_per_thread);
        for (std::size_t i = 0; i < jobs_per_thread; ++i) {
            pool.add(job_for(world, "song.ogg"));
            REQUIRE(pool.room() == jobs_per_thread - i - 1);
        }
        pool.add(job_for(world, "song.ogg"));
        REQUIRE(pool.room() == 0);
        results.hold_up(false);
        reported = results.wait_for(2).size();
    }
    CHECK(results.wait_for(reported).size() <= jobs_per_thread + 2);
}

}  // namespace hash_pool_test
