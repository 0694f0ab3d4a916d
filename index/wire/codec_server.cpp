#include "index/wire/codec_values.hpp"

namespace praline::index {
namespace {

constexpr std::uint8_t between_servers_first = 0x81;
constexpr std::uint8_t digest_depth_max = 8;  // digits of 4 bits in the prefix

}  // namespace

template <class Io>
void fields(Io& io, Fields<Io, Envelope>& value) {
    io.number(value.from);
    io.number(value.to);
    io.number(value.incarnation);
    io.truth(value.relayed);
}

template <class Io>
void fields(Io& io, Fields<Io, GroupTimes>& value) {
    io.number(value.heartbeat_us);
    io.number(value.suspect_after_heartbeats);
    io.number(value.lease_us);
}

template <class Io>
void fields(Io& io, Fields<Io, Hello>& value) {
    io.number(value.protocol);
    if (io.foreign(value.protocol, server_protocol_version)) return;
    fields(io, value.self);
    io.truth(value.joining);
    fields(io, value.times);
}

template <class Io>
void fields(Io& io, Fields<Io, Members>& value) {
    io.list(value.members, members_max);
}
template <class Io>
void fields(Io&, Fields<Io, Leave>&) {}

template <class Io>
void fields(Io& io, Fields<Io, Heartbeat>& value) {
    io.number(value.incarnation);
    io.number(value.writes);
    io.number(value.load);
}

template <class Io>
void fields(Io& io, Fields<Io, Probe>& value) {
    io.number(value.nonce);
}
template <class Io>
void fields(Io& io, Fields<Io, ProbeAnswer>& value) {
    io.number(value.nonce);
}

template <class Io>
void fields(Io& io, Fields<Io, Acquire>& value) {
    fields(io, value.publisher);
    fields(io, value.claim);
}

template <class Io>
void fields(Io& io, Fields<Io, Grant>& value) {
    fields(io, value.publisher);
    fields(io, value.claim);
    fields(io, value.held);
}

template <class Io>
void fields(Io& io, Fields<Io, Deny>& value) {
    fields(io, value.publisher);
    fields(io, value.claim);
    fields(io, value.higher);
}

template <class Io>
void fields(Io& io, Fields<Io, Write>& value) {
    io.number(value.position);
    fields(io, value.publisher);
    fields(io, value.claim);
    fields(io, value.change);
}

template <class Io>
void fields(Io& io, Fields<Io, WriteAck>& value) {
    io.number(value.position);
    io.choice(value.outcome, WriteOutcome::denied);
    fields(io, value.held);
    fields(io, value.claim);
}

template <class Io>
void fields(Io& io, Fields<Io, DigestNode>& value) {
    io.number(value.depth);
    io.require(value.depth <= digest_depth_max);
    io.number(value.prefix);
    io.number(value.publishers);
    io.number(value.low);
    io.number(value.high);
}

template <class Io>
void fields(Io& io, Fields<Io, Digests>& value) {
    io.number(value.round);
    io.list(value.nodes, digest_nodes_max);
}

template <class Io>
void fields(Io& io, Fields<Io, LeasedRecord>& value) {
    fields(io, value.record);
    io.number(value.lease_left_ms);
}

template <class Io>
void fields(Io& io, Fields<Io, KeyRange>& value) {
    fields(io, value.first);
    fields(io, value.last);
}

template <class Io>
void fields(Io& io, Fields<Io, Records>& value) {
    io.number(value.round);
    fields(io, value.below);
    io.truth(value.answer);
    io.list(value.records, records_max);
    fields(io, value.range);
}

template <class Io>
void fields(Io& io, Fields<Io, RecordsAsk>& value) {
    io.number(value.round);
    fields(io, value.range);
}

template <class Io>
void fields(Io& io, Fields<Io, CopyAsk>& value) {
    fields(io, value.publisher);
    fields(io, value.version);
    io.truth(value.from_start);
    fields(io, value.after);
}

template <class Io>
void fields(Io& io, Fields<Io, CopyPart>& value) {
    fields(io, value.record);
    io.truth(value.from_start);
    fields(io, value.after);
    io.list(value.entries, change_entries_max);
    io.truth(value.last);
    io.truth(value.unknown);
}

template <class Io>
void fields(Io& io, Fields<Io, AskFor>& value) {
    io.number(value.request);
    fields(io, value.query);
}

template <class Io>
void fields(Io& io, Fields<Io, AnswerFor>& value) {
    io.number(value.request);
    fields(io, value.answer);
}

Bytes encode(Envelope const& envelope, ServerMessage const& message) {
    FieldWriter out{static_cast<std::uint8_t>(between_servers_first + message.index())};
    fields(out, envelope);
    std::visit([&out](auto const& fixed) { fields(out, fixed); }, message);
    return out.finish();
}

Result<Addressed> decode_between_servers(ByteView frame) {
    if (frame.empty()) return WireError::truncated;
    FieldReader in{frame};
    std::uint8_t type = 0;
    in.number(type);
    if (type < between_servers_first) return WireError::unknown_type;
    Envelope envelope;
    fields(in, envelope);
    auto message = read_message<ServerMessage>(in, static_cast<std::size_t>(type - between_servers_first));
    if (!message) return message.error();
    return Addressed{envelope, std::move(*message)};
}

}  // namespace praline::index
