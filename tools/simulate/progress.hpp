#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "tools/simulate/watch.hpp"

namespace praline::simulate {

/// Tells on stderr how far a run is and about how long it will take, and ends it early when the user presses Ctrl-C.
/// `go_on` and `asked` on any thread, the rest on one.
class Progress final : public Watch {
public:
    enum class Show { nothing, lines, one_line };  ///< one line is for terminals: it is written over and over
    explicit Progress(Show show) : show_{show} {}

    /// So many queries begin. @param what  names them.
    void begin(std::string const& what, std::uint64_t total);
    /// They are over: takes the line away.
    void end();
    [[nodiscard]] bool go_on() override { return !interrupted(); }
    void asked() override;

    /// From now on the first Ctrl-C (or SIGTERM) is remembered, and a sentence says so; the second ends the program at once with
    /// `exit_interrupted`.
    static void catch_interrupts();
    [[nodiscard]] static bool interrupted();
    static constexpr int exit_interrupted = 130;

private:
    using Clock = std::chrono::steady_clock;
    void print(Clock::time_point now);

    Show show_;
    std::string what_;
    std::uint64_t total_ = 0;
    Clock::time_point began_{};
    std::atomic<std::uint64_t> done_ = 0;
    std::atomic<Clock::rep> print_next_ = 0;
    std::mutex printing_;
};

/// "about 12 s left" of so many done in so many seconds; empty as long as nothing can be said.
[[nodiscard]] std::string time_left(std::uint64_t done, std::uint64_t total, double seconds);

}  // namespace praline::simulate
