#include "unit/transfer/swarm/virtual_sources.hpp"

namespace praline::swarm::test {

namespace {

constexpr std::size_t regions_max = 12;

/// What one source could have sent by then, with one connection made at once and one request.
double capacity(VirtualSource const& source, Instant end) {
    constexpr Duration step = std::chrono::milliseconds{100};
    double bytes = 0;
    for (auto at = Instant{} + source.connecting.value_or(source.latency) + source.latency; at < end; at += step)
        bytes += source.rate_at(at) * std::chrono::duration<double>(std::min<Duration>(step, end - at)).count();
    return bytes;
}

}  // namespace

Duration shortest_time(std::uint64_t file_bytes, std::vector<VirtualSource> const& sources, Duration longest) {
    std::vector<std::uint64_t> cuts{0, file_bytes};
    for (auto const& source : sources)
        if (source.offered)
            for (auto const& range : source.offered->ranges()) cuts.push_back(range.begin), cuts.push_back(range.end);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    auto const regions = cuts.size() - 1;
    if (regions > regions_max) return Duration{0};
    std::vector<unsigned> has;  // by source, a bit for each region
    for (auto const& source : sources) {
        unsigned bits = 0;
        for (std::size_t i = 0; i < regions; ++i)
            if (source.is_honest() && (!source.offered || source.offered->contains({cuts[i], cuts[i + 1]})))
                bits |= 1U << i;
        has.push_back(bits);
    }
    auto const is_enough = [&](Duration time) {
        std::vector<double> sent;
        for (auto const& source : sources) sent.push_back(capacity(source, Instant{} + time));
        for (unsigned set = 1; set < (1U << regions); ++set) {
            double wanted = 0, possible = 0;
            for (std::size_t i = 0; i < regions; ++i)
                if ((set >> i & 1U) != 0) wanted += static_cast<double>(cuts[i + 1] - cuts[i]);
            for (std::size_t i = 0; i < sources.size(); ++i)
                if ((has[i] & set) != 0) possible += sent[i];
            if (possible < wanted) return false;
        }
        return true;
    };
    Duration low{0}, high = longest;
    if (!is_enough(high)) return longest;
    while (high - low > std::chrono::milliseconds{50}) {
        auto const middle = low + (high - low) / 2;
        (is_enough(middle) ? high : low) = middle;
    }
    return high;
}

}  // namespace praline::swarm::test
