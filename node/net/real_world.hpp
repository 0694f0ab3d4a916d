#pragma once

#include "node/net/entropy.hpp"
#include "node/net/system_clock.hpp"
