#pragma once

#include "search/routing/limits.hpp"

namespace praline::search {

struct HubOptions {
    Limits router;
    bool hit_cache = true;
};

}  // namespace praline::search
