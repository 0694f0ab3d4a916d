// Limits of bandwidth: what a node sends in uploads over some seconds beside the rate that is set while it runs.
#include <array>
#include <iostream>
#include <string>

#include "node/base/endpoint.hpp"
#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/shared_file.hpp"
#include "tools/bench/takers.hpp"

namespace praline::bench {
namespace {

constexpr std::uint64_t file_mebibytes = 64;

struct Rate {
    char const* text;
    double bytes_per_second;
};
constexpr std::array rates{Rate{"100 KiB/s", 102'400.0}, Rate{"1 MiB/s", 1'048'576.0}, Rate{"10 MiB/s", 10'485'760.0},
                           Rate{"100 MiB/s", 104'857'600.0}};
constexpr std::array<unsigned, 3> takers_of_each{1, 10, 100};

void print(RatesOptions const& options, Rate const& rate, unsigned takers, double measured, bool first) {
    auto const off = (measured / rate.bytes_per_second - 1) * 100;
    if (options.json) {
        std::cout << (first ? "" : ",") << "{\"what\":\"upload\",\"limit\":\"" << rate.text
                  << "\",\"limit_bytes_per_second\":" << rate.bytes_per_second << ",\"takers\":" << takers
                  << ",\"bytes_per_second\":" << measured << ",\"off_percent\":" << off << '}';
    } else {
        std::cout << "rates: uploads limited to " << rate.text << ", " << takers << " at once, over " << options.seconds
                  << " s: " << measured / 1024 << " KiB/s, " << (off < 0 ? "" : "+") << off << " %" << std::endl;
    }
}

}  // namespace

int measure_rates(RatesOptions const& options) {
    SharedFile const file{file_mebibytes << 20};
    // Those of the limit before hold theirs until they are noticed to be gone.
    auto const slots = std::to_string(2 * takers_of_each.back());
    auto const node = file.shared_by("node", {"--upload-slots", slots});
    auto const request = "GET " + file.target() + " HTTP/1.1\r\nHost: bench\r\n\r\n";
    bool first = true;
    if (options.json) std::cout << "{\"seconds\":" << options.seconds << ",\"rows\":[";
    for (auto const takers : takers_of_each)
        for (auto const& rate : rates) {
            run({praline_binary(), "--data", node->data(), "config", "set", "upload_limit", rate.text});
            Takers clients{*Endpoint::parse(node->address()), takers, request};
            static_cast<void>(clients.take_for(1));
            print(options, rate, takers, static_cast<double>(clients.take_for(options.seconds)) / options.seconds,
                  first);
            first = false;
        }
    if (options.json) std::cout << "]}\n";
    return 0;
}

}  // namespace praline::bench
