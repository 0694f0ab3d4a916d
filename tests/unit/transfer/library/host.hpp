#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "node/base/bytes.hpp"
#include "transfer/content/file_hasher.hpp"
#include "transfer/library/library.hpp"

namespace praline::library::test {

/// The node's thread: runs what the library posts, one function after the other.
class Host {
public:
    std::function<void(std::function<void()>)> post() {
        return [this](std::function<void()> function) {
            {
                std::lock_guard const lock{mutex_};
                queue_.push_back(std::move(function));
            }
            wake_.notify_one();
        };
    }
    /// Runs posted functions until the condition holds; false when it does not for a very long time.
    bool run_until(std::function<bool()> const& condition) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{400};
        while (!condition()) {
            std::unique_lock lock{mutex_};
            // The condition may also look at progress, which changes without a post.
            wake_.wait_for(lock, std::chrono::milliseconds{20}, [&] { return !queue_.empty(); });
            if (std::chrono::steady_clock::now() > deadline) return false;
            if (queue_.empty()) continue;
            auto const function = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            function();
            ++functions_run;
        }
        return true;
    }
    std::size_t functions_run = 0;

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> queue_;
};

inline content::FileDigest digest_of(std::string const& text, std::uint64_t slice_bytes = 1024) {
    content::TigerTreeHasher tree{slice_bytes};
    content::Sha1Hasher sha1;
    tree.update(as_view(text));
    sha1.update(as_view(text));
    return {sha1.finish(), tree.finish()};
}

/// A folder to share, a database beside it, and a library that can be started again.
class World {
public:
    World() {
        std::string name = (std::filesystem::temp_directory_path() / "praline-test-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
        base = std::filesystem::canonical(name);
        shared = base / "shared";
        std::filesystem::create_directories(shared);
        std::filesystem::create_directories(base / "data");
    }
    ~World() {
        library.reset();
        std::error_code ignored;
        std::filesystem::remove_all(base, ignored);
    }
    World(World const&) = delete;
    World& operator=(World const&) = delete;

    [[nodiscard]] std::string database() const { return (base / "data" / "praline.db").string(); }
    Library& start() {
        library.reset();
        Options options;
        options.database = database();
        options.post = host.post();
        options.on_change = [this] { ++changes_told; };
        options.hash_threads = 2;
        options.files_max = files_max;
        options.config_folders = config_folders;
        library.emplace(std::move(options));
        return *library;
    }
    void write(std::string const& name, std::string const& text) const {
        auto const path = shared / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << text;
    }
    [[nodiscard]] std::vector<SharedFilePtr> find(std::string const& text) const {
        wire::Query query;
        query.text = text;
        return library->find(query, {1000}).files;
    }
    /// How much of that reason is left out of the first folder, as the node's thread has it.
    [[nodiscard]] std::uint64_t left_out(LeftOutReason reason) const {
        auto const folder = library->folders().at(0);
        for (auto const& group : folder.left_out)
            if (group.reason == reason) return group.count;
        return 0;
    }
    /// Everything there is has been looked at, `ready` files can be found and none waits.
    bool settles_with(std::uint64_t ready) {
        return host.run_until([&] {
            auto const progress = library->progress();
            return !progress.scanning && progress.files_waiting == 0 && progress.files_ready == ready &&
                   progress.files_found == ready + progress.files_failed;
        });
    }

    std::filesystem::path base, shared;
    Host host;
    std::size_t changes_told = 0;
    std::uint64_t files_max = 2'000'000;
    std::vector<std::string> config_folders;
    std::optional<Library> library;
};

}  // namespace praline::library::test
