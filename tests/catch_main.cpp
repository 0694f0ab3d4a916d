#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "unit/support/skip.hpp"

namespace praline::test {
namespace {

std::set<std::string> skipped;  // names of test cases

/// Ends each run with the one line that tests/run_all.py adds up, whatever reporter was chosen.
struct Sum : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;
    void testRunEnded(Catch::TestRunStats const& stats) override {
        auto const& cases = stats.totals.testCases;
        Catch::cout() << "\ntests: " << cases.passed + cases.failedButOk - skipped.size() << " passed, " << cases.failed
                      << " failed, " << skipped.size() << " skipped\n";
    }
};
CATCH_REGISTER_LISTENER(Sum)

}  // namespace

void skip(std::string_view reason) {
    auto const name = Catch::getResultCapture().getCurrentTestName();
    skipped.insert(name);
    Catch::cout() << "\nSKIPPED " << name << ": " << reason << '\n';
}

}  // namespace praline::test
