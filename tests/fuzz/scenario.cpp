#include "tools/simulate/scenario.hpp"
#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"
#include "tools/simulate/replay.hpp"

/// Any bytes as a scenario, and as the files of a replay: settings or sentences.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const text = as_text(fuzz::view(data, size));
    auto const scenario = simulate::parse_scenario(text, "file");
    simulate::world::Request request;
    for (auto const& complaint : simulate::world::apply(scenario.settings, request)) fuzz::require(!complaint.empty());
    for (auto const& complaint : scenario.complaints) fuzz::require(complaint.starts_with("file:"));
    try {
        static_cast<void>(simulate::read_placement(text, 100));
    } catch (simulate::world::BadInput const&) {}
    try {
        static_cast<void>(simulate::read_queries(text, 100, 100));
    } catch (simulate::world::BadInput const&) {}
    return 0;
}
