#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "fuzz/fuzz.hpp"
#include "transfer/browse/list_reader.hpp"

/// The list of a host that is browsed: cut anywhere, the same hits and the same end, and never more than allowed.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    using browse::ListReader;
    browse::ListLimits limits;
    limits.bytes_max = 4000;
    limits.files_max = 20;
    auto const all = fuzz::view(data, size);
    auto const read = [&](std::size_t step, std::vector<wire::QueryHit>& hits) {
        ListReader reader{limits};
        auto state = ListReader::State::more;
        for (std::size_t at = 0; at < size && state == ListReader::State::more; at += step)
            state = reader.take(all.subspan(at, std::min(step, size - at)), hits);
        if (state == ListReader::State::more) state = reader.end();
        fuzz::require(state != ListReader::State::more);
        fuzz::require((state == ListReader::State::failed) == !reader.problem().empty());
        return state;
    };
    std::vector<wire::QueryHit> whole, cut;
    auto const state = read(size + 1, whole);
    auto const cut_state = read(size == 0 ? 1 : data[size - 1] % 7U + 1, cut);
    // A limit on all bytes stops a long read before what it holds is looked at.
    if (state == cut_state && state == ListReader::State::done) fuzz::require(whole == cut);
    std::size_t files = 0;
    for (auto const& hit : cut) files += hit.records.size();
    fuzz::require(files <= limits.files_max);
    return 0;
}
