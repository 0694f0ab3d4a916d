#include "tools/simulate/applications/work_units.hpp"

#include <cmath>

#include "node/base/rng.hpp"
#include "tools/simulate/structured/underlay.hpp"

namespace praline::simulate::applications {

namespace {

constexpr std::uint64_t of_results = 0x5E71;

}  // namespace

WorkUnitsOutcome give_out(WorkUnitsExperiment const& experiment) {
    Rng chance{experiment.seed, of_results};
    std::uint64_t right = 0, wrong = 0, copies = 0;
    for (std::uint64_t unit = 0; unit < experiment.units; ++unit) {
        unsigned good = 0, bad = 0;
        for (unsigned copy = 0; copy < experiment.copies_most; ++copy) {
            ++copies;
            if (structured::unit(chance) >= experiment.wrong)
                ++good;
            else if (structured::unit(chance) < experiment.alike)
                ++bad;
            if (good >= experiment.quorum || bad >= experiment.quorum) break;
        }
        right += good >= experiment.quorum ? 1 : 0;
        wrong += bad >= experiment.quorum ? 1 : 0;
    }
    auto const all = static_cast<double>(experiment.units);
    return {static_cast<double>(right) / all, static_cast<double>(wrong) / all,
            static_cast<double>(experiment.units - right - wrong) / all, static_cast<double>(copies) / all};
}

double wrong_by_formula(WorkUnitsExperiment const& experiment) {
    double sum = 0, ways = 1;
    // The last of the quorum's wrong results comes after so many right ones, fewer than a quorum.
    for (unsigned good = 0; good < experiment.quorum && experiment.quorum + good <= experiment.copies_most; ++good) {
        if (good > 0) ways = ways * (experiment.quorum - 1 + good) / good;
        sum += ways * std::pow(experiment.wrong, experiment.quorum) * std::pow(1 - experiment.wrong, good);
    }
    return sum;
}

}  // namespace praline::simulate::applications
