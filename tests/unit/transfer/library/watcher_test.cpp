#include "transfer/library/watcher.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include <stdlib.h>

namespace praline::library::watcher_test {

namespace {

namespace fs = std::filesystem;

/// A temporary folder, and the folders in it of which the watcher has reported a change.
class Bench {
public:
    Bench() {
        char name[] = "/tmp/watcher-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        base_ = name;
    }
    ~Bench() { fs::remove_all(base_); }
    Bench(Bench const&) = delete;
    Bench& operator=(Bench const&) = delete;

    [[nodiscard]] std::string path(std::string const& name) const { return base_ + "/" + name; }
    Watcher::Callbacks callbacks() {
        return {[this](std::set<std::string> const& folders, std::vector<FileEvent> const&) {
                    std::lock_guard const lock{mutex_};
                    told_.insert(folders.begin(), folders.end());
                    came_.notify_all();
                },
                [] {}, [] {}};
    }
    /// Waits for a report of this folder, then forgets all reports.
    [[nodiscard]] bool hears_of(std::string const& folder) {
        std::unique_lock lock{mutex_};
        bool const heard = came_.wait_for(lock, std::chrono::seconds{30}, [&] { return told_.contains(folder); });
        told_.clear();
        return heard;
    }
    [[nodiscard]] std::set<std::string> told() {
        std::lock_guard const lock{mutex_};
        return std::exchange(told_, {});
    }

private:
    std::string base_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::set<std::string> told_;
};

}  // namespace

TEST_CASE("where a folder was watched before it was moved is looked at again, since another one may be there") {
    Bench bench;
    fs::create_directory(bench.path("old"));
    Watcher watcher{bench.callbacks()};
    REQUIRE(watcher.watch(bench.path("old")));
    fs::rename(bench.path("old"), bench.path("new"));
    fs::create_directory(bench.path("old"));
    REQUIRE(bench.hears_of(bench.path("old")));
    REQUIRE(watcher.watch(bench.path("new")));
    CHECK(bench.told() == std::set{bench.path("old")});
    // From now on it goes by its new name.
    fs::create_directory(bench.path("new/more"));
    CHECK(bench.hears_of(bench.path("new")));
}

TEST_CASE("one folder that is seen at two places is not looked at again and again") {
    Bench bench;
    fs::create_directory(bench.path("one"));
    Watcher watcher{bench.callbacks()};
    REQUIRE(watcher.watch(bench.path("one")));
    REQUIRE(watcher.watch(bench.path("one/.")));
    CHECK(bench.told().empty());
}

}  // namespace praline::library::watcher_test
