// Overlay and search joined: what arrives is answered from the library and passed on as the router says.
#include <algorithm>
#include <variant>

#include <spdlog/spdlog.h>

#include "node/net/real_world.hpp"
#include "tools/praline/node.hpp"

namespace praline {
namespace {

search::Neighbour neighbour_of(overlay::LinkInfo const& link) {
    return {link.peer, link.kind == overlay::LinkKind::to_ultrapeer, link.query_routing, link.hops_flow, link.max_ttl};
}

search::QueryView view_of(overlay::QueryPtr const& query) {
    // The router looks at the query and hands the whole back untouched.
    return {std::shared_ptr<wire::Query const>{query, &query->query}, query};
}

overlay::QueryPtr routed(search::QueryView const& view) {
    return std::static_pointer_cast<overlay::RoutedQuery const>(view.body);
}

wire::HitRecord record_of(library::SharedFile const& file) {
    wire::HitRecord record;
    record.index = file.index;
    record.size_bytes = file.size_bytes;
    record.name = file.name;
    record.urn = {file.sha1, file.tiger_root};
    return record;
}

}  // namespace

void Node::on_overlay(overlay::Action const& action) {
    std::visit([this](auto const& one) { on(one); }, action);
}

void Node::on(overlay::LinkUp const& action) {
    auto const* const link = overlay_->core().link(action.peer);
    if (link == nullptr) return;
    spdlog::info("Connected to {} ({}).", link->listening.value_or(link->remote).text(), link->user_agent);
    auto const neighbour = neighbour_of(*link);
    feed_router(search::NeighbourUp{neighbour});
    if (neighbour.ultrapeer) ask_newcomer(action.peer);
    notify("peers");
    notify("status");
}

void Node::on(overlay::LinkDown const& action) {
    spdlog::info("Link {} is down: {}{}{}", action.peer.value(), overlay::to_string(action.reason), action.text.empty() ? "" : ", ", action.text);
    feed_router(search::NeighbourDown{action.peer});
    notify("peers");
    notify("status");
}

void Node::on(overlay::QueryArrived const& action) {
    if (!action.again) answer(action);
    feed_router(search::QueryArrived{action.from, action.guid, action.ttl, action.hops, view_of(action.query)});
}

void Node::on(overlay::HitArrived const& action) {
    if (auto const hunt = hunts_.find(action.guid); hunt != hunts_.end()) {
        add_sources(hunt->second.download, action.hit);
        return;
    }
    searches_->found(action.guid, action.from, action.hops, action.hit, net::now());
}

void Node::on(overlay::QrpArrived const& action) { feed_router(search::TableArrived{action.from, action.message}); }
void Node::on(overlay::PushArrived const& action) { uploads_->give(action.call_back, action.file_index); }
void Node::on(overlay::HostsChanged const&) { hosts_dirty_ = true; }

void Node::on(overlay::RoleChanged const& action) {
    spdlog::info("This node is {} now.", action.role == overlay::Role::ultrapeer ? "an ultrapeer" : "a leaf");
    feed_router(search::RoleIs{action.role == overlay::Role::ultrapeer});
    notify("status");
}

void Node::on(overlay::NeedHosts const&) {
    if (bootstrap_) bootstrap_->ask();
}

void Node::feed_router(search::Event const& event) {
    search::Actions actions;
    router_.handle(event, net::now(), actions);
    for (auto const& action : actions) {
        if (auto const* const forward = std::get_if<search::Forward>(&action)) {
            overlay_->feed(overlay::ForwardQuery{forward->guid, forward->to, forward->ttl, forward->hops, routed(forward->query)});
        } else if (auto const* const table = std::get_if<search::SendTable>(&action)) {
            overlay_->feed(overlay::SendQrp{table->to, table->messages});
        } else if (auto const* const bad = std::get_if<search::BadTable>(&action)) {
            overlay_->feed(overlay::RejectQrp{bad->from});
        }
    }
}

/// Splits what the library found into hits of a size that every peer relays.
void Node::answer(overlay::QueryArrived const& query) {
    auto const asked = static_cast<std::size_t>(query.query->query.flags & wire::QueryFlags::hits_mask);
    auto const most = asked == 0 ? NodeLimits::answers_per_query : std::min(asked, NodeLimits::answers_per_query);
    auto const files = library_->find(query.query->query, most);
    if (files.empty()) return;
    std::vector<wire::QueryHit> hits;
    std::size_t bytes = 0;
    for (auto const& file : files) {
        if (hits.empty() || hits.back().records.size() >= NodeLimits::records_per_hit || bytes > NodeLimits::hit_bytes_about) {
            wire::QueryHit hit;
            hit.endpoint = own_;
            hit.speed_kbits = 10'000;
            hit.vendor = "PRLN";
            hit.busy = !uploads_->has_free_slot();
            hit.has_uploaded = uploads_->bytes_sent() > 0;
            hit.servent = directory_.servent_guid();
            hits.push_back(std::move(hit));
            bytes = 0;
        }
        hits.back().records.push_back(record_of(*file));
        bytes += file->name.size() + 120;
    }
    overlay_->feed(overlay::AnswerQuery{query.guid, std::move(hits)});
}

/// A neighbour that comes while a search is young is asked too: at the start of a node the links come one by one.
void Node::ask_newcomer(PeerId peer) {
    auto const now = net::now();
    std::erase_if(open_queries_, [&](OpenQuery const& open) { return open.until <= now; });
    for (auto const& open : open_queries_) {
        overlay_->feed(overlay::ForwardQuery{open.guid, {peer}, Ttl{4}, Hops{0}, open.query});
    }
}

}  // namespace praline
