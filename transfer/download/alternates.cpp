#include "transfer/download/alternates.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "transfer/content/location_list.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download {

namespace {

swarm::Source known_from_hearsay(Endpoint const& endpoint) {
    swarm::Source source;
    source.endpoint = endpoint;
    source.from_hit = true;
    return source;
}

}  // namespace

std::vector<swarm::Source> Alternates::sources(HttpResponse const& reply, Sha1 const& file, Endpoint const& namer,
                                               Instant now) {
    std::vector<swarm::Source> found;
    if (table_ == nullptr) return found;
    for (auto const& one : reply.bad_alternates)
        if (one.sha1.value_or(file) == file) table_->denied(file, one.endpoint, namer.address, now);
    for (auto const& [target, sha1] : reply.alternates) {
        if (sha1.value_or(file) != file || target == namer) continue;
        if (!table_->named(file, target, namer.address, now) || !may_try(file, target, namer.address, now)) continue;
        found.push_back(known_from_hearsay(target));
    }
    return found;
}

std::vector<swarm::Source> Alternates::in_hit(std::vector<Endpoint> const& named, Sha1 const& file,
                                              Endpoint const& source, Address const& teller, Instant now) {
    std::vector<swarm::Source> found;
    if (table_ == nullptr) return found;
    for (auto const& target : named)
        if (target != source && table_->may_be_tried(file, target, teller, now) && may_try(file, target, teller, now))
            found.push_back(known_from_hearsay(target));
    return found;
}

/// Once a place is tried, it is charged to its address and to whoever named it.
bool Alternates::may_try(Sha1 const& file, Endpoint const& target, Address const& namer, Instant now) {
    while (!tries_.empty() && now - tries_.front().at >= limits_.window) tries_.pop_front();
    AddressPrefix const at = target.address, by = namer;
    std::size_t of_target = 0, of_namer = 0;
    for (auto const& one : tries_) {
        if (one.file == file && one.target == target) return false;
        of_target += AddressPrefix{one.target.address} == at ? 1 : 0;
        of_namer += one.namer == by ? 1 : 0;
    }
    if (tries_.size() >= limits_.total_max || of_target >= limits_.per_target_max || of_namer >= limits_.per_namer_max)
        return false;
    tries_.push_back({file, target, by, now});
    return true;
}

void Alternates::delivered(Sha1 const& file, Endpoint const& source, Instant now) {
    if (table_ != nullptr) table_->served(file, source, now);
}

void Alternates::failed(Sha1 const& file, Endpoint const& source, Instant now) {
    if (table_ != nullptr) table_->refused(file, source, now);
}

std::string Alternates::request_lines(Sha1 const& file, Endpoint const& to, std::optional<Endpoint> const& own,
                                      std::uint64_t verified_bytes, Instant now) const {
    std::vector<Endpoint> good, bad;
    std::string lines;
    if (table_ != nullptr) {
        content::AltLocations::Asker const asker{to.address, {to}, to.address.is_v6()};
        good = table_->confirmed(file, asker, locations_told_max, now);
        bad = table_->refusing(file, asker, locations_told_max, now);
    }
    if (own && content::may_name(to.address, own->address)) {
        lines = fmt::format("X-Node: {}\r\n", own->text());
        if (verified_bytes > 0) {
            lines += fmt::format("X-Downloaded: {}\r\n", verified_bytes);
            good.insert(good.begin(), *own);
        }
    }
    return lines + content::location_lines(good, bad);
}

}  // namespace praline::download
