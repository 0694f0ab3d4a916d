#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace praline::download {

/// Numbers changes of a list, so that its reader can ask for what has changed since he last did.
/// @threads one: pure.
class Changes {
public:
    /// @param first  revision before the first change. A reader of an earlier list must not take a number of this one for his.
    /// @param most   removals that are remembered
    Changes(std::uint64_t first, std::size_t most) : last_{first}, known_from_{first}, most_{most} {}
    /// Something was added or is different. @return its revision
    std::uint64_t changed() { return ++last_; }
    void removed(std::string id);
    [[nodiscard]] std::uint64_t revision() const { return last_; }
    /// Ids removed after `since`; empty: it is not known any more, or `since` is of another list.
    [[nodiscard]] std::optional<std::vector<std::string>> removed_since(std::uint64_t since) const;

private:
    std::uint64_t last_;
    std::uint64_t known_from_;  // removals after it are remembered
    std::size_t most_;
    std::deque<std::pair<std::uint64_t, std::string>> removed_;
};

}  // namespace praline::download
