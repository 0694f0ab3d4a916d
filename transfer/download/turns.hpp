#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "transfer/download/rank.hpp"

namespace praline::download {

/// Which downloads fetch at the same time, and which of the others comes next. A slot goes to whoever waits for one and
/// ranks first; nobody loses his slot to another one that came later. Every call but `places` takes O(log n), or as many
/// steps as there are free slots.
/// @threads one: pure.
class Turns {
public:
    /// @param most  slots
    explicit Turns(std::size_t most) : most_{most} {}
    /// Fewer than are held: those that hold one keep it.
    void set_most(std::size_t most) { most_ = most; }

    /// Keeps its place among those that wait for a slot. Does nothing if it holds one.
    void wait(Rank const& who);
    /// @return true: it holds a slot now; else it waits for one
    bool take(Rank const& who);
    /// It wants no slot any more.
    void leave(Rank const& who);
    /// A holder that gets nothing keeps no other one waiting.
    void set_idle(Rank const& who, bool idle);
    /// Each pair: what it ranked, and what it ranks now. All at once, as two may have changed places.
    void change(std::vector<std::pair<Rank, Rank>> const& moved);

    [[nodiscard]] bool holds(Rank const& who) const { return holders_.contains(who); }
    /// Those that wait and for which there is a slot now, in order.
    [[nodiscard]] std::vector<Rank> due() const;
    /// The place of each that waits: 1 is the next one.
    [[nodiscard]] std::map<Rank, std::size_t> places() const;

private:
    [[nodiscard]] std::size_t free_slots() const;

    std::size_t most_;
    std::map<Rank, bool> holders_;  // and whether they are idle
    std::size_t idle_ = 0;
    std::set<Rank> waiting_;
};

}  // namespace praline::download
