#pragma once

#include <span>
#include <string>

#include "tools/reproduce/target.hpp"

namespace praline::reproduce {

/// For people: what was run, then a line for each check.
[[nodiscard]] std::string to_text(Target const& target);
/// How many checks and targets agree, differ, or were left, and which.
[[nodiscard]] std::string summary(std::span<Target const> targets);
/// One object: the targets with their checks.
[[nodiscard]] std::string to_json(std::span<Target const> targets);
/// A page by itself, to be looked at offline.
[[nodiscard]] std::string to_html(std::span<Target const> targets, std::string const& command);

}  // namespace praline::reproduce
