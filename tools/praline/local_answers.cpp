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
    auto const asked = static_cast<std::size_t>(query.flags & wire::QueryFlags::hits_mask);
    auto const most = asked == 0 ? answers_per_query : std::min(asked, answers_per_query);
    std::vector<wire::QueryHit> hits;
    std::size_t bytes = 0;
    for (auto const& file : library_.find(query, most)) {
        if (hits.empty() || hits.back().records.size() >= records_per_hit || bytes > hit_bytes_about) {
            hits.push_back(head_());
            bytes = 0;
        }
        hits.back().records.push_back(record_of(*file));
        bytes += file->name.size() + 120;
    }
    return hits;
}

}  // namespace praline
