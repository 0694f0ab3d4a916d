#pragma once

#include <string_view>

namespace praline::test {

/// Says that the test case under way cannot be run here, and why; it has to return then. The runner prints and counts it.
void skip(std::string_view reason);

}  // namespace praline::test
