#include "tools/praline/source_searches.hpp"

#include <algorithm>

#include "node/wire/keywords.hpp"
#include "tools/praline/node_limits.hpp"

namespace praline {

std::optional<Guid> SourceSearches::begin(Guid const& guid, std::string download, Instant now) {
    std::optional<Guid> evicted;
    if (searches_.size() >= NodeLimits::source_searches_max) {
        auto const oldest = std::min_element(searches_.begin(), searches_.end(), [](auto const& a, auto const& b) {
            return a.second.until < b.second.until;
        });
        evicted = oldest->first;
        searches_.erase(oldest);
    }
    searches_[guid] = {std::move(download), now + NodeLimits::source_search_for};
    return evicted;
}

std::string const* SourceSearches::download_of(Guid const& guid) const {
    auto const found = searches_.find(guid);
    return found == searches_.end() ? nullptr : &found->second.download;
}

std::vector<Guid> SourceSearches::expire(Instant now) {
    std::vector<Guid> over;
    for (auto const& [guid, search] : searches_)
        if (search.until <= now) over.push_back(guid);
    for (auto const& guid : over) searches_.erase(guid);
    return over;
}

wire::Query source_query(Urn const& urn, std::string const& name) {
    wire::Query query;
    for (auto const& word : wire::keywords(name)) {
        if (query.text.size() + word.size() + 1 > NodeLimits::source_query_bytes_max) break;
        query.text += (query.text.empty() ? "" : " ") + word;
    }
    if (query.text.size() < 2) query.text = "\\";
    query.urns.push_back(urn.sha1 ? Urn{urn.sha1, {}} : urn);
    return query;
}

std::vector<download::Source> sources_in(wire::QueryHit const& hit, Urn const& wanted) {
    std::vector<download::Source> sources;
    for (auto const& record : hit.records) {
        bool const same_sha1 = wanted.sha1 && record.urn.sha1 == wanted.sha1;
        bool const same_root = !wanted.sha1 && wanted.tiger_root && record.urn.tiger_root == wanted.tiger_root;
        if (!same_sha1 && !same_root) continue;
        sources.push_back({hit.endpoint, hit.servent, record.index, record.name, hit.vendor, hit.push_needed,
                           record.size_bytes, record.urn.sha1, record.urn.tiger_root, true});
    }
    return sources;
}

std::vector<Endpoint> alternates_in(wire::QueryHit const& hit, Urn const& wanted) {
    std::vector<Endpoint> all;
    for (auto const& record : hit.records)
        if (wanted.sha1 && record.urn.sha1 == wanted.sha1)
            all.insert(all.end(), record.alternates.begin(), record.alternates.end());
    return all;
}

void PushRequests::sent(Guid const& servent, std::uint32_t file_index, Instant now) {
    if (requests_.size() < NodeLimits::pushes_max || requests_.contains(servent))
        requests_[servent] = {file_index, now + NodeLimits::push_for};
}

std::optional<std::uint32_t> PushRequests::take(Guid const& servent) {
    auto const request = requests_.extract(servent);
    return request ? std::optional{request.mapped().file_index} : std::nullopt;
}

void PushRequests::expire(Instant now) {
    std::erase_if(requests_, [now](auto const& one) { return one.second.until <= now; });
}

}  // namespace praline
