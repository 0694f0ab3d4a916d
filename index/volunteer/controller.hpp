#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

/// How many volunteers serve a community, and which: peers that lend a hand become servers while the answers take longer
/// than was asked for, and retire when they are not needed. Time is counted in rounds, in each of which every server
/// tells how long its clients waited.
namespace praline::index::volunteer {

using PeerId = std::uint32_t;

/// Servers that one controller keeps account of.
constexpr std::size_t servers_max = 65'536;

/// What the clients of one server saw in one round.
struct Report {
    PeerId server = 0;
    double delay_sum_ms = 0;
    std::uint64_t delays = 0;
    std::uint64_t clients = 0;
};

struct Options {
    double requirement_ms = 0;  ///< the mean delay that is to be held
    double service_ms = 100;    ///< of it, what a server needs however near it is
    /// Servers retire only while the delay has come so far down from the requirement towards `service_ms`: 1 is not at all.
    double slack = 0.8;
    /// A statistic is the mean of so many rounds, and so many pass between two changes, so that each shows first.
    unsigned lag_rounds = 3;
    /// For comparison: each server judges by its own clients alone, and none retires.
    bool each_for_itself = false;
};

struct Decision {
    std::vector<PeerId> inviting;    ///< each of them invites the client that it serves worst
    std::optional<PeerId> retiring;  ///< its clients go to others
    friend bool operator==(Decision const&, Decision const&) = default;
};

/// Runs at the root, which is the live server with the lowest number. The statistic of all decides whether there are to be
/// more servers, that of each server where: if each judged alone whether, servers that are attacked would be replaced
/// again and again.   @threads one at a time: pure.
class Controller {
public:
    /// @pre `lag_rounds` > 0
    explicit Controller(Options options);

    /// The reports of one round; of a server that is down there is none. At most `servers_max` are read.
    [[nodiscard]] Decision round(PeerId root, std::span<Report const> reports);

    /// Mean delay of all clients over the last `lag_rounds`; empty: nobody has told any.
    [[nodiscard]] std::optional<double> delay_ms() const;
    /// Rounds in which a server was up: what it has earned. Of more than `servers_max` those that are down and have earned
    /// least are forgotten.
    [[nodiscard]] std::map<PeerId, std::uint64_t> const& credit() const { return credit_; }

private:
    struct Sum {
        double delay_ms = 0;
        std::uint64_t delays = 0;
        void add(Sum const& other);
        [[nodiscard]] std::optional<double> mean() const;
    };

    [[nodiscard]] std::optional<double> delay_of(PeerId server) const;
    void forget_credit(std::map<PeerId, Sum> const& up);
    [[nodiscard]] std::vector<PeerId> too_slow(std::span<Report const> reports) const;
    [[nodiscard]] std::optional<PeerId> superfluous(PeerId root, std::span<Report const> reports) const;

    Options options_;
    std::deque<std::map<PeerId, Sum>> rounds_;  // the last `lag_rounds`
    std::map<PeerId, std::uint64_t> credit_;    // at most `servers_max`
    unsigned since_change_ = 0;
};

}  // namespace praline::index::volunteer
