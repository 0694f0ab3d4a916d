#pragma once

#include "node/base/rate.hpp"

namespace praline::overlay {
using praline::Rate;
}  // namespace praline::overlay
