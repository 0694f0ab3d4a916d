#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace praline::bench {

struct StructuredOptions {
    std::vector<std::string> overlays{"chord", "can", "kademlia", "pastry", "tapestry", "key"};
    std::vector<std::uint32_t> nodes{10'000, 100'000};
    std::uint64_t lookups = 200'000;
    unsigned runs = 3;
    bool json = false;
};
/// Lookups and hops a second on one thread, and memory a node, beside a chain of reads that do nothing else.
int measure_structured(StructuredOptions const& options);

}  // namespace praline::bench
