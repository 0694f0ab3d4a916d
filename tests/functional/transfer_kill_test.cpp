// A download whose process is killed again and again ends with the right bytes, and loses nothing that was verified.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include "functional/download_world.hpp"
#include "functional/transfer_paced.hpp"
#include "node/base/rng.hpp"

using namespace praline;
using namespace praline::test;

namespace {

/// What the process that downloads lets the other one see; it stays when that one is killed.
struct Seen {
    std::atomic<std::uint64_t> verified_bytes{0};
    std::atomic<bool> is_fetching{false};  ///< what was there at the start is checked
    std::atomic<std::uint64_t> verified_at_start{0};
    std::atomic<bool> is_completed{false};
};

class Shared {
public:
    Shared() {
        memory_ = ::mmap(nullptr, sizeof(Seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        REQUIRE(memory_ != MAP_FAILED);
        new (memory_) Seen{};
    }
    ~Shared() { ::munmap(memory_, sizeof(Seen)); }
    Shared(Shared const&) = delete;
    Shared& operator=(Shared const&) = delete;
    [[nodiscard]] Seen& seen() const { return *static_cast<Seen*>(memory_); }

private:
    void* memory_;
};

/// The life of one process: goes on with the download that is stored, or begins it. Never returns.
[[noreturn]] void download_until_killed(download::Options options, download::Request const& wanted, Seen& seen) {
    asio::io_context io;
    download::DownloadManager manager{io, std::move(options)};
    auto added = manager.add(wanted);
    while (added.ask_again) {
        io.run_one();
        added = manager.add(wanted);
    }
    auto const& id = added.id;
    while (true) {
        io.run_one();
        auto const info = manager.find(id);
        if (!info) std::_Exit(1);
        bool const checks = info->state == State::verifying;
        bool const fetches = info->state == State::downloading || info->state == State::connecting ||
                             info->state == State::searching || info->state == State::stalled;
        if (!seen.is_fetching && (fetches || info->state == State::completed)) {
            seen.verified_at_start = info->verified_bytes;
            seen.is_fetching = true;
        }
        if (!checks && seen.is_fetching) seen.verified_bytes = info->verified_bytes;
        if (info->state == State::completed) {
            seen.is_completed = true;
            std::_Exit(0);
        }
        if (info->state == State::failed) std::_Exit(2);
    }
}

/// PRALINE_KILLS: so many times a process is killed.
unsigned kills_wanted() {
    auto const* const text = std::getenv("PRALINE_KILLS");
    return text == nullptr ? 12 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

}  // namespace

TEST_CASE("killed at any instant, a download loses no verified piece and believes nothing false") {
    unsigned const kills = kills_wanted();
    Rng rng{20'261'130};
    Shared const shared;
    auto& seen = shared.seen();
    unsigned killed = 0, files = 0;
    while (killed < kills) {
        World world;
        world.options.limits.sources_per_address_max = 32;
        auto const bytes = noise(6 * mib, 40 + files);
        auto const file = world.share(bytes, "file.bin");
        std::vector<std::unique_ptr<PacedSource>> servers;
        auto wanted = world.request(file);
        for (bool const lies : {false, false, true, false}) {
            servers.push_back(
                std::make_unique<PacedSource>(world.io, bytes, Habits{.bytes_per_second = 1.5 * mib, .lies = lies}));
            wanted.sources.push_back(source_at(servers.back()->endpoint()));
        }
        seen.is_completed = false;
        seen.verified_bytes = 0;
        while (!seen.is_completed) {
            auto const before = seen.verified_bytes.load();
            seen.is_fetching = false;
            auto const child = ::fork();
            REQUIRE(child >= 0);
            if (child == 0) download_until_killed(world.options, wanted, seen);
            // Some are killed while they check what is there, most while they fetch.
            auto const instant = std::chrono::microseconds{rng.below(400'000)};
            bool const survives = killed >= kills;
            auto const begun = std::chrono::steady_clock::now();
            int status = 0;
            REQUIRE(run_until(world.io, [&] {
                if (::waitpid(child, &status, WNOHANG) == child) return true;
                if (!survives && std::chrono::steady_clock::now() - begun >= instant) {
                    ::kill(child, SIGKILL);
                    ::waitpid(child, &status, 0);
                    ++killed;
                    return true;
                }
                return false;
            }));
            if (!WIFSIGNALED(status)) REQUIRE(WEXITSTATUS(status) == 0);
            if (!seen.is_fetching) {
                seen.verified_bytes = before;  // It did not come so far as to tell.
                continue;
            }
            CHECK(seen.verified_at_start >= before);
        }
        CHECK(read_file(world.folder.path("finished/file.bin")) == bytes);
        ++files;
    }
    std::cout << killed << " processes killed over " << files << " downloads\n";
}
