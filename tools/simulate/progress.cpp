#include "tools/simulate/progress.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

namespace praline::simulate {
namespace {

constexpr std::chrono::milliseconds between_lines{1000}, between_strokes{200};
constexpr char erase_line[] = "\r\x1b[K";

std::atomic<bool> interrupt_seen = false;
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void interrupt(int) {
    if (interrupt_seen.exchange(true)) _exit(Progress::exit_interrupted);
    static constexpr char sentence[] =
        "\nsimulate: stopping when the queries under way are done; Ctrl-C again ends at once\n";
    [[maybe_unused]] auto const written = write(STDERR_FILENO, sentence, sizeof sentence - 1);
}

}  // namespace

void Progress::catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = interrupt;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool Progress::interrupted() { return interrupt_seen.load(std::memory_order_relaxed); }

std::string time_left(std::uint64_t done, std::uint64_t total, double seconds) {
    if (done == 0 || done >= total) return "";
    double const left = seconds * static_cast<double>(total - done) / static_cast<double>(done);
    auto const whole = [](double value) { return std::to_string(static_cast<std::uint64_t>(value + 0.5)); };
    if (left < 1) return "less than a second left";
    if (left < 100) return "about " + whole(left) + " s left";
    if (left < 6000) return "about " + whole(left / 60) + " min left";
    return left < 360'000'000 ? "about " + whole(left / 3600) + " h left" : "years left";
}

void Progress::begin(std::string const& what, std::uint64_t total) {
    what_ = what;
    total_ = total;
    done_ = 0;
    began_ = Clock::now();
    print_next_ = 0;
    if (show_ != Show::nothing) print(began_);
}

void Progress::asked() {
    ++done_;
    if (show_ == Show::nothing) return;
    auto const now = Clock::now();
    if (now.time_since_epoch().count() >= print_next_.load(std::memory_order_relaxed)) print(now);
}

void Progress::print(Clock::time_point now) {
    std::unique_lock const turn{printing_, std::try_to_lock};
    if (!turn.owns_lock()) return;
    Clock::duration const pause = show_ == Show::lines ? between_lines : between_strokes;
    print_next_ = (now + pause).time_since_epoch().count();
    std::uint64_t const done = done_;
    std::string const left = time_left(done, total_, std::chrono::duration<double>(now - began_).count());
    std::string const text = what_ + ": " + std::to_string(done) + " of " + std::to_string(total_) + " queries, " +
                             std::to_string(total_ == 0 ? 100 : done * 100 / total_) + " %" +
                             (left.empty() ? "" : ", " + left);
    if (show_ == Show::lines)
        std::fprintf(stderr, "simulate: %s\n", text.c_str());
    else
        std::fprintf(stderr, "%s%s", erase_line, text.c_str());
    std::fflush(stderr);
}

void Progress::end() {
    if (show_ == Show::one_line) std::fprintf(stderr, "%s", erase_line);
}

}  // namespace praline::simulate
