#include "index/server/merge_answers.hpp"

#include <algorithm>
#include <map>

#include "index/wire/limits.hpp"

namespace praline::index::server {
namespace {

void add_sources(Row& to, Row const& from) {
    for (Publisher const& source : from.sources) {
        bool const known = std::any_of(to.sources.begin(), to.sources.end(),
                                       [&](Publisher const& one) { return one.id == source.id; });
        if (!known) to.sources.push_back(source);
    }
    std::stable_partition(to.sources.begin(), to.sources.end(), [](Publisher const& one) { return !one.push_needed; });
    if (to.sources.size() > row_sources_max) to.sources.resize(row_sources_max);
    to.sources_known = std::max({to.sources_known, from.sources_known, static_cast<std::uint32_t>(to.sources.size())});
}

}  // namespace

Answer merge_answers(Answer local, Answer const& remote, std::uint16_t wanted) {
    std::map<Sha1, std::size_t> places;
    for (std::size_t i = 0; i < local.rows.size(); ++i) places.emplace(local.rows[i].entry.sha1, i);
    for (Row const& row : remote.rows) {
        auto const [place, fresh] = places.emplace(row.entry.sha1, local.rows.size());
        if (fresh)
            local.rows.push_back(row);
        else
            add_sources(local.rows[place->second], row);
    }
    std::stable_sort(local.rows.begin(), local.rows.end(),
                     [](Row const& a, Row const& b) { return a.sources_known > b.sources_known; });
    local.more = local.more || remote.more || local.rows.size() > wanted;
    local.partial = remote.partial;
    if (local.rows.size() > wanted) local.rows.resize(wanted);
    return local;
}

}  // namespace praline::index::server
