#include "node/overlay/inbox.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "node/wire/codec.hpp"
#include "node/wire/vendor.hpp"

namespace praline::overlay {
namespace {

bool is_known(std::uint8_t function) {
    using enum wire::Function;
    switch (static_cast<wire::Function>(function)) {
        case ping:
        case pong:
        case bye:
        case qrp:
        case vendor:
        case standard_vendor:
        case push:
        case query:
        case query_hit: return true;
    }
    return false;
}

/// Whether the message is for the neighbour only, so that TTL and hops say nothing.
bool is_local(wire::Function function) {
    using enum wire::Function;
    return function == bye || function == qrp || function == vendor || function == standard_vendor;
}

bool is_absurd(wire::Header const& header, Limits const& limits) {
    unsigned const reach = unsigned{header.ttl.value()} + header.hops.value();
    return header.ttl == Ttl{0} || header.hops == Hops{255} || reach > limits.hard_ttl_max;
}

/// A peer's text, fit for a log and a page.
std::string sanitized(std::string text, std::size_t bytes_max) {
    text.resize(std::min(text.size(), bytes_max));
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    // A cut may have left half a character.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
    return text;
}

}  // namespace

void Inbox::receive(Peer& peer, ByteView bytes) {
    peer.last_heard = common_.context.now();
    peer.alive_unanswered = 0;
    peer.info.bytes_in += bytes.size();
    LinkFault const fault = peer.link.receive(
        common_.context.limits(), bytes,
        [&](wire::Header const& header, ByteView payload) { return on_message(peer, header, payload, nullptr); });
    if (!peer.is_up()) return;
    if (fault == LinkFault::message_too_large)
        closer().end(peer, CloseReason::message_too_large, "Message too large", 400);
    else if (fault == LinkFault::bad_deflate)
        closer().end(peer, CloseReason::bad_deflate, "Protocol desynchronized", 501);
}

void Inbox::receive(Peer& peer, Message const& message) {
    ByteView const payload = message.payload();
    peer.last_heard = common_.context.now();
    peer.alive_unanswered = 0;
    peer.info.bytes_in += wire::header_bytes + payload.size();
    wire::Header const header{message.guid, static_cast<std::uint8_t>(message.function()), message.ttl, message.hops,
                              static_cast<std::uint32_t>(payload.size())};
    (void)on_message(peer, header, payload, &message);
}

/// @returns whether to go on with this link.
bool Inbox::on_message(Peer& peer, wire::Header const& header, ByteView payload, Message const* value) {
    ++peer.info.messages_in;
    if (is_acceptable(peer, header, payload)) dispatch(peer, header, payload, value);
    return peer.is_up();
}

bool Inbox::is_acceptable(Peer& peer, wire::Header const& header, ByteView payload) {
    Context& context = common_.context;
    if (!is_known(header.function)) {
        ++context.counters().dropped_unknown;
        return false;
    }
    auto const function = static_cast<wire::Function>(header.function);
    if (payload.size() > wire::relay_bytes_max(function)) {
        context.drop(DropReason::too_large, kind_of(header.function));
        return false;
    }
    if (!is_local(function) && is_absurd(header, context.limits()) && !relay_.may_travel_far(peer, header, payload)) {
        context.drop(DropReason::ttl, kind_of(header.function));
        return false;
    }
    using enum wire::Function;
    bool const relayed = function == query || function == query_hit || function == push;
    if (relayed && peer.info.kind == LinkKind::to_leaf && header.hops != Hops{0}) {
        closer().end(peer, CloseReason::leaf_relays, "Leaf node relaying messages", 414);
        return false;
    }
    return true;
}

void Inbox::dispatch(Peer& peer, wire::Header const& header, ByteView payload, Message const* value) {
    using enum wire::Function;
    auto const judge = [&](Kind kind, Fault fault) {
        if (fault != Fault::none) closer().note_fault(peer, fault, kind);
    };
    switch (static_cast<wire::Function>(header.function)) {
        case ping: return judge(Kind::ping, pinger_.on_ping(peer, header, payload));
        case pong: return judge(Kind::pong, pinger_.on_pong(peer, header, payload));
        case bye: return on_bye(peer, payload);
        case qrp: return on_table(peer, payload);
        case vendor:
        case standard_vendor:
            if (value) return on_note(peer, header.guid, std::get<wire::PralineNote>(value->value));
            return judge(Kind::note, on_vendor(peer, header, payload));
        case push: return judge(Kind::push, pushes_.on_push(peer, header, payload));
        case query: return judge(Kind::query, relay_.on_query(peer, header, payload, value));
        case query_hit: return judge(Kind::hit, relay_.on_hit(peer, header, payload, value));
    }
}

void Inbox::on_bye(Peer& peer, ByteView payload) {
    auto const bye = wire::decode_bye(payload);
    std::string text;
    if (bye) text = std::to_string(bye->code) + ' ' + sanitized(bye->reason, common_.context.limits().bye_text_max);
    closer().end(peer, CloseReason::bye_received, std::move(text));
}

void Inbox::on_table(Peer& peer, ByteView payload) {
    auto message = wire::decode_qrp(payload);
    if (!message) {
        common_.context.drop(DropReason::malformed, std::nullopt);
        return closer().end(peer, CloseReason::qrp_invalid, "Invalid QRP sequence", 413);
    }
    common_.context.emit(QrpArrived{peer.id(), std::move(*message)});
}

Fault Inbox::on_vendor(Peer& peer, wire::Header const& header, ByteView payload) {
    auto const vendor = wire::decode_vendor(payload);
    if (!vendor || header.hops != Hops{0}) return Fault::malformed;
    auto const note = wire::decode_note(*vendor);
    if (!note) return Fault::malformed;
    if (*note) {
        on_note(peer, header.guid, **note);
        return Fault::none;
    }
    if (!peer.credit.take_request(common_.context.limits(), common_.context.now())) {
        common_.context.drop(DropReason::over_rate, Kind::note);
        return Fault::none;
    }
    auto const message = wire::decode_vendor_message(*vendor);
    if (!message) return Fault::malformed;
    if (auto const* flow = std::get_if<wire::HopsFlow>(&*message)) {
        if (std::exchange(peer.info.hops_flow, flow->hops) != flow->hops) common_.context.count_link_change();
        peer.info.wants_queries = flow->hops != 0;
    } else if (std::holds_alternative<wire::PushProxyRequest>(*message)) {
        pushes_.on_proxy_request(peer, header.guid);
    }
    // The others ask for what we do not offer: no answer is their answer.
    return Fault::none;
}

void Inbox::on_note(Peer& peer, Guid const& guid, wire::PralineNote const& note) {
    if (!peer.info.praline) return;
    if (!peer.credit.take_step(common_.context.limits(), common_.context.now()))
        return common_.context.drop(DropReason::over_rate, Kind::note);
    common_.context.emit(NoteArrived{peer.id(), guid, note});
}

}  // namespace praline::overlay
