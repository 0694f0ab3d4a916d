#include "tools/praline/local_answers.hpp"

#include <algorithm>

namespace praline {
namespace {

wire::HitRecord record_of(library::SharedFile const& file) {
    wire::HitRecord record;
    record.index = file.index;
    record.size_bytes = file.size_bytes;
    record.name = file.name;
    record.urn = {file.sha1, file.tiger_root};
    return record;
}

}  // namespace

std::vector<wire::QueryHit> LocalAnswers::answer(wire::Query const& query) {
    if (held_) {
        cost_ += steps_unanswered;
        return {};
    }
    auto const asked = static_cast<std::size_t>(query.flags & wire::QueryFlags::hits_mask);
    auto const most = asked == 0 ? answers_per_query : std::min(asked, answers_per_query);
    auto const found = find_(query, {most, rng_.next()});
    std::vector<wire::QueryHit> hits;
    std::size_t bytes = 0, hit_bytes = 0;
    for (auto const& file : found.files) {
        auto const record_bytes = file->name.size() + record_bytes_about;
        if (bytes + record_bytes > answer_bytes_max) break;
        if (hits.empty() || hits.back().records.size() >= records_per_hit || hit_bytes + record_bytes > hit_bytes_max) {
            hits.push_back(head_());
            hit_bytes = 0;
        }
        hits.back().records.push_back(record_of(*file));
        hit_bytes += record_bytes;
        bytes += record_bytes;
    }
    cost_ += found.steps + bytes / bytes_of_a_step;
    return hits;
}

}  // namespace praline
