#include "transfer/swarm/source_list.hpp"

#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"

/// Any bytes as the sources of a download that the disk kept, whole and a line at a time: the same sources when written
/// and read again, and a list that stays within its bounds.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const text = as_text(fuzz::view(data, size));
    auto const sources = swarm::parse_sources(text);
    fuzz::require(swarm::parse_sources(swarm::sources_text(sources)) == sources);

    std::vector<swarm::Source> by_line;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find('\n', at), text.size());
        for (auto& source : swarm::parse_sources(text.substr(at, end - at))) by_line.push_back(std::move(source));
        at = end + 1;
    }
    fuzz::require(by_line == sources);

    swarm::Limits const limits;
    swarm::SourceList list{limits};
    for (auto const& source : sources) {
        list.add(source, Instant{});
        fuzz::require(list.size() <= limits.sources_max);
    }
    fuzz::require(list.sources().empty() == sources.empty());
    return 0;
}
