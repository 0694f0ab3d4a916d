#include "node/overlay/handshake.hpp"

#include <algorithm>
#include <limits>

#include "node/base/text.hpp"

namespace praline::overlay {
namespace {

bool at_least(wire::HeaderBlock const& block, char const* name, wire::Version least) {
    auto const value = block.get(name);
    if (!value) return false;
    auto const version = wire::parse_version(*value);
    return version && *version >= least;
}

std::optional<Endpoint> listening_of(wire::HeaderBlock const& block, Endpoint remote) {
    for (char const* name : {"Node", "Listen-IP", "X-My-Address"}) {
        auto const value = block.get(name);
        if (!value) continue;
        auto const hosts = wire::parse_hosts(*value);
        // The port is the peer's word; the address is the one we see, since a peer cannot vouch for another. A peer that
        // listens at an address of the other family does not listen at the one we see.
        bool const same_family = !hosts.empty() && hosts.front().address.is_v4() == remote.address.is_v4();
        if (same_family && hosts.front().port != 0) return Endpoint{remote.address, hosts.front().port};
    }
    return std::nullopt;
}

std::uint32_t number_or(wire::HeaderBlock const& block, char const* name, std::uint32_t otherwise, std::uint32_t most) {
    auto const value = block.get(name);
    auto const number = value ? parse_number(trim(*value)) : std::nullopt;
    return number && *number >= 1 ? static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, most)) : otherwise;
}

std::string cut_hosts(std::vector<Endpoint> const& hosts, std::size_t bytes_max) {
    std::string text;
    for (Endpoint const& host : hosts) {
        std::string const one = (text.empty() ? "" : ", ") + host.text();
        if (text.size() + one.size() > bytes_max) break;
        text += one;
    }
    return text;
}

}  // namespace

Offer read_offer(wire::HeaderBlock const& block, Endpoint remote) {
    Offer offer;
    if (auto const value = block.get("X-Ultrapeer")) offer.ultrapeer = wire::parse_bool(*value);
    if (auto const value = block.get("X-Ultrapeer-Needed")) {
        offer.ultrapeer_needed = wire::parse_bool(*value);
        if (!offer.ultrapeer) offer.ultrapeer = true;
    }
    if (auto const value = block.get("GUID")) offer.servent = Guid::from_hex(trim(*value));
    offer.listening = listening_of(block, remote);
    offer.user_agent = block.get("User-Agent").value_or("");
    offer.accepts_deflate = wire::list_contains(block.get("Accept-Encoding").value_or(""), "deflate");
    offer.sends_deflate = wire::list_contains(block.get("Content-Encoding").value_or(""), "deflate");
    offer.query_routing = at_least(block, "X-Query-Routing", {0, 1});
    offer.ultrapeer_query_routing = at_least(block, "X-Ultrapeer-Query-Routing", {0, 1});
    offer.dynamic_querying = at_least(block, "X-Dynamic-Querying", {0, 1});
    offer.ext_probes = at_least(block, "X-Ext-Probes", {0, 1});
    offer.vendor = block.has("Vendor-Message");
    offer.bye = block.has("Bye-Packet");
    offer.ggep = block.has("GGEP");
    offer.pong_caching = block.has("Pong-Caching");
    offer.crawler = block.has("Crawler");
    offer.foreign = block.has("X-Auth-Challenge") || block.has("FP-Auth-Challenge");
    offer.max_ttl = static_cast<std::uint8_t>(number_or(block, "X-Max-TTL", 7, 255));
    offer.degree = number_or(block, "X-Degree", 8, 1000);
    offer.says_degree = block.has("X-Degree");
    // "X-Praline: 1" or "X-Praline: 1; kbits=2000"
    if (auto const value = block.get("X-Praline")) {
        auto const semicolon = value->find(';');
        offer.praline = parse_number(trim(std::string_view{*value}.substr(0, semicolon))).value_or(0) >= 1;
        auto const kbits =
            semicolon == std::string::npos ? std::string_view{} : trim(std::string_view{*value}.substr(semicolon + 1));
        if (kbits.starts_with("kbits="))
            offer.capacity_kbits = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(parse_number(kbits.substr(6)).value_or(0), UINT32_MAX));
    }
    if (auto const value = block.get("X-Try-Ultrapeers")) offer.ultrapeers = wire::parse_hosts(*value);
    if (auto const value = block.get("X-Try")) offer.hosts = wire::parse_hosts(*value);
    return offer;
}

void Handshake::add_common(wire::HeaderBlock& block, Role role) const {
    block.add("User-Agent", config_->user_agent);
    if (config_->listen.port != 0) {
        // One name for each half of today's programs.
        block.add("Node", config_->listen.text());
        block.add("Listen-IP", config_->listen.text());
    }
    block.add("Remote-IP", remote_.address.text());
    if (!config_->servent.is_blank()) block.add("GUID", config_->servent.hex());
    block.add("X-Ultrapeer", role == Role::ultrapeer ? "True" : "False");
    block.add("X-Query-Routing", "0.2");
    if (config_->query_routing) block.add("X-Ultrapeer-Query-Routing", "0.1");
    block.add("X-Dynamic-Querying", "0.1");
    block.add("X-Degree", std::to_string(config_->degree_advertised));
    block.add("X-Max-TTL", std::to_string(limits_->max_ttl));
    if (role == Role::ultrapeer) block.add("X-Ext-Probes", "0.1");
    block.add("X-Praline", config_->capacity_kbits == 0 ? "1" : "1; kbits=" + std::to_string(config_->capacity_kbits));
    block.add("X-Requeries", "False");
    block.add("GGEP", "0.5");
    block.add("Vendor-Message", "0.2");
    block.add("Pong-Caching", "0.1");
    block.add("Bye-Packet", "0.1");
    // Without it strict ultrapeers refuse us.
    if (config_->deflate) block.add("Accept-Encoding", "deflate");
}

std::string Handshake::open(Role role) const {
    wire::HeaderBlock block;
    block.start_line = "GNUTELLA CONNECT/0.6";
    add_common(block, role);
    return block.text();
}

Outcome Handshake::proceed(Situation const& situation) {
    wire::HeaderBlock const block = parser_.take();
    if (direction_ == Direction::outgoing) return conclude(block, situation);
    return answered_ ? finish(block) : accept(block, situation);
}

Outcome Handshake::refuse(int code, std::string const& text, Situation const& situation, CloseReason reason) const {
    wire::HeaderBlock block;
    block.start_line = "GNUTELLA/0.6 " + std::to_string(code) + ' ' + text;
    block.add("User-Agent", config_->user_agent);
    block.add("Remote-IP", remote_.address.text());
    block.add("X-Ultrapeer", situation.role == Role::ultrapeer ? "True" : "False");
    // So that whoever called itself by another address learns of it.
    if (code == 409 && !config_->servent.is_blank()) block.add("GUID", config_->servent.hex());
    bool const names_others = code == 503 || code == 204;
    if (names_others && !situation.try_ultrapeers.empty())
        block.add("X-Try-Ultrapeers", wire::hosts_text(situation.try_ultrapeers));
    return Outcome{Verdict::refused, block.text(), reason, std::to_string(code) + ' ' + text};
}

Outcome Handshake::answer_crawler(Situation const& situation) {
    if (!situation.crawler_allowed)
        return refuse(403, "Too frequent crawling", situation, CloseReason::handshake_refused);
    wire::HeaderBlock block;
    block.start_line = "GNUTELLA/0.6 200 OK";
    block.add("User-Agent", config_->user_agent);
    std::size_t const half = limits_->crawler_bytes_max / 2;
    // A header line has its own limit with those who read it.
    std::size_t const line = std::min<std::size_t>(half, wire::header_line_bytes_max - 32);
    block.add("Leaves", cut_hosts(situation.leaves, line));
    block.add("Peers", cut_hosts(situation.peers, line));
    answered_ = crawler_ = true;
    return Outcome{Verdict::wait, block.text(), CloseReason::handshake_refused, "crawler"};
}

Outcome Handshake::accept(wire::HeaderBlock const& block, Situation const& situation) {
    auto const version = wire::parse_connect_line(block.start_line);
    if (!version || *version < wire::Version{0, 6})
        return Outcome{Verdict::refused, "", CloseReason::handshake_bad, "not Gnutella 0.6"};
    Offer offer = read_offer(block, remote_);
    auto const no = [&](int code, std::string const& text, CloseReason reason = CloseReason::no_slot) {
        return refuse(code, text, situation, reason);
    };
    if (offer.crawler) return answer_crawler(situation);
    if (situation.stopping) return no(503, "Servent Shutdown", CloseReason::shutdown);
    if (offer.foreign) return no(403, "Not a network member", CloseReason::handshake_refused);
    if (!offer.ultrapeer) return no(503, "Too many normal connections (0 max)", CloseReason::handshake_refused);
    if (situation.conflict) return no(409, *situation.conflict, CloseReason::already_connected);

    bool ultrapeer_needed = true;
    if (situation.role == Role::leaf) {
        if (!*offer.ultrapeer) return no(503, "Cannot accept leaf node");
        if (!situation.parent_free && !situation.named) {
            return no(204, "Shielded leaf node (" + std::to_string(limits_->leaf_ultrapeers) + " peers max)");
        }
        agreement_.kind = LinkKind::to_ultrapeer;
    } else if (!*offer.ultrapeer) {
        if (!situation.leaf_free)
            return no(503, "Too many leaf connections (" + std::to_string(limits_->leaves_max) + " max)");
        agreement_.kind = LinkKind::to_leaf;
    } else if (situation.ultrapeer_free || situation.named) {
        agreement_.kind = LinkKind::to_ultrapeer;
    } else if (situation.leaf_free) {
        // Guidance: no room for an ultrapeer, but for a leaf. Step 3 says whether it becomes one.
        agreement_.kind = LinkKind::to_ultrapeer;
        ultrapeer_needed = false;
    } else {
        return no(503, "Too many ultra connections (" + std::to_string(limits_->ultrapeer_links_max) + " max)");
    }

    wire::HeaderBlock reply;
    reply.start_line = "GNUTELLA/0.6 200 OK";
    add_common(reply, situation.role);
    if (situation.role == Role::ultrapeer) reply.add("X-Ultrapeer-Needed", ultrapeer_needed ? "True" : "False");
    agreement_.deflate_out = config_->deflate && offer.accepts_deflate;
    if (agreement_.deflate_out) reply.add("Content-Encoding", "deflate");
    if (!situation.try_ultrapeers.empty()) reply.add("X-Try-Ultrapeers", wire::hosts_text(situation.try_ultrapeers));
    agreement_.offer = std::move(offer);
    answered_ = true;
    offered_ = situation.role;
    // Remembered for step 3: a peer that stays an ultrapeer in spite of the hint has no slot.
    agreement_.offer.ultrapeer_needed = ultrapeer_needed;
    return Outcome{Verdict::wait, reply.text(), {}, {}};
}

Outcome Handshake::finish(wire::HeaderBlock const& block) {
    auto const status = wire::parse_status_line(block.start_line);
    if (!status) return Outcome{Verdict::refused, "", CloseReason::handshake_bad, "no status line in step 3"};
    if (status->code < 200 || status->code > 299 || status->code == 204 || crawler_) {
        return Outcome{Verdict::refused, "", CloseReason::handshake_refused,
                       std::to_string(status->code) + ' ' + status->reason};
    }
    Offer const last = read_offer(block, remote_);
    agreement_.deflate_in = config_->deflate && last.sends_deflate;
    if (last.sends_deflate && !config_->deflate)
        return Outcome{Verdict::refused, "", CloseReason::handshake_bad, "deflate was not offered"};
    if (last.ultrapeer == false && agreement_.kind == LinkKind::to_ultrapeer) {
        if (offered_ == Role::leaf) return Outcome{Verdict::refused, "", CloseReason::handshake_refused, "two leaves"};
        agreement_.kind = LinkKind::to_leaf;
        agreement_.offer.ultrapeer = false;
    } else if (agreement_.offer.ultrapeer_needed == false) {
        return Outcome{Verdict::refused, "", CloseReason::no_slot, "it does not become a leaf"};
    }
    return Outcome{Verdict::up, "", {}, {}};
}

Outcome Handshake::conclude(wire::HeaderBlock const& block, Situation const& situation) {
    auto const status = wire::parse_status_line(block.start_line);
    if (!status) return Outcome{Verdict::refused, "", CloseReason::handshake_bad, "no status line in step 2"};
    agreement_.offer = read_offer(block, remote_);
    Offer const& offer = agreement_.offer;
    if (status->code < 200 || status->code > 299 || status->code == 204) {
        return Outcome{Verdict::refused, "", CloseReason::handshake_refused,
                       std::to_string(status->code) + ' ' + status->reason};
    }
    auto const no = [&](int code, std::string const& text, CloseReason reason = CloseReason::no_slot) {
        return refuse(code, text, situation, reason);
    };
    if (offer.sends_deflate && !config_->deflate)
        return no(403, "Compression was not offered", CloseReason::handshake_bad);
    if (situation.stopping) return no(503, "Servent Shutdown", CloseReason::shutdown);
    if (situation.conflict) return no(409, *situation.conflict, CloseReason::already_connected);
    if (!offer.ultrapeer) return no(403, "Normal nodes refused", CloseReason::handshake_refused);

    wire::HeaderBlock reply;
    reply.start_line = "GNUTELLA/0.6 200 OK";
    agreement_.kind = LinkKind::to_ultrapeer;
    if (situation.role == Role::leaf) {
        if (!*offer.ultrapeer) return no(503, "Cannot accept leaf node");
        if (!situation.parent_free && !situation.named) return no(503, "Too many ultra connections");
    } else if (!*offer.ultrapeer) {
        if (!situation.leaf_free) return no(503, "Too many leaf connections");
        agreement_.kind = LinkKind::to_leaf;
    } else if (offer.ultrapeer_needed == false) {
        // Advice, to some: an ultrapeer that stays one is kept if there is a place yet. Nodes of ours mean it.
        if (!situation.may_become_leaf && offer.praline)
            return no(403, "Not becoming a leaf node", CloseReason::handshake_refused);
        if (!situation.may_become_leaf && !situation.ultrapeer_free && !situation.named)
            return no(503, "Too many ultra connections");
        agreement_.we_become_leaf = situation.may_become_leaf;
        if (agreement_.we_become_leaf) reply.add("X-Ultrapeer", "False");
    } else if (!situation.ultrapeer_free && !situation.named) {
        return no(503, "Too many ultra connections");
    }
    agreement_.deflate_in = offer.sends_deflate;
    agreement_.deflate_out = config_->deflate && offer.accepts_deflate;
    if (agreement_.deflate_out) reply.add("Content-Encoding", "deflate");
    return Outcome{Verdict::up, reply.text(), {}, {}};
}

}  // namespace praline::overlay
