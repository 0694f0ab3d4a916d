// Memory of idle links: resident memory of a node before and after N compressed leaf links, divided by N.
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "tools/bench/child.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/process_usage.hpp"
#include "tools/bench/raw_peer.hpp"

namespace praline::bench {
namespace {

/// Memory settles after the first pings and tables; we wait until it has stood still for a while.
std::uint64_t settled_bytes(pid_t process) {
    std::uint64_t last = 0;
    for (int still = 0, tries = 0; still < 10 && tries < 100; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
        auto const now = resident_bytes_of(process);
        still = now == last ? still + 1 : 0;
        last = now;
    }
    return last;
}

}  // namespace

int measure_idle_links(IdleLinksOptions const& options) {
    ScratchFolder folder;
    PralineNode node{praline_binary(),
                     folder.path() + "/node",
                     {"--mode", "ultrapeer", "--max-leaves", std::to_string(options.links + 10)}};
    auto const endpoint = Endpoint::parse(node.address()).value();
    // The first few links pay for tables that all share.
    std::vector<RawPeer> links;
    for (int i = 0; i < 8; ++i) links.emplace_back(endpoint, false, true);
    auto const before = settled_bytes(node.pid());
    for (unsigned i = 0; i < options.links; ++i) links.emplace_back(endpoint, false, true);
    auto const after = settled_bytes(node.pid());
    auto const each = (after - before) / options.links;
    constexpr double goal = 40 * 1024;
    if (options.json) {
        std::cout << "{\"links\":" << options.links << ",\"bytes_per_link\":" << each << ",\"goal_bytes\":" << goal
                  << "}\n";
    } else {
        std::cout << "idle links: " << options.links << " compressed leaf links, resident memory " << before / 1024
                  << " -> " << after / 1024 << " KiB: " << each
                  << " bytes a link = " << static_cast<double>(each) / goal << " x the goal of 40 KiB\n";
    }
    return 0;
}

}  // namespace praline::bench
