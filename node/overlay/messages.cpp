#include <algorithm>
#include <utility>

#include "node/overlay/overlay_impl.hpp"

/// Messages on links: checks that hold for all of them, sending, and those between neighbours only.
namespace praline::overlay {
namespace {

void write_header(Guid const& guid, wire::Function function, Ttl ttl, Hops hops, std::size_t payload_bytes,
                  std::array<std::byte, wire::header_bytes>& out) {
    std::transform(guid.bytes.begin(), guid.bytes.end(), out.begin(),
                   [](std::uint8_t octet) { return std::byte{octet}; });
    out[16] = static_cast<std::byte>(function);
    out[17] = static_cast<std::byte>(ttl.value());
    out[18] = static_cast<std::byte>(hops.value());
    for (std::size_t i = 0; i < 4; ++i) out[19 + i] = static_cast<std::byte>(payload_bytes >> (8 * i));
}

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

/// A peer's words, fit for a log and a page.
std::string harmless(std::string text, std::size_t bytes_max) {
    text.resize(std::min(text.size(), bytes_max));
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    // A cut may have left half a character.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
    return text;
}

}  // namespace

void Overlay::Impl::read_messages(Peer& peer, ByteView bytes) {
    peer.last_heard = now;
    peer.alive_unanswered = 0;
    peer.info.bytes_in += bytes.size();
    LinkFault const fault = peer.link.receive(
        limits, bytes, [&](wire::Header const& header, ByteView payload) { return take(peer, header, payload); });
    if (peer.stage != Stage::up) return;
    if (fault == LinkFault::message_too_large)
        end(peer, CloseReason::message_too_large, "Message too large", 400);
    else if (fault == LinkFault::bad_deflate)
        end(peer, CloseReason::bad_deflate, "Protocol desynchronized", 501);
}

void Overlay::Impl::on(Handed const& event) {
    Peer* const peer = find_up(event.peer);
    if (!peer) return;
    Message const& message = *event.message;
    ByteView const payload = message.payload();
    peer->last_heard = now;
    peer->alive_unanswered = 0;
    peer->info.bytes_in += wire::header_bytes + payload.size();
    (void)take(*peer,
               {message.guid, static_cast<std::uint8_t>(message.function()), message.ttl, message.hops,
                static_cast<std::uint32_t>(payload.size())},
               payload, &message);
}

bool Overlay::Impl::take(Peer& peer, wire::Header const& header, ByteView payload, Message const* value) {
    ++peer.info.messages_in;
    if (!is_known(header.function)) {
        ++counters.dropped_unknown;
        return true;
    }
    auto const function = static_cast<wire::Function>(header.function);
    if (payload.size() > wire::relay_bytes_max(function)) {
        drop(DropReason::too_large, kind_of(header.function));
        return true;
    }
    if (!is_local(function) && is_absurd(header, limits) && !may_come_far(peer, header, payload)) {
        drop(DropReason::ttl, kind_of(header.function));
        return true;
    }
    using enum wire::Function;
    bool const relayed = function == query || function == query_hit || function == push;
    if (relayed && peer.info.kind == LinkKind::to_leaf && header.hops != Hops{0}) {
        end(peer, CloseReason::leaf_relays, "Leaf node relaying messages", 414);
        return false;
    }
    switch (function) {
        case ping: take_ping(peer, header, payload); break;
        case pong: take_pong(peer, header, payload); break;
        case bye: take_bye(peer, payload); break;
        case qrp: take_qrp(peer, payload); break;
        case vendor:
        case standard_vendor:
            if (value)
                take_note(peer, header.guid, std::get<wire::PralineNote>(value->value));
            else
                take_vendor(peer, header, payload);
            break;
        case push: take_push(peer, header, payload); break;
        case query: take_query(peer, header, payload, value); break;
        case query_hit: take_hit(peer, header, payload, value); break;
    }
    return peer.stage == Stage::up;
}

void Overlay::Impl::send(Peer& peer, Guid const& guid, wire::Function function, Ttl ttl, Hops hops,
                         SharedBytes payload) {
    if (peer.stage != Stage::up) return;
    Outgoing message;
    write_header(guid, function, ttl, hops, payload ? payload->size() : 0, message.header);
    message.worth = worth_of(function);
    message.payload = std::move(payload);
    // A link that has nothing to do takes it as it is: no queue, no buffers. A bye is followed by the end, see `flush`.
    if (!peer.in_flight && !peer.has_words() && peer.link.plain_and_idle() && function != wire::Function::bye)
        return send_now(peer, message);
    SendQueue::GaveWay gave_way{};
    auto const dropped = peer.link.push(limits, std::move(message), &gave_way);
    if (!dropped) return end(peer, CloseReason::queue_full, "Send queue full", 502);
    if (*dropped > 0) count_given_way(gave_way);
    peer.info.dropped_out += static_cast<std::uint32_t>(*dropped);
    show_load(peer);
    mark(peer);
}

void Overlay::Impl::send_now(Peer& peer, Outgoing const& message) {
    Bytes bytes;
    bytes.reserve(message.size());
    bytes.insert(bytes.end(), message.header.begin(), message.header.end());
    if (message.payload) bytes.insert(bytes.end(), message.payload->begin(), message.payload->end());
    ++peer.info.messages_out;
    transmit(peer, std::move(bytes));
}

void Overlay::Impl::show_load(Peer& peer) {
    std::size_t const bytes = peer.link.queued_bytes();
    std::size_t const most = std::max<std::size_t>(limits.send_queue_bytes_max, 1);
    peer.info.queued_bytes = static_cast<std::uint32_t>(bytes);
    auto const load = static_cast<std::uint8_t>(std::min<std::size_t>(bytes * 255 / most, 255));
    if (std::exchange(peer.info.load, load) != load) ++link_changes;
}

void Overlay::Impl::count_given_way(SendQueue::GaveWay const& gave_way) {
    using enum Kind;
    static constexpr std::array<Kind, 5> kinds_by_worth{ping, query, pong, hit, push};
    for (std::size_t worth = 0; worth < kinds_by_worth.size(); ++worth)
        if (gave_way[worth] > 0) drop(DropReason::queue_full, kinds_by_worth[worth], gave_way[worth]);
}

void Overlay::Impl::malformed(Peer& peer, Kind kind) {
    drop(DropReason::malformed, kind);
    if (peer.info.malformed < 0xFFFF && ++peer.info.malformed > limits.malformed_max)
        end(peer, CloseReason::bad_message, "Too many errors", 409);
}

void Overlay::Impl::take_bye(Peer& peer, ByteView payload) {
    auto const bye = wire::decode_bye(payload);
    std::string const text =
        bye ? std::to_string(bye->code) + ' ' + harmless(bye->reason, limits.bye_text_max) : std::string{};
    end(peer, CloseReason::bye_received, text);
}

void Overlay::Impl::take_qrp(Peer& peer, ByteView payload) {
    auto message = wire::decode_qrp(payload);
    if (!message) {
        drop(DropReason::malformed, std::nullopt);
        return end(peer, CloseReason::qrp_invalid, "Invalid QRP sequence", 413);
    }
    emit(QrpArrived{peer.id(), std::move(*message)});
}

void Overlay::Impl::take_vendor(Peer& peer, wire::Header const& header, ByteView payload) {
    auto const vendor = wire::decode_vendor(payload);
    if (!vendor || header.hops != Hops{0}) return malformed(peer, Kind::note);
    auto const note = wire::decode_note(*vendor);
    if (!note) return malformed(peer, Kind::note);
    if (*note) return take_note(peer, header.guid, **note);
    if (!peer.requests.take(now, limits.requests_per_second, limits.requests_burst))
        return drop(DropReason::over_rate, Kind::note);
    auto const message = wire::decode_vendor_message(*vendor);
    if (!message) return malformed(peer, Kind::note);
    if (auto const* flow = std::get_if<wire::HopsFlow>(&*message)) {
        if (std::exchange(peer.info.hops_flow, flow->hops) != flow->hops) ++link_changes;
        peer.info.wants_queries = flow->hops != 0;
    } else if (std::holds_alternative<wire::PushProxyRequest>(*message)) {
        take_proxy_request(peer, header.guid);
    }
    // The others ask for what we do not offer: no answer is their answer.
}

void Overlay::Impl::take_note(Peer& peer, Guid const& guid, wire::PralineNote const& note) {
    if (!peer.info.praline) return;
    if (!peer.steps.take(now, limits.steps_per_second, limits.steps_burst))
        return drop(DropReason::over_rate, Kind::note);
    emit(NoteArrived{peer.id(), guid, note});
}

void Overlay::Impl::say_what_we_support(Peer& peer) {
    wire::MessagesSupported messages;
    messages.messages = {{"BEAR", 4, 1}, {"LIME", 21, 1}, {"LIME", 22, 2}};
    send(peer, Guid::random(rng), wire::Function::vendor, Ttl{1}, Hops{0}, wire::to_vendor(messages));
    wire::FeaturesSupported features;
    features.features.emplace_back(
        wire::FeaturesSupported::Feature{"TCPI", static_cast<std::uint16_t>(config.listen.port != 0 ? 1 : 0)});
    send(peer, Guid::random(rng), wire::Function::vendor, Ttl{1}, Hops{0}, wire::to_vendor(features));
}

void Overlay::Impl::on(SendQrp const& event) {
    for (wire::Qrp const& message : event.messages) {
        Peer* const peer = find_up(event.peer);
        if (!peer) return;
        send(*peer, Guid::random(rng), wire::Function::qrp, Ttl{1}, Hops{0}, message);
    }
}

void Overlay::Impl::on(SendNote const& event) {
    Peer* const peer = find_up(event.to);
    if (!peer || !peer->info.praline) return;
    if (hand_over(*peer, event.guid, Ttl{1}, Hops{0}, event.note)) return;
    send(*peer, event.guid, wire::Function::vendor, Ttl{1}, Hops{0}, wire::to_vendor(event.note));
}

void Overlay::Impl::on(RejectQrp const& event) {
    if (Peer* const peer = find_up(event.peer)) end(*peer, CloseReason::qrp_invalid, "Invalid QRP sequence", 413);
}

}  // namespace praline::overlay
