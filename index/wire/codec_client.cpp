#include "index/wire/codec_values.hpp"

namespace praline::index {
namespace {

// The type of a message: where its variant begins, and its place in it.
constexpr std::uint8_t from_node_first = 0x01;
constexpr std::uint8_t to_node_first = 0x41;

}  // namespace

template <class Io>
void fields(Io& io, Fields<Io, SignIn>& value) {
    io.number(value.protocol);
    if (io.foreign(value.protocol, protocol_version)) return;
    io.text(value.agent, agent_bytes_max);
    io.number(value.transfer_port);
    io.truth(value.push_needed);
    fields(io, value.servent);
    fields(io, value.version);
}

template <class Io>
void fields(Io& io, Fields<Io, Publish>& value) {
    fields(io, value.change);
}

template <class Io>
void fields(Io& io, Fields<Io, Search>& value) {
    io.number(value.request);
    fields(io, value.query);
}

template <class Io>
void fields(Io& io, Fields<Io, Ping>& value) {
    io.number(value.nonce);
}
template <class Io>
void fields(Io&, Fields<Io, SignOut>&) {}

template <class Io>
void fields(Io& io, Fields<Io, Welcome>& value) {
    io.number(value.protocol);
    if (io.foreign(value.protocol, protocol_version)) return;
    io.number(value.server);
    fields(io, value.held);
    fields(io, value.digest);
    io.number(value.lease_ms);
    io.number(value.entries_max);
    io.list(value.members, members_max);
}

template <class Io>
void fields(Io& io, Fields<Io, Published>& value) {
    fields(io, value.version);
    fields(io, value.digest);
    io.number(value.replicas);
    io.number(value.members);
}

template <class Io>
void fields(Io& io, Fields<Io, Behind>& value) {
    fields(io, value.held);
    fields(io, value.digest);
}

template <class Io>
void fields(Io& io, Fields<Io, Found>& value) {
    io.number(value.request);
    fields(io, value.answer);
}

template <class Io>
void fields(Io& io, Fields<Io, Pong>& value) {
    io.number(value.nonce);
    io.number(value.load);
    io.list(value.members, members_max);
}

template <class Io>
void fields(Io& io, Fields<Io, Leaving>& value) {
    io.list(value.members, members_max);
}

template <class Io>
void fields(Io& io, Fields<Io, Refused>& value) {
    io.choice(value.reason, RefusalReason::search_failed);
    io.sentence(value.sentence);
    io.number(value.request);
}

namespace {

template <class Message>
Bytes encode_message(Message const& message, std::uint8_t type_first) {
    FieldWriter out{static_cast<std::uint8_t>(type_first + message.index())};
    std::visit([&out](auto const& fixed) { fields(out, fixed); }, message);
    return out.finish();
}

template <class Message>
Result<Message> decode_message(ByteView frame, std::uint8_t type_first) {
    FieldReader in{frame};
    std::uint8_t type = 0;
    in.number(type);
    if (frame.empty()) return WireError::truncated;
    if (type < type_first) return WireError::unknown_type;
    return read_message<Message>(in, static_cast<std::size_t>(type - type_first));
}

}  // namespace

Bytes encode(FromNode const& message) { return encode_message(message, from_node_first); }
Bytes encode(ToNode const& message) { return encode_message(message, to_node_first); }
Result<FromNode> decode_from_node(ByteView frame) { return decode_message<FromNode>(frame, from_node_first); }
Result<ToNode> decode_to_node(ByteView frame) { return decode_message<ToNode>(frame, to_node_first); }

}  // namespace praline::index
