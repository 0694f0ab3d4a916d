#include "tools/simulate/world/run_options.hpp"

namespace praline::simulate::world {

unsigned RunOptions::effective_ttl() const { return ttl != 0 ? ttl : row_of(strategy).ttl_default; }

bool RunOptions::logs_events() const {
    return log_events || network != NetworkOptions{} || workload.copying == Copying::path ||
           workload.copying == Copying::random;
}

}  // namespace praline::simulate::world
