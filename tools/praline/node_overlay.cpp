// Overlay and search joined: what the overlay says goes to the hub, and what the hub decides back to the overlay.
#include <algorithm>
#include <chrono>
#include <variant>

#include <spdlog/spdlog.h>

#include "node/net/real_world.hpp"
#include "tools/praline/node.hpp"

namespace praline {

void Node::on_overlay(overlay::Action const& action) {
    std::visit([this](auto const& one) { on(one); }, action);
    search::EngineOutput decided;
    auto const now = net::now();
    answers_->at(now);
    hub_->handle(overlay_->core(), action, now, decided);
    if (auto const* const query = std::get_if<overlay::QueryArrived>(&action)) charge(*query);
    take(std::move(decided));
}

/// The library has been asked: the link that brought the query pays for more than an ordinary one costs.
void Node::charge(overlay::QueryArrived const& query) {
    auto const units = std::min<std::uint64_t>(answers_->take_cost() / NodeLimits::steps_of_a_query, UINT32_MAX);
    if (units > 0) overlay_->feed(overlay::QueryCost{query.from, static_cast<std::uint32_t>(units)});
}

void Node::on(overlay::LinkUp const& action) {
    auto const* const link = overlay_->core().link(action.peer);
    if (link == nullptr) return;
    note_neighbours();
    spdlog::info("Connected to {} ({}).", link->listening().value_or(link->remote).text(), link->user_agent);
    named_peers_.connected(link->remote);
    if (auto const listening = link->listening()) named_peers_.connected(*listening);
    notify("peers");
    notify("status");
}

void Node::on(overlay::LinkDown const& action) {
    note_neighbours();
    spdlog::info("Link {} is down: {}{}{}", action.peer.value(), overlay::to_string(action.reason), action.text.empty() ? "" : ", ", action.text);
    notify("peers");
    notify("status");
}

void Node::on(overlay::PushArrived const& action) { uploads_->give(action.call_back, action.file_index); }
void Node::on(overlay::HostsChanged const&) { hosts_dirty_ = true; }

void Node::on(overlay::RoleChanged const& action) {
    spdlog::info("This node is {} now.", action.role == overlay::Role::ultrapeer ? "an ultrapeer" : "a leaf");
    notify("status");
}

void Node::on(overlay::NeedHosts const&) {
    if (bootstrap_) bootstrap_->ask();
}

/// What the hub decided. Carrying it out may set the hub off again, so nothing of it is kept in members.
void Node::take(search::EngineOutput decided) {
    for (auto& event : decided.overlay) overlay_->feed(std::move(event));
    auto const now = net::now();
    for (auto const& found : decided.found) {
        if (found.hit.servent == directory_.servent_guid()) continue;  // a cache elsewhere remembers us
        if (auto const hunt = hunts_.find(found.search); hunt != hunts_.end()) {
            add_sources(hunt->second.download, found.hit);
            request_push_again(found.hit.servent);
        } else {
            searches_->found(found.search, found.via, distance_of(found), found.hit, now, found.cached_seconds);
        }
    }
    for (auto const& spent : decided.costs) searches_->spent(spent.search, spent.messages, spent.bytes, spent.reach, {now, net::unix_now()});
    for (auto const& search : decided.query_phase_done) searches_->query_phase_done(search, {net::now(), net::unix_now()});
    arm_hub();
}

Hops Node::distance_of(search::Found const& found) const {
    return std::binary_search(neighbours_.begin(), neighbours_.end(), found.hit.endpoint) ? Hops{1} : found.hops;
}

void Node::note_neighbours() {
    neighbours_.clear();
    for (auto const& link : overlay_->core().links())
        if (auto const listening = link.listening()) neighbours_.push_back(*listening);
    std::sort(neighbours_.begin(), neighbours_.end());
}

/// Rings and walkers wait for parts of a second.
void Node::arm_hub() {
    auto const due = hub_->next_deadline();
    if (due == hub_armed_ || stopping_) return;
    hub_armed_ = due;
    hub_timer_.cancel();
    if (!due) return;
    hub_timer_.expires_at(std::chrono::steady_clock::time_point{
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(due->time_since_epoch())});
    hub_timer_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        hub_armed_.reset();
        search::EngineOutput decided;
        hub_->tick(overlay_->core(), net::now(), decided);
        take(std::move(decided));
    });
}

wire::QueryHit Node::hit_head() {
    wire::QueryHit hit;
    hit.endpoint = own_;
    hit.speed_kbits = config_.capacity == 0 ? 10'000 : static_cast<std::uint32_t>(config_.capacity);
    hit.vendor = "PRLN";
    hit.push_needed = is_firewalled();
    hit.busy = !uploads_->has_free_slot();
    hit.has_uploaded = uploads_->bytes_sent() > 0;
    hit.servent = directory_.servent_guid();
    return hit;
}

/// Without a hit of it that passed by, nobody knows the way to a source that the index has named.
bool Node::request_push(Guid const& servent, std::uint32_t file_index) {
    if (is_firewalled() || overlay_->core().links().empty()) return false;
    overlay_->feed(overlay::SendPush{servent, file_index, own_});
    if (pushes_.size() < NodeLimits::pushes_max || pushes_.contains(servent)) pushes_[servent] = {file_index, net::now() + NodeLimits::push_for};
    return true;
}

void Node::request_push_again(Guid const& servent) {
    if (auto const push = pushes_.extract(servent)) overlay_->feed(overlay::SendPush{servent, push.mapped().file_index, own_});
}

}  // namespace praline
