#include "transfer/download/partials.hpp"

#include <algorithm>
#include <utility>

#include "transfer/download/job.hpp"

namespace praline::download {

std::vector<swarm::ByteRange> verified_ranges(swarm::PieceMap const& map, std::size_t most) {
    std::vector<swarm::ByteRange> ranges;
    for (std::uint64_t piece = 0; piece < map.piece_count(); ++piece) {
        if (!map.is_verified(piece)) continue;
        auto const range = map.range_of(piece);
        if (!ranges.empty() && ranges.back().end == range.begin)
            ranges.back().end = range.end;
        else
            ranges.push_back(range);
    }
    if (ranges.size() <= most) return ranges;
    auto const last = ranges.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(ranges.begin(), last, ranges.end(),
                     [](auto const& one, auto const& other) { return one.size() > other.size(); });
    ranges.erase(last, ranges.end());
    std::sort(ranges.begin(), ranges.end(), [](auto const& one, auto const& other) { return one.begin < other.begin; });
    return ranges;
}

std::optional<Partial> partial_of(Job const& job, std::string directory, std::string path) {
    auto const& story = job.story;
    bool const has_part = !job.removed && !job.is_over() && story.has_map && story.tree && job.urn.sha1;
    // What a restart found is not known to be there before it has been read again.
    if (!has_part || !job.is_proved() || story.recheck || job.map().verified_bytes() == 0) return std::nullopt;
    return Partial{job.name,      std::move(path),    std::move(directory),      job.map().file_bytes(),
                   *job.urn.sha1, story.tree->root(), verified_ranges(job.map())};
}

}  // namespace praline::download
