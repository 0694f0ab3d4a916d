#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"
#include "tools/simulate/sweep/records.hpp"
#include "tools/simulate/world/graph.hpp"

/// Any bytes as records of a run: reports or a sentence.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline::simulate;
    try {
        auto const records = sweep::parse_records(praline::as_text(praline::fuzz::view(data, size)), "input");
        for (auto const& record : records.all) {
            auto const again =
                sweep::parse_records(sweep::heading_of(records.job, {}) + sweep::line_of(record), "again");
            praline::fuzz::require(again.all.size() == 1);
            praline::fuzz::require(sweep::line_of(again.all.front()) == sweep::line_of(record));
        }
        (void)report::to_json(sweep::merge({records}));
    } catch (world::BadInput const&) {}
    return 0;
}
