// What a user starts, and what the node does by itself from time to time.
#include <algorithm>

#include <spdlog/spdlog.h>

#include "node/net/real_world.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/keywords.hpp"
#include "tools/praline/node.hpp"

namespace praline {

void Node::launch(Guid guid, wire::Query query, search::strategy::Parameters parameters, search::SearchText asked) {
    spdlog::debug("Query {} goes out: {}", guid.hex(), query.text);
    search::EngineOutput decided;
    hub_->launch(overlay_->core(), search::Launch{guid, std::move(query), parameters, std::move(asked)}, net::now(), decided);
    take(std::move(decided));
}

UserSearches::Host Node::searches_host() {
    UserSearches::Host host;
    host.launch = [this](Guid const& guid, wire::Query query, search::strategy::Parameters const& parameters, search::SearchText const& asked) {
        launch(guid, std::move(query), parameters, asked);
    };
    host.held_by_tables = [this]() -> std::uint64_t {
        if (!hub_) return 0;
        auto const counters = hub_->counters();
        return counters.queries_held_by_qrp + counters.leaf_queries_held_by_qrp;
    };
    host.stop_querying = [this](Guid const& guid) { stop_querying(guid); };
    host.close = [this](Guid const& guid) { close_query(guid); };
    index_host_for(host);
    host.links = [this] { return overlay_ ? overlay_->core().links().size() : 0; };
    // In a network of one's own the nodes tell each other of all there are; before they have, an estimate is too low.
    host.nodes_max = [this]() -> std::optional<std::uint64_t> {
        if (config_.network == "gnutella" || !overlay_) return std::nullopt;
        return overlay_->core().hosts().size() + overlay_->core().links().size();
    };
    host.new_guid = [this] { return Guid::random(rng_); };
    host.notify = [this](std::string topic, std::string id) { notify(std::move(topic), std::move(id)); };
    return host;
}

void Node::stop_querying(Guid const& guid) {
    search::EngineOutput decided;
    hub_->stop_querying(overlay_->core(), guid, net::now(), decided);
    take(std::move(decided));
}

void Node::close_query(Guid const& guid) {
    search::EngineOutput decided;
    hub_->close(overlay_->core(), guid, net::now(), decided);
    take(std::move(decided));
}

/// By URN alone routing tables would stop it, so the words of the name go along; answers are told apart by the URN.
void Node::find_sources(std::string const& download, Urn const& urn, std::string const& name) {
    if (hunts_.size() >= NodeLimits::hunts_max) {
        Guid const oldest = hunts_.begin()->first;
        hunts_.erase(hunts_.begin());
        close_query(oldest);
    }
    wire::Query query;
    constexpr std::size_t text_bytes_max = 120;
    for (auto const& word : wire::keywords(name)) {
        if (query.text.size() + word.size() + 1 > text_bytes_max) break;
        query.text += (query.text.empty() ? "" : " ") + word;
    }
    if (query.text.size() < 2) query.text = "\\";
    if (urn.sha1) query.urns.push_back(Urn{urn.sha1, {}});
    else query.urns.push_back(urn);
    auto const guid = Guid::random(rng_);
    hunts_[guid] = {download, urn, net::now() + NodeLimits::hunt_for};
    launch(guid, std::move(query), {});
}

void Node::add_sources(std::string const& download, wire::QueryHit const& hit) {
    auto const wanted = downloads_->find(download);
    if (!wanted) return;
    for (auto const& record : hit.records) {
        bool const same_sha1 = wanted->urn.sha1 && record.urn.sha1 == wanted->urn.sha1;
        bool const same_root = !wanted->urn.sha1 && wanted->urn.tiger_root && record.urn.tiger_root == wanted->urn.tiger_root;
        if (!same_sha1 && !same_root) continue;
        downloads_->add_source(download, {hit.endpoint, hit.servent, record.index, record.name, hit.vendor, hit.push_needed,
                                             record.size_bytes, record.urn.sha1, record.urn.tiger_root, true});
    }
}

void Node::on_library_change() {
    auto const progress = library_->progress();
    if (overlay_) overlay_->feed(overlay::SharingChanged{static_cast<std::uint32_t>(progress.files_ready), progress.bytes_ready});
    words_changed_ = true;
    // In the middle of a scan files that were published are missing, and would be taken away from the index.
    if (index_ && !progress.scanning) index_->shared_changed();
    notify("library");
}

/// Once a second: deadlines of the pure parts, the host cache to disk, the page's numbers.
void Node::on_tick() {
    auto const now = net::now();
    note_neighbours();   // where one listens may be learned late
    searches_->tick({now, net::unix_now()});
    look_up_peers();
    for (auto hunt = hunts_.begin(); hunt != hunts_.end();) {
        Guid const guid = hunt->first;
        bool const over = hunt->second.until <= now;
        hunt = over ? hunts_.erase(hunt) : std::next(hunt);
        if (over) close_query(guid);
    }
    std::erase_if(pushes_, [now](auto const& one) { return one.second.until <= now; });
    tell_words(now);
    if (hosts_dirty_ && now >= next_host_save_) save_hosts();
    notify("status");
    // Once more after the last one ended, so that it leaves the page.
    bool const uploading = !uploads_->uploads().empty();
    if (std::exchange(uploads_shown_, uploading) || uploading) notify("uploads");
    tick_.expires_after(std::chrono::seconds{1});
    tick_.async_wait([this](boost::system::error_code error) { if (!error) on_tick(); });
}

void Node::save_hosts() {
    hosts_dirty_ = false;
    next_host_save_ = net::now() + NodeLimits::host_save_every;
    try {
        host_store_.save(overlay_->core().hosts());
    } catch (store::DatabaseError const& error) {
        // The cache is a convenience: it is written again at the next change.
        spdlog::warn("The host cache could not be saved. {}", error.what());
    }
}

}  // namespace praline
