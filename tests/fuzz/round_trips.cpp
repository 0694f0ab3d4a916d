#include <sstream>
#include <string>

#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"
#include "tools/simulate/structured/underlay.hpp"
#include "tools/simulate/world/graph.hpp"

/// Any bytes as a matrix of round trips: distances that are the same both ways, or a sentence.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline::simulate;
    constexpr structured::Node nodes = 8;
    try {
        std::istringstream text{std::string{praline::as_text(praline::fuzz::view(data, size))}};
        auto const underlay = structured::read_matrix(nodes, 1, text, "input");
        for (structured::Node from = 0; from < nodes; ++from)
            for (structured::Node to = 0; to < nodes; ++to)
                praline::fuzz::require(underlay->distance(from, to) == underlay->distance(to, from));
    } catch (world::BadInput const&) {}
    return 0;
}
