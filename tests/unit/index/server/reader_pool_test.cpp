#include "index/server/reader_pool.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

namespace reader_pool_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;

namespace {

/// The readers of a pool and what it reports. While the gate is closed, searches do not end.
class Scene {
public:
    Scene(std::size_t readers, ReaderPool::Waiting::Limits waiting)
        : pool_{std::make_unique<ReaderPool>(make_readers(readers), waiting,
                                             [this](ReaderReport report) { note(std::move(report)); })} {}
    ~Scene() { open(); }
    Scene(Scene const&) = delete;
    Scene& operator=(Scene const&) = delete;

    ReaderPool& pool() { return *pool_; }
    bool search(std::uint64_t number, std::uint32_t address, std::string words = "song") {
        SearchTask task;
        task.number = number;
        task.query.words = std::move(words);
        task.address = AddressPrefix{Address::v4(address)};
        return pool_->search(std::move(task));
    }
    void open() {
        std::lock_guard const lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    /// Waits until so many searches have begun in all.
    void wait_for_searches(std::size_t count) {
        wait([&] { return begun_ >= count; });
    }
    std::vector<SearchDone> wait_for_answers(std::size_t count) {
        wait([&] { return answers_.size() >= count; });
        std::lock_guard const lock{mutex_};
        return answers_;
    }
    std::size_t wait_for_sizes(std::size_t count) {
        wait([&] { return sizes_ >= count; });
        std::lock_guard const lock{mutex_};
        return sizes_;
    }
    [[nodiscard]] bool readers_were_shared() const { return shared_; }

private:
    struct Reader final : catalogue::CatalogueReader {
        explicit Reader(Scene& scene) : scene_{scene} {}
        Answer search(Query const& query) override {
            if (in_use_.exchange(true)) scene_.shared_ = true;
            scene_.pass_gate();
            in_use_ = false;
            if (query.words == "bad") throw std::runtime_error{"the disk is gone"};
            return {};
        }
        catalogue::EntryPage entries_after(PublisherId const&, std::optional<Sha1>, std::size_t) override { return {}; }
        catalogue::CatalogueSize size() override { return {}; }

    private:
        Scene& scene_;
        std::atomic<bool> in_use_ = false;
    };

    std::vector<std::unique_ptr<catalogue::CatalogueReader>> make_readers(std::size_t count) {
        std::vector<std::unique_ptr<catalogue::CatalogueReader>> readers;
        for (std::size_t i = 0; i < count; ++i) readers.push_back(std::make_unique<Reader>(*this));
        return readers;
    }
    void pass_gate() {
        std::unique_lock lock{mutex_};
        ++begun_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void note(ReaderReport report) {
        std::lock_guard const lock{mutex_};
        if (auto* const done = std::get_if<SearchDone>(&report))
            answers_.push_back(std::move(*done));
        else
            ++sizes_;
        changed_.notify_all();
    }
    void wait(std::function<bool()> const& condition) {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, std::chrono::minutes{5}, condition)) throw std::runtime_error{"it never came"};
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    std::size_t begun_ = 0, sizes_ = 0;
    std::vector<SearchDone> answers_;
    std::atomic<bool> shared_ = false;
    std::unique_ptr<ReaderPool> pool_;  // last, so that its threads end first
};

std::vector<std::uint64_t> numbers(std::vector<SearchDone> const& answers) {
    std::vector<std::uint64_t> found;
    for (auto const& one : answers) found.push_back(one.number);
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

TEST_CASE("each reader serves one search at a time, and the others wait") {
    Scene scene{2, {100, 100}};
    for (std::uint64_t number = 1; number <= 5; ++number) REQUIRE(scene.search(number, 1));
    scene.wait_for_searches(2);
    REQUIRE(scene.pool().waiting() == 3);
    scene.open();
    REQUIRE(numbers(scene.wait_for_answers(5)) == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
    REQUIRE(scene.pool().waiting() == 0);
    REQUIRE_FALSE(scene.readers_were_shared());
}

TEST_CASE("an evicted search is reported at once, and the one in its place is served") {
    Scene scene{1, {2, 2}};
    REQUIRE(scene.search(1, 1));
    scene.wait_for_searches(1);
    REQUIRE(scene.search(2, 1));
    REQUIRE(scene.search(3, 1));
    REQUIRE_FALSE(scene.search(4, 1));  // too many of that address
    REQUIRE(scene.search(5, 2));
    auto const evicted = scene.wait_for_answers(1).at(0);
    REQUIRE(evicted.number == 3);
    REQUIRE(evicted.evicted);
    REQUIRE_FALSE(scene.search(6, 3));  // no address has more than one waiting
    scene.open();
    REQUIRE(numbers(scene.wait_for_answers(4)) == std::vector<std::uint64_t>{1, 2, 3, 5});
}

TEST_CASE("a search that fails says why, and its reader goes on") {
    Scene scene{1, {10, 10}};
    scene.open();
    REQUIRE(scene.search(1, 1, "bad"));
    REQUIRE(scene.wait_for_answers(1).at(0).trouble == "the disk is gone");
    REQUIRE(scene.search(2, 1));
    REQUIRE(scene.wait_for_answers(2).at(1).trouble.empty());
}

TEST_CASE("the size is looked up after the searches that wait, once however often it is asked for meanwhile") {
    Scene scene{1, {10, 10}};
    REQUIRE(scene.search(1, 1));
    scene.wait_for_searches(1);
    scene.pool().measure();
    scene.pool().measure();
    REQUIRE(scene.search(2, 1));
    scene.open();
    REQUIRE(scene.wait_for_sizes(1) == 1);
    REQUIRE(numbers(scene.wait_for_answers(2)) == std::vector<std::uint64_t>{1, 2});
    scene.pool().measure();
    REQUIRE(scene.wait_for_sizes(2) == 2);
}

TEST_CASE("a stopped pool takes no searches") {
    Scene scene{1, {10, 10}};
    scene.open();
    REQUIRE(scene.search(1, 1));
    static_cast<void>(scene.wait_for_answers(1));
    scene.pool().stop();
    REQUIRE_FALSE(scene.search(2, 1));
    REQUIRE(numbers(scene.wait_for_answers(1)) == std::vector<std::uint64_t>{1});
    scene.pool().stop();  // the second time nothing is left to do
}

}  // namespace reader_pool_test
