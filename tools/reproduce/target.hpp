#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What others published, run again with our own code, and whether the two agree.
namespace praline::reproduce {

enum class Verdict : std::uint8_t { agrees, differs, not_checked };
[[nodiscard]] char const* to_string(Verdict verdict);

/// One figure of theirs beside ours.
struct Check {
    std::string what;
    std::string theirs, ours;
    std::string tolerance;  ///< what still counts as the same
    Verdict verdict = Verdict::not_checked;
    std::string remark{};  ///< why it differs or was not checked
};

struct Target {
    std::string id;  ///< "T1"
    std::string title;
    std::string source;  ///< who published it
    std::string setup;   ///< what we ran, and what of theirs is not known
    std::vector<Check> checks{};

    /// Differs when any check does; not checked when none was.
    [[nodiscard]] Verdict verdict() const;
};

struct Options {
    std::string topologies;  ///< folder of the crawls; empty: there are none
    bool quick = false;      ///< smaller samples and networks; tolerances stay
    unsigned threads = 2;
    std::uint64_t seed = 1;
};

/// So many digits behind the point.
[[nodiscard]] std::string fixed(double value, int digits);

/// Agrees when ours is within `share` of theirs: 0.05 is five per cent.
[[nodiscard]] Check within_share(std::string what, double theirs, double ours, double share, int digits);
/// Agrees when the two are not further apart than `most`.
[[nodiscard]] Check within(std::string what, double theirs, double ours, double most, int digits);
/// Agrees when they are the same number.
[[nodiscard]] Check equal(std::string what, std::uint64_t theirs, std::uint64_t ours);
/// Agrees when ours lies from `least` to `most`.
[[nodiscard]] Check between(std::string what, std::string theirs, double least, double most, double ours, int digits);
/// Agrees when ours is no more, no less than `bound`.
[[nodiscard]] Check at_most(std::string what, std::string theirs, double bound, double ours, int digits);
[[nodiscard]] Check at_least(std::string what, std::string theirs, double bound, double ours, int digits);
[[nodiscard]] Check not_checked(std::string what, std::string theirs, std::string why);

}  // namespace praline::reproduce
