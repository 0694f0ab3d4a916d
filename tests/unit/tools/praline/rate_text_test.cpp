#include "tools/praline/rate_text.hpp"

#include <catch2/catch.hpp>

#include "node/base/rate_limit.hpp"
#include "node/base/rng.hpp"

namespace rate_text_test {
using namespace praline;

TEST_CASE("rates are read with their units") {
    struct Row {
        char const* text;
        std::uint64_t bytes;
    };
    for (auto const& [text, bytes] : {Row{"unlimited", 0},
                                      {"0", 0},
                                      {"200 KiB/s", 204'800},
                                      {" 200KiB/s ", 204'800},
                                      {"1.5 MiB/s", 1'572'864},
                                      {"0.125 GiB/s", 134'217'728},
                                      {"10 Mbit/s", 1'250'000},
                                      {"512 kbit/s", 64'000},
                                      {"1 Gbit/s", 125'000'000},
                                      {"3 MB/s", 3'000'000},
                                      {"3 kB/s", 3000},
                                      {"3 KB/s", 3000},
                                      {"1500 B/s", 1500},
                                      {"1024 GiB/s", RateLimit::rate_max}}) {
        INFO(text);
        auto const read = parse_rate(text, 1024);
        CHECK(read.bytes_per_second == bytes);
        CHECK(read.problem.empty());
    }
}

TEST_CASE("what is no rate is refused with a sentence") {
    for (auto const* text : {"", "200", "KiB/s", "-1 KiB/s", "1 kib/s", "1.2345 MiB/s", "1. MiB/s", ".5 MiB/s",
                             "1.2.3 MiB/s", "1 MiB", "1e3 KiB/s", "1023 B/s", "0.5 B/s", "0 KiB/s", "1025 GiB/s",
                             "9999999999999 GiB/s", "99999999999999999999999 B/s"}) {
        INFO(text);
        auto const read = parse_rate(text, 1024);
        CHECK_FALSE(read.bytes_per_second);
        CHECK(read.problem.ends_with('.'));
    }
}

TEST_CASE("a rate is shown as it is read back") {
    CHECK(rate_text(0) == "unlimited");
    CHECK(rate_text(204'800) == "200 KiB/s");
    CHECK(rate_text(1'572'864) == "1536 KiB/s");
    CHECK(rate_text(1'250'000) == "1250 kB/s");
    CHECK(rate_text(1'000'001) == "1000001 B/s");
    Rng rng{1};
    for (unsigned run = 0; run < 10'000; ++run) {
        auto const rate = rng.below(RateLimit::rate_max >> rng.below(40)) + 1;
        REQUIRE(parse_rate(rate_text(rate), 1).bytes_per_second == rate);
    }
}

}  // namespace rate_text_test
