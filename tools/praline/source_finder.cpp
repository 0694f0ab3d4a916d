#include "tools/praline/source_finder.hpp"

#include "node/net/system_clock.hpp"

namespace praline {

void SourceFinder::find(std::string const& download, Urn const& urn, std::string const& name) {
    auto const guid = search_.new_guid();
    if (auto const evicted = searches_.begin(guid, download, net::now())) search_.close(*evicted);
    search_.launch(guid, source_query(urn, name), {});
}

bool SourceFinder::found(search::Found const& found) {
    auto const* const download = searches_.download_of(found.search);
    if (download == nullptr) return false;
    if (auto const wanted = downloads_.find(*download)) {
        for (auto& source : sources_in(found.hit, wanted->urn)) downloads_.add_source(wanted->id, std::move(source));
        if (auto const* const teller = overlay_.core().link(found.via))
            downloads_.add_alternates(wanted->id, alternates_in(found.hit, wanted->urn), found.hit.endpoint,
                                      teller->remote.address);
    }
    // The hit has just shown the way: what was sent before may have gone nowhere.
    if (auto const file = pushes_.take(found.hit.servent))
        overlay_.feed(overlay::SendPush{found.hit.servent, *file, identity_.advertised});
    return true;
}

/// Without a hit of it that passed through, no peer knows the way to a source that the index has named.
bool SourceFinder::request_push(Guid const& servent, std::uint32_t file_index) {
    if (!can_connect_back_() || overlay_.core().links().empty()) return false;
    overlay_.feed(overlay::SendPush{servent, file_index, identity_.advertised});
    pushes_.sent(servent, file_index, net::now());
    return true;
}

void SourceFinder::tick(Instant now) {
    for (auto const& guid : searches_.expire(now)) search_.close(guid);
    pushes_.expire(now);
}

}  // namespace praline
