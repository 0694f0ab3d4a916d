#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "node/base/rng.hpp"
#include "node/base/time.hpp"

/// What goes wrong in the virtual networks of the tests: how long things take, which wires are cut. Times are virtual.
namespace praline::test {

/// A number that a test takes from the environment, as how many seeds it runs; else the one given.
inline std::uint64_t number_from(char const* variable, std::uint64_t otherwise) {
    char const* const text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// How long a piece is on its way: anything between the two, both included.
struct Delays {
    Duration min{}, max{};
    /// Draws nothing where there is nothing to choose.
    [[nodiscard]] Duration draw(Rng& rng) const {
        if (max <= min) return min;
        return min +
               Duration{static_cast<Duration::rep>(rng.below(static_cast<std::uint64_t>((max - min).count()) + 1))};
    }
};

/// Broken: links between the two end and none can be opened. Silent: what is sent waits, and nobody is told.
enum class Wire : std::uint8_t { good, broken, silent };

/// The state of the wire between each two nodes; good until something else is said.
class Wires {
public:
    using Pair = std::pair<std::size_t, std::size_t>;
    static Pair between(std::size_t one, std::size_t other) {
        return one < other ? Pair{one, other} : Pair{other, one};
    }

    [[nodiscard]] Wire state(std::size_t one, std::size_t other) const {
        auto const found = wires_.find(between(one, other));
        return found == wires_.end() ? Wire::good : found->second.state;
    }
    void set(std::size_t one, std::size_t other, Wire state, Instant now) {
        wires_[between(one, other)] = {state, now};
    }
    /// When it was last set; empty: never.
    [[nodiscard]] std::optional<Instant> changed_at(std::size_t one, std::size_t other) const {
        auto const found = wires_.find(between(one, other));
        return found == wires_.end() ? std::nullopt : std::optional{found->second.since};
    }

private:
    struct Known {
        Wire state = Wire::good;
        Instant since{};
    };
    std::map<Pair, Known> wires_;
};

}  // namespace praline::test
