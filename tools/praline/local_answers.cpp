#include "tools/praline/local_answers.hpp"

#include <algorithm>
#include <utility>

#include "tools/praline/hit_packer.hpp"

namespace praline {
std::vector<wire::QueryHit> LocalAnswers::answer(wire::Query const& query) {
    if (held_) {
        cost_ += steps_unanswered;
        return {};
    }
    auto const asked = static_cast<std::size_t>(query.flags & wire::QueryFlags::hits_mask);
    auto const most = asked == 0 ? answers_per_query : std::min(asked, answers_per_query);
    auto const found = find_(query, {most, rng_.next()});
    HitPacker hits{head_, hit_bytes_max};
    std::size_t bytes = 0;
    for (auto const& file : found.files) {
        auto record = record_of(*file);
        if (elsewhere_) record.alternates = elsewhere_(file->sha1);
        auto const record_bytes = HitPacker::bytes_about(record);
        if (bytes + record_bytes > answer_bytes_max) break;
        bytes += record_bytes;
        hits.add(std::move(record));
    }
    cost_ += found.steps + bytes / bytes_of_a_step;
    return hits.take();
}

}  // namespace praline
