#pragma once

#include <cstdint>

namespace praline::simulate::applications {

/// Units of work that strangers' computers do: copies of each are given out until so many results agree.
/// @source Anderson and Fedak 2006
struct WorkUnitsExperiment {
    std::uint64_t units = 200'000;
    unsigned copies_most = 4;  ///< of one unit
    unsigned quorum = 2;       ///< results that must agree
    double wrong = 0.05;       ///< share of the results that are wrong
    double alike = 1;          ///< share of the wrong ones that are alike; the others agree with nobody
    std::uint64_t seed = 1;
};
/// Shares of the units, but for the copies.
struct WorkUnitsOutcome {
    double right = 0, wrong = 0;  ///< that passed
    double undecided = 0;         ///< after the last copy
    double copies_mean = 0;       ///< given out for a unit
};
[[nodiscard]] WorkUnitsOutcome give_out(WorkUnitsExperiment const& experiment);
/// Share of the units that pass with a wrong result, where all wrong ones are alike, by formula.
[[nodiscard]] double wrong_by_formula(WorkUnitsExperiment const& experiment);

/// What is left of the computers that joined. Shares from 0 to 1.
struct Pool {
    double on = 0.81, active = 0.84, cpu = 0.899;
    double redundancy = 2;         ///< results for each that counts
    double share_of_rest = 0.917;  ///< what else is lost
    [[nodiscard]] double left() const { return on * active * cpu / redundancy * share_of_rest; }
};

}  // namespace praline::simulate::applications
