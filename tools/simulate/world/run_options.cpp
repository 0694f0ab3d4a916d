#include "tools/simulate/world/run_options.hpp"

namespace praline::simulate::world {

unsigned RunOptions::effective_ttl() const { return ttl != 0 ? ttl : row_of(strategy).ttl_default; }

bool RunOptions::logs_events() const {
    return log_events || network != NetworkOptions{} || workload.copying == Copying::path ||
           workload.copying == Copying::random;
}

std::uint64_t units_of(RunOptions const& options) {
    return options.workload.items > 0 ? options.workload.trials : options.queries;
}

Share Share::part(std::uint64_t number, std::uint64_t parts) const {
    return {begin + units() * number / parts, begin + units() * (number + 1) / parts};
}

}  // namespace praline::simulate::world
