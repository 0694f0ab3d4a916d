#include "tools/reproduce/target.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace praline::reproduce {
namespace {

Verdict verdict_of(bool agrees) { return agrees ? Verdict::agrees : Verdict::differs; }

}  // namespace

char const* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::agrees: return "agrees";
        case Verdict::differs: return "differs";
        case Verdict::not_checked: return "not checked";
    }
    return "";
}

Verdict Target::verdict() const {
    auto const any = [&](Verdict wanted) {
        return std::any_of(checks.begin(), checks.end(), [&](Check const& one) { return one.verdict == wanted; });
    };
    if (any(Verdict::differs)) return Verdict::differs;
    return any(Verdict::agrees) ? Verdict::agrees : Verdict::not_checked;
}

std::string fixed(double value, int digits) {
    char text[64];
    int const length = std::snprintf(text, sizeof text, "%.*f", digits, value);
    return {text, static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(sizeof text) - 1))};
}

Check within_share(std::string what, double theirs, double ours, double share, int digits) {
    std::string const tolerance = "±" + fixed(share * 100, share * 100 < 1 ? 2 : 1) + " %";
    bool const agrees = std::fabs(ours - theirs) <= share * std::fabs(theirs);
    return {std::move(what), fixed(theirs, digits), fixed(ours, digits), tolerance, verdict_of(agrees)};
}

Check within(std::string what, double theirs, double ours, double most, int digits) {
    return {std::move(what), fixed(theirs, digits), fixed(ours, digits), "±" + fixed(most, digits),
            verdict_of(std::fabs(ours - theirs) <= most)};
}

Check equal(std::string what, std::uint64_t theirs, std::uint64_t ours) {
    return {std::move(what), std::to_string(theirs), std::to_string(ours), "exact", verdict_of(theirs == ours)};
}

Check between(std::string what, std::string theirs, double least, double most, double ours, int digits) {
    return {std::move(what), std::move(theirs), fixed(ours, digits),
            fixed(least, digits) + " to " + fixed(most, digits), verdict_of(ours >= least && ours <= most)};
}

Check at_most(std::string what, std::string theirs, double bound, double ours, int digits) {
    return {std::move(what), std::move(theirs), fixed(ours, digits), "at most " + fixed(bound, digits),
            verdict_of(ours <= bound)};
}

Check at_least(std::string what, std::string theirs, double bound, double ours, int digits) {
    return {std::move(what), std::move(theirs), fixed(ours, digits), "at least " + fixed(bound, digits),
            verdict_of(ours >= bound)};
}

Check not_checked(std::string what, std::string theirs, std::string why) {
    return {std::move(what), std::move(theirs), "", "", Verdict::not_checked, std::move(why)};
}

}  // namespace praline::reproduce
